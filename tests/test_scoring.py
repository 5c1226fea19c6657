"""The suitability score: worked examples, and what must hold for every product."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suitability.scoring import AppliedEffect, Cap, Criterion, Effect, InvalidInputError, Result, Rubric, Verdict, score

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
some_key = st.sampled_from(KEYS)
plain_effect = st.builds(Effect, some_key, st.integers(-4, 4), st.just("rule"))
sparing_effect = st.builds(Effect, some_key, st.integers(-4, -1), st.just("rule"), st.tuples(some_key, st.just(4)))
some_effects = st.lists(plain_effect | sparing_effect, max_size=5)
quick = settings(max_examples=40, deadline=None)
thorough = settings(max_examples=300, deadline=None)
PARCELS = (
    Effect("returns", -1, "withdrawal", unless=("carriage", 4)),
    Effect("regulation", -1, "responsible-person", unless=("carriage", 4)),
    Effect("landed_cost", -1, "duty", unless=("carriage", 4)),
)


def points(given_levels: dict[str, int | None], effects: Sequence[Effect] = ()) -> float:
    """The score of a product of which all is known."""
    result = score(RUBRIC, given_levels, effects, robustness=False)
    assert result.score is not None
    return result.score


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


def test_an_effect_spares_what_has_no_parcel() -> None:
    digital, parcel = levels("3 3 3 4 3 3 3 3 3"), levels("3 3 3 3 3 3 3 3 3")
    assert points(digital, PARCELS) == points(digital)
    assert points(parcel, PARCELS) < points(parcel)
    assert score(RUBRIC, digital, PARCELS).effects == ()
    assert [effect.criterion for effect in score(RUBRIC, parcel, PARCELS).effects] == [
        "returns",
        "regulation",
        "landed_cost",
    ]


def test_what_spares_is_the_level_before_the_market() -> None:
    lifted, lowered = Effect("carriage", 1, "lifted"), Effect("carriage", -1, "lowered")
    parcel, digital = levels("3 3 3 3 3 3 3 3 3"), levels("3 3 3 4 3 3 3 3 3")
    assert len(score(RUBRIC, parcel, [lifted, *PARCELS]).effects) == 4
    assert score(RUBRIC, digital, [lowered, *PARCELS]).effects == (AppliedEffect("carriage", 4, 3, ("lowered",)),)


def test_effects_on_one_criterion_spare_each_for_itself() -> None:
    digital = levels("3 3 3 4 3 3 3 3 3")
    result = score(RUBRIC, digital, [*PARCELS, Effect("returns", -2, "always")])
    assert result.effects == (AppliedEffect("returns", 3, 1, ("always",)),)


def test_an_unknown_that_may_spare_does_so_only_at_its_best() -> None:
    unknown = levels("3 3 3 ? 3 3 3 3 3")
    result = score(RUBRIC, unknown, PARCELS)
    assert result.low == points({**unknown, "carriage": 0}, PARCELS)
    assert result.high == points({**unknown, "carriage": 4})
    assert {effect.criterion for effect in result.effects} == {"returns", "regulation", "landed_cost"}
    losses = {loss.criterion: loss.points for loss in result.losses}
    taken = points({**unknown, "carriage": 2}, PARCELS)
    assert losses["carriage"] == pytest.approx(result.high - taken)


def test_a_step_that_spares_an_effect_is_worth_what_it_spares() -> None:
    parcel = levels("3 3 3 3 3 3 3 0 3")
    result = score(RUBRIC, parcel, PARCELS)
    step = result.next_steps[0]
    assert (step.criterion, step.level, step.verdict) == ("carriage", 4, Verdict.CONDITIONAL)
    assert step.score == pytest.approx(points({**parcel, "carriage": 4}))
    assert result.losses[0].criterion == "regulation"
    assert dict(result.losses)["carriage"] == pytest.approx(step.score - points(parcel, PARCELS))


def test_a_step_that_spares_effects_in_two_pillars_lifts_both_their_caps() -> None:
    parcel = levels("4 4 4 3 1 4 4 1 4")
    result = score(RUBRIC, parcel, PARCELS)
    assert result.caps == (Cap("criterion", "landed_cost"), Cap("criterion", "regulation"))
    assert result.verdict == Verdict.CONDITIONAL
    assert (result.next_steps[0].criterion, result.next_steps[0].verdict) == ("carriage", Verdict.STRONG)


def test_a_loss_is_counted_from_four_whatever_moves_the_criterion() -> None:
    parcel, lowered = levels("3 3 3 3 3 3 3 3 3"), Effect("carriage", -2, "lowered")
    losses = dict(score(RUBRIC, parcel, [lowered, *PARCELS]).losses)
    assert losses["carriage"] == pytest.approx(points({**parcel, "carriage": 4}) - points(parcel, [lowered, *PARCELS]))


@pytest.mark.parametrize(("move", "level"), [(1, 4), (0, 4), (-1, 3), (-1, 0)])
def test_only_the_best_level_may_spare_and_only_from_a_move_down(move: int, level: int) -> None:
    with pytest.raises(InvalidInputError, match="unless"):
        Effect("returns", move, "x", unless=("carriage", level))


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
    with pytest.raises(InvalidInputError, match="charm"):
        score(RUBRIC, some, [Effect("claims", -1, "x", unless=("charm", 4))])


@pytest.mark.parametrize(
    "criteria", [(), (Criterion("a", "p", 0),), (Criterion("a", "p", float("nan")),), (Criterion("a", "p", 1),) * 2]
)
def test_an_impossible_rubric_is_refused(criteria: tuple[Criterion, ...]) -> None:
    with pytest.raises(InvalidInputError):
        Rubric("r", criteria)
    with pytest.raises(InvalidInputError):
        Rubric("r", CRITERIA, strong=50)
    with pytest.raises(InvalidInputError, match="floor"):
        Rubric("r", CRITERIA, floor=0)


@quick
@given(some_levels, some_effects)
def test_the_score_lies_between_the_floor_and_a_hundred(given_levels: dict[str, int], effects: list[Effect]) -> None:
    result = score(RUBRIC, given_levels, effects)
    assert result.score is not None
    assert 5 - 1e-9 <= result.score <= 100 + 1e-9
    assert result.low == result.high == result.score
    assert result.verdict == result.verdict_low == result.verdict_high


@thorough
@given(some_levels, some_effects, some_key)
def test_a_higher_level_never_hurts(given_levels: dict[str, int], effects: list[Effect], key: str) -> None:
    raised = {**given_levels, key: min(4, given_levels[key] + 1)}
    before, after = (score(RUBRIC, some, effects, robustness=False) for some in (given_levels, raised))
    assert before.score is not None
    assert after.score is not None
    assert before.verdict is not None
    assert after.verdict is not None
    assert after.score >= before.score - 1e-9
    assert after.verdict >= before.verdict


@thorough
@given(some_levels, st.lists(sparing_effect, min_size=1, max_size=5), st.data())
def test_a_level_that_spares_never_hurts(
    given_levels: dict[str, int], effects: list[Effect], data: st.DataObject
) -> None:
    spares = data.draw(st.sampled_from([effect.unless[0] for effect in effects if effect.unless]))
    results = [score(RUBRIC, {**given_levels, spares: level}, effects, robustness=False) for level in range(5)]
    scores = [result.low for result in results]
    assert all(after >= before - 1e-9 for before, after in pairwise(scores))
    assert [result.verdict_low for result in results] == sorted(result.verdict_low for result in results)


@thorough
@given(some_levels, some_effects, st.sets(some_key, min_size=1, max_size=4))
def test_the_true_score_lies_in_the_range_of_its_unknowns(
    given_levels: dict[str, int], effects: list[Effect], hidden: set[str]
) -> None:
    full = score(RUBRIC, given_levels, effects, robustness=False)
    masked = score(RUBRIC, {key: None if key in hidden else level for key, level in given_levels.items()}, effects)
    assert full.score is not None
    assert full.verdict is not None
    assert masked.low - 1e-9 <= full.score <= masked.high + 1e-9
    assert masked.verdict_low <= full.verdict <= masked.verdict_high
    assert masked.ask_first in hidden


@thorough
@given(some_levels, some_effects, st.permutations(CRITERIA))
def test_the_order_of_the_criteria_does_not_matter(
    given_levels: dict[str, int], effects: list[Effect], criteria: list[Criterion]
) -> None:
    result = score(RUBRIC, given_levels, effects, robustness=False)
    again = score(Rubric("test", tuple(criteria)), given_levels, effects, robustness=False)
    assert again.score == pytest.approx(result.score, abs=1e-9)
    assert again.verdict == result.verdict
    assert again.pillars == pytest.approx(dict(result.pillars))
    assert set(again.caps) == set(result.caps)
    assert dict(again.losses) == pytest.approx(dict(result.losses), abs=1e-9)


UNEVEN = tuple(Criterion(criterion.key, criterion.pillar, criterion.weight / 7) for criterion in CRITERIA)


@thorough
@given(some_levels, st.permutations(UNEVEN))
def test_a_score_that_is_the_threshold_reaches_it_in_any_order(
    given_levels: dict[str, int], criteria: list[Criterion]
) -> None:
    threshold = min(100, score(Rubric("test", UNEVEN), given_levels, robustness=False).low or 0)
    at = {"strong": threshold, "promising": threshold * 0.9, "conditional": threshold * 0.8, "cap_below": 0}
    result = score(Rubric("test", tuple(criteria), **at), given_levels, robustness=False)
    assert result.verdict == (Verdict.CONDITIONAL if 0 in given_levels.values() else Verdict.STRONG)


def test_arithmetic_alone_takes_nothing_from_a_level_three() -> None:
    rubric = Rubric("r", (Criterion("a", "p", 0.1), Criterion("b", "p", 0.7)), strong=75, cap_below=75)
    result = score(rubric, {"a": 3, "b": 3})
    assert (result.verdict, result.caps) == (Verdict.STRONG, ())
    assert shares(result)[0] == 1.0


@thorough
@given(some_levels, some_effects)
def test_losses_and_steps_say_what_would_happen(given_levels: dict[str, int], effects: list[Effect]) -> None:
    result = score(RUBRIC, given_levels, effects, robustness=False)
    assert result.score is not None
    costs = [loss.points for loss in result.losses]
    assert costs == sorted(costs, reverse=True)
    assert all(cost >= -1e-9 for cost in costs)
    moved = {effect.criterion for effect in effects}
    for criterion, cost in result.losses:
        if criterion not in moved:
            at_top = points({**given_levels, criterion: 4}, effects)
            assert cost == pytest.approx(at_top - result.score, abs=1e-9)
    assert len(result.next_steps) <= 2
    for step in result.next_steps:
        again = score(RUBRIC, {**given_levels, step.criterion: step.level}, effects, robustness=False)
        assert again.score == pytest.approx(step.score)
        assert again.verdict == step.verdict


@thorough
@given(some_levels, some_effects)
def test_no_other_step_brings_a_better_verdict_or_more_points(
    given_levels: dict[str, int], effects: list[Effect]
) -> None:
    result = score(RUBRIC, given_levels, effects, robustness=False)
    assert result.score is not None
    raised = [
        score(RUBRIC, {**given_levels, key: level + 1}, effects, robustness=False)
        for key, level in given_levels.items()
        if level < 4
    ]
    better = [
        (step.verdict, step.score) for step in raised if step.score is not None and step.score > result.score + 1e-9
    ]
    best = sorted(better, reverse=True)[:2]
    assert [step.verdict for step in result.next_steps] == [verdict for verdict, _points in best]
    assert [step.score for step in result.next_steps] == pytest.approx([points for _verdict, points in best])


def shares(result: Result) -> tuple[float, float]:
    assert result.robustness is not None
    return result.robustness.weights, result.robustness.ratings


def test_the_same_question_gets_the_same_answer_on_every_machine() -> None:
    course = levels("3 3 3 4 4 4 3 4 3")
    assert shares(score(RUBRIC, course)) == shares(score(RUBRIC, dict(reversed(list(course.items())))))
    assert shares(score(RUBRIC, course, seed=1)) == shares(score(RUBRIC, course, seed=1))
    assert shares(score(RUBRIC, course)) == (1.0, 0.989)


def test_another_effect_is_another_question() -> None:
    parcel = levels("1 3 4 2 2 3 2 1 3")
    always = [Effect(effect.criterion, effect.move, effect.rule) for effect in PARCELS]
    assert points(parcel, PARCELS) == points(parcel, always)
    assert shares(score(RUBRIC, parcel, PARCELS)) != shares(score(RUBRIC, parcel, always))


@quick
@given(some_levels, some_effects, st.booleans())
def test_without_the_draws_the_answer_is_the_same(
    given_levels: dict[str, int], effects: list[Effect], is_forbidden: bool
) -> None:
    knockouts = ["rule"] if is_forbidden else []
    drawn = score(RUBRIC, given_levels, effects, knockouts)
    plain = score(RUBRIC, given_levels, effects, knockouts, robustness=False)
    assert drawn.robustness is not None
    assert plain.robustness is None
    assert plain == drawn._replace(robustness=None)


def test_draws_cannot_lift_a_knockout() -> None:
    assert shares(score(RUBRIC, levels("4 4 4 4 4 4 4 4 4"), knockouts=["rule"])) == (1.0, 1.0)


def test_a_rubric_that_has_scored_goes_to_another_process_like_a_fresh_one() -> None:
    rubric, fresh = Rubric("test", CRITERIA), Rubric("test", CRITERIA)
    course = levels("3 3 3 4 4 4 3 4 3")
    result = score(rubric, course)
    assert pickle.dumps(rubric) == pickle.dumps(fresh)
    assert score(pickle.loads(pickle.dumps(rubric)), course) == result  # noqa: S301 - our own


def test_a_product_near_a_threshold_is_called_unstable() -> None:
    result = score(RUBRIC, levels("1 3 4 2 2 3 2 1 3"))
    assert result.robustness is not None
    assert not result.robustness.is_stable


def test_scoring_needs_nothing_of_django() -> None:
    root = Path(__file__).resolve().parents[1]
    code = "import sys; sys.path.insert(0, '.'); import suitability.scoring; assert not [m for m in sys.modules if 'django' in m]"
    assert subprocess.run([sys.executable, "-I", "-c", code], cwd=root).returncode == 0  # noqa: S603
