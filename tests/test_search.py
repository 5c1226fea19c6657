"""Searching: what is found, how it is shown, and what odd queries do. On whichever database the suite runs."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from guides.models import GuidePage, Question
from search.folding import fold, fold_with_places
from search.models import MissedSearch
from search.terms import sought, terms_of
from tests.conftest import client_of, page_at

pytestmark = pytest.mark.usefixtures("site")

ODD = [
    "", " ", "*", '"', '"abc', "abc\"'", "'; drop table x; --", "\x00", "a\x00b", "x" * 5000, "直" * 5000, "a b " * 1200,
    "NOT", "AND OR NOT", "title:x", "^abc", "a* b*", "(((", ")", "{title}:", "-a", "a -b", "NEAR(a b)", "\\", "%", "_",
    "\u200b", "\ud83d\ude00", "<script>alert(1)</script>", "a&b|c!d", "a<->b", ":*", "\u202eabc", "ﷺ" * 200, "㍿",
]  # fmt: skip


def search(query: str, language: str = "en", **more: str) -> Any:
    return Client().get(f"/{language}/search/?{urlencode({'q': query, **more})}")


def html(query: str, language: str = "en", **more: str) -> str:
    response = search(query, language, **more)
    assert response.status_code == 200
    return str(response.content.decode())


def titles(query: str, language: str = "en", **more: str) -> list[str]:
    """The titles of what was found, without what is offered instead."""
    page = html(query, language, **more).split('class="search__other"')[0]
    found = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page)
    return [title.replace("<mark>", "").replace("</mark>", "") for title in found]


@pytest.fixture
def question() -> Question:
    made = Question(
        question="Unlikely heading about 跨境直播带货 and réservoirs",
        slug="unlikely",
        answer="<p>Full text with ﾊﾟﾋﾟﾌﾟ and 會員註冊 and Twitter直播 and geese.</p>",
        locale=Locale.objects.get(language_code="en"),
    )
    made.save()
    made.save_revision().publish()
    return made


# --- What is found ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        "直播", "播", "跨境直播带货", "境直",  # a word of one or more characters, anywhere
        "twitter", "TWITTER直播", "Ｔｗｉｔｔｅｒ",  # mixed text by either part, any width and case
        "reservoirs", "RÉSERVOIR", "réservoir",  # accents, case, number
        "パピプ", "ﾊﾟﾋﾟ", "ピ",  # kana width
        "会员注册", "會員", "註冊", "会員",  # simplified, traditional, and Japanese typed either way
        "goose", "geese", "heading", "headings",
    ],
)  # fmt: skip
def test_a_word_is_found_however_it_is_typed(question: Question, query: str) -> None:
    expected = query != "goose"  # a stemmer knows endings, not irregular words
    assert (question.question in titles(query, kind="faq")) is expected


@pytest.mark.parametrize("query", ["带货直播", "播直", "hea", "ハヒ", "直播 鹅"])
def test_what_is_not_there_is_not_found(question: Question, query: str) -> None:
    assert question.question not in titles(query, kind="faq")


def test_a_quotation_is_found_as_it_is_written(question: Question) -> None:
    assert question.question in titles('"full text with"', kind="faq")
    assert question.question not in titles('"text full"', kind="faq")


@pytest.mark.parametrize("query", ["goods' value", "goods’ value", '"goods\' value"', '"the goods’ value"'])
def test_an_apostrophe_is_found_however_it_is_typed(query: str) -> None:
    assert "Delivery, duties and returns" in titles(query, kind="guide"), "it says “the goods’ value”"


def test_words_in_the_title_count_more() -> None:
    english = GuidePage.objects.filter(locale=Locale.objects.get(language_code="en"))
    assert get_search_backend().search("returns", english)[0].title == "Delivery, duties and returns"
    assert titles("returns")[0] == "Delivery, duties and returns"


def test_each_kind_is_found_down_to_the_question() -> None:
    page = html("komorebi")
    for address in (
        "/en/cases/komorebi/",
        "/en/guide/formats/",
        "/en/faq/#fragile-goods",
        "/en/evidence/figures/komorebi/",
    ):
        assert f'href="{address}"' in page
    assert 'href="/en/categories/cosmetics/"' in html("cosmetics")


def test_a_figure_is_found_by_its_value_in_the_text_that_cites_it() -> None:
    assert "Payments and their risks" in titles("0.5", kind="guide")


@pytest.mark.parametrize(
    ("language", "beginning"), [("en", "1.7%. No public figure"), ("zh-hans", "1.7%。没有查到"), ("ja", "1.7%。Xでの")]
)
def test_a_figure_is_shown_in_sentences_of_its_language(language: str, beginning: str) -> None:
    assert f"</span> {beginning}" in html("SHEIN", language, kind="evidence")


def test_every_language_is_searched_by_itself() -> None:
    assert titles("Komorebi", "ja", kind="cases") != titles("Komorebi", "en", kind="cases")
    assert titles("直播带货", "en", kind="guide") == []


def test_what_is_not_published_or_not_for_everyone_is_not_found(question: Question) -> None:
    question.unpublish()
    assert titles("unlikely heading", kind="faq") == []
    PageViewRestriction.objects.create(page=page_at("/en/cases/"), restriction_type="login")
    assert titles("komorebi", kind="cases") == []
    page_at("/en/guide/payments/").unpublish()
    assert "Payments and their risks" not in titles("chargeback", kind="guide")


def test_a_published_change_is_found_at_once() -> None:
    page = page_at("/en/guide/payments/")
    page.title = "Payments with a quokka"
    page.save_revision().publish()
    assert titles("quokkas") == ["Payments with a quokka"]


# --- What the page shows ----------------------------------------------------------------------------------------------
def test_found_words_are_marked_as_they_are_written(question: Question) -> None:
    page = html("RESERVOIR ﾊﾟﾋﾟ")
    assert "<mark>réservoirs</mark>" in page
    assert "<mark>ﾊﾟﾋﾟ</mark>ﾌﾟ" in page


def test_a_query_is_escaped_wherever_it_is_printed() -> None:
    assert "<script>alert" not in html("<script>alert(1)</script>")
    assert '"onfocus' not in html('"onfocus=alert(1) x="')


def test_groups_link_to_all_results_of_their_kind_by_pages() -> None:
    for number in range(30):
        made = Question(
            question=f"Wombat number {number}", slug=f"wombat-{number}", answer="<p>Text.</p>",
            locale=Locale.objects.get(language_code="en"),
        )  # fmt: skip
        made.save()
    page = html("wombat")
    assert len(re.findall("<h3>", page)) == 5
    assert "/en/search/?q=wombat&amp;kind=faq" in page
    first, second = titles("wombat", kind="faq"), titles("wombat", kind="faq", page="2")
    assert (len(first), len(second), len({*first, *second})) == (20, 10, 30)
    assert titles("wombat", kind="faq", page="999") == second
    assert titles("wombat", kind="faq", page="x") == first


def test_an_unknown_kind_is_not_found() -> None:
    assert search("returns", kind="nonsense").status_code == 404


def test_without_a_query_the_page_offers_ways_onward() -> None:
    page = html("")
    assert 'role="search"' in page
    assert 'href="/en/guide/"' in page.split("<main")[1]


def test_a_misspelt_word_is_put_right() -> None:
    page = html("chargebak")
    assert 'Did you mean <a href="/en/search/?q=chargeback"><bdi>chargeback</bdi></a>?' in page
    assert "What is the difference between a <mark>chargeback</mark>" in page


def test_a_query_that_finds_nothing_shows_what_has_some_of_it() -> None:
    assert "物流、关税与<mark>退货</mark>" in html("退货龙凤呈祥", "zh-hans")
    assert "Delivery, duties and <mark>returns</mark>" in html("returns 12345zzz")


def test_a_kind_without_results_points_at_the_others() -> None:
    page = html("withdrawal button", kind="cases")
    assert titles("withdrawal button", kind="cases") == []
    assert "Found elsewhere" in page
    assert "/en/guide/compliance/" in page


def test_the_page_can_be_shared_by_everyone() -> None:
    response = search("returns")
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert '<meta name="robots" content="noindex, follow">' in response.content.decode()


@pytest.mark.parametrize("query", ["returns", "live show", "zzzz", "chargebak", "xylophon zzz"])
def test_no_search_asks_the_database_more_than_fifteen_times(query: str) -> None:
    search(query)
    with CaptureQueriesContext(connection) as captured:
        search(query)
    assert len(captured) <= 15


def test_suggestions_complete_titles() -> None:
    found = Client().get("/en/search/suggest/?q=pay").json()["suggestions"]
    assert "Payments and their risks" in found
    assert len(found) <= 8
    assert Client().get("/zh-hans/search/suggest/?q=退貨").json()["suggestions"]
    assert Client().get("/en/search/suggest/?q=").json() == {"suggestions": []}


# --- Odd queries -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", ODD)
def test_an_odd_query_gives_a_page(query: str) -> None:
    text = query.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for path in ("/en/search/", "/en/search/suggest/", "/zh-hans/search/"):
        assert Client().get(f"{path}?{urlencode({'q': text})}").status_code == 200


@pytest.mark.parametrize(
    "path", ["pages/search/", "pages/1/", "images/", "snippets/guides/question/", "snippets/evidence/figure/", "users/"]
)
def test_an_odd_query_gives_a_page_in_the_admin(path: str, admin_client: Client) -> None:
    for query in ODD:
        text = query.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        response = admin_client.get(f"/admin/{path}?{urlencode({'q': text})}", follow=True)
        assert response.status_code == 200, query[:20]


@given(st.text(max_size=300))
def test_any_query_finds_something_or_nothing(query: str) -> None:
    backend = get_search_backend()
    for built in (
        query,
        PlainText(query, operator="or"),
        Phrase(query),
        Not(PlainText(query)),
        Boost(PlainText(query), 2.0),
    ):
        list(backend.search(built, Question.objects.all())[:2])
    list(backend.autocomplete(query, Page.objects.all())[:2])


def test_queries_combine_as_in_wagtail() -> None:
    backend, questions = get_search_backend(), Question.objects.all()

    def count(query: Any) -> int:
        return int(backend.search(query, questions).count())

    everything, returns, both = questions.count(), count("returns"), count("returns EU")
    assert 0 < both < returns < everything
    assert count(MATCH_ALL) == everything
    assert count(Not(PlainText("returns"))) == everything - returns
    assert count(And([PlainText("returns"), Not(PlainText("EU"))])) == returns - both
    assert count(Or([PlainText("returns"), Not(PlainText("returns"))])) == everything
    assert count(And([Not(PlainText("returns")), Not(PlainText("EU"))])) == everything - count(
        PlainText("returns EU", operator="or")
    )
    assert count(Fuzzy("returns")) == returns
    assert count(And([])) == count("") == 0


# --- The editors' search -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("pages/search/", "退貨", "物流、关税与退货"),
        ("pages/search/", "ｶﾝｾﾞｲ", ""),
        ("pages/search/", "return", "Delivery, duties and returns"),
        ("pages/search/", "deliv", "Delivery, duties and returns"),
        ("snippets/guides/question/", "拒付", "拒付和扣款失败有什么区别？"),
        ("snippets/evidence/figure/", "线上", "线上购物的退货率"),
    ],
)
def test_editors_find_chinese_and_english_in_the_admin(
    path: str, query: str, expected: str, admin_client: Client
) -> None:
    locale = "&locale=zh-hans" if path.startswith("snippets") else ""
    page = admin_client.get(f"/admin/{path}?{urlencode({'q': query})}{locale}", follow=True).content.decode()
    assert expected in page


# --- What is looked for and not found -----------------------------------------------------------------------------------
def test_a_search_that_finds_nothing_is_counted_by_day_and_nothing_else() -> None:
    for query in ("Xylophone-Farm", "xylophone-farm "):
        search(query)
    missed = MissedSearch.objects.get()
    assert (missed.language, missed.text, missed.times) == ("en", "xylophone-farm", 2)
    assert missed.last_on == missed.first_on == datetime.date.today()
    assert {field.name for field in MissedSearch._meta.fields} == {
        "id",
        "language",
        "text",
        "times",
        "first_on",
        "last_on",
    }


@pytest.mark.parametrize("query", ["jo.doe@example.zz", "order 4411 2233", "+49 170 1234567 zzz", "zzz" * 40, "*", ""])
def test_what_may_be_personal_or_is_no_word_is_not_kept(query: str) -> None:
    search(query)
    assert not MissedSearch.objects.exists()


def test_a_search_that_finds_something_is_not_kept() -> None:
    search("returns")
    search("komorebi", kind="faq")
    assert not MissedSearch.objects.exists()


def test_the_list_of_missed_searches_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.missed.MAX_ROWS", 2)
    for query in ("zzza", "zzzb", "zzzc", "zzza"):
        search(query)
    assert set(MissedSearch.objects.values_list("text", "times")) == {("zzza", 2), ("zzzb", 1)}


def test_editors_see_what_was_not_found_and_readers_do_not() -> None:
    search("xylophone")
    address = "/admin/reports/missed-searches/"
    assert "xylophone" in client_of("Editors").get(address).content.decode()
    exported = client_of("Moderators").get(f"{address}?export=csv")
    assert "xylophone,en,1" in b"".join(exported.streaming_content).decode()
    assert Client().get(address).status_code == 302


# --- Folding and cutting -------------------------------------------------------------------------------------------------
@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_and_every_sign_knows_its_place(text: str) -> None:
    folded = fold_with_places(text)
    assert folded.text == fold(text)
    assert fold(folded.text) == folded.text
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(st.text(max_size=100))
def test_a_text_is_found_by_its_own_terms(text: str) -> None:
    terms = f" {' '.join(terms_of(text))} "
    assert all(f" {' '.join(part.terms)} " in terms for part in sought(text[:100]) if '"' not in text)


def test_kana_that_differ_by_voicing_stay_apart() -> None:
    assert fold("かき") != fold("かぎ")
    assert fold("ｶﾞ") == "ガ"
