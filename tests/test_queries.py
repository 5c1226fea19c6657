"""How many queries a page costs: few, and no more on a large site than on a small one."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from casestudies.models import CaseMarket, CaseStudyPage
from guides.models import GuidePage, Question, RelatedQuestion
from pages.models import PageTag, RelatedPage, Tag
from tests.conftest import LANGUAGES, page_at

pytestmark = pytest.mark.usefixtures("site")

MOST = 15
STATE = "category=ceramics&filled=ceramics&market=eu&market=us&market=uk&market=jp" + "".join(
    f"&{key}=3"
    for key in (
        "distinctiveness",
        "demonstrability",
        "community",
        "carriage",
        "landed_cost",
        "robustness",
        "returns",
        "regulation",
        "claims",
    )
)
PAGES = (
    "",
    "guide/",
    "guide/payments/",
    "faq/",
    "cases/",
    "cases/?market=eu&tag=creators",
    "cases/shein/",
    "evidence/",
    "evidence/?status=disputed",
    "evidence/figures/chargebacks/",
    "evidence/rules/",
    "evidence/rules/eu-duty/",
    "evidence/rules.ics",
    "evidence/figures.csv",
    "categories/",
    "categories/ceramics/",
    "categories/cosmetics/",
    "categories/craft-and-design/",
    "suitability/",
    f"suitability/?{STATE}",
    f"suitability/?{STATE}&{urlencode({'with': STATE})}",
    "nothing/",
)


def queries(address: str) -> int:
    """The queries of one request in a process that has served before."""
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_no_public_page_needs_more_than_fifteen_queries(language: str, page: str) -> None:
    assert queries(f"/{language}/{page}") <= MOST


def copies(original: Any, number: int) -> list[Any]:
    """So many more live pages like this one, with its tags and relations."""
    return [original.copy(update_attrs={"slug": f"{original.slug}-{i}"}, keep_live=True) for i in range(number)]


def test_more_chapters_cases_questions_and_links_cost_no_more_queries() -> None:
    before = {page: queries(f"/ja/{page}") for page in PAGES}
    ja = Locale.objects.get(language_code="ja")
    chapters = copies(page_at("/ja/guide/trends/"), 12)
    cases = copies(page_at("/ja/cases/shein/"), 12)
    target = page_at("/ja/guide/payments/")
    case = page_at("/ja/cases/shein/")
    for number in range(12):
        tag = Tag.objects.create(name=f"tag {number}", slug=f"tag-{number}", locale=ja)
        question = Question.objects.create(
            question=f"Q{number}",
            slug=f"q-{number}",
            answer=f'<p><a linktype="page" id="{target.pk}">x</a></p>',
            locale=ja,
        )
        for page in (target, case):
            PageTag.objects.create(page=page, tag=tag, sort_order=number + 20)
            RelatedQuestion.objects.create(page=page, question=question, sort_order=number + 20)
        RelatedPage.objects.create(page=target, related=cases[number], sort_order=number + 20)
        RelatedPage.objects.create(page=case, related=chapters[number], sort_order=number + 20)
    CaseMarket.objects.create(page=case, code="jp", sort_order=9)
    links = "".join(f'<p><a linktype="page" id="{page.pk}">x</a></p>' for page in chapters)
    body: list[Any] = list(target.body.raw_data)
    target.body = target.body.stream_block.to_python([*body, *({"type": "text", "value": links} for _ in range(5))])
    target.save_revision().publish()
    assert GuidePage.objects.filter(locale=ja).count() == 22
    assert CaseStudyPage.objects.filter(locale=ja).count() == 16
    after = {page: queries(f"/ja/{page}") for page in PAGES}
    assert after == before


def test_the_measurement_sees_a_query_in_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard itself works: a page that asks once for every chapter is caught."""
    original: Callable[..., Any] = GuidePage.get_context

    def wasteful(self: GuidePage, *args: Any, **kwargs: Any) -> Any:
        for page in GuidePage.objects.all():
            page.get_parent()
        return original(self, *args, **kwargs)

    monkeypatch.setattr(GuidePage, "get_context", wasteful)
    assert queries("/en/guide/payments/") > MOST
