"""No page type breaks a rule of axe-core: WCAG 2.0 to 2.2, A and AA, and axe's own best practices."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.addresses import PageType, every_page
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.any_database

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # axe leaves it off by itself
    "resultTypes": ["violations"],
}
STATES = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]


def violations(page: Page) -> list[str]:
    """What axe finds, one line a place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(rules).then(result => result.violations)", RULES)
    return [
        f"{violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}"
        for violation in found
        for node in violation["nodes"]
    ]


@every_page()
def test_axe_finds_nothing(tab: Page, secrets: dict[str, str], language: str, kind: PageType) -> None:
    kind.open(tab, language, secrets)
    found: dict[str, list[str]] = {}
    for size, scheme in STATES:
        tab.set_viewport_size(size)
        tab.emulate_media(color_scheme=scheme)
        for line in violations(tab):
            found.setdefault(line, []).append(f"{size['width']} px, {scheme}")
    assert not found, "\n" + "\n".join(f"{line} ({'; '.join(states)})" for line, states in found.items())


def test_axe_is_awake(tab: Page) -> None:
    tab.goto("/en/")
    tab.evaluate("document.querySelector('h1').outerHTML = '<h4>x</h4><img src=\"data:,\"><p id=\"pale\">Too pale</p>'")
    tab.evaluate("document.getElementById('pale').style.color = '#eee'")
    found = {line.partition(":")[0] for line in violations(tab)}
    assert {"image-alt", "color-contrast", "page-has-heading-one"} <= found
