"""Where a figure or a rule holds: a market, X itself, or everywhere. Other countries are named by the Unicode CLDR."""

from functools import cache

from babel import Locale as BabelLocale
from django.utils.translation import get_language, pgettext_lazy, to_locale
from django.utils.translation import gettext_lazy as _

WORLDWIDE, X = "worldwide", "x"
OWN = {
    WORLDWIDE: _("Worldwide"),
    X: pgettext_lazy("the platform, as a place where rules hold", "X"),
    "eu": _("European Union"),
    "us": _("United States"),
    "uk": _("United Kingdom"),
    "jp": _("Japan"),
    "cn": _("China"),
}


def region_name(code: str) -> str:
    """The name in the active language; the code itself when there is no such region."""
    if code in OWN:
        return str(OWN[code])
    return _territories(get_language() or "en").get(code.upper(), code)


def region_choices() -> list[tuple[str, str]]:
    """Everything a record can be about, as choices of a form: the usual markets first, then all countries."""
    return [(code, region_name(code)) for code in (*OWN, *_others())]


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(BabelLocale.parse(to_locale(language)).territories)


@cache
def _others() -> tuple[str, ...]:
    names = {code: name for code, name in _territories("en").items() if len(code) == 2 and code.isalpha()}
    used = {"EU", "US", "GB", "JP", "CN", "ZZ"}
    return tuple(code.lower() for code in sorted(names, key=lambda code: names[code]) if code not in used)
