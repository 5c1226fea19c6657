"""Content files: what may stand in them, and what a load does and leaves alone."""

import io
import shutil
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from contentfiles.documents import ContentError
from contentfiles.loader import Loader, Report
from guides.models import GuidePage, Question
from pages.models import ContentImage, Tag
from tests.conftest import page_at

FILES = {
    "en/home.md": """
        ---
        type: home
        title: Home
        summary: A small site.
        slug: home
        ---
        """,
    "en/guide/index.md": """
        ---
        type: guide-index
        title: Guide
        order: 10
        summary: All chapters.
        ---
        """,
    "en/guide/first.md": """
        ---
        type: chapter
        title: First
        summary: The first chapter.
        order: 10
        tags: [shipping]
        reviewed: 2026-11-20
        questions: [why]
        ---
        An opening with **bold** and [the second chapter](guide/second), then
        a wrapped line.

        ## Numbers {#numbers}

        ```chart
        title: Days
        summary: Two to seven days.
        rows:
          - label: Survey
            figure: parcel
        ```

        ```checklist
        title: To do
        items:
          - One
          - Two
        ```
        """,
    "en/guide/second.md": """
        ---
        type: chapter
        title: Second
        summary: The second chapter.
        order: 20
        reviewed: 2026-11-20
        ---
        Text with links to [one](guide/first) and [the web](https://example.org/).
        """,
    "en/faq/index.md": """
        ---
        type: faq-index
        title: FAQ
        summary: All questions.
        ---
        """,
    "en/faq/why.md": """
        ---
        type: question
        question: Why?
        topic: results
        order: 10
        ---
        Because of [the first chapter](guide/first).
        """,
    "en/tags.yaml": """
        type: tag
        items:
          shipping: {name: Shipping}
        """,
    "en/evidence/sources.yaml": """
        type: source
        items:
          survey: {title: A survey, publisher: Somebody, language: en, kind: survey, published: 2023}
        """,
    "en/evidence/figures.yaml": """
        type: figure
        items:
          parcel:
            statement: Days that a parcel takes
            low: 2
            high: 7
            unit: days
            region: worldwide
            topic: delivery
            as_of: 2023
            status: disputed
            sources: [survey]
            review_by: 2099-12-31
          slow:
            statement: Days that a slow parcel takes
            low: 9
            unit: days
            region: worldwide
            topic: delivery
            as_of: 2023-05
            status: unverified
            review_by: 2099-12-31
        """,
    "ja/home.md": """
        ---
        type: home
        title: ホーム
        summary: 小さなサイト。
        slug: home-ja
        ---
        """,
    "ja/guide/index.md": """
        ---
        type: guide-index
        title: ガイド
        summary: すべての章。
        ---
        """,
    "ja/guide/first.md": """
        ---
        type: chapter
        title: 第一
        summary: 最初の章。
        ---
        [第二章](guide/second)へのリンクと**太字**のある書き出し。

        ## 数字 {#numbers}

        ```chart
        title: 日数
        summary: 2日から7日。
        rows:
          - label: 調査
        ```

        ```checklist
        title: やること
        items:
          - 一つ目
          - 二つ目
        ```
        """,
    "ja/guide/second.md": """
        ---
        type: chapter
        title: 第二
        summary: 次の章。
        ---
        [ウェブ](https://example.org/)と[第一章](guide/first)へのリンク。
        """,
    "ja/tags.yaml": """
        type: tag
        items:
          shipping: {name: 配送}
        """,
}
LOADED = len(FILES) + 1  # one of the files lists two figures


@pytest.fixture
def folder(tmp_path: Path, empty_site: None) -> Path:
    """A small content folder, and a site with nothing in it."""
    root = tmp_path / "content"
    for name, text in FILES.items():
        write(root, name, dedent(text).lstrip("\n"))
    return root


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    write(root, name, text.replace(old, new))


def load(root: Path) -> Report:
    return Loader(root).load()


def problems_of(root: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(root)
    return [str(problem) for problem in caught.value.problems]


# --- Loading ----------------------------------------------------------------------------------------------------------


def test_a_load_makes_live_pages_in_every_language_of_the_files(folder: Path) -> None:
    report = load(folder)
    assert len(report.created) == LOADED
    assert report.kept == []
    first = page_at("/ja/guide/first/")
    assert first.live
    assert first.title == "第一"
    assert not first.has_unpublished_changes
    assert [tag.name for tag in first.tags] == ["配送"]
    assert first.body[2].value["rows"][0]["figure"] == "figure:parcel"
    assert first.body[3].value["items"][1] == "二つ目"


def test_wrapped_lines_are_joined_with_a_space_and_japanese_ones_without(folder: Path) -> None:
    change(folder, "ja/guide/second.md", "第一章](guide/first)へのリンク", "第一章](guide/first)へ\nのリンク")
    load(folder)
    assert "then a wrapped line" in page_at("/en/guide/first/").body[0].value.source
    assert "へのリンク" in page_at("/ja/guide/second/").body[0].value.source


def test_links_lead_to_the_readers_language_whatever_their_order(folder: Path, browser: Any) -> None:
    load(folder)
    assert '<a href="/ja/guide/first/">第一章</a>' in browser.get("/ja/guide/second/").content.decode()
    assert '<a href="https://example.org/">ウェブ</a>' in browser.get("/ja/guide/second/").content.decode()
    assert '<a href="/en/guide/first/">one</a>' in browser.get("/en/guide/second/").content.decode()


def test_a_second_load_changes_nothing(folder: Path) -> None:
    load(folder)
    before = {page.pk: page.latest_revision_id for page in Page.objects.all()}
    report = load(folder)
    assert (report.created, report.updated, report.kept) == ([], [], [])
    assert len(report.unchanged) == LOADED
    assert {page.pk: page.latest_revision_id for page in Page.objects.all()} == before


def test_a_changed_file_updates_its_page_and_keeps_block_ids_and_translations(folder: Path) -> None:
    load(folder)
    before = [block.id for block in page_at("/en/guide/first/").body]
    change(folder, "en/guide/first.md", "figure: parcel", "figure: slow")
    report = load(folder)
    assert report.updated == ["en/guide/first", "ja/guide/first"]
    assert [block.id for block in page_at("/en/guide/first/").body] == before
    assert page_at("/ja/guide/first/").body[2].value["rows"][0]["figure"] == "figure:slow"
    assert page_at("/ja/guide/first/").body[2].value["rows"][0]["label"] == "調査"


def test_translators_find_every_sentence_credited_to_the_files(folder: Path) -> None:
    load(folder)
    source = TranslationSource.objects.get_for_instance(page_at("/en/guide/first/"))
    translation = source.translations.get()
    assert translation.get_progress() == (source.stringsegment_set.count(), source.stringsegment_set.count())
    assert set(StringTranslation.objects.values_list("tool_name", flat=True)) == {"content files"}


CHAPTER = "---\ntype: chapter\ntitle: {0}\nsummary: {0}.\n{1}---\nSee [one](guide/first).\n"


def test_a_new_page_takes_the_place_of_its_order_in_every_language(folder: Path) -> None:
    load(folder)
    write(folder, "en/guide/between.md", CHAPTER.format("Between", "order: 15\nreviewed: 2026-11-20\n"))
    write(folder, "ja/guide/between.md", CHAPTER.format("間", ""))
    write(folder, "en/guide/last.md", CHAPTER.format("Last", "reviewed: 2026-11-20\n"))
    assert sorted(load(folder).created) == ["en/guide/between", "en/guide/last", "ja/guide/between"]
    assert [page.slug for page in page_at("/en/guide/").get_children()] == ["first", "between", "second", "last"]
    assert [page.slug for page in page_at("/ja/guide/").get_children()] == ["first", "between", "second"]
    assert load(folder).kept == []


def test_a_translation_waits_for_the_page_above_it(folder: Path) -> None:
    (folder / "ja/guide/index.md").unlink()
    report = load(folder)
    assert "ja/guide/first: waits for ja/guide, which has no translation yet" in report.kept
    assert not Page.objects.filter(locale__language_code="ja", title="Guide").exists()
    write(folder, "ja/guide/index.md", dedent(FILES["ja/guide/index.md"]).lstrip())
    assert "ja/guide/first" in load(folder).created


def test_saving_a_loaded_page_unchanged_in_the_admin_leaves_it_the_files(folder: Path) -> None:
    load(folder)
    page = page_at("/en/guide/first/")
    block = page.body.stream_block.child_blocks["text"]
    widget = block.field.widget
    shown = widget.format_value(block.value_for_form(page.body[0].value))
    returned = block.value_from_form(widget.value_from_datadict({"text": shown}, {}, "text"))
    assert returned.source == page.body[0].value.source
    page.save_revision().publish()
    assert load(folder).kept == []


# --- What editors did stays ---------------------------------------------------------------------------------------------


def test_a_page_that_an_editor_published_survives_a_changed_file(folder: Path) -> None:
    load(folder)
    page = page_at("/en/guide/first/")
    page.title = "By an editor"
    page.save_revision().publish()
    change(folder, "en/guide/first.md", "title: First", "title: By the file")
    report = load(folder)
    assert report.kept == [
        "en/guide/first: changed by an editor",
        "ja/guide/first: its source was changed by an editor",
    ]
    assert page_at("/en/guide/first/").title == "By an editor"


def test_a_draft_that_is_not_published_yet_survives(folder: Path) -> None:
    load(folder)
    page = page_at("/en/guide/second/")
    page.title = "A draft"
    page.save_revision()
    change(folder, "en/guide/second.md", "title: Second", "title: By the file")
    assert "en/guide/second: changed by an editor" in load(folder).kept
    assert page_at("/en/guide/second/").get_latest_revision_as_object().title == "A draft"


def test_an_unpublished_page_stays_unpublished(folder: Path) -> None:
    load(folder)
    page_at("/en/guide/second/").unpublish()
    change(folder, "en/guide/second.md", "title: Second", "title: By the file")
    load(folder)
    assert not page_at("/en/guide/second/").live


def test_a_deleted_page_stays_deleted_and_is_named(folder: Path) -> None:
    load(folder)
    page_at("/en/guide/second/").delete()
    report = load(folder)
    assert "en/guide/second: deleted by an editor" in report.kept
    assert not Page.objects.filter(slug="second", locale__language_code="en").exists()


def test_a_translation_edited_on_its_own_survives(folder: Path) -> None:
    load(folder)
    page = page_at("/ja/guide/first/")
    page.title = "編集者の題"
    page.save_revision().publish()
    change(folder, "ja/guide/first.md", "title: 第一", "title: ファイルの題")
    report = load(folder)
    assert report.kept == ["ja/guide/first: changed by an editor"]
    assert page_at("/ja/guide/first/").title == "編集者の題"


def test_a_translators_unfinished_work_survives(folder: Path) -> None:
    load(folder)
    row = StringTranslation.objects.filter(locale__language_code="ja", data="第一").first()
    assert row
    row.data, row.tool_name = "翻訳者の題", ""
    row.save()
    change(folder, "ja/guide/first.md", "title: 第一", "title: ファイルの題")
    assert load(folder).kept == ["ja/guide/first: being translated by an editor"]
    row.refresh_from_db()
    assert row.data == "翻訳者の題"


def test_a_translation_that_left_its_source_survives(folder: Path) -> None:
    load(folder)
    Translation.objects.filter(source__object_repr="First").update(enabled=False)
    change(folder, "ja/guide/first.md", "title: 第一", "title: ファイルの題")
    assert load(folder).kept == ["ja/guide/first: edited on its own, no longer following its source"]


def test_what_one_deletes_leaves_the_pages_that_pointed_at_it_to_the_files(folder: Path) -> None:
    load(folder)
    Question.objects.get(slug="why").delete()
    Tag.objects.get(slug="shipping", locale__language_code="en").delete()
    for name in ("en/guide/first.md", "ja/guide/first.md"):
        change(folder, name, "summary: ", "summary: x")
    report = load(folder)
    assert report.updated == ["en/guide/first", "ja/guide/first"]


def test_a_tag_that_an_editor_gave_a_page_makes_it_the_editors(folder: Path) -> None:
    load(folder)
    page = page_at("/en/guide/second/")
    tag = Tag.objects.get(slug="shipping", locale__language_code="en")
    page.page_tags.add(page.page_tags.model(tag=tag))
    page.save_revision().publish()
    change(folder, "en/guide/second.md", "title: Second", "title: By the file")
    assert "en/guide/second: changed by an editor" in load(folder).kept


def test_a_locked_page_is_not_written_over(folder: Path) -> None:
    load(folder)
    Page.objects.filter(slug="second", locale__language_code="en").update(locked=True)
    assert load(folder).kept == []
    change(folder, "en/guide/second.md", "title: Second", "title: By the file")
    assert "en/guide/second: locked by an editor" in load(folder).kept
    assert page_at("/en/guide/second/").title == "Second"


def test_a_translators_work_survives_whatever_other_languages_are_loaded_first(folder: Path) -> None:
    for name in [name for name in FILES if name.startswith("ja/")]:
        write(
            folder, name.replace("ja/", "zh-hans/", 1), (folder / name).read_text("utf-8").replace("home-ja", "home-zh")
        )
    load(folder)
    row = StringTranslation.objects.get(locale__language_code="ja", data="第一")
    row.data, row.tool_name = "翻訳者の題", ""
    row.save()
    change(folder, "en/guide/first.md", "title: First", "title: Changed")
    for language in ("ja", "zh-hans"):
        change(folder, f"{language}/guide/first.md", "title: 第一", "title: ファイルの題")
    report = load(folder)
    assert "ja/guide/first: being translated by an editor" in report.kept
    assert "zh-hans/guide/first" in report.updated


def test_a_question_and_a_tag_that_editors_changed_survive(folder: Path) -> None:
    load(folder)
    question = Question.objects.get(slug="why")
    question.question = "Why not?"
    question.save_revision().publish()
    Tag.objects.filter(slug="shipping", locale__language_code="en").update(name="Post")
    change(folder, "en/faq/why.md", "question: Why?", "question: By the file?")
    change(folder, "en/tags.yaml", "name: Shipping", "name: By the file")
    report = load(folder)
    assert sorted(report.kept) == [
        "en/faq/why: changed by an editor",
        "en/tags/shipping: changed by an editor",
        "ja/tags/shipping: its source was changed by an editor",
    ]
    assert Question.objects.get(slug="why").question == "Why not?"


def test_a_page_that_an_editor_made_at_the_same_address_survives(folder: Path) -> None:
    load(folder)
    mine = GuidePage(title="Mine", slug="third", summary="Mine.", locale=Locale.objects.get(language_code="en"))
    page_at("/en/guide/").add_child(instance=mine)
    write(
        folder,
        "en/guide/third.md",
        "---\ntype: chapter\ntitle: Third\nsummary: Third.\nreviewed: 2026-11-20\n---\nText.\n",
    )
    assert load(folder).kept == ["en/guide/third: made by an editor"]
    assert page_at("/en/guide/third/").title == "Mine"


def test_a_removed_file_deletes_nothing(folder: Path) -> None:
    load(folder)
    for language in ("en", "ja"):
        (folder / language / "guide/second.md").unlink()
        change(
            folder,
            f"{language}/guide/first.md",
            "[the second chapter](guide/second)" if language == "en" else "[第二章](guide/second)",
            "x",
        )
    load(folder)
    assert page_at("/en/guide/second/").live


def test_an_image_that_an_editor_changed_survives(folder: Path) -> None:
    (folder / "images").mkdir()
    shutil.copy(settings.CONTENT_DIR / "images/trends.png", folder / "images/one.png")
    write(folder, "images/images.yaml", "one.png:\n  title: One\n  description: A picture.\n  credit: Us\n")
    assert "images/one.png" in load(folder).created
    assert "images/one.png" in load(folder).unchanged
    ContentImage.objects.update(title="Mine")
    change(folder, "images/images.yaml", "title: One", "title: By the file")
    assert "images/one.png: changed by an editor" in load(folder).kept
    assert ContentImage.objects.get().title == "Mine"


# --- Mistakes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("en/guide/first.md", "---\ntype", "type", "en/guide/first.md:1: Start the file with a line of ---"),
        ("en/guide/first.md", "type: chapter", "type: chaptre", "en/guide/first.md:2: Unknown type “chaptre”"),
        ("en/guide/first.md", "order: 10", "ordr: 10", "en/guide/first.md:5: Unknown name “ordr”"),
        ("en/guide/first.md", "title: First", "title: ''", "en/guide/first.md:3: “title” is empty"),
        (
            "en/guide/first.md",
            "reviewed: 2026-11-20",
            "reviewed: soon",
            "en/guide/first.md:7: “reviewed” should be a date",
        ),
        ("en/guide/first.md", "tags: [shipping]", "tags: [shiping]", "en/guide/first.md:6: There is no “tags/shiping”"),
        ("en/guide/first.md", "tags: [shipping]", "tags: [ship: [", "en/guide/first.md:"),
        ("en/guide/first.md", "(guide/second)", "(guide/secnd)", "en/guide/first.md:10: There is no “guide/secnd”"),
        ("en/guide/first.md", "**bold**", "<b>bold</b>", "en/guide/first.md:10: HTML is not read"),
        (
            "en/guide/first.md",
            "## Numbers {#numbers}",
            "## Numbers",
            "en/guide/first.md:13: Give the heading an anchor",
        ),
        ("en/guide/first.md", "```chart", "```chrt", "en/guide/first.md:15: There is no block “chrt”"),
        (
            "en/guide/first.md",
            "figure: parcel",
            "figure: parcle",
            "en/guide/first.md:20: There is no figure or rule “parc",
        ),
        (
            "en/guide/first.md",
            "figure: parcel",
            "figure: parcel/from",
            "en/guide/first.md:20: A figure has no part “from”",
        ),
        (
            "en/guide/first.md",
            "figure: parcel",
            "figure: parcel/article",
            "en/guide/first.md:15: rows: 0: figure: This re",
        ),
        ("en/guide/first.md", "figure: parcel", "figur: parcel", "en/guide/first.md:20: Unknown name “figur”"),
        (
            "en/guide/first.md",
            "a wrapped line",
            "[](figure:parcle)",
            "en/guide/first.md:10: There is no figure “parcle”",
        ),
        (
            "en/guide/first.md",
            "a wrapped line",
            "[](figure:parcel/until)",
            "en/guide/first.md:10: “figure:parcel/until” is",
        ),
        (
            "en/guide/first.md",
            "a wrapped line",
            "[](figure:slow/article)",
            "en/guide/first.md:10: The figure “slow” has no",
        ),
        ("en/guide/first.md", "a wrapped line", "[x](figure:parcel)", "en/guide/first.md:10: Leave the brackets"),
        ("en/evidence/figures.yaml", "low: 2", "low: two", "en/evidence/figures.yaml:5: “low” should be a number"),
        ("en/evidence/figures.yaml", "high: 7", "high: 1", "en/evidence/figures.yaml:6: high: The upper end needs"),
        (
            "en/evidence/figures.yaml",
            "as_of: 2023-05",
            "as_of: May",
            "en/evidence/figures.yaml:20: as_of: Write a date",
        ),
        (
            "en/evidence/figures.yaml",
            "[survey]",
            "[surveys]",
            "en/evidence/figures.yaml:12: There is no “evidence/sources",
        ),
        ("en/guide/first.md", "  - Two\n```", "  - Two\n", "en/guide/first.md:23: The block “checklist” is not closed"),
        ("en/faq/why.md", "topic: results", "topic: result", "en/faq/why.md:4: “topic” should be one of"),
        (
            "ja/guide/first.md",
            "summary: 最初の章。",
            "summary: 最初の章。\norder: 10",
            "ja/guide/first.md:5: “order” stands in the en",
        ),
        ("ja/guide/first.md", "{#numbers}", "{#suji}", "ja/guide/first.md:8: The source's anchor is {#numbers}"),
        ("ja/guide/first.md", "  - 二つ目\n", "", "ja/guide/first.md:20: The source lists 2 items here, this file 1"),
        (
            "ja/guide/first.md",
            "  - label: 調査",
            "  - label: 調査\n    figure: slow",
            "ja/guide/first.md:15: “figure” follows the source",
        ),
        ("ja/guide/first.md", "[第二章](guide/second)", "第二章", "ja/guide/first.md:6: The links differ"),
        (
            "ja/guide/second.md",
            "リンク。",
            "リンク。\n\n余分な段落。",
            "ja/guide/second.md:8: The paragraphs and list items differ",
        ),
        ("ja/guide/second.md", "へのリンク。", "へのリンク。\n\n```checklist\n```", "ja/guide/second.md:"),
        (
            "en/guide/first.md",
            "reviewed: 2026-11-20",
            "reviewed: 2026-02-30",
            "en/guide/first.md:7: “2026-02-30” cannot be read",
        ),
        ("en/guide/first.md", "order: 10", "order: !!int x", "en/guide/first.md:5: “x” cannot be read"),
        ("en/guide/first.md", "order: 10", "order: ten", "en/guide/first.md:5: “order” should be a whole number"),
        ("en/guide/first.md", "title: First", "title: !foo x", "en/guide/first.md:3: “x” cannot be read"),
        ("en/guide/first.md", "title: First", "title: &a [*a]", "en/guide/first.md:"),
        (
            "en/guide/first.md",
            "tags: [shipping]",
            "tags: [shipping, shipping]",
            "en/guide/first.md:6: “shipping” stands twice",
        ),
        ("en/guide/first.md", "summary: The", "summary: " + "x" * 300, "en/guide/first.md:4: summary: Ensure"),
        ("en/guide/first.md", "type: chapter", "type: guide-index", "en/guide/first.md:"),
        (
            "en/faq/why.md",
            "Because",
            "## A heading {#why}\n\nBecause",
            "en/faq/why.md:7: This is not read in a question",
        ),
        (
            "en/faq/index.md",
            "summary: All questions.\n---",
            "summary: All.\n---\nLost.",
            "en/faq/index.md:6: This is not read",
        ),
    ],
)
def test_a_mistake_is_named_with_file_and_line_and_nothing_is_loaded(
    folder: Path, name: str, old: str, new: str, problem: str
) -> None:
    change(folder, name, old, new)
    found = problems_of(folder)
    assert any(line.startswith(f"content/{problem}") for line in found), found
    assert not GuidePage.objects.exists()
    assert not Tag.objects.exists()


def test_a_mistake_in_one_language_keeps_every_language_as_it_was(folder: Path) -> None:
    load(folder)
    change(folder, "en/guide/first.md", "title: First", "title: Changed")
    change(folder, "ja/guide/first.md", "{#numbers}", "{#suji}")
    problems_of(folder)
    assert page_at("/en/guide/first/").title == "First"


def test_all_mistakes_are_named_at_once(folder: Path) -> None:
    change(folder, "en/guide/first.md", "figure: parcel", "figure: parcle")
    change(folder, "en/guide/second.md", "(guide/first)", "(guide/frst)")
    assert len(problems_of(folder)) == 2


def test_a_file_that_is_not_utf8_is_named_with_its_line(folder: Path) -> None:
    path = folder / "ja/guide/second.md"
    path.write_bytes(path.read_bytes().replace("次の章".encode(), "次の章".encode("shift_jis")))
    assert problems_of(folder) == ["content/ja/guide/second.md:4: Not UTF-8. Save the file as UTF-8."]


def test_a_page_in_the_wrong_place_is_refused(folder: Path) -> None:
    write(folder, "en/faq/stray.md", CHAPTER.format("Stray", "reviewed: 2026-11-20\n"))
    assert problems_of(folder) == ["content/en/faq/stray.md:2: A chapter has no place below “FAQ”."]


def test_two_files_for_one_page_are_refused(folder: Path) -> None:
    write(folder, "en/guide.md", dedent(FILES["en/guide/index.md"]).lstrip())
    assert any("already is “guide”: remove one of the two" in problem for problem in problems_of(folder))


def test_a_picture_that_cannot_be_read_is_named(folder: Path) -> None:
    write(folder, "images/images.yaml", "one.png:\n  title: One\n  description: A picture.\n  credit: Us\n")
    write(folder, "images/one.png", "not a picture")
    assert problems_of(folder) == ["content/images/images.yaml:2: “one.png” is not a picture that can be read."]


def test_a_translation_without_a_source_is_refused(folder: Path) -> None:
    (folder / "en/guide/second.md").unlink()
    assert any("There is no source for this translation" in problem for problem in problems_of(folder))


def test_the_command_prints_the_mistakes_and_fails(folder: Path) -> None:
    change(folder, "en/guide/first.md", "figure: parcel", "figure: parcle")
    with pytest.raises(CommandError, match=r"(?s)first\.md:20: .*1 problem; nothing was loaded"):
        call_command("load_content", folder=folder)


def test_the_command_says_what_it_did(folder: Path) -> None:
    said = io.StringIO()
    call_command("load_content", folder=folder, stdout=said)
    assert f"{LOADED} created, 0 updated" in said.getvalue()
