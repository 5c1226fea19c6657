"""The one list of page types: every kind of page that a reader can meet, each with an address that shows it.

A new page type gets a line here; then every check in this folder looks at it. `test_addresses.py` fails when a model of
Wagtail's or a named address of ours is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from tests.conftest import LANGUAGES
from tests.test_queries import STATE

ROWS = "name,category,market\nBowl,ceramics,eu\nCourse,online-course,us\nNothing,no-such-category,eu\n"
OTHER = STATE.replace("ceramics", "online-course")
WRONG = "category=ceramics&filled=ceramics&distinctiveness=9&price=sixty&shipping=-1"


def upload(rows: str) -> Callable[[Page], None]:
    def reach(page: Page) -> None:
        table = {"name": "products.csv", "mimeType": "text/csv", "buffer": rows.encode()}
        page.locator("[type=file]").set_input_files(table)
        with page.expect_navigation():
            page.locator(".batch-form [type=submit]:not([name])").click()

    return reach


def send_to_a_page(page: Page) -> None:
    """Sends a form to a page that takes none, and is refused."""
    with page.expect_navigation():
        page.evaluate("document.body.append(Object.assign(document.createElement('form'), { method: 'post' }))")
        page.evaluate("document.body.lastChild.submit()")


@dataclass(frozen=True)
class PageType:
    """A kind of page. `{saved}` and `{owner}` in the address stand for the two secrets of a saved answer."""

    name: str
    address: str  # below the language
    status: int = 200
    reach: Callable[[Page], None] | None = None  # what a reader does at the address to get there
    languages: tuple[str, ...] = LANGUAGES

    def open(self, page: Page, language: str, secrets: Mapping[str, str]) -> None:
        """Shows the page; fails when the server answers with another status."""
        if "#" in self.address:
            page.goto("about:blank")  # else the same document would only scroll
        response = page.goto(f"/{language}/{self.address.format(**secrets)}")
        assert response is not None
        assert response.status == self.status, page.url
        if self.reach:
            self.reach(page)


PAGE_TYPES = (
    PageType("home", ""),
    PageType("guide", "guide/"),
    PageType("guide, filtered", "guide/?tag=returns"),
    PageType("guide, none left", "guide/?tag=nothing"),
    PageType("chapter", "guide/logistics/"),  # with every kind of block
    PageType("questions", "faq/"),
    PageType("question, open", "faq/#returns-eu"),
    PageType("cases", "cases/"),
    PageType("cases, none left", "cases/?market=jp&category=food"),
    PageType("case", "cases/shein/"),
    PageType("form", "suitability/"),
    PageType("result", f"suitability/?{STATE}"),
    PageType("comparison", f"suitability/?{STATE}&{urlencode({'with': OTHER})}"),
    PageType("form, mistaken", f"suitability/?{WRONG}"),
    PageType("batch", "suitability/batch/"),
    PageType("batch, report", "suitability/batch/", reach=upload(ROWS)),
    PageType("batch, mistaken", "suitability/batch/", reach=upload("?")),
    PageType("saved answer", "suitability/saved/{saved}/"),
    PageType("saved answer, owner", "suitability/saved/{saved}/{owner}/"),
    PageType("saved answer, deleted", "suitability/saved/deleted/"),
    PageType("categories", "categories/"),
    PageType("group of categories", "categories/craft-and-design/"),
    PageType("category", "categories/ceramics/"),
    PageType("evidence", "evidence/"),
    PageType("evidence, filtered", "evidence/?status=disputed"),
    PageType("figure", "evidence/figures/chargebacks/"),
    PageType("rule", "evidence/rules/eu-duty/"),
    PageType("rules", "evidence/rules/"),
    PageType("search", "search/"),
    PageType("search, found", "search/?q=SHEIN"),
    PageType("search, nothing found", "search/?q=zzzzqqqq"),
    PageType("not found", "nothing/", status=404),
    PageType("refused", "guide/", reach=send_to_a_page),
    PageType("home only: home", "", languages=("ar",)),
    PageType("home only: search, found", "search/?q=returns", languages=("ar",)),
    PageType("home only: not found", "nothing/", status=404, languages=("ar",)),
)

# Named addresses that answer with something else than a page: data, a file, a redirect.
NOT_PAGES = {
    "evidence-calendar",
    "evidence-download",
    "feed",
    "markdown",
    "search-suggest",
    "sitemap",
    "styleguide",
    "suitability-download",
    "suitability-save",
    "suitability-template",
}


def every_page(*languages: str) -> Any:
    """Parametrizes a test with `language` and `kind`: all page types in their languages, or in those named only."""
    pairs = [
        (language, kind)
        for language in (*LANGUAGES, "ar")
        for kind in PAGE_TYPES
        if language in kind.languages and language in (languages or (language,))
    ]
    return pytest.mark.parametrize(
        ("language", "kind"), pairs, ids=[f"{language}-{kind.name}" for language, kind in pairs]
    )
