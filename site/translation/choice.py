"""Which translation service the settings choose. Imported by the settings: nothing of Django here."""

from typing import Any
from urllib.parse import urlsplit

SERVICES = {
    "deepl": "translation.services.deepl.DeepLTranslator",
    "google": "translation.services.google.GoogleTranslator",
    "openai": "translation.services.openai.OpenAITranslator",
}


def problems_of(chosen: dict[str, str]) -> list[str]:
    """What keeps the choice from working, in English, for whoever sets up the site; empty when nothing does.

    Args:
        chosen: `SERVICE`, `KEY`, `MODEL`, `ENDPOINT` and `TIMEOUT`, as the environment gives them.
    """
    name = chosen["SERVICE"]
    if not name:
        return []
    if name not in SERVICES:
        return [f"MACHINE_TRANSLATION={name} is not known. Known: {', '.join(SERVICES)}."]
    problems = []
    if not chosen["KEY"] and not (name == "openai" and chosen["ENDPOINT"]):
        problems.append(f"MACHINE_TRANSLATION={name} needs MACHINE_TRANSLATION_KEY.")
    if name == "openai" and not chosen["MODEL"]:
        problems.append("MACHINE_TRANSLATION=openai needs MACHINE_TRANSLATION_MODEL, the name of a model.")
    if chosen["ENDPOINT"] and not _is_address(chosen["ENDPOINT"]):
        problems.append("MACHINE_TRANSLATION_ENDPOINT should be an address such as http://localhost:11434/v1.")
    if not chosen["KEY"].isascii() or not chosen["KEY"].isprintable():
        problems.append("MACHINE_TRANSLATION_KEY holds characters that no key has.")
    if not chosen["TIMEOUT"].isdecimal() or not 1 <= int(chosen["TIMEOUT"]) <= 600:
        problems.append("MACHINE_TRANSLATION_TIMEOUT should be a number of seconds from 1 to 600.")
    return problems


def machine_translator(chosen: dict[str, str]) -> dict[str, Any] | None:
    """The value of WAGTAILLOCALIZE_MACHINE_TRANSLATOR; None, which takes the buttons away, unless all is in order."""
    if not chosen["SERVICE"] or problems_of(chosen):
        return None
    options = {name: chosen[name] for name in ("KEY", "MODEL", "ENDPOINT", "TIMEOUT")}
    return {"CLASS": SERVICES[chosen["SERVICE"]], "OPTIONS": options}


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
