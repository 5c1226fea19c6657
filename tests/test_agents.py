"""The site for programs that read: Markdown versions of the pages, and /llms.txt."""

import re
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from markdown_it import MarkdownIt
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from pages.markdown import markdown_address, markdown_of
from tests.conftest import LANGUAGES, page_at
from tests.documents import answer, published
from tests.test_public_pages import SITE, addresses
from tests.test_queries import MOST, STATE, copies
from tests.test_suitability_form import answers

pytestmark = pytest.mark.usefixtures("site")

FILE = "index.html.md"
TAGS = {"en": "en", "zh-hans": "zh-Hans", "ja": "ja"}
LINK = re.compile(r"\]\(([^)\s]*)\)")


def get(address: str) -> tuple[dict[str, Any], str]:
    """Front matter and text of the Markdown version of the published page at `address`."""
    response = answer(f"{address}{FILE}")
    assert response.status_code == 200, address
    _before, front, text = response.content.decode().split("---\n", 2)
    return yaml.safe_load(front), text


def converted(html: str) -> str:
    """The Markdown of a page whose main part is `html`."""
    head = f'<link rel="canonical" href="{SITE}/en/a/"><link rel="alternate" type="text/markdown" href="x">'
    page = markdown_of(f'<html lang="en"><head>{head}</head><main><h1>A</h1>{html}</main></html>')
    assert page is not None
    return page.text.split("# A\n", 1)[1].strip()


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_markdown_version_that_says_what_it_is(language: str) -> None:
    for address in [*addresses(language), f"/{language}/suitability/batch/"]:
        page = published(address)
        assert page.one("link", type="text/markdown")["href"] == f"{SITE}{address}{FILE}"
        front, text = get(address)
        assert front["address"] == f"{SITE}{address}"
        assert front["language"] == TAGS[language]
        assert front["description"] == page.one("meta", name="description")["content"]
        others = {link["hreflang"]: link["href"] for link in page.all("link", rel="alternate") if "hreflang" in link}
        assert front["alternates"] == {
            tag: f"{url}{FILE}" for tag, url in others.items() if tag not in ("x-default", front["language"])
        }
        headings = re.findall(r"^# (.*)$", text, re.MULTILINE)
        assert [" ".join(one.replace("\\", "").split()) for one in headings] == [front["title"]]


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_holds_no_tag_no_script_and_only_whole_addresses(language: str) -> None:
    for address in addresses(language):
        _front, text = get(address)
        tokens = MarkdownIt("commonmark").parse(text)
        kinds = {token.type for one in tokens for token in (one, *(one.children or ()))}
        assert not kinds & {"html_block", "html_inline"}, address
        links = LINK.findall(text)
        assert all(link.startswith(("http://", "https://")) for link in links), address
        assert "ld+json" not in text


@pytest.mark.any_database
def test_a_drawing_leaves_its_numbers_as_a_table() -> None:
    _front, text = get("/en/categories/ceramics/")
    assert "| Pillar | Score |" in text
    assert re.search(r"^\| Appeal \| [\d.]+ \|$", text, re.MULTILINE)


def test_a_chapter_keeps_its_words_numbers_notes_tables_and_lists() -> None:
    front, text = get("/en/guide/payments/")
    assert str(front["reviewed"]) == page_at("/en/guide/payments/").reviewed.isoformat()
    assert "3–5% ≠[^1]" in text
    assert re.search(r"^\[\^1\]: \[Share of card payments .*\]\(http", text, re.MULTILINE)
    assert text.count("[^1]:") == 1
    cited = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    assert cited == set(re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)), "each note is cited, each citation has one"
    assert re.search(r"^- \[ \] .+", text, re.MULTILINE)
    assert re.search(r"^\| .* \| 10–30% \| Disputed \|$", text, re.MULTILINE), "a chart is there as its numbers"
    assert "In this chapter" not in text
    assert "Next chapter" not in text


def test_a_questions_answer_stands_under_the_question_and_buttons_are_left_out() -> None:
    _front, text = get("/en/faq/")
    question = "Do I need special permission to sell live on X?"
    assert f"### {question}\n\n" in text
    assert "Link to this question" not in text
    _front, text = get("/en/suitability/")
    assert "\n- [" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_asks_its_questions_in_markdown_too(language: str) -> None:
    page = published(f"/{language}/suitability/")
    _front, text = get(f"/{language}/suitability/")
    questions = re.findall(r"ask__question\">(.*?)<", page.text)
    assert len(questions) == 9
    for question in questions:
        _before, _question, below = text.partition(f"\n\n{question}\n\n")
        assert re.match(r"[^-].*\n\n(- [0-4]: .+\n){5}- \D", below), question


def test_the_markdown_of_an_answer_says_what_was_answered() -> None:
    _front, text = get("/en/suitability/")
    assert "near home?\n" in text
    answered = answer(f"/en/suitability/{FILE}?{STATE}").content.decode()
    assert re.search(r"near home\?\s+Between “Differs clearly from what is sold locally” and “", answered)


def test_levels_keep_their_own_numbers() -> None:
    _front, text = get("/en/suitability/batch/")
    assert "- 0: Sold in local shops everywhere\n" in text
    assert "- 4: Comes only from this place, maker or licence\n" in text


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>1. not a list</p>", "1\\. not a list"),
        ("<p>0.5 of 3.</p>", "0.5 of 3."),
        ("<p># no heading\n- no list\n--- no line</p>", "\\# no heading\n\\- no list\n\\--- no line"),
        ("<p>&lt;b&gt;[x](javascript:y)*z*_w_</p>", "\\<b>\\[x\\](javascript:y)\\*z\\*\\_w\\_"),
        ("<p>landed_cost</p>", "landed_cost"),
        ("<p>&amp;copy; AT&amp;T ~~no line~~</p>", "\\&copy; AT&T \\~~no line\\~~"),
        ('<p>Stop!<a href="/b/">b</a></p>', f"Stop\\![b]({SITE}/b/)"),
        ('<p><a href="/b c_(d)/">b</a></p>', f"[b]({SITE}/b%20c_%28d%29/)"),
        ('<img src="/a.jpg" alt="a]b">', f"![a\\]b]({SITE}/a.jpg)"),
        ("<p><strong>“拒付”</strong>的</p>", "“**拒付**”的"),
        ("<p><b>注意。</b>的<i>（上）</i>与<em>下</em></p>", "**注意**。的（*上*）与*下*"),
        ('<p><a href="/en/b/">b</a> <a href="#c">c</a> <a href="../d/?e=1">d</a></p>', None),
        ("<table><thead><tr><th>a|b</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>", "| a\\|b |"),
        ('<p>seen<span class="visually-hidden">heard</span><svg><text>x</text></svg></p>', "seen"),
        ("<dl><div><dt>Term</dt><dd>one</dd><dd>two</dd></div></dl>", "- **Term**\n\n  one\n\n  two"),
        ("<script>alert(1)</script><style>a{}</style><form><input></form>", ""),
    ],
)
def test_what_markdown_would_take_for_its_own_is_escaped(html: str, text: str | None) -> None:
    found = converted(html)
    expected = f"[b]({SITE}/en/b/) c [d]({SITE}/en/d/?e=1)" if text is None else text
    assert found.startswith(expected)
    assert bool(found) == bool(expected)


def test_markdown_is_kept_and_indexed_as_its_page_asks(browser: Client) -> None:
    address = f"/ja/guide/trends/{FILE}"
    response = browser.get(address)
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Link"] == f'<{SITE}/ja/guide/trends/>; rel="canonical"'
    assert response.headers["Content-Language"] == "ja"
    assert not response.cookies
    page = browser.get("/ja/guide/trends/")
    for header in ("Vary", "Cache-Control"):
        assert response.headers.get(header) == page.headers.get(header)
    assert browser.get(address, headers={"if-none-match": response.headers["ETag"]}).status_code == 304
    head = browser.head(address)
    assert head.status_code == 200
    assert head.content == b""


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_markdown_is_only_read(method: str, browser: Client) -> None:
    assert getattr(browser, method)(f"/en/guide/trends/{FILE}").status_code in (403, 405)


def test_a_page_that_readers_cannot_see_has_no_markdown_version(browser: Client) -> None:
    page_at("/en/guide/trends/").unpublish()
    assert browser.get(f"/en/guide/trends/{FILE}").status_code == 404
    page = page_at("/en/guide/payments/")
    for restriction in (PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD):
        PageViewRestriction.objects.all().delete()
        PageViewRestriction.objects.create(page=page, restriction_type=restriction, password="x")
        response = browser.get(f"/en/guide/payments/{FILE}")
        assert response.status_code == 404
        assert page.title not in response.content.decode()


@pytest.mark.parametrize("address", ["/en/search/", "/en/nothing/", "/en/suitability/deleted/", "/en/_util/login/"])
def test_what_is_no_page_of_the_site_has_no_markdown_version(address: str, browser: Client) -> None:
    response = browser.get(f"{address}{FILE}")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_saved_answer_has_no_markdown_version(browser: Client) -> None:
    kept = browser.post(
        "/en/suitability/saved/",
        {"state": answers("443220323", category="ceramics", filled="ceramics", market="eu")},
        follow=True,
    )
    owner = kept.redirect_chain[0][0]
    assert "/saved/" in owner
    for address in (owner, f"{owner.rsplit('/', 2)[0]}/"):
        assert browser.get(address).status_code == 200
        assert browser.get(f"{address}{FILE}").status_code == 404


def test_a_language_with_a_home_page_only_leads_to_the_source_language(browser: Client) -> None:
    assert get("/ar/")[0]["language"] == "ar"
    for below in ("guide/trends/", "evidence/rules/"):
        response = browser.get(f"/ar/{below}{FILE}")
        assert response.status_code == 307
        assert response.headers["Location"] == f"/en/{below}{FILE}"


def test_the_query_of_a_page_counts_for_its_markdown_version(browser: Client) -> None:
    second = browser.get(f"/en/evidence/{FILE}?page=2").content.decode()
    assert second != browser.get(f"/en/evidence/{FILE}").content.decode()
    moved = browser.get(f"/en/suitability/{FILE}?category=ceramics")
    assert moved.status_code == 302
    assert moved.headers["Location"].startswith(f"/en/suitability/{FILE}?category=ceramics&")
    assert "| European Union | 53.5 |" in browser.get(moved.headers["Location"]).content.decode()


def test_a_page_that_moved_takes_its_markdown_version_along(
    browser: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = page_at("/en/guide/trends/")
    page.slug = "moved"
    with django_capture_on_commit_callbacks(execute=True):  # Wagtail makes the redirect then
        page.save_revision().publish()
    moved = browser.get(f"/en/guide/trends/{FILE}")
    assert moved.status_code == browser.get("/en/guide/trends/").status_code == 301
    assert moved.headers["Location"] == f"/en/guide/moved/{FILE}"
    assert browser.get(moved.headers["Location"]).status_code == 200
    Redirect.objects.update(redirect_page=None, redirect_link="https://elsewhere.example/")
    assert browser.get(f"/en/guide/trends/{FILE}").status_code == 404


def queries(address: str) -> int:
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_needs_no_more_queries_than_its_page(language: str) -> None:
    for below in ("", "guide/payments/", "faq/", "cases/shein/", "evidence/", "categories/ceramics/"):
        address = f"/{language}/{below}"
        assert queries(f"{address}{FILE}") == queries(address) <= MOST


def test_the_list_for_programs_names_every_public_page_once(browser: Client) -> None:
    response = browser.get("/llms.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert not response.cookies
    text = response.content.decode()
    assert text.startswith("# Crosscast\n\n> Sell live across borders on X")
    assert "\n- ≠ Disputed: Sources disagree" in text, "it says what the marks mean"
    links = LINK.findall(text)
    for language in (*LANGUAGES, "ar"):
        pages = [
            one for one in addresses(language) if "/evidence/figures/" not in one and "/evidence/rules/e" not in one
        ]
        for address in pages:
            assert links.count(markdown_address(f"{SITE}{address}")) == 1, address
    for language in LANGUAGES:
        for below in ("evidence/figures.json", "evidence/figures.csv", "evidence/rules.ics", "feed.xml"):
            assert f"{SITE}/{language}/{below}" in links


@pytest.mark.any_database
def test_every_link_in_the_list_for_programs_leads_somewhere() -> None:
    links = set(LINK.findall(answer("/llms.txt").content.decode()))
    assert len(links) > 3 * 42
    for link in links:
        assert answer(link.removeprefix(SITE)).status_code == 200, link


def test_the_list_for_programs_has_the_form_of_the_proposal(browser: Client) -> None:
    lines = browser.get("/llms.txt").content.decode().splitlines()
    assert [line for line in lines if line.startswith("# ")] == ["# Crosscast"]
    sections = [line for line in lines if line.startswith("## ")]
    assert "## English: The guide" in sections
    assert "## 日本語: ガイド" in sections
    assert len(sections) == len(set(sections))
    below = lines[lines.index(sections[0]) :]
    assert all(re.fullmatch(r"|## .+|- \[.+\]\(http\S+\)(: .+)?", line) for line in below)


def test_the_list_for_programs_leaves_out_what_readers_cannot_see(browser: Client) -> None:
    page_at("/en/guide/trends/").unpublish()
    PageViewRestriction.objects.create(
        page=page_at("/en/cases/"), restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    Page.objects.get(depth=2, locale__language_code="ja").specific.unpublish()
    cache.clear()
    text = browser.get("/llms.txt").content.decode()
    assert "/en/guide/trends/" not in text
    assert "/en/cases/" not in text
    assert "/en/guide/payments/" in text


def test_the_list_for_programs_costs_no_more_queries_on_a_large_site() -> None:
    before = queries("/llms.txt")
    copies(page_at("/ja/guide/trends/"), 12)
    copies(page_at("/en/cases/shein/"), 12)
    assert queries("/llms.txt") == before <= MOST


def test_a_title_cannot_break_the_list_for_programs(browser: Client) -> None:
    page = page_at("/en/guide/trends/")
    page.title = "# [a](b)\n- <c>"
    page.save_revision().publish()
    assert "- [\\# \\[a\\](b) - \\<c>](http" in browser.get("/llms.txt").content.decode()
