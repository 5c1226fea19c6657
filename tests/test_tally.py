"""How many figures hold, drawn as one bar."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.status import Status
from evidence.tally import tally


def of(statuses: list[Status]) -> Any:
    return tally(SimpleNamespace(status=status) for status in statuses)  # type: ignore[misc]


def test_without_records_there_is_no_bar() -> None:
    assert of([]) == []


@given(st.lists(st.sampled_from(Status), min_size=1))
def test_the_parts_fill_the_bar_in_the_order_of_the_words_and_do_not_touch(statuses: list[Status]) -> None:
    parts = of(statuses)
    assert [part.status for part in parts] == [status for status in Status if status in statuses]
    assert sum(part.count for part in parts) == len(statuses)
    for near, far in pairwise(parts):
        assert far.start > near.start + near.width
    assert parts[0].start == 0
    assert parts[-1].start + parts[-1].width == pytest.approx(100, abs=0.05)
