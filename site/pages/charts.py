"""The geometry of bar charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evidence.status import Status
from evidence.units import Unit


@dataclass(frozen=True)
class Bar:
    """One row of a chart, with what it says in words."""

    label: str
    low: Decimal
    high: Decimal | None
    status: Status | None
    unit: Unit
    bound: str = ""

    @property
    def text(self) -> str:
        return self.unit.text(self.low, self.high, self.bound)

    @property
    def end(self) -> Decimal:
        return self.low if self.high is None else self.high


@dataclass(frozen=True)
class DrawnBar:
    """A row with its place on a scale of 0 to 100: a range floats between its ends, a value starts at 0."""

    bar: Bar
    start: float
    width: float
    is_range: bool


MINIMUM_WIDTH = 0.8


def bars(rows: Sequence[Bar]) -> list[DrawnBar]:
    """The geometry of a bar chart on one linear scale from zero, in percent of the widest row."""
    top = max((row.end for row in rows), default=Decimal(0)) or Decimal(1)
    drawn = []
    for row in rows:
        is_range = row.high is not None and row.high != row.low
        start = float(row.low / top * 100) if is_range else 0.0
        width = max(float(row.end / top * 100) - start, MINIMUM_WIDTH)
        drawn.append(DrawnBar(row, round(min(start, 100 - width), 2), round(width, 2), is_range))
    return drawn
