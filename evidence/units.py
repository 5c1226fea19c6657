"""What a number counts, and how it is written in the reader's language."""

from decimal import Decimal

from babel import Locale as BabelLocale
from babel.numbers import format_decimal, format_percent
from django.db import models
from django.utils.translation import get_language, gettext_lazy, ngettext, to_locale
from django.utils.translation import gettext as _

MYRIAD = 10_000
FRACTION = 100  # takes the plural that fractions take: 2, in Arabic, would be a dual


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
            return dressed(low, _count(low))
        if self in COUNTED:
            span = _("%(low)s–%(high)s") % {"low": _count(low), "high": _count(high)}
            return dressed(high, span)
        first = self._dressed(low, "")
        if self == Unit.PERCENT and _babel().language != "zh":
            first = _count(low)  # one sign for both ends, except in Chinese
        return _("%(low)s–%(high)s") % {"low": first, "high": self._dressed(high, "")}

    def _dressed(self, value: Decimal, number: str) -> str:
        """`number`, or the value itself, with its unit."""
        if self == Unit.PERCENT:
            return str(format_percent(value / 100, locale=_babel(), decimal_quantization=False))
        if self == Unit.USD_BILLION:
            return _billions(value)
        return self._counted(value, number or _count(value)).replace("万 ", "万")

    def _counted(self, value: Decimal, number: str) -> str:
        count = int(value) if value == int(value) else FRACTION
        match self:
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
            case Unit.LINES:
                return f"{number.replace(',', '')}p"
            case _:
                return number
        return pattern % {"number": number}


COUNTED = {Unit.DAYS, Unit.MONTHS, Unit.PEOPLE, Unit.ORDERS, Unit.SHOWS, Unit.TIMES}


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
