"""Numbers with their units in the reader's language, and the geometry of bar charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale as BabelLocale
from babel.numbers import format_currency, format_decimal, format_percent
from django.db import models
from django.utils.translation import get_language, gettext_lazy, ngettext, to_locale
from django.utils.translation import gettext as _

from evidence.status import Status

MYRIAD = 10_000


class Unit(models.TextChoices):
    """What a number counts. The label is the editor's; `text` is the reader's."""

    PERCENT = "percent", gettext_lazy("percent")
    USD_BILLION = "usd-billion", gettext_lazy("billion US dollars")
    EUR = "eur", gettext_lazy("euros")
    GBP = "gbp", gettext_lazy("pounds sterling")
    JPY = "jpy", gettext_lazy("yen")
    DAYS = "days", gettext_lazy("days")
    MONTHS = "months", gettext_lazy("months")
    PEOPLE = "people", gettext_lazy("people")
    ORDERS = "orders", gettext_lazy("orders")
    SHOWS = "shows", gettext_lazy("shows")
    TIMES = "times", gettext_lazy("times")

    @classmethod
    def of(cls, value: str | None) -> "Unit | None":
        """The unit with this value; None for a draft that has none yet."""
        return cls(value) if value in cls.values else None

    def text(self, low: Decimal, high: Decimal | None = None) -> str:
        """A value or a range in the active language: `3%–5%`, `US$1bn–US$128bn`, `120,000 people`."""
        if high is None or high == low:
            return self._with_unit(low, self._number(low))
        if self in COUNTED:
            return self._with_unit(high, _("%(low)s–%(high)s") % {"low": self._number(low), "high": self._number(high)})
        return _("%(low)s–%(high)s") % {
            "low": self._with_unit(low, self._number(low)),
            "high": self._with_unit(high, self._number(high)),
        }

    def _number(self, value: Decimal) -> str:
        if self in CURRENCIES:
            return str(format_currency(value, CURRENCIES[self], "¤#,##0.##", locale=_babel(), currency_digits=False))
        if self == Unit.PERCENT:
            return str(format_percent(value / 100, locale=_babel(), decimal_quantization=False))
        if self == Unit.USD_BILLION:
            return _billions(value)
        return _count(value)

    def _with_unit(self, value: Decimal, number: str) -> str:
        return self._counted(value, number).replace("万 ", "万")

    def _counted(self, value: Decimal, number: str) -> str:
        count = int(value) if value == int(value) else 2
        match self:
            case Unit.DAYS:
                return ngettext("%(number)s day", "%(number)s days", count) % {"number": number}
            case Unit.MONTHS:
                return ngettext("%(number)s month", "%(number)s months", count) % {"number": number}
            case Unit.PEOPLE:
                return ngettext("%(number)s person", "%(number)s people", count) % {"number": number}
            case Unit.ORDERS:
                return ngettext("%(number)s order", "%(number)s orders", count) % {"number": number}
            case Unit.SHOWS:
                return ngettext("%(number)s show", "%(number)s shows", count) % {"number": number}
            case Unit.TIMES:
                return _("%(number)s times") % {"number": number}
        return number


COUNTED = {Unit.DAYS, Unit.MONTHS, Unit.PEOPLE, Unit.ORDERS, Unit.SHOWS, Unit.TIMES}
CURRENCIES = {Unit.EUR: "EUR", Unit.GBP: "GBP", Unit.JPY: "JPY"}


def _babel() -> BabelLocale:
    return BabelLocale.parse(to_locale(get_language() or "en"))


def _grouped(value: Decimal) -> str:
    """A number with the separators of the active language; Chinese sets none in numbers of four digits."""
    locale = _babel()
    text = str(format_decimal(value, locale=locale, decimal_quantization=False))
    return text.replace(",", "") if locale.language == "zh" and value < MYRIAD else text


def _count(value: Decimal) -> str:
    """A count; from ten thousand up in 万 where readers count that way: 120,000 is `12 万`, 23,000 is `2万3,000`."""
    language = _babel().language
    if value < MYRIAD or language not in ("zh", "ja"):
        return _grouped(value)
    if language == "zh":
        return f"{_grouped(value / MYRIAD)} 万" if value % 100 == 0 else _grouped(value)
    rest = value % MYRIAD
    return f"{_grouped(value // MYRIAD)}万{_grouped(rest) if rest else ''}"


def _billions(value: Decimal) -> str:
    """Billions of US dollars: in thousands of millions, or in 亿 and 億 where readers count in hundreds of millions."""
    in_hundred_millions = _babel().language in ("zh", "ja")
    return _("US$%(number)s bn") % {"number": _grouped(value * 10 if in_hundred_millions else value)}


@dataclass(frozen=True)
class Bar:
    """One row of a chart, with what it says in words."""

    label: str
    low: Decimal
    high: Decimal | None
    status: Status | None
    unit: Unit

    @property
    def text(self) -> str:
        return self.unit.text(self.low, self.high)

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
