"""Translators ask for a review; moderators approve, and the translation is there. Nobody sees a button in vain."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import Page, TaskState, WorkflowState
from wagtail_localize.models import StringTranslation

from tests import translations as by
from tests.conftest import client_of, page_at
from tests.translations import each_model_with_drafts, in_japanese, source_of, told, translate, translation_into
from translation.publishing import edit_url

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def editor() -> Client:
    return client_of("Editors")


@pytest.fixture
def moderator() -> Client:
    return client_of("Moderators")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """Runs what waits for the end of a transaction, which never comes in a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def ask(client: Client, source: Any) -> Any:
    return client.post(reverse("submit_for_review", args=[translation_into(source).pk]))


def decide(client: Client, obj: Any, action: str, comment: str = "") -> Any:
    """What the buttons above the translation do, by way of Wagtail's own screens."""
    task = obj.current_workflow_task_state
    if isinstance(obj, Page):
        name = "wagtailadmin_pages:workflow_action"
    else:
        name = obj.snippet_viewset.get_url_name("workflow_action")
    return client.post(reverse(name, args=[obj.pk, action, task.pk]), {"comment": comment})


def change_one_sentence(source: Any, name: str, committed: Any) -> str:
    """A published change that waits for its Japanese; returns the field."""
    field = by.words_of(name)
    with committed():
        by.save(source, **{field: "Something new to say"})
    return field


@each_model_with_drafts
def test_editors_ask_and_moderators_approve(name: str, editor: Client, moderator: Client, committed: Any) -> None:
    source = source_of(name)
    field = change_one_sentence(source, name, committed)
    before = getattr(in_japanese(source), field)
    assert "1 sentence waits" in told(ask(editor, source))[0]
    assert in_japanese(source).current_workflow_state is None, "what is incomplete is not submitted"
    translate(source)
    assert told(ask(editor, source)) == ["The moderators were asked to review the translation."]
    obj = in_japanese(source)
    assert obj.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert getattr(obj, field) == before, "readers see nothing of it yet"
    decide(moderator, obj, "approve")
    assert getattr(in_japanese(source), field) == "訳：Something new to say"
    assert in_japanese(source).current_workflow_state is None


def test_a_new_chapter_goes_from_submission_to_readers(editor: Client, moderator: Client, committed: Any) -> None:
    from guides.models import GuidePage

    guide = page_at("/en/guide/")
    guide.add_child(instance=GuidePage(title="A new chapter", slug="new", summary="It says."))
    chapter = page_at("/en/guide/").get_children().get(slug="new").specific
    chapter.save_revision().publish()
    by.submit(editor, chapter, "ja")
    translate(chapter)
    ask(editor, chapter)
    assert "訳：A new chapter" in moderator.get(reverse("wagtailadmin_home")).content.decode()
    decide(moderator, in_japanese(chapter), "approve")
    assert Client().get("/ja/guide/new/").status_code == 200


def test_a_moderator_asks_for_changes_and_the_editor_asks_again(
    editor: Client, moderator: Client, committed: Any
) -> None:
    chapter = page_at("/en/guide/trends/")
    change_one_sentence(chapter, "guides.GuidePage", committed)
    translate(chapter)
    ask(editor, chapter)
    decide(moderator, in_japanese(chapter), "reject", "言い回しが硬い")
    page = editor.get(edit_url(in_japanese(chapter))).content.decode()
    assert "言い回しが硬い" in page
    assert "Submit for review" in page
    ask(editor, chapter)
    obj = in_japanese(chapter)
    assert obj.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert WorkflowState.objects.for_instance(obj).count() == 1, "the same review goes on"
    decide(moderator, obj, "approve")
    assert in_japanese(chapter).title == "訳：Something new to say"


def save_sentence(client: Client, source: Any, text: str) -> int:
    translation = translation_into(source)
    segment = translation.source.stringsegment_set.get(context__path="title")
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    boundary = "x"
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="value"\r\n\r\n{text}\r\n--{boundary}--\r\n'
    return client.put(address, body, content_type=f"multipart/form-data; boundary={boundary}").status_code


def test_during_a_review_only_reviewers_change_sentences_and_what_they_approve_is_what_they_see(
    editor: Client, moderator: Client, committed: Any
) -> None:
    chapter = page_at("/en/guide/trends/")
    change_one_sentence(chapter, "guides.GuidePage", committed)
    translate(chapter)
    ask(editor, chapter)
    assert save_sentence(editor, chapter, "あとから") in (302, 403)
    upload = reverse("wagtail_localize:upload_pofile", args=[translation_into(chapter).pk])
    assert editor.post(upload).status_code in (302, 403)
    assert not StringTranslation.objects.filter(data="あとから").exists()
    assert save_sentence(moderator, chapter, "直した題名") == 200
    decide(moderator, in_japanese(chapter), "approve")
    assert in_japanese(chapter).title == "直した題名"


def test_a_source_that_changes_during_a_review_publishes_nothing_by_itself(
    editor: Client, moderator: Client, committed: Any
) -> None:
    chapter = page_at("/en/guide/trends/")
    field = change_one_sentence(chapter, "guides.GuidePage", committed)
    before = in_japanese(chapter)
    translate(chapter)
    ask(editor, chapter)
    with committed():
        by.save(chapter, summary="Changed meanwhile.")
    assert getattr(in_japanese(chapter), field) == getattr(before, field)
    decide(moderator, in_japanese(chapter), "approve")
    page = in_japanese(chapter)
    assert page.title == "訳：Something new to say", "what was reviewed is published"
    assert page.summary == before.summary, "what came later waits for its translation"


def props_of(client: Client, obj: Any) -> tuple[str, dict[str, Any]]:
    page = client.get(edit_url(obj)).content.decode()
    found = re.search(r'data-props="([^"]*)"', page)
    assert found
    from html import unescape

    return page, json.loads(unescape(found[1]))


@each_model_with_drafts
def test_each_sees_the_buttons_that_work_for_them(name: str, editor: Client, moderator: Client, committed: Any) -> None:
    source = source_of(name)
    obj = in_japanese(source)
    page, props = props_of(editor, obj)
    assert "Submit for review" in page
    assert not props["perms"]["canPublish"]
    assert props["links"]["convertToAliasUrl"] is None
    assert 'class="translation-of-editor"' in page, "hides the button that stops the synchronisation"
    page, props = props_of(moderator, obj)
    assert "Submit for review" not in page
    assert props["perms"]["canPublish"]
    assert 'class="translation-of-editor"' not in page
    change_one_sentence(source, name, committed)
    translate(source)
    ask(editor, source)
    page, props = props_of(editor, obj)
    assert "awaits a review" in page
    assert "Submit for review" not in page
    assert "data-workflow-action-url" not in page
    assert props["object"]["isLocked"]
    page, props = props_of(moderator, obj)
    assert page.count("data-workflow-action-url") >= 2
    assert "Request changes" in page
    assert "workflow-action.js" in page, "what makes the buttons work"
    assert not props["object"]["isLocked"]


def test_nobody_asks_for_a_review_of_what_has_no_drafts(editor: Client) -> None:
    tag = source_of("pages.Tag")
    assert "Submit for review" not in editor.get(edit_url(in_japanese(tag))).content.decode()
    assert ask(editor, tag).status_code in (302, 403)
    assert not TaskState.objects.exists()


def test_a_stranger_can_neither_ask_nor_translate() -> None:
    chapter = page_at("/en/guide/trends/")
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", password="x"))
    before = StringTranslation.objects.count()
    ask(stranger, chapter)
    save_sentence(stranger, chapter, "いたずら")
    assert StringTranslation.objects.count() == before
    assert in_japanese(chapter).current_workflow_state is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ["確認を依頼", "すべての文を訳し終えたら押してください。"]),
        ("zh-hans", ["提交审阅", "全部句子译完后请点击，由审核者审阅并发布。"]),
    ],
)
def test_the_screens_speak_the_translators_language(language: str, words: list[str]) -> None:
    client = client_of("Editors", language)
    chapter = page_at("/en/guide/trends/")
    page = client.get(edit_url(in_japanese(chapter))).content.decode()
    for word in words:
        assert escape(word) in page
    catalog = client.get(reverse("wagtail_localize:javascript_catalog")).content.decode()
    for english in ("Download PO file", "Publish in ", "Not translated", "Translate", "Stop Synced translation"):
        found = re.search(rf'"{re.escape(english)}": "([^"]+)"', catalog)
        assert found, english
        assert found[1] != english


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ["ページの翻訳", "言語", "下の階層も含める", "実行", "翻訳を原文と同期", "すぐに公開", "戻る"]),
        ("zh-hans", ["翻译页面", "语言", "包括下级页面", "提交", "使译文与原文同步", "立即发布", "返回"]),
    ],
)
def test_submitting_and_syncing_speak_the_translators_language(language: str, words: list[str]) -> None:
    from wagtail_localize.models import TranslationSource

    client = client_of("Moderators", language)
    guide = page_at("/en/guide/")
    in_japanese(guide).delete()
    source = TranslationSource.objects.get_for_instance(guide)
    pages = "".join(
        client.get(address).content.decode()
        for address in (
            reverse("wagtail_localize:submit_page_translation", args=[guide.pk]),
            reverse("wagtail_localize:update_translations", args=[source.pk]),
        )
    )
    assert [word for word in words if word not in pages] == []
