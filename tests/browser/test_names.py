"""What a screen reader says: names in the language of the page, and mistakes that can be found."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import PAGE_TYPES, PageType, every_page

pytestmark = pytest.mark.any_database

SCRIPTS = {"zh-hans": r"\p{sc=Han}", "ja": r"[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]", "ar": r"\p{sc=Arab}"}
# Names that nobody sees, without a word in the page's script, and not set apart as being in another language.
FOREIGN = r"""script => {
  const own = new RegExp(script, "u"), word = /[a-z]{3}/i, found = [];
  const language = document.documentElement.lang;
  const check = (element, text) => {
    const here = element.closest("[lang]").lang === language && !element.closest("datalist, code");
    if (here && text && word.test(text) && !own.test(text)) found.push(text.trim());
  };
  for (const element of document.querySelectorAll("body *"))
    for (const name of ["aria-label", "alt", "title", "placeholder"]) check(element, element.getAttribute(name));
  for (const element of document.querySelectorAll("title, .visually-hidden, .skip, label, legend, button, caption, th"))
    check(element, element.textContent);
  return [...new Set(found)];
}"""
NAMES = {"Crosscast", "SHEIN", "Walmart", "KOMOREBI", "My bowl", "My bowl · Crosscast", "X Premium", "CSV", "JSON"}


@every_page("zh-hans", "ja", "ar")
def test_names_are_in_the_language_of_the_page(
    tab: Page, secrets: dict[str, str], language: str, kind: PageType
) -> None:
    kind.open(tab, language, secrets)
    expect(tab.locator("html")).to_have_attribute("lang", {"zh-hans": "zh-Hans"}.get(language, language))
    assert set(tab.evaluate(FOREIGN, SCRIPTS[language])) - NAMES == set()


MISTAKEN = next(kind for kind in PAGE_TYPES if kind.name == "form, mistaken")
# Mistakes that no field, and no group of fields, says of itself.
LOOSE = """() => [...document.querySelectorAll(".errorlist")].filter(
  (list) => !document.querySelector(`[aria-describedby~="${list.id}"]`)).map((list) => list.id || list.textContent)"""
WORDS = {"en": "needs mending", "zh-hans": "改好", "ja": "直"}


@pytest.mark.parametrize("language", WORDS)
def test_mistakes_are_announced_linked_and_said_of_their_fields(
    tab: Page, secrets: dict[str, str], language: str
) -> None:
    MISTAKEN.open(tab, language, secrets)
    alert = tab.get_by_role("alert")
    expect(alert).to_contain_text(WORDS[language])
    expect(alert).to_be_focused()
    expect(tab.locator("[name=price]")).to_have_attribute("aria-invalid", "true")
    assert tab.evaluate(LOOSE) == []
    for link in alert.get_by_role("link").all():
        link.click()
        target = tab.locator(str(link.get_attribute("href")))
        expect(target).to_be_in_viewport()
    assert tab.locator(".errorlist li").count() == alert.locator("li").count()


@pytest.mark.parametrize("language", WORDS)
def test_the_answer_is_announced_in_a_sentence_while_the_form_is_filled_in(tab: Page, language: str) -> None:
    tab.goto(f"/{language}/suitability/")
    status = tab.get_by_role("status")
    expect(status).to_be_empty()
    tab.locator("[name=category]").focus()
    tab.locator("[name=category]").select_option("ceramics")
    expect(status).to_contain_text("53.5")
    expect(tab.locator("[name=category]")).to_be_focused()


@pytest.mark.parametrize(
    "kind", [kind for kind in PAGE_TYPES if kind.name == "batch, mistaken"], ids=lambda kind: kind.name
)
def test_a_table_that_was_not_scored_says_why(tab: Page, secrets: dict[str, str], kind: PageType) -> None:
    kind.open(tab, "ja", secrets)
    expect(tab.get_by_role("alert")).to_be_focused()
    expect(tab.get_by_role("alert").get_by_role("listitem")).not_to_have_count(0)
