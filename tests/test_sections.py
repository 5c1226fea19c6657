"""Views that are no pages of the tree still belong to a section, and say so."""

import pytest
from django.test import Client

from suitability.models import SavedAnswer
from tests.conftest import LANGUAGES
from tests.documents import read
from tests.test_queries import STATE

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("address", "section"),
    [
        ("evidence/rules/", "evidence/"),
        ("evidence/rules/eu-duty/", "evidence/"),
        ("evidence/figures/chargebacks/", "evidence/"),
        ("suitability/batch/", "suitability/"),
        ("suitability/saved/{saved}/", "suitability/"),
        ("suitability/saved/deleted/", "suitability/"),
    ],
)
def test_the_menu_marks_the_section_a_reader_is_in(browser: Client, language: str, address: str, section: str) -> None:
    browser.post(f"/{language}/suitability/saved/", {"state": STATE})
    saved = SavedAnswer.objects.latest("pk").token
    page = read(browser.get(f"/{language}/{address.format(saved=saved)}"))
    marked = [link["href"] for link in page.all("a", **{"aria-current": "true"}) if "hreflang" not in link]
    assert marked[:1] == [f"/{language}/{section}"], "the menu comes first; a list may mark its own filters"


def test_a_form_that_is_refused_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/en/guide/")
    assert answer.status_code == 403
    assert "Go back, reload it and try again." in answer.content.decode()


def test_the_home_page_scores_no_product_that_nobody_chose(browser: Client) -> None:
    page = read(browser.get("/ja/"))
    choice = page.one("select", id="ask-first")
    assert "required" in choice
    options = page.all("option")
    assert options[0]["value"] == ""
    assert not [one for one in options if "selected" in one]
