"""Dates that may be known to the day, the month or the year: `2028-04-01`, `2028-04`, `2028` (ISO 8601).

As text they sort in the order of time, and a month comes before its days.
"""

import calendar
import datetime
import re

from babel import Locale as BabelLocale
from babel.dates import format_date, format_skeleton
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

PARTIAL_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


def check_partial_date(value: str) -> None:
    """ValidationError unless `value` is a date of the calendar in one of the three forms."""
    try:
        first_day(value)
    except ValueError as error:
        message = _("Write a date as 2028-04-01, or 2028-04 or 2028 where the day or the month is not fixed.")
        raise ValidationError(message) from error


def first_day(value: str) -> datetime.date:
    """The first day that a partial date can mean. ValueError when it is none."""
    found = PARTIAL_DATE.match(value)
    if found is None:
        raise ValueError(value)
    year, month, day = (int(part) if part else 1 for part in found.groups())
    return datetime.date(year, month, day)


def last_day(value: str) -> datetime.date:
    """The last day that a partial date can mean. ValueError when it is none."""
    first = first_day(value)
    match value.count("-"):
        case 0:
            return first.replace(month=12, day=31)
        case 1:
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first


def date_text(value: str) -> str:
    """The date in the active language, as exact as it is known: `1 April 2028`, `2028年4月`, `2028`; "" for none."""
    if not value:
        return ""
    first = first_day(value)
    locale = BabelLocale.parse("en_GB" if get_language() == "en" else to_locale(get_language() or "en"))
    if locale.language == "zh":
        return str(format_date(first, ("y 年", "y 年 M 月", "y 年 M 月 d 日")[value.count("-")], locale=locale))
    match value.count("-"):
        case 0:
            return str(format_skeleton("y", first, locale=locale))
        case 1:
            return str(format_skeleton("yMMMM", first, locale=locale))
    return str(format_date(first, "long", locale=locale))
