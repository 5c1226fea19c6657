"""The suitability score: does a product suit live selling on X into a market, why, and what would change the answer?

Plain Python: nothing of Django, no database, no clock. One way in, `score`; one way out, `Result`.

The method is multi-criteria practice: swing weights (SMARTS, Edwards & Barron 1994), geometric aggregation across
pillars so that a strength cannot buy off a fatal weakness (OECD/JRC, Handbook on Constructing Composite Indicators,
2008), then caps and knock-outs, then a robustness statement.
"""

import hashlib
import json
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

LEVELS = range(5)
TOP = 4
MIDDLE = 2
DRAWS = 1000
STABLE_FROM = 0.70


class InvalidInputError(ValueError):
    """An input that cannot be scored; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")


class Verdict(IntEnum):
    """A verdict; a higher one is better. `key` is its name outside."""

    NOT_SELLABLE = 0
    POOR = 1
    CONDITIONAL = 2
    PROMISING = 3
    STRONG = 4

    @property
    def key(self) -> str:
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True)
class Criterion:
    """One question about a product. A higher level, 0 to 4, always suits better."""

    key: str
    pillar: str
    weight: float


@dataclass(frozen=True)
class Rubric:
    """What is asked, how it counts, and where the verdicts begin.

    `floor` is the least value of a pillar in the product of pillars. A pillar under `cap_below`, taken before the
    floor, caps the verdict at *conditional*, as does any criterion at level 0.
    """

    key: str
    criteria: tuple[Criterion, ...]
    strong: float = 70
    promising: float = 55
    conditional: float = 40
    floor: float = 5
    cap_below: float = 35

    def __post_init__(self) -> None:
        if not self.criteria:
            raise InvalidInputError("criteria", "a rubric needs at least one")
        keys = [criterion.key for criterion in self.criteria]
        if len(set(keys)) < len(keys):
            raise InvalidInputError("criteria", "a key stands twice")
        for criterion in self.criteria:
            if not (math.isfinite(criterion.weight) and criterion.weight > 0):
                raise InvalidInputError(criterion.key, "the weight must be above 0")
        if not 0 < self.conditional < self.promising < self.strong <= 100:
            raise InvalidInputError("thresholds", "they must rise from conditional to promising to strong")

    @property
    def pillars(self) -> tuple[str, ...]:
        """The pillars in the order of their first criterion."""
        return tuple(dict.fromkeys(criterion.pillar for criterion in self.criteria))

    def verdict(self, score: float) -> Verdict:
        """The verdict of an unrounded score, before caps."""
        if score >= self.strong:
            return Verdict.STRONG
        if score >= self.promising:
            return Verdict.PROMISING
        return Verdict.CONDITIONAL if score >= self.conditional else Verdict.POOR


@dataclass(frozen=True)
class Effect:
    """A market moves a criterion's level by a whole number, for a reason that `rule` names."""

    criterion: str
    move: int
    rule: str


@dataclass(frozen=True)
class AppliedEffect:
    """What all effects on one criterion did together; None where the level is unknown."""

    criterion: str
    before: int | None
    after: int | None
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Cap:
    """Why the verdict cannot be better than *conditional*: a criterion at level 0, or a weak pillar."""

    kind: str
    key: str


@dataclass(frozen=True)
class Loss:
    """The points that a criterion costs: the score with it at 4, less the score now."""

    criterion: str
    points: float


@dataclass(frozen=True)
class Step:
    """What one level more in a criterion would bring."""

    criterion: str
    level: int
    score: float
    verdict: Verdict


@dataclass(frozen=True)
class Robustness:
    """The shares of random draws that keep the verdict."""

    weights: float
    ratings: float

    @property
    def is_stable(self) -> bool:
        return min(self.weights, self.ratings) >= STABLE_FROM


@dataclass(frozen=True)
class Result:
    """The answer. With an unknown level, `score`, `verdict` and `robustness` are None and the range is given.

    `pillars`, `caps`, `losses` and `next_steps` take unknown levels at the middle, level 2; `ask_first` names the
    unknown whose answer would narrow the range most.
    """

    rubric: str
    score: float | None
    low: float
    high: float
    verdict: Verdict | None
    verdict_low: Verdict
    verdict_high: Verdict
    pillars: Mapping[str, float]
    caps: tuple[Cap, ...]
    knockouts: tuple[str, ...]
    effects: tuple[AppliedEffect, ...]
    losses: tuple[Loss, ...]
    robustness: Robustness | None
    next_steps: tuple[Step, ...]
    ask_first: str | None


def score(
    rubric: Rubric,
    levels: Mapping[str, int | None],
    effects: Sequence[Effect] = (),
    knockouts: Sequence[str] = (),
    seed: int | None = None,
) -> Result:
    """Scores one product for one market.

    Args:
        rubric: the criteria, weights and thresholds.
        levels: a level from 0 to 4 for each criterion of the rubric, or None where it is unknown.
        effects: what the market does to the levels; none for no market.
        knockouts: the rules that forbid the sale; any of them makes the product *not sellable*.
        seed: of the random draws; by default derived from all other inputs, so that the same question gets the same
            answer on every machine.

    Raises:
        InvalidInputError: a level is missing, unknown to the rubric or not a whole number from 0 to 4; an effect moves
            a criterion that the rubric does not have.
    """
    _check(rubric, levels, effects)
    levels = {criterion.key: levels[criterion.key] for criterion in rubric.criteria}  # the order of the draws
    moves = {criterion.key: 0 for criterion in rubric.criteria}
    for effect in effects:
        moves[effect.criterion] += effect.move

    def moved(given: Mapping[str, int]) -> dict[str, int]:
        return {key: _clamp(level + moves[key]) for key, level in given.items()}

    def filled(level: int) -> dict[str, int]:
        return moved({key: level if value is None else value for key, value in levels.items()})

    weights = {criterion.key: criterion.weight for criterion in rubric.criteria}
    unknown = [criterion.key for criterion in rubric.criteria if levels[criterion.key] is None]
    worst, middle, best = filled(0), filled(MIDDLE), filled(TOP)
    low, high = _score(rubric, weights, worst), _score(rubric, weights, best)
    now = _score(rubric, weights, middle)

    def verdict_of(given: Mapping[str, int], used: Mapping[str, float] = weights) -> Verdict:
        return Verdict.NOT_SELLABLE if knockouts else _verdict(rubric, used, given)

    verdict = verdict_of(middle)
    known = not unknown
    generator = random.Random(_seed(rubric, levels, effects, knockouts) if seed is None else seed)  # noqa: S311 - no secret
    return Result(
        rubric=rubric.key,
        score=now if known else None,
        low=low,
        high=high,
        verdict=verdict if known else None,
        verdict_low=verdict_of(worst),
        verdict_high=verdict_of(best),
        pillars=_pillars(rubric, weights, middle, floor=rubric.floor),
        caps=_caps(rubric, weights, middle),
        knockouts=tuple(knockouts),
        effects=_applied(levels, moves, effects),
        losses=_losses(rubric, weights, middle, now),
        robustness=_robustness(weights, middle, verdict, verdict_of, generator) if known else None,
        next_steps=_steps(rubric, weights, levels, moves, middle, now, verdict_of),
        ask_first=_ask_first(rubric, weights, levels, unknown, moved),
    )


def _check(rubric: Rubric, levels: Mapping[str, int | None], effects: Sequence[Effect]) -> None:
    keys = {criterion.key for criterion in rubric.criteria}
    for key in levels:
        if key not in keys:
            raise InvalidInputError(str(key), "the rubric has no such criterion")
    for criterion in rubric.criteria:
        if criterion.key not in levels:
            raise InvalidInputError(criterion.key, "a level is missing")
        level = levels[criterion.key]
        if level is not None and (isinstance(level, bool) or not isinstance(level, int) or level not in LEVELS):
            raise InvalidInputError(criterion.key, f"a level is a whole number from 0 to {TOP}")
    for effect in effects:
        if effect.criterion not in keys:
            raise InvalidInputError(effect.criterion, "an effect moves a criterion that the rubric does not have")


def _clamp(level: int) -> int:
    return min(max(level, 0), TOP)


def _pillars(
    rubric: Rubric, weights: Mapping[str, float], levels: Mapping[str, int], floor: float = 0
) -> dict[str, float]:
    """Each pillar's value: 100 × Σ(weight × level) ÷ Σ(weight × 4), and never below the floor."""
    reached = dict.fromkeys(rubric.pillars, 0.0)
    possible = dict.fromkeys(rubric.pillars, 0.0)
    for criterion in rubric.criteria:
        weight = weights[criterion.key]
        reached[criterion.pillar] += weight * levels[criterion.key]
        possible[criterion.pillar] += weight * TOP
    return {pillar: max(100 * reached[pillar] / possible[pillar], floor) for pillar in reached}


def _score(rubric: Rubric, weights: Mapping[str, float], levels: Mapping[str, int]) -> float:
    """The weighted geometric mean of the pillars: Π pillar ^ (pillar weight ÷ total weight)."""
    total = sum(weights.values())
    shares = dict.fromkeys(rubric.pillars, 0.0)
    for criterion in rubric.criteria:
        shares[criterion.pillar] += weights[criterion.key] / total
    values = _pillars(rubric, weights, levels, floor=rubric.floor)
    return math.exp(math.fsum(shares[pillar] * math.log(value) for pillar, value in values.items()))


def _caps(rubric: Rubric, weights: Mapping[str, float], levels: Mapping[str, int]) -> tuple[Cap, ...]:
    at_zero = [Cap("criterion", criterion.key) for criterion in rubric.criteria if levels[criterion.key] == 0]
    values = _pillars(rubric, weights, levels)
    weak = [Cap("pillar", pillar) for pillar, value in values.items() if value < rubric.cap_below]
    return (*at_zero, *weak)


def _verdict(rubric: Rubric, weights: Mapping[str, float], levels: Mapping[str, int]) -> Verdict:
    verdict = rubric.verdict(_score(rubric, weights, levels))
    return min(verdict, Verdict.CONDITIONAL) if _caps(rubric, weights, levels) else verdict


def _applied(
    levels: Mapping[str, int | None], moves: Mapping[str, int], effects: Sequence[Effect]
) -> tuple[AppliedEffect, ...]:
    rules: dict[str, list[str]] = {}
    for effect in effects:
        rules.setdefault(effect.criterion, []).append(effect.rule)
    applied = []
    for key, names in rules.items():
        before = levels[key]
        after = None if before is None else _clamp(before + moves[key])
        applied.append(AppliedEffect(key, before, after, tuple(names)))
    return tuple(applied)


def _losses(rubric: Rubric, weights: Mapping[str, float], levels: Mapping[str, int], now: float) -> tuple[Loss, ...]:
    losses = [
        Loss(criterion.key, _score(rubric, weights, {**levels, criterion.key: TOP}) - now)
        for criterion in rubric.criteria
    ]
    return tuple(sorted(losses, key=lambda loss: -loss.points))


def _steps(
    rubric: Rubric,
    weights: Mapping[str, float],
    given: Mapping[str, int | None],
    moves: Mapping[str, int],
    levels: Mapping[str, int],
    now: float,
    verdict_of: Callable[[Mapping[str, int]], Verdict],
) -> tuple[Step, ...]:
    """The two criteria where one level more brings most. What is unknown is to be found out, not raised."""
    steps = []
    for criterion in rubric.criteria:
        level = given[criterion.key]
        if level is None or level >= TOP:
            continue
        raised = {**levels, criterion.key: _clamp(level + 1 + moves[criterion.key])}
        reached = _score(rubric, weights, raised)
        if reached > now:
            steps.append(Step(criterion.key, level + 1, reached, verdict_of(raised)))
    return tuple(sorted(steps, key=lambda step: -step.score)[:2])


def _robustness(
    weights: Mapping[str, float],
    levels: Mapping[str, int],
    verdict: Verdict,
    verdict_of: Callable[..., Verdict],
    generator: random.Random,
) -> Robustness:
    """1,000 draws of the weights, each times a uniform 0.5–1.5; then 1,000 of the levels, moved by −1, 0 or +1."""
    kept_weights = kept_ratings = 0
    for _draw in range(DRAWS):
        drawn = {key: weight * (0.5 + generator.random()) for key, weight in weights.items()}
        kept_weights += verdict_of(levels, drawn) == verdict
    for _draw in range(DRAWS):
        rated = {key: _clamp(level + (-1, 0, 0, 1)[int(generator.random() * 4)]) for key, level in levels.items()}
        kept_ratings += verdict_of(rated) == verdict
    return Robustness(kept_weights / DRAWS, kept_ratings / DRAWS)


def _ask_first(
    rubric: Rubric,
    weights: Mapping[str, float],
    levels: Mapping[str, int | None],
    unknown: Sequence[str],
    moved: Callable[[Mapping[str, int]], dict[str, int]],
) -> str | None:
    """The unknown that leaves the narrowest range on average over its five possible answers; the first of equals."""

    def width(answers: Mapping[str, int | None]) -> float:
        ends = [
            _score(rubric, weights, moved({key: end if level is None else level for key, level in answers.items()}))
            for end in (0, TOP)
        ]
        return ends[1] - ends[0]

    if not unknown:
        return None
    return min(unknown, key=lambda key: math.fsum(width({**levels, key: level}) for level in LEVELS))


def _seed(rubric: Rubric, levels: Mapping[str, int | None], effects: Sequence[Effect], knockouts: Sequence[str]) -> int:
    question = [
        rubric.key,
        sorted(levels.items()),
        sorted((effect.criterion, effect.move) for effect in effects),
        sorted(knockouts),
    ]
    text = json.dumps(question, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
