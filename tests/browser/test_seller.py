"""A seller's ways through the form, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit

WORDS = {
    "en": ("Fill in the usual answers", "Show the answer", "Conditional", "Save this answer"),
    "zh-hans": ("填入常见答案", "查看结果", "有条件", "保存这个结果"),
    "ja": ("よくある回答を入れる", "結果を見る", "条件付き", "この結果を保存する"),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_seller_starts_from_a_category_and_reads_why(visit: Visit, language: str) -> None:
    fill, show, conditional, save = WORDS[language]
    page = visit.page
    page.goto(f"/{language}/suitability/")
    page.locator("[name=category]").select_option("ceramics")
    visit.settle(fill)
    expect(page.locator("#id_robustness-field .ask__answer")).not_to_be_empty()
    expect(page.locator(".score-table").first).to_contain_text("53.5")
    expect(page.locator(".score-table .verdict").first).to_contain_text(conditional)
    assert visit.fits
    page.locator("#id_robustness-field summary").click()
    expect(page.locator("#id_robustness-field .tag-default")).to_be_visible()
    page.locator("[name=robustness][value='2']").check()
    visit.settle(show)
    expect(page.locator(".score-table").first).not_to_contain_text("53.5")
    assert "robustness=2" in page.url, "the address holds the state"
    page.get_by_role("button", name=save).click()
    page.wait_for_load_state()
    assert re.search(r"/saved/[\w-]{12}/[\w-]{32}/$", page.url)
    assert visit.fits


@pytest.mark.any_database
def test_a_seller_starts_blank_answers_by_keyboard_and_does_not_know_everything(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/suitability/")
    first = page.locator("[name=distinctiveness][value='0']")
    first.focus()
    for _number in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator("[name=distinctiveness][value='3']")).to_be_checked()
    page.locator("#id_carriage-field summary").press("Enter")
    page.locator("[name=carriage][value=unknown]").focus()
    page.keyboard.press("Space")
    visit.settle("Show the answer")
    expect(page.locator(".scoring__answer")).to_contain_text("7 questions are still open")
    expect(page.locator(".scoring__answer")).to_contain_text("Find out first")
    expect(page.locator("[name=carriage][value=unknown]")).to_be_checked()


@pytest.mark.any_database
def test_numbers_of_ones_own_are_worked_out_and_mistakes_lose_nothing(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/suitability/?category=folk-textile")
    page.locator(".costs summary").click()
    page.locator("[name=price]").fill("sixty")
    page.locator("[name=shipping]").fill("12,50")
    visit.settle("Show the answer")
    expect(page.locator(".form-errors")).to_contain_text("Write a number from 0 up")
    expect(page.locator("[name=price]")).to_have_value("sixty")
    expect(page.locator("[name=shipping]")).to_have_value("12,50")
    expect(page.locator("[name=distinctiveness][value='4']")).to_be_checked()
    page.locator("[name=price]").fill("60")
    visit.settle("Show the answer")
    expect(page.locator(".form-errors")).to_have_count(0)
    expect(page.locator("#market-eu")).to_contain_text("€15.50 ÷ €60.00 = 25.83% of the price")


@pytest.mark.any_database
def test_markets_are_chosen_and_none_is_a_message(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/suitability/?category=ceramics")
    for market in ("eu", "us", "uk"):
        page.locator(f"[name=market][value={market}]").uncheck()
    visit.settle("Show the answer")
    expect(page.locator(".score-table").first.locator("tbody tr")).to_have_count(1)
    page.locator("[name=market][value=jp]").uncheck()
    visit.settle("Show the answer")
    expect(page.locator(".form-errors")).to_contain_text("Choose at least one market.")


@pytest.mark.any_database
def test_the_answer_says_that_it_is_out_of_date_until_the_new_one_stands(tab: Page) -> None:
    tab.goto("/en/suitability/?category=ceramics")
    held: list[Route] = []
    tab.route("**/suitability/?*", lambda route: held.append(route))
    with tab.expect_request("**/suitability/?*"):
        tab.locator("[name=market][value=eu]").uncheck()
    expect(tab.locator("#answer")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(tab.locator("#answer")).to_have_attribute("aria-busy", "false")
    tab.unroute("**/suitability/?*")
    expect(tab.locator("#market-eu")).to_have_count(0)


@pytest.mark.any_database
def test_two_products_are_compared_and_one_is_taken_away(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/suitability/?category=ceramics")
    page.get_by_role("link", name="Compare with another product").click()
    page.wait_for_load_state()
    page.locator("[name=category]").select_option("online-course")
    visit.settle("Fill in the usual answers")
    table = page.locator(".compare__table")
    expect(table.locator("thead th")).to_have_text(["Online course", "Ceramics"])
    assert visit.fits
    table.get_by_role("link", name="Show in full").click()
    page.wait_for_load_state()
    expect(page.locator(".compare__table thead th")).to_have_text(["Ceramics", "Online course"])
    page.locator(".compare__table").get_by_role("link", name="Remove").last.click()
    page.wait_for_load_state()
    expect(page.locator(".compare__table")).to_have_count(0)
    expect(page.locator(".answer-title")).to_have_text("Ceramics")


def test_an_answer_is_saved_shared_and_deleted(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/suitability/?category=ceramics&name=My+bowl")
    page.get_by_role("button", name="Save this answer").click()
    page.wait_for_load_state()
    owner = page.url
    page.locator("a[href*='/s/']").click()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("My bowl")
    shared = page.url
    page.goto(owner)
    page.get_by_text("Delete this answer now").click()
    page.get_by_role("button", name="Delete for good").click()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("The answer is deleted")
    assert page.request.get(shared).status == 404


def test_the_answer_can_be_taken_along(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/suitability/?category=ceramics")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == "crosscast-score.csv"
