"""The site by keyboard alone: every stop is seen, in order, and leads on; and everything can be done (WCAG 2.1, 2.4)."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import PageType, every_page
from tests.browser.conftest import DESK, PHONE
from tests.test_queries import STATE

pytestmark = pytest.mark.any_database

# Where the focus is: how it is shown, whether something lies over it, and whether it comes after the last stop.
STOP = """() => {
  const element = document.activeElement;
  window.firstStop ??= element;
  const last = window.lastStop;
  if (!element || element === document.body || (last && element === window.firstStop)) return null;
  window.lastStop = element;
  const style = getComputedStyle(element), shown = element.matches("label > input") ? element.parentElement : element;
  const boxes = [...element.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  const covers = (x, y) => {
    const top = document.elementFromPoint(x, y);
    return top && !(element.contains(top) || top.contains(element) || shown.contains(top));
  };
  const middle = boxes.map((box) => [box.left + box.width / 2, box.top + box.height / 2]);
  const onScreen = ([x, y]) => x > 0 && y > 0 && x < innerWidth && y < innerHeight;
  const faults = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faults.push("no outline");
  if (!boxes.length) faults.push("nothing to see");
  else if (boxes.every((box) => box.bottom <= 0 || box.top >= innerHeight)) faults.push("off the screen");
  else if (middle.filter(onScreen).length && middle.filter(onScreen).every(([x, y]) => covers(x, y))) faults.push("covered");
  if (last && !(last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) faults.push("out of order");
  const name = `${element.localName}.${element.className}`;
  return { name, what: `${name} “${element.textContent.trim().slice(0, 30)}”`, faults };
}"""
AUTOFOCUS_IS_DONE = (
    "() => !document.querySelector('[autofocus]:not(:focus)')"  # a browser gives it with its first frame
)
TO_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
MOST = 600


def walk(page: Page) -> list[dict[str, Any]]:
    """The stops of the Tab key from the top of the page until it leaves the page."""
    stops = []
    for _number in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError(f"the focus is caught at {stops[-1]['what']}")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@every_page("en", "ar")
def test_every_stop_is_seen_and_in_order(
    tab: Page, secrets: dict[str, str], language: str, kind: PageType, size: Any
) -> None:
    tab.set_viewport_size(size)
    kind.open(tab, language, secrets)
    tab.wait_for_function(AUTOFOCUS_IS_DONE)
    tab.evaluate(TO_THE_TOP)  # the search and what an address points at begin elsewhere
    stops = walk(tab)
    assert [f"{stop['what']}: {', '.join(stop['faults'])}" for stop in stops if stop["faults"]] == []
    if kind.name != "refused":
        assert stops[0]["name"] == "a.skip"


def test_the_bar_with_the_answer_covers_no_stop(tab: Page) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto(f"/en/suitability/?{STATE}")
    tab.locator("[name=market][value=jp]").uncheck()
    expect(tab.locator("#answer-status")).not_to_be_empty()
    bar = tab.locator("#answer-bar")
    expect(bar).to_be_in_viewport(ratio=1)
    assert [stop for stop in walk(tab) if stop["faults"]] == []


def test_the_measurement_sees_what_is_covered_unmarked_or_out_of_order(tab: Page) -> None:
    tab.goto("/en/")
    tab.evaluate(
        """() => {
          const [first, second, third] = document.querySelectorAll(".site-nav a");
          first.style.outline = "none";
          second.tabIndex = 1;
          third.append(Object.assign(document.createElement("i"), { className: "lid" }));
          document.body.append(Object.assign(document.createElement("div"), { id: "lid" }));
          const box = third.getBoundingClientRect();
          document.getElementById("lid").style.cssText =
            `position: fixed; left: ${box.left}px; top: ${box.top}px; width: ${box.width}px; height: ${box.height}px`;
        }"""
    )
    faults = [fault for stop in walk(tab) for fault in stop["faults"]]
    assert {"no outline", "out of order", "covered"} <= set(faults)


# --- What can be done ---------------------------------------------------------------------------------------------------


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus stands on the first element that the selector finds."""
    for _number in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement === document.querySelector(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja"])
def test_the_skip_link_leads_past_the_menu(tab: Page, language: str) -> None:
    tab.goto(f"/{language}/guide/trends/")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("language", ["zh-hans", "ja"])
def test_the_language_is_switched_and_the_page_stays(tab: Page, language: str) -> None:
    tab.goto("/en/guide/trends/")
    tab_to(tab, f".languages [hreflang|={language[:2]}]")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/{language}/guide/trends/")
    expect(tab.locator("html")).to_have_attribute("lang", {"zh-hans": "zh-Hans"}.get(language, language))


def test_a_question_is_opened_and_closed(tab: Page) -> None:
    tab.goto("/en/faq/")
    tab_to(tab, ".question summary")
    tab.keyboard.press("Enter")
    expect(tab.locator(".question__answer").first).to_be_visible()
    tab.keyboard.press("Space")
    expect(tab.locator(".question__answer").first).to_be_hidden()


def test_cases_are_filtered_and_the_filter_is_taken_back(tab: Page) -> None:
    tab.goto("/en/cases/")
    tab_to(tab, ".filter [href*='market=us']")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/cases/?market=us")
    tab_to(tab, ".chip")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/cases/")


def test_something_is_searched_and_opened(tab: Page) -> None:
    tab.goto("/en/")
    tab_to(tab, ".search-link")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/")
    expect(tab.locator("#search-q")).to_be_focused()
    tab.keyboard.type("returns")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=returns")
    tab_to(tab, ".search__results a")
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text("Delivery, duties and returns")


def test_a_box_of_a_checklist_is_ticked(tab: Page) -> None:
    tab.goto("/en/guide/trends/")
    tab_to(tab, ".checklist input")
    tab.keyboard.press("Space")
    expect(tab.locator(".checklist input").first).to_be_checked()


def test_the_whole_form_is_answered_and_the_answer_is_read(tab: Page) -> None:
    tab.goto("/en/suitability/")
    tab_to(tab, "#id_name")
    tab.keyboard.type("My bowl")
    tab_to(tab, "[name=market][value=jp]")
    tab.keyboard.press("Space")
    questions = tab.locator(".ask")
    expect(questions).to_have_count(9)
    for number in range(9):
        key = str(questions.nth(number).get_attribute("id"))
        tab_to(tab, f"#{key} summary")
        if not questions.nth(number).evaluate("question => question.open"):
            tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        tab.keyboard.press("ArrowDown")
        expect(questions.nth(number).locator("input:checked")).to_have_count(1)
    tab_to(tab, ".score-form__send .button")
    tab.keyboard.press("Enter")
    expect(tab.locator("#answer .score-table").first).to_be_visible()
    tab_to(tab, "#answer .market summary")
    tab.keyboard.press("Enter")
    expect(tab.locator(".market .result").first).to_be_hidden()
