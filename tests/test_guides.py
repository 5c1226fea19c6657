"""The guide and the FAQ: what every chapter and question offers its reader."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.html import strip_tags

from contentfiles.documents import Document as ContentDocument
from contentfiles.documents import read_language
from guides.models import GuidePage, Question
from pages.reading import minutes_to_read
from tests.conftest import LANGUAGES, page_at
from tests.documents import read

pytestmark = pytest.mark.usefixtures("site")

CHAPTERS = [
    "trends",
    "platform",
    "production",
    "compliance",
    "formats",
    "payments",
    "logistics",
    "reach-and-culture",
    "first-year",
    "long-term",
]
ARTICLE_QUESTIONS = {"permission", "best-categories", "language-barrier", "conversion"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_chapters_stand_in_reading_order_and_lead_to_each_other(language: str, browser: Client) -> None:
    index = read(browser.get(f"/{language}/guide/"))
    listed = [a["href"] for a in index.all("a") if a.get("href", "").startswith(f"/{language}/guide/")]
    assert [href for href in listed if href.count("/") == 4 and "?" not in href] == [
        f"/{language}/guide/{slug}/" for slug in CHAPTERS
    ]
    for position, slug in enumerate(CHAPTERS):
        page = read(browser.get(f"/{language}/guide/{slug}/"))
        before, after = page.all("a", rel="prev"), page.all("a", rel="next")
        assert [a["href"] for a in before] == [
            f"/{language}/guide/{s}/" for s in CHAPTERS[max(0, position - 1) : position]
        ]
        assert [a["href"] for a in after] == [f"/{language}/guide/{s}/" for s in CHAPTERS[position + 1 : position + 2]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", CHAPTERS)
def test_a_chapter_has_all_that_its_reader_needs(language: str, slug: str, browser: Client) -> None:
    page = page_at(f"/{language}/guide/{slug}/")
    kinds = [block.block_type for block in page.body]
    assert kinds.count("checklist") == 1
    assert "flow" in kinds or "chart" in kinds
    assert len(page.contents) >= 4
    assert page.tags
    assert page.related
    assert page.questions
    document = read(browser.get(page.url))
    for entry in page.contents:
        assert document.all("a", href=f"#{entry['anchor']}")
        assert entry["anchor"] in document.ids
    for block in page.body:
        if block.block_type in ("flow", "chart"):
            assert block.value["summary"]
            assert block.value["summary"] in " ".join(document.words)
    with translation.override(language):
        from django.utils.formats import date_format

        assert date_format(page.reviewed) in document.text


@pytest.mark.parametrize("slug", CHAPTERS)
def test_an_english_chapter_has_at_least_seven_hundred_words(slug: str) -> None:
    page = page_at(f"/en/guide/{slug}/")
    with translation.override("en"):
        words = strip_tags(page.readable_html.replace("<", " <")).split()
    assert len([word for word in words if any(sign.isalpha() for sign in word)]) >= 700


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_article_does_not_hold_the_guide_says_so(language: str, browser: Client) -> None:
    with translation.override(language):
        from evidence.status import Status

        marks = {status: str(status.label) for status in Status}
    text = "".join(read(browser.get(f"/{language}/guide/{slug}/")).text for slug in CHAPTERS)
    assert all(label in text for label in marks.values())


def test_every_language_says_the_same_in_the_same_structure() -> None:
    problems: list[Any] = []
    documents: dict[str, dict[str, ContentDocument]] = {
        language: {d.key: d for d in read_language(settings.CONTENT_DIR / language, language, language, problems)}
        for language in LANGUAGES
    }
    assert problems == []
    for key, english in documents["en"].items():
        for language in ("zh-hans", "ja"):
            translated = documents[language][key]
            assert [(part.kind, part.anchor) for part in translated.parts] == [
                (p.kind, p.anchor) for p in english.parts
            ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_opens_without_javascript_and_has_an_anchor(language: str, browser: Client) -> None:
    page = read(browser.get(f"/{language}/faq/"))
    questions = Question.objects.filter(locale__language_code=language, live=True)
    assert len(questions) >= 14
    assert {question.slug for question in questions} >= ARTICLE_QUESTIONS
    assert len(page.all("details")) == len(questions)
    for question in questions:
        assert question.slug in page.ids
        assert page.all("a", href=f"#{question.slug}")
        assert question.question in page.text.replace("&#x27;", "'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_are_structured_data(language: str, browser: Client) -> None:
    page = read(browser.get(f"/{language}/faq/"))
    (faq,) = [data for data in page.data if data["@type"] == "FAQPage"]
    asked = {entry["name"]: entry["acceptedAnswer"]["text"] for entry in faq["mainEntity"]}
    stored = Question.objects.filter(locale__language_code=language, live=True)
    assert set(asked) == {question.question for question in stored}
    assert all(len(answer) > 40 and "<" not in answer for answer in asked.values())
    (trail,) = [data for data in page.data if data["@type"] == "BreadcrumbList"]
    assert [item["position"] for item in trail["itemListElement"]] == [1, 2]


def test_structured_data_cannot_close_its_script_element(browser: Client) -> None:
    Question.objects.filter(slug="permission", locale__language_code="en").update(question="</script><script>alert(1)")
    assert "</script><script>alert" not in browser.get("/en/faq/").content.decode()


def test_a_question_that_is_not_live_is_not_shown(browser: Client) -> None:
    question = Question.objects.get(slug="permission", locale__language_code="en")
    question.unpublish()
    assert question.question not in browser.get("/en/faq/").content.decode()
    assert question.question not in browser.get("/en/guide/compliance/").content.decode()


def test_chapters_can_be_narrowed_by_tag(browser: Client) -> None:
    page = browser.get("/en/guide/?tag=insurance")
    titles = [chapter.slug for chapter in page.context["chapters"]]
    assert titles
    assert set(titles) < set(CHAPTERS)
    for slug in titles:
        assert "insurance" in [tag.slug for tag in page_at(f"/en/guide/{slug}/").tags]
    assert 'content="noindex' in page.content.decode()


def test_readers_are_offered_only_tags_that_chapters_share_and_the_one_they_came_by(browser: Client) -> None:
    def offered(query: str) -> set[str]:
        return {option.value for option in browser.get(f"/en/guide/{query}").context["tag_filter"].options}

    everywhere = [tag.slug for slug in CHAPTERS for tag in page_at(f"/en/guide/{slug}/").tags]
    assert offered("") == {tag for tag in everywhere if everywhere.count(tag) > 1}
    assert everywhere.count("obs") == 1
    assert offered("?tag=obs") == offered("") | {"obs"}
    assert len(browser.get("/en/guide/?tag=obs").context["chapters"]) == 1


def test_a_tag_that_no_chapter_has_says_so_and_leads_back(browser: Client) -> None:
    page = browser.get("/en/guide/?tag=nothing").content.decode()
    assert "No chapter matches." in page
    assert "Show all chapters" in page


def test_a_chapter_that_states_law_says_that_it_is_no_legal_advice(browser: Client) -> None:
    assert GuidePage.objects.get(slug="compliance", locale__language_code="en").legal_notice
    assert (
        "It is not legal advice. Last reviewed on 20 November 2026"
        in browser.get("/en/guide/compliance/").content.decode()
    )
    assert "It is not legal advice. Last reviewed" not in browser.get("/en/guide/trends/").content.decode()


@pytest.mark.parametrize(
    ("html", "minutes"),
    [
        ("", 1),
        ("<p>" + "word " * 220 + "</p>", 1),
        ("<p>" + "word " * 660 + "</p>", 3),
        ("<p>" + "直播" * 450 + "</p>", 2),
        ("<p>" + "直播" * 450 + " word" * 440 + "</p>", 4),
        ("<ul><li>one</li><li>two</li></ul>", 1),
    ],
)
def test_reading_time_counts_words_and_characters(html: str, minutes: int) -> None:
    assert minutes_to_read(html) == minutes
