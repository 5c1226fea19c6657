"""What a number counts, and how it is written in the reader's language."""

import re
from decimal import Decimal

from babel import Locale as BabelLocale
from babel.numbers import format_decimal, format_percent
from django.db import models
from django.utils.translation import get_language, gettext_lazy, ngettext, to_locale
from django.utils.translation import gettext as _

MYRIAD, BILLION = 10_000, 10**9
FRACTION = 100  # takes the plural that fractions take: 2, in Arabic, would be a dual
LARGE_BEFORE_SPACE = re.compile(r"([万亿]) ")  # 12 万人, though 12 人


class Bound(models.TextChoices):
    """How a number is meant where it is not exact."""

    ABOUT = "about", gettext_lazy("about")
    OVER = "over", gettext_lazy("over")
    UNDER = "under", gettext_lazy("under")


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
    LINES = "lines", gettext_lazy("lines of picture")

    @classmethod
    def of(cls, value: str | None) -> "Unit | None":
        """The unit with this value; None for a draft that has none yet."""
        return cls(value) if value in cls.values else None

    def text(self, low: Decimal, high: Decimal | None = None, bound: str = "") -> str:
        """A value or a range in the active language: `3–5%`, `US$1 bn–US$128 bn`, `about 120,000 people`."""
        return _bounded(self._span(low, high, with_unit=True), bound)

    def number(self, low: Decimal, high: Decimal | None = None, bound: str = "") -> str:
        """The same without the word for what is counted: `14` for 14 days. Signs such as % and € stay."""
        return _bounded(self._span(low, high, with_unit=False), bound)

    def _span(self, low: Decimal, high: Decimal | None, with_unit: bool) -> str:
        def dressed(value: Decimal, number: str) -> str:
            return self._dressed(value, number) if with_unit or self not in COUNTED else number

        if high is None or high == low:
            return dressed(low, _count(low * self._scale))
        if self in COUNTED or (self in MONEY and _counts_in_myriads()):
            span = _("%(low)s–%(high)s") % {"low": _count(low * self._scale), "high": _count(high * self._scale)}
            return dressed(max(high, Decimal(2)), span)  # 0–1 days
        first = self._dressed(low, "")
        if self == Unit.PERCENT and _babel().language != "zh":
            first = _grouped(low)  # one sign for both ends, except in Chinese
        return _("%(low)s–%(high)s") % {"low": first, "high": self._dressed(high, "")}

    @property
    def _scale(self) -> int:
        return BILLION if self == Unit.USD_BILLION else 1

    def _dressed(self, value: Decimal, number: str) -> str:
        """`number`, or the value itself, with its unit."""
        if self == Unit.PERCENT:
            return str(format_percent(value / 100, locale=_babel(), decimal_quantization=False))
        if self == Unit.LINES:
            return f"{value:f}p"
        if self == Unit.USD_BILLION and not _counts_in_myriads():
            return _("US$%(number)s bn") % {"number": _grouped(value)}
        return LARGE_BEFORE_SPACE.sub(r"\1", self._counted(value, number or _count(value * self._scale)))

    def _counted(self, value: Decimal, number: str) -> str:
        count = int(value) if value == int(value) else FRACTION
        match self:
            case Unit.USD_BILLION:
                pattern = _("US$%(number)s")
            case Unit.EUR:
                pattern = _("€%(number)s")
            case Unit.GBP:
                pattern = _("£%(number)s")
            case Unit.JPY:
                pattern = _("¥%(number)s")
            case Unit.DAYS:
                pattern = ngettext("%(number)s day", "%(number)s days", count)
            case Unit.MONTHS:
                pattern = ngettext("%(number)s month", "%(number)s months", count)
            case Unit.PEOPLE:
                pattern = ngettext("%(number)s person", "%(number)s people", count)
            case Unit.ORDERS:
                pattern = ngettext("%(number)s order", "%(number)s orders", count)
            case Unit.SHOWS:
                pattern = ngettext("%(number)s show", "%(number)s shows", count)
            case Unit.TIMES:
                pattern = _("%(number)s times")
            case _:
                return number
        return pattern % {"number": number}


COUNTED = {Unit.DAYS, Unit.MONTHS, Unit.PEOPLE, Unit.ORDERS, Unit.SHOWS, Unit.TIMES}
MONEY = {Unit.USD_BILLION, Unit.EUR, Unit.GBP, Unit.JPY}


def _bounded(text: str, bound: str) -> str:
    match bound:
        case Bound.ABOUT:
            return _("about %(value)s") % {"value": text}
        case Bound.OVER:
            return _("over %(value)s") % {"value": text}
        case Bound.UNDER:
            return _("under %(value)s") % {"value": text}
    return text


def _babel() -> BabelLocale:
    return BabelLocale.parse(to_locale(get_language() or "en"))


def _grouped(value: Decimal) -> str:
    """A number with the separators of the active language; Chinese sets none in numbers of four digits."""
    locale = _babel()
    text = str(format_decimal(value, locale=locale, decimal_quantization=False))
    return text.replace(",", "") if locale.language == "zh" and value < MYRIAD else text


def _counts_in_myriads() -> bool:
    return _babel().language in ("zh", "ja")


def _count(value: Decimal) -> str:
    """A number as its readers count: from ten thousand up in 万, 亿 and so on in Chinese and Japanese.

    120,000 is `12 万`; 23,000 is `2.3 万` and `2万3,000`; 682,500,000,000 is `6825 亿` and `6,825億`.
    """
    if value < MYRIAD or not _counts_in_myriads():
        return _grouped(value)
    return _chinese_count(value) if _babel().language == "zh" else _japanese_count(value)


def _chinese_count(value: Decimal) -> str:
    """In the largest unit that leaves at most two decimals and loses nothing: `1.2 亿`, `12,345`."""
    for size, name in ((MYRIAD**3, "万亿"), (MYRIAD**2, "亿"), (MYRIAD, "万")):
        if value >= size and value % (size // 100) == 0:
            return f"{_grouped(value / size)} {name}"
    return _grouped(value)


def _japanese_count(value: Decimal) -> str:
    """Unit by unit: `1億2,000万`, `2万3,000`."""
    parts, rest = "", value
    for size, name in ((MYRIAD**3, "兆"), (MYRIAD**2, "億"), (MYRIAD, "万")):
        if rest >= size:
            parts, rest = f"{parts}{_grouped(rest // size)}{name}", rest % size
    return f"{parts}{_grouped(rest)}" if rest else parts
