"""The suitability score: does a product suit live selling on X into a market, why, and what would change the answer?

Plain Python: nothing of Django, no database, no clock. One way in, `score`; one way out, `Result`.

The method is multi-criteria practice: swing weights (SMARTS, Edwards & Barron 1994), geometric aggregation across
pillars so that a strength cannot buy off a fatal weakness (OECD/JRC, Handbook on Constructing Composite Indicators,
2008), then caps and knock-outs, then a robustness statement.

A pillar has few combinations of levels: what each is worth is worked out once and kept, and a score is a sum of what
the pillars add. The parts of an answer are made by the dozen for every product, so they are named tuples.
"""

import hashlib
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from operator import mul
from typing import Any, NamedTuple, TypeAlias

TOP = 4
MIDDLE = 2
LEVELS = range(TOP + 1)
DRAWS = 1000
STABLE_FROM = 0.70
KEPT_COMBINATIONS = 4096  # of levels, in a pillar: all of them up to five criteria

# Points by which arithmetic alone may miss a bound: exp(log(75)) is 74.99999999999997, and must count as 75. Sums are
# math.fsum, the same in any order of their terms, so the order of the criteria cannot tip a verdict either.
ROUNDING = 1e-9


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
    floor, caps the verdict at *conditional*, as does any criterion at level 0. Keep a rubric and use it again: it
    remembers what it has worked out.
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
        if not 0 < self.floor <= 100:
            raise InvalidInputError("floor", "it must be above 0: one pillar at 0 would make the whole score 0")

    @property
    def pillars(self) -> tuple[str, ...]:
        """The pillars in the order of their first criterion."""
        return tuple(dict.fromkeys(criterion.pillar for criterion in self.criteria))

    def verdict(self, score: float, capped: bool = False) -> Verdict:
        """The verdict of an unrounded score; at best *conditional* where it is capped."""
        if capped or score < self.promising - ROUNDING:
            return Verdict.CONDITIONAL if score >= self.conditional - ROUNDING else Verdict.POOR
        return Verdict.STRONG if score >= self.strong - ROUNDING else Verdict.PROMISING

    def __getstate__(self) -> dict[str, Any]:
        """What was worked out stays behind: whoever receives the rubric works it out again."""
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}

    @cached_property
    def _pillars(self) -> list["_Pillar"]:
        pillars: list[_Pillar] = []
        for name in self.pillars:
            pillars.append(_Pillar(self, name, start=pillars[-1].part.stop if pillars else 0))
        return pillars

    @cached_property
    def _keys(self) -> list[str]:
        """The criteria pillar by pillar: a criterion's place among the levels of a product."""
        return [key for pillar in self._pillars for key in pillar.keys]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self._keys)}


@dataclass(frozen=True)
class Effect:
    """A market moves a criterion's level by a whole number, for a reason that `rule` names.

    With `unless=("carriage", 4)` it spares the products that have level 4 there before any effect: what is digital has
    no parcel. Only level 4 may spare, and only from a move down, or a better level could lower the score.
    """

    criterion: str
    move: int
    rule: str
    unless: tuple[str, int] | None = None

    def __post_init__(self) -> None:
        if self.unless is not None and (self.move >= 0 or self.unless[1] != TOP):
            raise InvalidInputError("unless", f"only level {TOP} may spare a product, and only from a move down")


class AppliedEffect(NamedTuple):
    """What all effects on one criterion did together; the levels are None where the level is unknown."""

    criterion: str
    before: int | None
    after: int | None
    rules: tuple[str, ...]


class Cap(NamedTuple):
    """Why the verdict cannot be better than *conditional*: a criterion at level 0, or a weak pillar."""

    kind: str
    key: str


class Loss(NamedTuple):
    """The points that a criterion costs: the score with it at 4, less the score now."""

    criterion: str
    points: float


class Step(NamedTuple):
    """What one level more in a criterion would bring."""

    criterion: str
    level: int
    score: float
    verdict: Verdict


class Robustness(NamedTuple):
    """The shares of random draws that keep the verdict."""

    weights: float
    ratings: float

    @property
    def is_stable(self) -> bool:
        return min(self.weights, self.ratings) >= STABLE_FROM


class Result(NamedTuple):
    """The answer. With an unknown level, `score`, `verdict` and `robustness` are None and the range is given.

    `pillars`, `caps`, `effects`, `losses` and `next_steps` take unknown levels at the middle, level 2; `effects` are
    those that apply; `ask_first` names the unknown whose answer would narrow the range most.
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
    robustness: bool = True,
) -> Result:
    """Scores one product for one market.

    Args:
        rubric: the criteria, weights and thresholds.
        levels: a level from 0 to 4 for each criterion of the rubric, or None where it is unknown.
        effects: what the market does to the levels; none for no market.
        knockouts: the rules that forbid the sale; any of them makes the product *not sellable*.
        seed: of the random draws; by default derived from all other inputs, so that the same question gets the same
            answer on every machine.
        robustness: whether to make the random draws, which take nearly all of the time.

    Raises:
        InvalidInputError: a level is missing, unknown to the rubric or not a whole number from 0 to 4; an effect names
            a criterion that the rubric does not have.
    """
    question = _Question(rubric, levels, effects, knockouts)
    is_known = None not in question.answers
    here = low = high = question.stand(MIDDLE)
    if not is_known:
        low, high = question.stand(0), question.stand(TOP)
    verdict = question.verdict(here.score, here.capped > 0)
    generator = None
    if robustness and is_known:
        generator = random.Random(question.seed if seed is None else seed)  # noqa: S311 - no secret
    return Result(
        rubric=rubric.key,
        score=here.score if is_known else None,
        low=low.score,
        high=high.score,
        verdict=verdict if is_known else None,
        verdict_low=verdict if is_known else question.verdict(low.score, low.capped > 0),
        verdict_high=verdict if is_known else question.verdict(high.score, high.capped > 0),
        pillars={standing.pillar: standing.value for standing in here.standings},
        caps=_caps(here),
        knockouts=tuple(knockouts),
        effects=question.applied(here),
        losses=question.losses(here),
        robustness=_robustness(question, here, verdict, generator) if generator else None,
        next_steps=question.steps(here),
        ask_first=None if is_known else question.ask_first(),
    )


# What raising a criterion brings: minus the growth as a share of the score, the criterion's place, and how many pillars
# it frees of their last cap. Sorted, the largest growth comes first, and of equals the first criterion.
_Rise: TypeAlias = tuple[float, int, int]


class _Worth(NamedTuple):
    """What a pillar is worth at one combination of the levels of its criteria."""

    value: float  # not below the floor
    log: float  # what it adds to the logarithm of the score
    caps: tuple[Cap, ...]


class _Standing(NamedTuple):
    """That, and what raising each of its criteria brings: to level 4, and by one level."""

    pillar: str
    value: float
    log: float
    caps: tuple[Cap, ...]
    to_top: tuple[_Rise, ...]
    one_up: tuple[_Rise, ...]


class _Pillar:
    """A pillar of a rubric; `part` is where the levels of its criteria are among those of a product."""

    def __init__(self, rubric: Rubric, name: str, start: int) -> None:
        criteria = [criterion for criterion in rubric.criteria if criterion.pillar == name]
        self.name = name
        self.floor = rubric.floor
        self.cap_below = rubric.cap_below - ROUNDING
        self.keys = [criterion.key for criterion in criteria]
        self.weights = [criterion.weight for criterion in criteria]
        self.exponent = math.fsum(self.weights) / math.fsum(criterion.weight for criterion in rubric.criteria)
        self.part = slice(start, start + len(criteria))
        self.worth = lru_cache(KEPT_COMBINATIONS)(self._worth)
        self.standing = lru_cache(KEPT_COMBINATIONS)(self._standing)

    def _worth(self, levels: tuple[int, ...]) -> _Worth:
        value = 100 * math.fsum(map(mul, self.weights, levels)) / (TOP * math.fsum(self.weights))
        caps = [Cap("criterion", key) for key, level in zip(self.keys, levels, strict=True) if level == 0]
        if value < self.cap_below:
            caps.append(Cap("pillar", self.name))
        value = max(value, self.floor)
        return _Worth(value, self.exponent * math.log(value), tuple(caps))

    def _standing(self, levels: tuple[int, ...]) -> _Standing:
        to_top = [self._rise(levels, index, TOP) for index in range(len(levels))]
        one_up = [self._rise(levels, index, min(level + 1, TOP)) for index, level in enumerate(levels)]
        return _Standing(self.name, *self.worth(levels), tuple(to_top), tuple(one_up))

    def _rise(self, levels: tuple[int, ...], index: int, level: int) -> _Rise:
        now, then = self.worth(levels), self.worth((*levels[:index], level, *levels[index + 1 :]))
        return -math.expm1(then.log - now.log), self.part.start + index, bool(now.caps) - bool(then.caps)


class _Position(NamedTuple):
    """Where a product stands under the effects that apply to it."""

    effects: Sequence[Effect]
    moved: list[int]  # not yet kept within 0 to 4
    levels: tuple[int, ...]
    standings: list[_Standing]
    score: float
    capped: int  # how many pillars have caps


class _Question:
    """One product in one market."""

    def __init__(
        self, rubric: Rubric, levels: Mapping[str, int | None], effects: Sequence[Effect], knockouts: Sequence[str]
    ) -> None:
        self.rubric = rubric
        self.keys = rubric._keys
        self.answers = _answers(rubric, levels)
        self.effects = effects
        self.knockouts = knockouts
        self.verdict = _not_sellable if knockouts else rubric.verdict
        self.sparing = self._sparing()

    def _sparing(self) -> set[int]:
        """The places of the criteria whose level 4 spares the product an effect."""
        places = self.rubric._places
        sparing = set()
        for effect in self.effects:
            if effect.criterion not in places:
                raise InvalidInputError(effect.criterion, "an effect moves a criterion that the rubric does not have")
            if effect.unless is not None:
                if effect.unless[0] not in places:
                    raise InvalidInputError(effect.unless[0], "an effect asks for a criterion that the rubric has not")
                sparing.add(places[effect.unless[0]])
        return sparing

    def stand(self, unknown: int) -> _Position:
        """Where the product stands if all that is unknown has this level."""
        return self._position(self._filled(unknown))

    def _filled(self, unknown: int) -> list[int]:
        return [unknown if answer is None else answer for answer in self.answers]

    def _position(self, given: list[int], at_top: int | None = None) -> _Position:
        """Where a product with these levels stands; the criterion at place `at_top` keeps 4 whatever moves it."""
        places, effects, moved = self.rubric._places, self.effects, given.copy()
        if self.sparing:
            effects = [e for e in effects if e.unless is None or given[places[e.unless[0]]] != e.unless[1]]
        for effect in effects:
            moved[places[effect.criterion]] += effect.move
        if at_top is not None:
            moved[at_top] = TOP
        levels = tuple([0 if level < 0 else TOP if level > TOP else level for level in moved])
        standings = [pillar.standing(levels[pillar.part]) for pillar in self.rubric._pillars]
        score = math.exp(math.fsum([standing.log for standing in standings]))
        return _Position(effects, moved, levels, standings, score, sum([1 for standing in standings if standing.caps]))

    def applied(self, here: _Position) -> tuple[AppliedEffect, ...]:
        rules: dict[str, tuple[str, ...]] = {}
        for effect in here.effects:
            rules[effect.criterion] = (*rules.get(effect.criterion, ()), effect.rule)
        applied = []
        for key, names in rules.items():
            place = self.rubric._places[key]
            before = self.answers[place]
            applied.append(AppliedEffect(key, before, None if before is None else here.levels[place], names))
        return tuple(applied)

    def losses(self, here: _Position) -> tuple[Loss, ...]:
        rises = [rise for standing in here.standings for rise in standing.to_top]
        for place in self.sparing:
            if self.answers[place] != TOP:
                rises[place] = self._spared(here, place, at_top=place)
        rises.sort()
        keys, now = self.keys, here.score
        return tuple([Loss(keys[place], -now * minus_growth) for minus_growth, place, _ in rises])

    def steps(self, here: _Position) -> tuple[Step, ...]:
        """The two criteria where one level more brings most: first a better verdict, then more points.

        What is unknown is to be found out, not raised.
        """
        rises = [rise for standing in here.standings for rise in standing.one_up]
        for effect in here.effects:
            place = self.rubric._places[effect.criterion]
            if here.moved[place] < 0:  # one level more is still no more than 0
                rises[place] = (0.0, place, 0)
        for place in self.sparing:
            if self.answers[place] == TOP - 1:
                rises[place] = self._spared(here, place)
        found: list[tuple[int, float, int, Verdict, int, float]] = []
        for minus_growth, place, freed in rises:
            level = self.answers[place]
            if level is not None and level < TOP and minus_growth < 0:
                reached = here.score * (1 - minus_growth)
                verdict = self.verdict(reached, here.capped > freed)
                found.append((-verdict, minus_growth, place, verdict, level + 1, reached))
        found.sort()
        return tuple(
            [Step(self.keys[place], level, reached, verdict) for _v, _g, place, verdict, level, reached in found[:2]]
        )

    def _spared(self, here: _Position, place: int, at_top: int | None = None) -> _Rise:
        """A rise to level 4 that spares the product an effect, and so is felt in other pillars too."""
        given = self._filled(MIDDLE)
        given[place] = TOP
        there = self._position(given, at_top)
        return 1 - there.score / here.score, place, here.capped - there.capped

    def ask_first(self) -> str:
        """The unknown that leaves the narrowest range on average over its five answers; the first of equals."""
        unknown = [place for place, answer in enumerate(self.answers) if answer is None]
        return self.keys[min(unknown, key=lambda place: math.fsum(self._width(place, level) for level in LEVELS))]

    def _width(self, place: int, level: int) -> float:
        low, high = self._filled(0), self._filled(TOP)
        low[place] = high[place] = level
        return self._position(high).score - self._position(low).score

    @property
    def seed(self) -> int:
        question = [
            self.rubric.key,
            sorted(zip(self.keys, self.answers, strict=True)),
            sorted([effect.criterion, effect.move, *(effect.unless or ())] for effect in self.effects),
            sorted(self.knockouts),
        ]
        text = json.dumps(question, separators=(",", ":"))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _answers(rubric: Rubric, levels: Mapping[str, int | None]) -> tuple[int | None, ...]:
    """The levels in the order of the rubric's places, checked."""
    places = rubric._places
    if levels.keys() != places.keys():
        for key in (*levels, *places):
            if key not in places:
                raise InvalidInputError(str(key), "the rubric has no such criterion")
            if key not in levels:
                raise InvalidInputError(key, "a level is missing")
    answers = tuple([levels[key] for key in places])
    for place, level in enumerate(answers):
        if level is not None and (type(level) is not int or not 0 <= level <= TOP):
            raise InvalidInputError(rubric._keys[place], f"a level is a whole number from 0 to {TOP}")
    return answers


def _not_sellable(score: float, is_capped: bool) -> Verdict:
    return Verdict.NOT_SELLABLE


def _caps(here: _Position) -> tuple[Cap, ...]:
    caps = [cap for standing in here.standings for cap in standing.caps]
    return tuple(sorted(caps, key=lambda cap: cap.kind)) if len(caps) > 1 else tuple(caps)


def _robustness(question: _Question, here: _Position, verdict: Verdict, generator: random.Random) -> Robustness:
    """1,000 draws of the weights, each times a uniform 0.5–1.5; then 1,000 of the levels, moved by −1, 0 or +1."""
    places = range(len(here.levels))
    weights, ratings = ([generator.random() for _ in range(DRAWS * len(places))] for _ in range(2))
    by_weights = _by_weights(question, here, [weights[place :: len(places)] for place in places])
    by_ratings = _by_ratings(question, here, [ratings[place :: len(places)] for place in places])
    return Robustness(by_weights.count(verdict) / DRAWS, by_ratings.count(verdict) / DRAWS)


def _by_weights(question: _Question, here: _Position, draws: Sequence[Sequence[float]]) -> list[Verdict]:
    """The verdicts under drawn weights. `draws` has, for each criterion, its numbers between 0 and 1."""
    totals, values = [], []
    for pillar in question.rubric._pillars:
        columns = zip(pillar.weights, draws[pillar.part], strict=True)
        drawn = list(zip(*[[weight * (0.5 + draw) for draw in column] for weight, column in columns], strict=True))
        points = [100 * level / TOP for level in here.levels[pillar.part]]
        totals.append([math.fsum(weights) for weights in drawn])
        values.append([math.fsum(map(mul, weights, points)) / math.fsum(weights) for weights in drawn])
    at_zero, floor, cap_below = 0 in here.levels, question.rubric.floor, question.rubric.cap_below - ROUNDING
    verdicts = []
    for weights, row in zip(zip(*totals, strict=True), zip(*values, strict=True), strict=True):
        logs = [math.log(max(value, floor)) for value in row]
        score = math.exp(math.fsum(map(mul, weights, logs)) / math.fsum(weights))
        verdicts.append(question.verdict(score, at_zero or min(row) < cap_below))
    return verdicts


def _by_ratings(question: _Question, here: _Position, draws: Sequence[Sequence[float]]) -> list[Verdict]:
    """The verdicts under drawn levels. `draws` has, for each criterion, its numbers between 0 and 1."""
    columns = []
    for level, column in zip(here.levels, draws, strict=True):
        options = (max(level - 1, 0), level, level, min(level + 1, TOP))
        columns.append([options[int(4 * draw)] for draw in column])
    pillars = question.rubric._pillars
    rows = zip(*[map(pillar.worth, zip(*columns[pillar.part], strict=True)) for pillar in pillars], strict=True)
    return [
        question.verdict(math.exp(math.fsum([worth.log for worth in row])), any(worth.caps for worth in row))
        for row in rows
    ]
