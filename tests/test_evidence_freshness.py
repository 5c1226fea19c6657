"""A changed or an overdue record reaches every page that shows it, also in a cache in front of the site."""

import datetime
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings

from evidence.models import Rule, Source
from tests.conftest import LANGUAGES, page_at
from tests.records import figure, publish

pytestmark = pytest.mark.usefixtures("site")

PAST = datetime.date(2026, 1, 31)
OVERDUE = 'class="callout callout--warning overdue"'
FRONT_CACHE = {"front": {"BACKEND": "wagtail.contrib.frontend_cache.backends.dummy.DummyBackend"}}


def rule(key: str, language: str = "en") -> Rule:
    return Rule.objects.get(slug=key, locale__language_code=language)


def uncite(address: str) -> None:
    """Takes the citations out of the texts of a category, in every language: those of the score stay."""
    for language in LANGUAGES:
        page = page_at(f"/{language}/{address}")
        page.description, page.warnings = "<p>Text.</p>", ""
        page.save()


# --- Overdue ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "address", "before"),
    [
        ("eu-medicines", "categories/prescription-medicines/", 'class="category__score"'),
        ("x-paid-partnership", "categories/food-supplements/", 'class="category__score"'),
        ("eu-duty", "evidence/rules/", 'class="timeline"'),
        ("eu-duty", "evidence/rules/?market=eu", 'class="timeline"'),
        ("x-paid-partnership", "suitability/?category=ceramics&market=eu&"
         + urlencode({"with": "category=food-supplements&filled=food-supplements"}), 'class="score-table"'),
    ],
)  # fmt: skip
def test_a_page_says_at_its_top_that_a_rule_behind_it_is_overdue(
    key: str, address: str, before: str, browser: Client
) -> None:
    if address.startswith("categories/"):
        uncite(address)
    for language in LANGUAGES:
        text = browser.get(f"/{language}/{address}", follow=True).content.decode()
        assert OVERDUE not in text
        assert before in text
    publish(rule(key), review_by=PAST)
    for language in LANGUAGES:
        text = browser.get(f"/{language}/{address}", follow=True).content.decode()
        assert text.index(OVERDUE) < text.index(f"/{language}/evidence/rules/{key}/") < text.index(before)


def test_a_list_or_a_rule_says_at_its_top_that_a_figure_on_it_is_overdue(browser: Client) -> None:
    publish(figure("eu-duty-limit"), review_by=PAST)
    for address in ("evidence/?topic=tax", "evidence/rules/", "evidence/rules/eu-duty/"):
        text = browser.get(f"/ja/{address}").content.decode()
        assert text.index(OVERDUE) < text.index("/ja/evidence/figures/eu-duty-limit/"), address
    assert OVERDUE not in browser.get("/ja/evidence/rules/us-de-minimis/").content.decode()
    assert OVERDUE not in browser.get("/ja/evidence/?topic=platform").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_page_says_which_of_the_rules_it_announces_is_overdue(language: str, browser: Client) -> None:
    text = browser.get(f"/{language}/").content.decode()
    (key, *_more) = re.findall(rf"/{language}/evidence/rules/([a-z-]+)/", text)
    assert "notes__overdue" not in text
    publish(rule(key), review_by=PAST)
    text = browser.get(f"/{language}/").content.decode()
    assert text.index(f"/evidence/rules/{key}/") < text.index("notes__overdue")


# --- A cache in front of the site ------------------------------------------------------------------------------------------


@pytest.fixture
def purged(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The addresses, without the host, that the cache in front of the site was told to forget."""
    found: set[str] = set()
    monkeypatch.setattr(
        "evidence.signals.purge_url_from_cache", lambda url: found.add(re.sub(r"^https?://[^/]+", "", url))
    )
    with override_settings(WAGTAILFRONTENDCACHE=FRONT_CACHE):
        yield found


def test_a_changed_rule_is_forgotten_wherever_it_is_shown(
    purged: set[str], django_capture_on_commit_callbacks: Any
) -> None:
    uncite("categories/prescription-medicines/")
    with django_capture_on_commit_callbacks(execute=True):
        publish(rule("eu-medicines"), as_of="2026-12")
    for language in LANGUAGES:
        shown = {"", "categories/prescription-medicines/", "evidence/rules/", "evidence/rules/eu-medicines/"}
        shown |= {"evidence/rules.ics", "evidence/rules/eu.ics", "evidence/rules/?market=eu", "suitability/"}
        assert {f"/{language}/{address}" for address in shown} <= purged
        assert f"/{language}/categories/ceramics/" not in purged


def test_a_changed_figure_is_forgotten_on_every_page_of_the_list_and_in_the_calendars(
    purged: set[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        publish(figure("jp-tax-limit"), note="Changed.")
    for language in LANGUAGES:
        pages = {f"/{language}/evidence/{page}" for page in ("", "?page=2", "?page=3", "figures.csv", "figures.json")}
        assert pages <= purged
        assert {f"/{language}/evidence/rules/{name}" for name in ("jp.ics", "jp-consumption-tax/")} <= purged


def test_a_changed_source_is_forgotten_on_the_pages_that_print_it(
    purged: set[str], django_capture_on_commit_callbacks: Any
) -> None:
    source = Source.objects.get(slug="article", locale__language_code="ja")
    with django_capture_on_commit_callbacks(execute=True):
        source.title = "変更"
        source.save()
    assert {"/ja/guide/payments/", "/ja/evidence/", "/ja/evidence/figures/chargebacks/"} <= purged


def test_a_page_that_loses_the_wording_of_its_record_is_forgotten(
    purged: set[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        figure("chargebacks", "ja").delete()
    assert {"/ja/guide/payments/", "/ja/evidence/figures/chargebacks/"} <= purged


def test_the_page_of_a_category_is_named_among_those_that_use_a_record(browser: Client) -> None:
    uncite("categories/prescription-medicines/")
    text = browser.get("/ja/evidence/rules/eu-medicines/").content.decode()
    assert 'href="/ja/categories/prescription-medicines/"' in text
    assert 'href="/en/categories/prescription-medicines/"' not in text
