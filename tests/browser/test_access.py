"""No page type breaks a rule of axe-core: WCAG 2.0 to 2.2, A and AA, and axe's own best practices."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.addresses import PageType, every_page
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.any_database

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES = {
    "runOnly": TAGS,
    "rules": {"target-size": {"enabled": True}},  # axe leaves it off by itself
    "resultTypes": ["violations"],
}
# A dark page differs from a light one by its colours alone, so in the dark only the rules that look at colours are asked.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
STATES = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]


def violations(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds, one line a place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(rules).then(result => result.violations)", rules)
    return [
        f"{violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}"
        for violation in found
        for node in violation["nodes"]
    ]


def faults(page: Page) -> dict[str, list[str]]:
    """What axe finds in a page, and at which sizes and in which colour schemes."""
    found: dict[str, list[str]] = {}
    for size, scheme in STATES:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        for line in violations(page, RULES if scheme == "light" else COLOURS):
            found.setdefault(line, []).append(f"{size['width']} px, {scheme}")
    return found


@every_page()
def test_axe_finds_nothing(tab: Page, secrets: dict[str, str], language: str, kind: PageType) -> None:
    kind.open(tab, language, secrets)
    found = faults(tab)
    assert not found, "\n" + "\n".join(f"{line} ({'; '.join(states)})" for line, states in found.items())


def test_axe_is_awake(tab: Page) -> None:
    tab.goto("/en/")
    tab.evaluate("document.querySelector('h1').outerHTML = '<h4>x</h4><img src=\"data:,\"><p id=\"pale\">Too pale</p>'")
    tab.evaluate("document.getElementById('pale').style.color = '#eee'")
    found = {line.partition(":")[0] for line in violations(tab)}
    assert {"image-alt", "color-contrast", "page-has-heading-one"} <= found


@pytest.mark.parametrize(("scheme", "colour"), [("light", "#ece7dd"), ("dark", "#333")])
def test_a_colour_that_is_too_pale_in_one_scheme_only_is_found(tab: Page, scheme: str, colour: str) -> None:
    tab.goto("/en/")
    tab.evaluate(
        """([scheme, colour]) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`@media (prefers-color-scheme: ${scheme}) { h1 { color: ${colour} !important; } }`);
          document.adoptedStyleSheets = [sheet];
        }""",
        [scheme, colour],
    )
    ((line, states),) = faults(tab).items()
    assert line.startswith("color-contrast:")
    assert states == [f"1280 px, {scheme}", f"360 px, {scheme}"]


def test_the_rules_for_the_dark_are_all_that_axe_has_about_colours(tab: Page) -> None:
    tab.goto("/en/")
    tab.evaluate(AXE_SCRIPT)
    about_colours = tab.evaluate("axe.getRules(['cat.color'])")
    ours = {rule["ruleId"] for rule in about_colours if set(rule["tags"]) & set(TAGS)}
    assert ours == set(COLOURS["runOnly"]["values"])
