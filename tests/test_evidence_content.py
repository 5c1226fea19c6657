"""What the shipped content cites, by marks that fit the sentence they stand after, and how its English is set."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from contentfiles.documents import read_language
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


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(child)


def test_no_shipped_english_text_has_a_straight_quotation_mark_or_apostrophe() -> None:
    problems: list[Any] = []
    documents = read_language(settings.CONTENT_DIR / "en", "en", "en", problems)
    assert not problems
    texts = [
        (document.path, text)
        for document in documents
        for value in [
            *(field.plain for field in document.meta.values()),
            *(part.value.plain if part.value else part.text for part in document.parts),
        ]
        for text in strings(value)
    ]
    assert any("’" in text for _path, text in texts), "there is something to look at"
    straight = re.compile(r"""[^\n]{0,30}["'][^\n]{0,30}""")
    assert not [f"{path}: {found}" for path, text in texts for found in straight.findall(text)]
