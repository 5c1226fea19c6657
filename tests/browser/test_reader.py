"""A reader doubts a number, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.any_database

NUMBERS = {"en": "3–5%", "zh-hans": "3%–5%", "ja": "3～5%"}


@pytest.mark.parametrize("language", NUMBERS)
def test_a_doubted_number_leads_to_its_source_in_one_click_and_back(visit: Visit, language: str) -> None:
    page = visit.page
    page.goto(f"/{language}/guide/payments/")
    number = page.locator(".prose .cite", has_text=NUMBERS[language]).first
    expect(number.locator(".cite__mark")).to_have_text(re.compile(r"^≠\[\d+\]$"))
    number.locator("a").click()
    note = page.locator("li:target")
    expect(note).to_be_in_viewport()
    expect(note.locator(".sources li")).not_to_have_count(0)
    expect(note).to_contain_text("2026")
    assert visit.fits
    note.locator("[role=doc-backlink]").first.click()
    expect(number.locator("a:target")).to_be_in_viewport()


def test_the_keyboard_goes_the_same_way_and_on_to_the_record(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/cases/shein/")
    page.locator(".cite a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("li:target")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/evidence/figures/shein-live/")
    expect(page.locator("h1")).to_contain_text("Viewers of the largest SHEIN show")
    expect(page.get_by_role("link", name="SHEIN: holiday shows")).to_be_visible()
    assert visit.fits


@pytest.mark.parametrize("address", ["evidence/", "evidence/rules/", "evidence/rules/eu-withdrawal/"])
@pytest.mark.parametrize("language", NUMBERS)
def test_the_evidence_fits_a_phone_and_a_desk(visit: Visit, language: str, address: str) -> None:
    visit.page.goto(f"/{language}/{address}")
    assert visit.fits
