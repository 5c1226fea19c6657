"""The suitability score: worked examples, and what must hold for every product."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suitability.scoring import Cap, Criterion, Effect, InvalidInputError, Result, Rubric, Verdict, score

CRITERIA = (
    Criterion("distinctiveness", "appeal", 15),
    Criterion("demonstrability", "appeal", 13),
    Criterion("community", "appeal", 12),
    Criterion("carriage", "delivery", 12),
    Criterion("landed_cost", "delivery", 10),
    Criterion("robustness", "delivery", 8),
    Criterion("returns", "delivery", 10),
    Criterion("regulation", "rules", 12),
    Criterion("claims", "rules", 8),
)
RUBRIC = Rubric("test", CRITERIA)
KEYS = [criterion.key for criterion in CRITERIA]


def levels(text: str) -> dict[str, int | None]:
    """Levels in the order of the criteria; `?` is unknown."""
    return {key: None if sign == "?" else int(sign) for key, sign in zip(KEYS, text.split(), strict=True)}


some_level = st.integers(0, 4)
some_levels = st.fixed_dictionaries(dict.fromkeys(KEYS, some_level))
some_effects = st.lists(st.builds(Effect, st.sampled_from(KEYS), st.integers(-4, 4), st.just("rule")), max_size=4)
quick = settings(max_examples=40, deadline=None)


@pytest.mark.parametrize(
    ("product", "appeal", "delivery", "rules", "points", "verdict"),
    [
        ("3 3 3 4 4 4 3 4 3", 75.00, 93.75, 90.00, 85.05, "strong"),
        ("4 4 3 3 3 3 3 3 3", 92.50, 75.00, 75.00, 81.56, "strong"),
        ("4 4 3 2 2 0 3 2 3", 92.50, 46.25, 60.00, 64.29, "conditional"),
        ("1 3 4 2 2 3 2 1 3", 63.75, 55.00, 45.00, 56.05, "promising"),
        ("1 1 2 3 4 4 3 0 0", 32.50, 86.25, 5.00, 33.03, "poor"),
        ("2 2 1 0 0 1 0 3 3", 42.50, 5.00, 75.00, 20.23, "poor"),
    ],
)
def test_the_worked_examples_come_out(
    product: str, appeal: float, delivery: float, rules: float, points: float, verdict: str
) -> None:
    result = score(RUBRIC, levels(product))
    assert result.score is not None
    assert round(result.score, 2) == points
    assert {pillar: round(value, 2) for pillar, value in result.pillars.items()} == {
        "appeal": appeal,
        "delivery": delivery,
        "rules": rules,
    }
    assert result.verdict is not None
    assert result.verdict.key == verdict


def test_a_criterion_at_zero_caps_the_verdict_and_is_named() -> None:
    assert score(RUBRIC, levels("4 4 3 2 2 0 3 2 3")).caps == (Cap("criterion", "robustness"),)


def test_a_weak_pillar_caps_the_verdict_before_the_floor_hides_it() -> None:
    result = score(RUBRIC, levels("1 1 1 4 4 4 4 4 4"))
    assert result.caps == (Cap("pillar", "appeal"),)
    assert result.verdict == Verdict.CONDITIONAL


def test_a_knockout_makes_any_product_not_sellable() -> None:
    result = score(RUBRIC, levels("4 4 4 4 4 4 4 4 4"), knockouts=["prescription-medicine"])
    assert result.verdict == Verdict.NOT_SELLABLE
    assert result.score == pytest.approx(100)
    assert result.knockouts == ("prescription-medicine",)


def test_a_market_moves_levels_and_shows_before_and_after() -> None:
    effects = [
        Effect("regulation", -1, "eu-gpsr"),
        Effect("regulation", -1, "eu-cosmetics"),
        Effect("community", 1, "x"),
    ]
    result = score(RUBRIC, levels("4 4 4 3 3 3 3 1 3"), effects)
    shown = {effect.criterion: (effect.before, effect.after, effect.rules) for effect in result.effects}
    assert shown == {"regulation": (1, 0, ("eu-gpsr", "eu-cosmetics")), "community": (4, 4, ("x",))}
    assert result.caps == (Cap("criterion", "regulation"), Cap("pillar", "rules"))


def test_an_unknown_gives_a_range_and_what_to_ask_first() -> None:
    result = score(RUBRIC, levels("4 4 ? 3 3 3 3 ? 3"))
    assert (result.score, result.verdict, result.robustness) == (None, None, None)
    assert result.low < result.high
    assert result.verdict_low == Verdict.CONDITIONAL
    assert result.verdict_high == Verdict.STRONG
    assert result.ask_first == "regulation"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"carriage": 5}, "carriage"),
        ({"carriage": -1}, "carriage"),
        ({"carriage": 2.0}, "carriage"),
        ({"carriage": True}, "carriage"),
        ({"carriage": float("nan")}, "carriage"),
        ({"carriage": "3"}, "carriage"),
        ({"charm": 3}, "charm"),
    ],
)
def test_what_is_not_a_level_is_refused_by_name(change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        score(RUBRIC, {**levels("3 3 3 3 3 3 3 3 3"), **change})  # type: ignore[dict-item]
    assert caught.value.field == field


def test_a_missing_level_and_a_stray_effect_are_refused_by_name() -> None:
    some = levels("3 3 3 3 3 3 3 3 3")
    with pytest.raises(InvalidInputError, match="claims: a level is missing"):
        score(RUBRIC, {key: level for key, level in some.items() if key != "claims"})
    with pytest.raises(InvalidInputError, match="charm"):
        score(RUBRIC, some, [Effect("charm", 1, "x")])


@pytest.mark.parametrize(
    "criteria", [(), (Criterion("a", "p", 0),), (Criterion("a", "p", float("nan")),), (Criterion("a", "p", 1),) * 2]
)
def test_an_impossible_rubric_is_refused(criteria: tuple[Criterion, ...]) -> None:
    with pytest.raises(InvalidInputError):
        Rubric("r", criteria)
    with pytest.raises(InvalidInputError):
        Rubric("r", CRITERIA, strong=50)


@quick
@given(some_levels, some_effects)
def test_the_score_lies_between_the_floor_and_a_hundred(given_levels: dict[str, int], effects: list[Effect]) -> None:
    result = score(RUBRIC, given_levels, effects)
    assert result.score is not None
    assert 5 - 1e-9 <= result.score <= 100 + 1e-9
    assert result.low == result.high == result.score
    assert result.verdict == result.verdict_low == result.verdict_high


@quick
@given(some_levels, st.sampled_from(KEYS))
def test_a_higher_level_never_hurts(given_levels: dict[str, int], key: str) -> None:
    raised = {**given_levels, key: min(4, given_levels[key] + 1)}
    before, after = score(RUBRIC, given_levels), score(RUBRIC, raised)
    assert before.score is not None
    assert after.score is not None
    assert before.verdict is not None
    assert after.verdict is not None
    assert after.score >= before.score - 1e-9
    assert after.verdict >= before.verdict


@quick
@given(some_levels, st.sets(st.sampled_from(KEYS), min_size=1, max_size=4))
def test_the_true_score_lies_in_the_range_of_its_unknowns(given_levels: dict[str, int], hidden: set[str]) -> None:
    full = score(RUBRIC, given_levels)
    masked = score(RUBRIC, {key: None if key in hidden else level for key, level in given_levels.items()})
    assert full.score is not None
    assert full.verdict is not None
    assert masked.low - 1e-9 <= full.score <= masked.high + 1e-9
    assert masked.verdict_low <= full.verdict <= masked.verdict_high
    assert masked.ask_first in hidden


@quick
@given(some_levels, some_effects)
def test_losses_and_steps_say_what_would_happen(given_levels: dict[str, int], effects: list[Effect]) -> None:
    result = score(RUBRIC, given_levels, effects)
    assert result.score is not None
    points = [loss.points for loss in result.losses]
    assert points == sorted(points, reverse=True)
    assert all(point >= -1e-9 for point in points)
    assert len(result.next_steps) <= 2
    for step in result.next_steps:
        again = score(RUBRIC, {**given_levels, step.criterion: step.level}, effects)
        assert again.score == pytest.approx(step.score)
        assert again.verdict == step.verdict


def shares(result: Result) -> tuple[float, float]:
    assert result.robustness is not None
    return result.robustness.weights, result.robustness.ratings


def test_the_same_question_gets_the_same_answer_on_every_machine() -> None:
    course = levels("3 3 3 4 4 4 3 4 3")
    assert shares(score(RUBRIC, course)) == shares(score(RUBRIC, dict(reversed(list(course.items())))))
    assert shares(score(RUBRIC, course, seed=1)) == shares(score(RUBRIC, course, seed=1))
    assert shares(score(RUBRIC, course)) == (1.0, 0.989)


def test_a_product_near_a_threshold_is_called_unstable() -> None:
    result = score(RUBRIC, levels("1 3 4 2 2 3 2 1 3"))
    assert result.robustness is not None
    assert not result.robustness.is_stable


def test_scoring_needs_nothing_of_django() -> None:
    root = Path(__file__).resolve().parents[1]
    code = "import sys; sys.path.insert(0, '.'); import suitability.scoring; assert not [m for m in sys.modules if 'django' in m]"
    assert subprocess.run([sys.executable, "-I", "-c", code], cwd=root).returncode == 0  # noqa: S603
