"""Arabic in a real browser: the layout mirrors, and text in two directions stands in the right order."""

from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.any_database

# Where some text stands: the first place of `text` below `selector`, as the browser has drawn it.
PLACE_OF = """([selector, text]) => {
  const walker = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(text);
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, start + text.length);
    const box = range.getClientRects()[0];
    return { left: box.left, right: box.right, top: box.top };
  }
}"""
TURN = "document.documentElement.dir = 'rtl'"
WIDTH = "document.documentElement.scrollWidth"
FITS = f"{WIDTH} <= window.innerWidth"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, chromium: Browser, server: str, forgetful: None, db: None) -> Iterator[Page]:
    context = chromium.new_context(viewport=request.param, base_url=server)
    yield context.new_page()
    context.close()


def place(page: Page, selector: str, text: str) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(PLACE_OF, [selector, text])
    return found


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return {"left": found["x"], "right": found["x"] + found["width"], "width": found["width"]}


def test_the_layout_is_the_mirror_of_the_english_one(page: Page) -> None:
    edges = {}
    for language in ("en", "ar"):
        page.goto(f"/{language}/")
        width = page.evaluate("document.documentElement.clientWidth")
        brand, heading = box(page, ".brand"), box(page, "h1")
        edges[language] = [
            (brand["left"], width - brand["right"]),
            (heading["left"], width - heading["right"]),
            (box(page, ".hero__links a")["left"], width - box(page, ".hero__links a")["right"]),
        ]
    for (near, _far), (_left, right) in zip(edges["en"], edges["ar"], strict=True):
        assert abs(near - right) < 1, "what stands at the left in English stands as far from the right in Arabic"
    assert page.viewport_size == PHONE or box(page, ".brand")["left"] > box(page, ".languages")["left"]
    first = place(page, "h1", "بِع")
    assert abs(first["right"] - box(page, "h1")["right"]) < 4, "the first word stands at the right"


@pytest.mark.parametrize("address", ["", "search/", "search/?q=returns", f"search/?q={quote('شحن')}", "nothing/"])
def test_no_arabic_page_is_wider_than_the_screen(page: Page, address: str) -> None:
    page.goto(f"/ar/{address}")
    assert page.evaluate("document.dir") == "rtl"
    assert page.evaluate(FITS)


def test_latin_words_and_signs_stand_in_the_order_in_which_they_are_read(page: Page) -> None:
    page.goto("/ar/")
    page.locator(".hero .lead").evaluate("lead => { lead.style.whiteSpace = 'nowrap'; }")  # so that places compare
    word, name, opening, after, closing = (
        place(page, ".hero .lead", text) for text in ("المباشر", "X", "(", "تويتر", ")")
    )
    assert word["left"] >= name["right"] - 1
    assert name["left"] >= opening["right"] - 1
    assert opening["left"] >= after["right"] - 1
    assert after["left"] >= closing["right"] - 1
    english = [place(page, ".card p", text) for text in ("Ten", "chapters")]
    assert english[0]["right"] <= english[1]["left"] + 1, "English keeps its own order"
    end = place(page, ".card p", "in front of you.")
    assert end["right"] > end["left"]


def test_a_query_keeps_its_order_inside_an_arabic_sentence(page: Page) -> None:
    page.goto(f"/ar/search/?q={quote('US$1 (2024) zzzz!')}")
    status = "[role=status]"
    order = [place(page, f"{status} bdi", text) for text in ("US$1", "(2024)", "zzzz", "!")]
    for before, after in pairwise(order):
        assert before["right"] <= after["left"] + 1
    sentence = place(page, status, "لم")
    assert sentence["left"] > order[-1]["right"], "the sentence begins to the right of the query"


def test_a_field_begins_at_the_right_and_turns_with_what_is_typed(page: Page) -> None:
    page.goto("/ar/search/")
    field = page.locator("#search-q")
    found = field.evaluate("field => [getComputedStyle(field).direction, getComputedStyle(field).unicodeBidi]")
    assert found == ["rtl", "plaintext"]


MIRRORED = [
    "guide/payments/",
    "guide/production/",
    "guide/trends/",
    "faq/",
    "cases/shein/",
    "categories/",
    "categories/ceramics/",
    "evidence/rules/",
    "evidence/figures/chargebacks/",
    "suitability/batch/",
    "suitability/?category=ceramics&filled=ceramics&market=eu&market=us",
]


@pytest.mark.parametrize("address", MIRRORED)
def test_pages_that_are_not_in_arabic_yet_would_fit_as_well(page: Page, address: str) -> None:
    page.goto(f"/en/{address}")
    before, wide = box(page, "h1"), page.evaluate(WIDTH)
    page.evaluate(TURN)
    assert page.evaluate(WIDTH) <= wide
    width = page.evaluate("document.documentElement.clientWidth")
    assert abs(width - box(page, "h1")["right"] - before["left"]) < 2


def test_charts_and_diagrams_run_the_other_way(page: Page) -> None:
    page.goto("/en/guide/trends/")
    bar = page.locator(".chart__bar").first
    turned = "element => new DOMMatrix(getComputedStyle(element).transform).a"
    assert bar.evaluate(turned) == 1
    page.evaluate(TURN)
    assert bar.evaluate(turned) == -1
    page.goto("/en/guide/formats/")
    before = arrow(page)
    page.evaluate(TURN)
    after = arrow(page)
    if page.viewport_size == PHONE:
        assert (before, after) == ("down", "down")
    else:
        assert (before, after) == ("right", "left")


def arrow(page: Page) -> str:
    """Where the first arrow of a diagram points: an angle is drawn by two borders and turned."""
    found: str = page.evaluate(
        """() => {
          const style = getComputedStyle(document.querySelector(".flow li"), "::after");
          const corner = [parseFloat(style.borderRightWidth) ? 1 : -1, parseFloat(style.borderBottomWidth) ? 1 : -1];
          const point = new DOMMatrix(style.transform).transformPoint(new DOMPoint(...corner));
          if (Math.abs(point.x) > Math.abs(point.y)) return point.x > 0 ? "right" : "left";
          return point.y > 0 ? "down" : "up";
        }"""
    )
    return found
