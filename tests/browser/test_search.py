"""A reader looks for something, in a real browser, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

LOOKED_FOR = {
    "en": ("returns", "Delivery, duties and returns", "Search"),
    "zh-hans": ("退貨", "物流、关税与退货", "搜索"),
}


@pytest.mark.parametrize("language", LOOKED_FOR)
def test_from_any_page_to_the_search_to_the_chapter(visit: Visit, language: str) -> None:
    query, chapter, label = LOOKED_FOR[language]
    page = visit.page
    page.goto(f"/{language}/cases/")
    page.get_by_role("banner").get_by_role("link", name=label, exact=True).click()
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill(query)
    page.keyboard.press("Enter")
    result = page.get_by_role("heading", level=3).first
    expect(result).to_have_text(chapter)
    expect(page.locator("mark").first).to_be_visible()
    assert visit.fits
    result.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(chapter)


def test_titles_are_suggested_while_a_reader_types(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/search/")
    page.locator("#search-q").press_sequentially("pay")
    options = page.locator("#search-suggestions option")
    if visit.has_script:
        expect(options.first).to_be_attached()
        assert "Payments and their risks" in options.evaluate_all("found => found.map((one) => one.value)")
    else:
        expect(options).to_have_count(0)


@pytest.mark.parametrize("query", ["直播" * 100, "Donaudampfschiffahrtsgesellschaft" * 6, "zzzz", "returns"])
def test_results_and_their_absence_fit_the_screen(visit: Visit, query: str) -> None:
    visit.page.goto(f"/en/search/?q={query}")
    expect(visit.page.get_by_role("status").first).to_be_visible()
    assert visit.fits
