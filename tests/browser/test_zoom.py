"""Enlarged, spaced out, still or in the system's colours: every page stays whole (WCAG 1.4.4, 1.4.10, 1.4.12, 2.3.3)."""

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import PageType, every_page

pytestmark = pytest.mark.any_database

# 1280 by 1024 px, enlarged to 200 % and to 400 %, leaves this much.
TWICE, FOUR_TIMES = {"width": 640, "height": 512}, {"width": 320, "height": 256}
WIDE = {"width": 1280, "height": 900}
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
# What a reader could not read: text beyond the edge, cut off, or below other text; or too much stuck to the screen.
TROUBLE = """() => {
  const root = document.documentElement, found = new Set(), width = root.clientWidth;
  const name = (element) => `${element.localName}.${element.className?.baseVal ?? element.className}`;
  if (root.scrollWidth > width) found.add(`the page is ${root.scrollWidth} px wide`);
  const parents = function* (element) { for (; element && element !== root; element = element.parentElement) yield element; };
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const sticks = (element) => /fixed|sticky/.test(getComputedStyle(element).position);
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest(".visually-hidden, .skip, script, svg, option")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const chain = [...parents(element)], text = `“${node.data.trim().slice(0, 40)}” in ${name(element)}`;
    const scroller = chain.find(scrolls), frame = chain.find((one) => /hidden|clip/.test(getComputedStyle(one).overflow));
    const edge = frame && frame.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      if (!scroller && (box.right > width + 1 || box.left < -1)) found.add(`beyond the edge: ${text}`);
      if (edge && (box.right > edge.right + 1 || box.left < edge.left - 1 || box.bottom > edge.bottom + box.height / 3))
        found.add(`cut off: ${text}`);
      if (!scroller && !chain.some(sticks)) lines.push({ box, node, text });
    }
  }
  lines.sort((one, other) => one.box.top - other.box.top);
  lines.forEach(({ box, node, text }, index) => {
    for (let next = index + 1; next < lines.length && lines[next].box.top < box.bottom; next++) {
      const other = lines[next].box;
      const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      if (lines[next].node !== node && across > 2 && down > Math.min(box.height, other.height) / 2)
        found.add(`on top of each other: ${text}, ${lines[next].text}`);
    }
  });
  const stuck = [...document.querySelectorAll("body *")].filter((one) => sticks(one) && one.checkVisibility() && !one.closest("table"));
  const height = stuck.reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
  if (height > innerHeight / 2) found.add(`${stuck.map(name)} take ${height} px of the screen`);
  return [...found];
}"""


def trouble(page: Page) -> list[str]:
    found: list[str] = page.evaluate(TROUBLE)
    return found


@every_page()
def test_nothing_is_cut_or_covered_at_200_and_400_percent_or_with_more_space(
    tab: Page, secrets: dict[str, str], language: str, kind: PageType
) -> None:
    kind.open(tab, language, secrets)
    found: dict[str, list[str]] = {}
    for state, size in {"at 200 %": TWICE, "at 400 %": FOUR_TIMES}.items():
        tab.set_viewport_size(size)
        found[state] = trouble(tab)
    tab.evaluate(SPACED)
    found["at 400 %, spaced"] = trouble(tab)
    tab.set_viewport_size(WIDE)
    found["spaced"] = trouble(tab)
    assert not any(found.values()), "\n" + "\n".join(f"{k}: {line}" for k, lines in found.items() for line in lines)


def test_the_measurement_sees_what_is_cut_wide_or_covered(tab: Page) -> None:
    tab.set_viewport_size(FOUR_TIMES)
    spoilt: dict[str, str] = {
        "cut off": "h1.style.cssText = 'overflow: hidden; block-size: 1.5em'",
        "the page is": "h1.style.cssText = 'inline-size: 500px'",
        "beyond the edge": "h1.style.cssText = 'transform: translateX(-100px)'",
        "on top of each other": "h1.style.cssText = 'position: absolute'",
        "take": "h1.style.cssText = 'position: sticky; block-size: 200px'",
    }
    for word, script in spoilt.items():
        tab.goto("/en/")
        assert not trouble(tab)
        tab.evaluate(f"() => {{ const h1 = document.querySelector('h1'); {script}; }}")
        assert any(line.startswith(word) or word in line for line in trouble(tab)), word


# --- Without motion ----------------------------------------------------------------------------------------------------

MOVING = """() => [
  ...document.getAnimations().map((one) => `an animation of ${one.effect.target?.localName}`),
  ...[...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    return style.animationName !== "none" || style.scrollBehavior !== "auto"
      || style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0);
  }).map((one) => `${one.localName}.${one.className}`),
]"""


@every_page("en", "ar")
def test_nothing_moves_for_those_who_asked_for_stillness(
    tab: Page, secrets: dict[str, str], language: str, kind: PageType
) -> None:
    kind.open(tab, language, secrets)
    assert tab.evaluate(MOVING) == []


def test_the_measurement_sees_what_moves(tab: Page) -> None:
    tab.goto("/en/")
    tab.evaluate("document.querySelector('h1').style.transition = 'opacity 1s'")
    assert "h1." in tab.evaluate(MOVING)


# --- In the system's colours -------------------------------------------------------------------------------------------

# Controls that have no edge, links that are here and look like the others, bars that look like their track.
INVISIBLE = """() => {
  const found = [], style = (one) => getComputedStyle(one);
  const edge = (one) => ["top", "right", "bottom", "left"].some((side) =>
    style(one)[`border-${side}-style`] !== "none" && parseFloat(style(one)[`border-${side}-width`]) > 0);
  for (const one of document.querySelectorAll(".button, .chip, button, select, input:not([type=hidden], [type=file], [type=radio], [type=checkbox])"))
    if (one.checkVisibility() && !edge(one)) found.push(`no edge: ${one.className || one.name}`);
  for (const one of document.querySelectorAll("a[aria-current]")) {
    const other = one.closest("ul")?.querySelector("a:not([aria-current])");
    const looks = (link) => ["fontWeight", "borderBottomWidth", "borderBottomStyle", "outlineStyle"].map((key) => style(link)[key]).join();
    if (other && looks(one) === looks(other)) found.push(`like the others: ${one.textContent}`);
  }
  for (const bar of document.querySelectorAll(".chart__bar")) {
    const [track, value] = [".chart__track", ".chart__value"].map((part) => bar.querySelector(part)).map((one) => one && style(one).fill);
    if (track && track === value) found.push("a bar like its track");
  }
  return found;
}"""


@every_page("en", "ar")
def test_controls_places_and_bars_show_in_the_systems_colours(
    tab: Page, secrets: dict[str, str], language: str, kind: PageType
) -> None:
    tab.emulate_media(forced_colors="active")
    kind.open(tab, language, secrets)
    assert tab.evaluate(INVISIBLE) == []


@pytest.mark.parametrize(
    ("address", "hide"),
    [
        ("guide/trends/", "document.querySelector('.chart__bar .chart__value').style.fill = 'Canvas'"),
        ("search/", "document.querySelector('main .button').style.border = 'none'"),
        ("guide/", "document.querySelector('.site-nav a[aria-current]').style.border = 'none'"),
    ],
)
def test_the_measurement_sees_what_the_systems_colours_hide(tab: Page, address: str, hide: str) -> None:
    tab.emulate_media(forced_colors="active")
    tab.goto(f"/en/{address}")
    tab.evaluate(hide)
    assert len(tab.evaluate(INVISIBLE)) == 1
