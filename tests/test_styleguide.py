"""The tokens of the stylesheet keep what they promise, and the living page shows every component."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client

from config.styleguide import contrast, dark_tokens, stylesheet, tokens

# Parts of others that the page shows, or of the head of every page, where there is nothing to see.
PARTS = {
    "components/footer.html",
    "components/header.html",
    "components/icons.html",
    "components/languages.html",
    "components/opening.html",
    "components/picture.html",
    "components/read_on.html",
    "components/sections.html",
    "components/share.html",
    "blocks/claim.html",
}
TEXT = ("ink", "ink-soft", "accent", "sea")
GROUNDS = ("paper", "surface")
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|(?:min-|max-)?(?:width|height)"
    r"|text-align:\s*(?:left|right))\s*:"
)


def rules() -> str:
    """The stylesheet without comments, and without the conditions of its media queries."""
    text = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.DOTALL)
    return re.sub(r"@(?:media|supports)[^{]*\{", "{", text)


@pytest.mark.parametrize("scheme", [tokens, dark_tokens], ids=["light", "dark"])
def test_text_stands_out_from_every_ground_and_controls_show_their_border(scheme: object) -> None:
    colours = tokens() | (dark_tokens() if scheme is dark_tokens else {})
    for ground in GROUNDS:
        for name in TEXT:
            assert contrast(colours[name], colours[ground]) >= 4.5, f"{name} on {ground}"
        for name in ("control", "focus"):
            assert contrast(colours[name], colours[ground]) >= 3, f"{name} on {ground}"
    assert contrast(colours["accent"], colours["accent-soft"]) >= 4.5
    assert contrast(colours["ink"], colours["sea-soft"]) >= 4.5
    assert contrast(colours["ink"], colours["mark"]) >= 4.5


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert contrast("#777777", "#ffffff") == 4.48


def test_colours_are_named_once_and_directions_follow_the_script() -> None:
    text = rules()
    after_tokens = re.sub(r":root[^{]*\{[^}]*\}", "", text)
    assert not re.findall(r"#[0-9a-f]{3,8}\b(?![^{]*\{)", after_tokens)
    assert "rgb(" not in after_tokens
    assert not PHYSICAL.findall(text)


def test_every_token_is_used_and_every_one_used_is_there() -> None:
    text = rules()
    defined, used = set(re.findall(r"(?<![\w-])--([\w-]+):", text)), set(re.findall(r"var\(--([\w-]+)", text))
    assert used <= defined
    assert defined <= used


def test_only_development_shows_the_styleguide(client: Client, site: None) -> None:
    assert client.get("/en/styleguide/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ar"])
def test_the_styleguide_shows_every_component(language: str, client: Client, site: None, settings: Any) -> None:
    settings.STYLEGUIDE = True
    page = client.get(f"/{language}/styleguide/").content.decode()
    shown = set(re.findall(r"<code>((?:components|blocks)/\w+\.html)</code>", page))
    for name in tokens():
        assert f"swatch--{name}" in page or not tokens()[name].startswith("#")
    assert all_templates() - PARTS == shown


def all_templates() -> set[str]:
    folder = Path(site_settings.BASE_DIR) / "templates"
    return {f"{room}/{path.name}" for room in ("components", "blocks") for path in (folder / room).glob("*.html")}
