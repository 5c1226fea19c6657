"""The geometry of bar charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from evidence.status import Status
from evidence.units import Bound, Unit


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

    @property
    def end(self) -> float:
        return round(self.start + self.width, 2)

    @property
    def is_at_least(self) -> bool:
        """Whether the number is a lower bound, so that the bar goes on beyond its end, nobody knows how far."""
        return self.bar.bound == Bound.OVER

    @property
    def is_at_most(self) -> bool:
        """Whether the number is an upper bound: the bar ends somewhere before."""
        return self.bar.bound == Bound.UNDER


@dataclass(frozen=True)
class Tick:
    """A mark of the scale: its place from 0 to 100, and its value in words."""

    place: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Bars on one linear scale from zero, and the marks of the scale, evenly spaced, without the zero."""

    bars: list[DrawnBar]
    ticks: list[Tick]


MINIMUM_WIDTH = 0.8
MOST_TICKS = 4
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def step_of(top: Decimal) -> Decimal:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that reaches `top` in at most four steps.

    Raises ValueError where `top` is not above zero.
    """
    if top <= 0:
        raise ValueError("a scale ends above zero")
    power = Decimal(10) ** (top / MOST_TICKS).adjusted()
    return next(step * power for step in STEPS if step * power * MOST_TICKS >= top)


def chart(rows: Sequence[Bar]) -> Chart:
    """A bar chart of rows of one unit on one linear scale from zero to the first step at or above the widest row."""
    if not rows:
        return Chart([], [])
    top = max(row.end for row in rows)
    step = step_of(top) if top > 0 else Decimal(1)
    count = int((top / step).to_integral_value(ROUND_CEILING)) or 1
    unit = rows[0].unit
    ticks = [Tick(round(100 * number / count, 2), unit.text(step * number)) for number in range(1, count + 1)]
    return Chart([_drawn(row, step * count) for row in rows], ticks)


def _drawn(row: Bar, top: Decimal) -> DrawnBar:
    is_range = row.high is not None and row.high != row.low
    start = float(row.low / top * 100) if is_range else 0.0
    width = max(float(row.end / top * 100) - start, MINIMUM_WIDTH)
    return DrawnBar(row, round(min(start, 100 - width), 2), round(width, 2), is_range)
