"""Case studies: their numbers, how far they are verified, and how readers find them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from casestudies.models import CaseStudyPage, MetricBlock
from evidence.codes import Code
from evidence.records import records
from evidence.status import Status
from evidence.units import Unit
from tests.conftest import LANGUAGES, page_at
from tests.documents import read

pytestmark = pytest.mark.usefixtures("site")


def found(browser: Client, query: str, language: str = "en") -> list[str]:
    return [case.slug for case in browser.get(f"/{language}/cases/{query}").context["cases"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_shows_its_facts_numbers_lesson_and_verification(language: str, browser: Client) -> None:
    for case in CaseStudyPage.objects.filter(locale__language_code=language):
        page = read(browser.get(case.url))
        assert case.brand in page.text
        assert {"strategy", "actions", "lesson", "verification", "numbers"} <= set(page.ids)
        with translation.override(language):
            assert str(Status(case.verification).label) in page.text
            for block in case.metrics:
                value = block.value
                code = Code.parse(value["figure"])
                if code is not None:
                    assert records().get(code).text() in page.text
                assert value["period"]


def test_the_article_and_public_facts_give_four_cases() -> None:
    cases = {case.slug: case.verification for case in CaseStudyPage.objects.filter(locale__language_code="en")}
    assert cases == {
        "komorebi": "unverified",
        "shein": "unverified",
        "walmart-live-shopping": "supported",
        "shop-module": "outdated",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["komorebi", "shein", "walmart-live-shopping", "shop-module"]),
        ("?market=eu", ["shein"]),
        ("?market=us", ["shein", "walmart-live-shopping"]),
        ("?category=ceramics", ["komorebi"]),
        ("?status=unverified", ["komorebi", "shein"]),
        ("?status=unverified&market=us", ["shein"]),
        ("?tag=creators", ["shein"]),
        ("?market=jp", []),
        ("?market=nowhere", []),
    ],
)
def test_cases_are_narrowed_by_plain_links(language: str, query: str, slugs: list[str], browser: Client) -> None:
    assert found(browser, query, language) == slugs


def test_each_filter_keeps_the_others_and_can_be_taken_back(browser: Client) -> None:
    page = read(browser.get("/en/cases/?market=us&status=unverified"))
    links = [a["href"] for a in page.all("a") if a.get("href", "").startswith("/en/cases/?")]
    assert "/en/cases/?status=unverified" in links
    assert "/en/cases/?market=us" in links
    assert "/en/cases/?status=unverified&market=eu" in links


def test_an_empty_result_says_so_and_leads_back(browser: Client) -> None:
    page = browser.get("/en/cases/?market=eu&category=ceramics").content.decode()
    assert "No case matches." in page
    assert 'href="/en/cases/">Show all cases' in page


def test_a_filter_offers_only_what_leads_somewhere(browser: Client) -> None:
    filters = {
        entry.name: [option.value for option in entry.options] for entry in browser.get("/en/cases/").context["filters"]
    }
    assert filters["market"] == ["eu", "us", "worldwide"]
    assert "heavy-furniture" not in filters["category"]
    assert filters["status"] == ["supported", "outdated", "unverified"]


def test_many_cases_come_in_pages(browser: Client) -> None:
    original = page_at("/en/cases/shein/")
    for number in range(12):
        original.copy(update_attrs={"slug": f"shein-{number}"}, keep_live=True)
    assert len(found(browser, "")) == 12
    assert len(found(browser, "?page=2")) == 4
    assert len(found(browser, "?page=abc")) == 12
    assert len(found(browser, "?page=99")) == 4
    page = read(browser.get("/en/cases/?market=us&page=2"))
    assert page.one("link", rel="canonical")["href"].endswith("/en/cases/?page=2")
    assert page.all("a", rel="prev")[0]["href"] == "/en/cases/?market=us&page=1"


@pytest.mark.parametrize(
    ("language", "unit", "low", "high", "text"),
    [
        ("en", "people", "120000", None, "120,000 people"),
        ("zh-hans", "people", "120000", None, "12 万人"),
        ("ja", "people", "120000", None, "12万人"),
        ("zh-hans", "people", "23000", None, "2.3 万人"),
        ("ja", "people", "23000", None, "2万3,000人"),
        ("zh-hans", "people", "12345", None, "12,345 人"),
        ("zh-hans", "orders", "2040", None, "2040 单"),
        ("en", "percent", "3", "5", "3–5%"),
        ("zh-hans", "percent", "3", "5", "3%–5%"),
        ("ja", "percent", "0.5", "1", "0.5～1%"),
        ("en", "usd-billion", "682.5", None, "US$682.5 bn"),
        ("zh-hans", "usd-billion", "682.5", None, "6825 亿美元"),
        ("ja", "usd-billion", "500", None, "5,000億ドル"),
        ("en", "days", "7", "20", "7–20 days"),
        ("en", "days", "1", None, "1 day"),
        ("ja", "days", "7", "20", "7～20日"),
        ("en", "eur", "3", None, "€3"),
        ("ja", "eur", "3", "4.5", "3～4.5ユーロ"),
        ("en", "percent", "0.046", None, "0.046%"),
    ],
)
def test_numbers_are_written_as_readers_of_the_language_write_them(
    language: str, unit: str, low: str, high: str | None, text: str
) -> None:
    with translation.override(language):
        assert Unit(unit).text(Decimal(low), Decimal(high) if high else None) == text


def test_a_metric_takes_a_figure_with_a_number_and_refuses_others_with_a_remedy() -> None:
    block = MetricBlock()
    for figure, words in (
        ("figure:spaces", "has no number"),
        ("rule:eu-gpsr", "choose one from the list"),
        ("figure:nothing", "choose one from the list"),
    ):
        metric = {"label": "x", "figure": figure, "period": "x", "note": ""}
        with translation.override("en"), pytest.raises(ValidationError) as caught:
            block.clean(block.to_python(metric))
        assert words in str(caught.value.block_errors["figure"])  # type: ignore[attr-defined]
