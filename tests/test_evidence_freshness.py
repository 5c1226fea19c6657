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
