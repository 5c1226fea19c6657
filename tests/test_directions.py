"""Scripts that run from right to left: the layout, mixed text, and a language that has a home page only."""

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.formats import date_format
from django.utils.translation import override
from wagtail.models import Page

from evidence.dates import date_text
from evidence.records import records
from evidence.units import Bound, Unit
from pages.languages import full_languages
from search.folding import fold
from suitability.activation import plan
from suitability.models import Rubric
from tests.conftest import LANGUAGES, client_of, page_at
from tests.documents import Document, read
from tests.test_public_pages import addresses
from tests.test_queries import MOST, queries

pytestmark = pytest.mark.usefixtures("site")

BASE = Path(settings.BASE_DIR)
STYLES = sorted((BASE / "static" / "css").glob("*.css"))
TEMPLATES = sorted((BASE / "templates").rglob("*.html"))


# --- The layout ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "direction"),
    [
        ("/en/", "ltr"),
        ("/ja/guide/trends/", "ltr"),
        ("/ar/", "rtl"),
        ("/ar/search/", "rtl"),
        ("/ar/nothing/", "rtl"),
        ("/ar/\x00/", "rtl"),
    ],
)
def test_every_document_says_which_way_its_language_runs(address: str, direction: str, browser: Client) -> None:
    assert read(browser.get(address)).one("html")["dir"] == direction


def test_so_does_the_page_for_a_fault(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.views.get_language", lambda: 1 / 0)
    response = browser.get("/ar/")
    assert response.status_code == 500
    assert read(response).one("html")["dir"] == "rtl"


PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-)?(?:left|right)(?:-[\w-]+)?\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)\b"
)


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_no_style_is_tied_to_left_or_right(style: Path) -> None:
    found = [line.strip() for line in style.read_text().splitlines() if PHYSICAL.search(line)]
    assert not found


def test_the_search_for_physical_styles_finds_them() -> None:
    for line in ("margin-left: 1px", "left: 0;", "border-right-color: red", "text-align: right", "float:left"):
        assert PHYSICAL.search(line), line
    for line in ("margin-inline-start: 1px", "text-align: start", "copyright: 1", "flex-start"):
        assert not PHYSICAL.search(line), line


def test_no_template_is_tied_to_left_or_right() -> None:
    for template in TEMPLATES:
        text = template.read_text()
        assert not re.search(r"\balign=|\bstyle=", text) or "admin" in template.parts, template
        assert not PHYSICAL.search(text), template
        assert not re.search(r'<html[^>]*dir="(?:ltr|rtl)"', text), template
        arrow = re.search("[←→‹›«»⇐⇒◀▶]", text)
        assert not arrow or "admin" in template.parts, f"{template} has an arrow that does not turn round"


# --- Text in two directions ------------------------------------------------------------------------------------------


def test_a_query_does_not_disturb_the_sentence_around_it(browser: Client) -> None:
    page = browser.get("/ar/search/", {"q": "zzzz (2024)"}).content.decode()
    assert "«<bdi>zzzz (2024)</bdi>»" in page


def test_what_is_found_in_another_language_says_so(browser: Client) -> None:
    page = read(browser.get("/ar/search/", {"q": "returns"}))
    lists = page.all("ol", class_="search__results")
    assert lists
    assert {(one["lang"], one["dir"]) for one in lists} == {("en", "ltr")}
    assert "بالإنجليز" in page.text
    found = [one["href"] for one in page.all("a") if one["href"].startswith("/en/guide/")]
    assert "/en/guide/logistics/" in found
    assert "lang" not in str(read(browser.get("/en/search/", {"q": "returns"})).all("ol"))


def test_a_record_without_wording_of_its_own_keeps_its_direction(browser: Client) -> None:
    from evidence.templatetags.evidence import lang_of

    with override("ar"):
        entry = records("ar").figures["chargebacks"]
        assert lang_of(entry) == ' lang="en" dir="ltr"'
    with override("en"):
        assert lang_of(entry) == ""


@pytest.mark.parametrize(
    ("unit", "low", "high", "bound", "text"),
    [
        (Unit.PERCENT, "3", "5", "", "3 إلى 5%"),
        (Unit.DAYS, "3", "10", Bound.ABOUT, "نحو 3 إلى 10 أيام"),
        (Unit.DAYS, "1", "2", "", "1 إلى 2 يوم"),
        (Unit.DAYS, "14", None, "", "14 يومًا"),
        (Unit.DAYS, "1.5", None, "", "1.5 يوم"),
        (Unit.PEOPLE, "120000", None, Bound.OVER, "أكثر من 120,000 شخص"),
        (Unit.USD_BILLION, "682.5", None, "", "682.5 مليار دولار أمريكي"),
    ],
)
def test_numbers_read_as_arabic_business_writes_them(
    unit: Unit, low: str, high: str | None, bound: str, text: str
) -> None:
    with override("ar"):
        assert unit.text(Decimal(low), Decimal(high) if high else None, bound) == text


def test_dates_are_the_same_wherever_they_come_from() -> None:
    with override("ar"):
        assert date_text("2026-11-26") == "26 نوفمبر 2026"
        assert date_format(datetime.date(2026, 11, 26), "DATE_FORMAT") == "26 نوفمبر 2026"


@pytest.mark.parametrize(
    ("typed", "written"), [("الشحن", "الشَّحْن"), ("العلامة", "العـــلامه"), ("اسعار", "أسعار"), ("على", "علي")]
)
def test_the_search_takes_different_spellings_for_one(typed: str, written: str) -> None:
    assert fold(typed) == fold(written)


PLACEHOLDER = re.compile(r"%\(\w+\)s|</?\w+")


@pytest.mark.parametrize("path", sorted((BASE / "locale").glob("*/LC_MESSAGES/django.po")), ids=lambda p: p.parts[-3])
def test_every_translation_keeps_the_placeholders(path: Path) -> None:
    """A form for one or two things may leave the number out; no form may invent a name."""
    for entry in polib.pofile(str(path)):
        wanted = set(PLACEHOLDER.findall(entry.msgid))
        if not entry.msgid_plural:
            assert set(PLACEHOLDER.findall(entry.msgstr)) == wanted, entry.msgid
        for number, text in entry.msgstr_plural.items():
            found = set(PLACEHOLDER.findall(text))
            assert found <= wanted, entry.msgid
            assert found == wanted or number in (0, 1, 2), entry.msgid


# --- A language that has a home page only ----------------------------------------------------------------------------

# Every address below a language, by its name, with an example. What is not here fails the first test below.
EXAMPLES = {
    "styleguide": "styleguide/",
    "markdown": "guide/trends/index.html.md",
    "sitemap": "sitemap.xml",
    "feed": "feed.xml",
    "suitability-batch": "suitability/batch/",
    "suitability-template": "suitability/batch/template.xlsx",
    "suitability-download": "suitability/result.csv?category=ceramics&market=eu",
    "suitability-save": "suitability/saved/",
    "suitability-deleted": "suitability/saved/deleted/",
    "suitability-saved": "suitability/saved/abcdefgh/",
    "suitability-owner": "suitability/saved/abcdefgh/ijklmnop/",
    "evidence-download": "evidence/figures.json",
    "evidence-figure": "evidence/figures/chargebacks/",
    "evidence-rules": "evidence/rules/?market=eu",
    "evidence-calendar": "evidence/rules/eu.ics",
    "evidence-rule": "evidence/rules/eu-duty/",
    "search": "search/?q=returns",
    "search-suggest": "search/suggest/?q=pay",
    "wagtail_serve": "guide/payments/?x=1",
    "wagtailcore_login": "_util/login/",
    "wagtailcore_authenticate_with_password": "_util/authenticate_with_password/1/1/",
}
OWN = {
    "sitemap",
    "styleguide",
    "search",
    "search-suggest",
    "wagtailcore_login",
    "wagtailcore_authenticate_with_password",
}


def names_below_a_language() -> set[str]:
    found: set[str] = set()

    def collect(patterns: Any) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                found.add(str(pattern.name))
            else:
                collect(pattern.url_patterns)

    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and isinstance(resolver.pattern, LocalePrefixPattern):
            collect(resolver.url_patterns)
    return found


def test_every_address_below_a_language_is_known_here() -> None:
    assert names_below_a_language() == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_below_arabic_is_a_fault_or_a_dead_end(name: str, method: str, browser: Client) -> None:
    address = EXAMPLES[name]
    response = getattr(browser, method)(f"/ar/{address}")
    assert response.status_code < 500
    if name in OWN or response.status_code == 405:
        return
    assert (response.status_code, response.url) == (307, f"/en/{address}")
    followed = getattr(browser, method)(response.url)
    assert followed.status_code == getattr(browser, method)(f"/ja/{address}").status_code


def test_every_page_of_the_site_is_one_step_away(browser: Client) -> None:
    for address in addresses("en"):
        below = address.removeprefix("/en/")
        response = browser.get(f"/ar/{below}?a=b")
        if not below:
            assert response.status_code == 200
        else:
            assert (response.status_code, response.url) == (307, f"{address}?a=b")
    assert browser.get("/ar/api/v1/").status_code == 404


def test_an_unknown_address_is_answered_in_arabic_with_ways_onward(browser: Client) -> None:
    response = browser.get("/ar/guide/nothing/")
    page = read(response)
    assert response.status_code == 404
    assert page.lang == "ar"
    assert "الصفحة غير موجودة" in page.text
    assert [one["hreflang"] for one in page.all("a") if one["href"] == "/en/guide/"] == ["en"]


def test_a_page_in_arabic_is_shown_before_the_language_is_complete(browser: Client) -> None:
    guide = page_at("/en/guide/")
    translated = guide.copy_for_translation(page_at("/ar/").locale)
    assert browser.get("/ar/guide/").url == "/en/guide/", "a draft is nothing to show"
    translated.title = "الدليل"
    translated.save_revision().publish()
    page = read(browser.get("/ar/guide/"))
    assert page.lang == "ar"
    assert page.all("nav", class_="site-nav")[0]
    home = read(browser.get("/ar/"))
    assert "/ar/guide/" in [one["href"] for one in home.all("a")]


def links_of(page: Document) -> list[str]:
    return [one["href"] for one in page.all("a")]


@pytest.mark.parametrize("address", ["/ar/", "/ar/search/", "/ar/search/?q=returns", "/ar/search/?q=شحن", "/ar/none/"])
def test_no_link_on_an_arabic_page_is_dead_or_leads_round_a_corner(address: str, browser: Client) -> None:
    page = read(browser.get(address))
    assert not page.all("link", type="application/atom+xml")
    for target in links_of(page):
        parts = urlsplit(target)
        if not parts.path:
            assert parts.query or parts.fragment in page.ids
            continue
        response = browser.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        assert response.status_code == 200, f"{address} links to {target}"


def test_the_home_page_leads_to_the_english_sections_and_says_so(browser: Client) -> None:
    page = read(browser.get("/ar/"))
    sections = [one for one in page.all("a") if one.get("hreflang") == "en" and urlsplit(one["href"]).path != "/en/"]
    assert [one["href"] for one in sections] == [
        "/en/guide/",
        "/en/suitability/",
        "/en/categories/",
        "/en/cases/",
        "/en/faq/",
        "/en/evidence/",
    ]
    assert len([one for one in page.all("li") if (one.get("lang"), one.get("dir")) == ("en", "ltr")]) == 6
    assert not page.all("nav", class_="site-nav"), "no sections of its own, so no empty menu"
    assert "elsewhere" in page.ids


def test_the_home_pages_point_at_each_other_and_other_pages_at_no_arabic_one(browser: Client) -> None:
    for language in ("en", "ar"):
        links = read(browser.get(f"/{language}/")).all("link", rel="alternate")
        tags = {one["hreflang"] for one in links if "hreflang" in one}
        assert tags == {"en", "zh-Hans", "ja", "ar", "x-default"}
    for address in ("/en/guide/trends/", "/en/evidence/rules/", "/en/suitability/batch/"):
        page = read(browser.get(address))
        assert "ar" not in {one.get("hreflang") for one in page.all("link") + page.all("a")}, address
    assert addresses("ar") == ["/ar/"]
    assert browser.get("/", headers={"accept-language": "ar"}).url == "/ar/"


@pytest.mark.parametrize("page", ["", "nothing/", "search/", "search/?q=returns", "guide/", "evidence/rules/"])
def test_arabic_pages_need_no_more_queries_than_others(page: str) -> None:
    assert queries(f"/ar/{page}") <= (2 * MOST if page.startswith("search/?") else MOST)


def test_programs_and_shared_answers_speak_a_language_that_has_the_wording(browser: Client) -> None:
    response = browser.get("/api/v1/suitability/markets", headers={"Accept-Language": "ar"})
    assert response.headers["Content-Language"] == "en"
    state = "category=ceramics&filled=ceramics&market=eu"
    saved = browser.post("/en/suitability/saved/", {"state": state})
    token = saved.url.split("/")[4]
    shared = browser.get(f"/s/{token}", headers={"Accept-Language": "ar"})
    assert shared.url == f"/en/suitability/saved/{token}/"


def test_nothing_asks_for_what_such_a_language_does_not_have() -> None:
    assert [code for code, _name in full_languages()] == list(LANGUAGES)
    assert not [
        problem for problem in plan(Rubric.objects.get(locale__language_code="en")).problems if "العربية" in problem
    ]
    page = client_of("Moderators").get("/admin/reports/evidence/").content.decode()
    assert "日本語" in page
    assert "العربية" not in page


def test_editors_find_the_arabic_home_page_in_the_translators_screen() -> None:
    home: Page = page_at("/ar/")
    page = client_of("Editors").get(f"/admin/pages/{home.pk}/edit/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "wagtail_localize/js/wagtail-localize.js" in text
    assert "Sell live across borders on X" in text, "the source, beside which the Arabic is written"
