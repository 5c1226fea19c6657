"""What the shipped content cites: marks that fit the sentence they stand after."""

import re

import pytest
from django.test import Client

from evidence.repeats import repeated_in, repeats
from guides.models import Question

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("en/guide/trends/", "way to buy anything inside X"),
        ("zh-hans/faq/", "没有发现在 X（原 Twitter）站内完成购买的途径"),
        ("ja/cases/shop-module/", "X内での購入機能は見つかっていません"),
    ],
)
def test_a_finding_that_holds_is_not_marked_as_outdated(address: str, words: str, browser: Client) -> None:
    text = re.sub(r"\s+", " ", browser.get(f"/{address}").content.decode())
    text = text[text.index("<main") :]  # the head holds the words as data
    after = text[text.index(words) :]
    mark = re.search(r'class="cite__mark"><a [^>]*>(.)\[', after)
    assert mark
    assert mark[1] == "✓"


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "Plan for 5% then."), ("zh-hans", "按 5% 打算。"), ("ja", "5%で計画します。")]
)
def test_one_end_of_a_range_is_found_where_the_text_cites_the_range(language: str, typed: str) -> None:
    question = Question.objects.get(slug="kpis", locale__language_code=language)
    question.answer = f"<p>{typed}</p>"
    assert not repeated_in(question), "5% can be anything"
    question.answer += '<p><a linktype="figure" key="chargebacks/article">figure:chargebacks/article</a></p>'
    assert [one.code for one in repeated_in(question)] == ["figure:chargebacks/article"]


def test_no_shipped_text_types_one_end_of_a_range_that_it_cites() -> None:
    assert not [f"{one.use.language} {one.use.title}: {one.text}, {one.code}" for one in repeats()]
