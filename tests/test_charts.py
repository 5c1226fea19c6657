"""Bars on a scale: where they stand, and what the scale says."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from evidence.status import Status
from evidence.units import Unit
from pages.charts import Bar, chart, step_of
from tests.conftest import LANGUAGES
from tests.documents import read

NUMBERS = st.decimals(min_value=0, max_value=10**12, places=3)


def bar(low: str | Decimal, high: str | Decimal | None = None, bound: str = "", unit: Unit = Unit.DAYS) -> Bar:
    return Bar("x", Decimal(low), None if high is None else Decimal(high), Status.DISPUTED, unit, bound)


def test_a_range_floats_on_the_scale_and_a_value_starts_at_zero() -> None:
    value, floating, tiny = chart([bar("20"), bar("5", "10"), bar("0")]).bars
    assert (value.start, value.width) == (0, 100)
    assert (floating.start, floating.width) == (25, 25)
    assert tiny.width > 0


def test_the_scale_says_its_unit_and_ends_at_or_above_the_widest_row() -> None:
    drawn = chart([bar("682.5", unit=Unit.USD_BILLION), bar("1", "128", unit=Unit.USD_BILLION)])
    assert [(tick.place, tick.text) for tick in drawn.ticks] == [
        (25, "US$200 bn"),
        (50, "US$400 bn"),
        (75, "US$600 bn"),
        (100, "US$800 bn"),
    ]


def test_a_bound_is_open_where_nobody_knows_how_far_it_goes() -> None:
    over, under, about = chart([bar("5", bound="over"), bar("5", bound="under"), bar("5", bound="about")]).bars
    assert (over.is_at_least, over.is_at_most) == (True, False)
    assert (under.is_at_least, under.is_at_most) == (False, True)
    assert not about.is_at_least
    assert not about.is_at_most


def test_without_rows_or_numbers_above_zero_there_is_still_a_chart() -> None:
    assert chart([]).bars == []
    assert [tick.place for tick in chart([bar("0")]).ticks] == [100]
    with pytest.raises(ValueError, match="above zero"):
        step_of(Decimal(0))


@given(st.lists(st.tuples(NUMBERS, NUMBERS).map(sorted), min_size=1, max_size=12))
def test_nothing_leaves_the_scale_and_the_order_of_the_numbers_is_kept(ends: list[list[Decimal]]) -> None:
    drawn = chart([bar(low, high) for low, high in ends])
    for one in drawn.bars:
        assert 0 <= one.start <= 100
        assert 0 < one.width <= 100
        assert one.end <= 100.01
    by_end = sorted(drawn.bars, key=lambda one: one.bar.end)
    assert all(near.end <= far.end + 0.85 for near, far in pairwise(by_end)), "a longer bar stands for more"


@given(NUMBERS.filter(lambda number: number > 0))
def test_the_scale_has_at_most_four_even_steps_of_round_numbers(top: Decimal) -> None:
    step = step_of(top)
    assert step * 4 >= top
    assert step.normalize().as_tuple().digits in ((1,), (2,), (2, 5), (5,))
    places = [tick.place for tick in chart([bar(top)]).ticks]
    assert 1 <= len(places) <= 4
    assert places == sorted(places)
    assert places[-1] == 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_categories_stand_on_one_scale_from_the_best_to_those_that_every_market_forbids(
    language: str, site: None, browser: Client
) -> None:
    page = read(browser.get(f"/{language}/categories/"))
    chart = page.text.partition('class="chart spreads"')[2].partition("</figure>")[0]
    rows = re.findall(r'<li class="chart__row">(.*?)</li>', chart, re.DOTALL)
    places = [float(place) for row in rows for place in re.findall(r'spreads__range" x="([\d.]+)" y="1" width', row)]
    assert len(rows) == 13
    assert len(places) == 12, "prescription medicines have no place"
    ends = [float(start) + float(width) for start, width in re.findall(r'x="([\d.]+)" y="1" width="([\d.]+)"', chart)]
    assert ends == sorted(ends, reverse=True)
    assert 'href="/' + language + '/categories/prescription-medicines/"' in rows[-1]
    assert "spreads__closed" in rows[-1]
