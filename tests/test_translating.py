"""Translating pages and snippets: nothing incomplete goes live, nothing translated is lost."""

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, WorkflowState, get_translatable_models
from wagtail_localize.models import StringTranslation

from guides.models import GuidePage
from pages.models import Tag
from tests import translations as by
from tests.conftest import client_of, page_at
from tests.translations import each_model, in_japanese, press_publish, source_of, sync, told, translate
from translation.completeness import IncompleteTranslationError
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


@pytest.fixture
def new_chapter() -> GuidePage:
    """A chapter that nobody has translated yet."""
    guide = page_at("/en/guide/")
    chapter = GuidePage(title="A new chapter", slug="a-new-chapter", summary="It says something new.")
    guide.add_child(instance=chapter)
    chapter.save_revision().publish()
    found: GuidePage = page_at("/en/guide/a-new-chapter/")
    return found


def test_every_translatable_model_is_tested_here() -> None:
    found = {model._meta.label for model in get_translatable_models(include_subclasses=True)}
    assert found - {"wagtailcore.Page"} == set(by.MODELS)


# --- What is incomplete does not go live ------------------------------------------------------------------------------


@each_model
def test_an_incomplete_translation_is_not_published_and_a_complete_one_is(
    name: str, moderator: Client, committed: Any
) -> None:
    source, field = source_of(name), by.words_of(name)
    before = getattr(in_japanese(source), field)
    with committed():
        by.save(source, **{field: "Something new to say"})
    with committed():
        said = press_publish(moderator, in_japanese(source))
    assert len(said) == 1
    assert "1 sentence waits for its translation" in said[0]
    assert "Something new to say" in said[0]
    assert getattr(in_japanese(source), field) == before, "readers keep the old text"
    assert translate(source) == 1, "only the changed sentence asks for work"
    with committed():
        said = press_publish(moderator, in_japanese(source))
    assert said[0].startswith("Published in"), said
    assert getattr(in_japanese(source), field) == "訳：Something new to say"


@each_model
def test_sync_with_publish_immediately_keeps_what_is_published_until_all_is_translated(
    name: str, moderator: Client, committed: Any
) -> None:
    source, field = source_of(name), by.words_of(name)
    before = getattr(in_japanese(source), field)
    by.save(source, **{field: "Something new to say"})
    with committed():
        said = sync(moderator, source, publish=True)
    assert sum("1 sentence waits" in text for text in said) == source.get_translations().count(), (
        "one message for each language"
    )
    assert getattr(in_japanese(source), field) == before
    translate(source)
    with committed():
        said = sync(moderator, source, publish=True)
    assert any(text == "Published in 日本語." or "Japanese" in text for text in said), said
    assert getattr(in_japanese(source), field) == "訳：Something new to say"
    assert getattr(source_of(name).get_translation(Locale.objects.get(language_code="zh-hans")), field) != (
        "Something new to say"
    )


def test_a_new_translation_is_a_draft_that_no_button_publishes_before_it_is_complete(
    new_chapter: GuidePage, moderator: Client, committed: Any
) -> None:
    with committed():
        by.submit(moderator, new_chapter, "ja", "zh-hans")
    draft = in_japanese(new_chapter)
    assert not draft.live
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    said = told(moderator.post(f"{address}?id={draft.pk}", {}))
    assert "2 sentences wait" in said[0], said
    assert not in_japanese(new_chapter).live
    with pytest.raises(IncompleteTranslationError):
        draft.get_latest_revision().publish()
    assert not in_japanese(new_chapter).live
    with committed():
        translate(new_chapter)
        press_publish(moderator, draft)
    assert in_japanese(new_chapter).live
    assert Client().get("/ja/guide/a-new-chapter/").status_code == 200
    assert Client().get("/zh-hans/guide/a-new-chapter/").status_code == 404


def test_an_incomplete_translation_cannot_be_scheduled(new_chapter: GuidePage, moderator: Client) -> None:
    by.submit(moderator, new_chapter, "ja")
    draft = in_japanese(new_chapter)
    draft.go_live_at = timezone.now() + datetime.timedelta(days=1)
    revision = draft.save_revision()
    with pytest.raises(IncompleteTranslationError):
        revision.publish()
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None
    call_command("publish_scheduled")
    assert not in_japanese(new_chapter).live


def test_an_incomplete_translation_cannot_be_approved(new_chapter: GuidePage, moderator: Client) -> None:
    by.submit(moderator, new_chapter, "ja")
    draft = in_japanese(new_chapter)
    state = draft.get_workflow().start(draft, None)
    task = state.current_task_state
    said = told(moderator.post(reverse("wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", task.pk])))
    assert "2 sentences wait" in said[0]
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_IN_PROGRESS, "the review goes on"
    assert not in_japanese(new_chapter).live


def test_a_sentence_may_read_the_same_in_both_languages_when_a_translator_says_so(
    new_chapter: GuidePage, moderator: Client, committed: Any
) -> None:
    with committed():
        by.submit(moderator, new_chapter, "ja")
    translation = by.translation_into(new_chapter)
    for segment in translation.source.stringsegment_set.all():
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            data=segment.string.data,
        )
    with committed():
        press_publish(moderator, in_japanese(new_chapter))
    assert in_japanese(new_chapter).live


def test_a_tag_is_there_at_once_and_its_later_changes_wait_for_words(moderator: Client) -> None:
    tag = Tag.objects.create(name="Unboxing", slug="unboxing", locale=Locale.objects.get(language_code="en"))
    by.submit(moderator, tag, "ja")
    assert in_japanese(tag).name == "Unboxing", "a tag has no drafts"
    translate(tag)
    press_publish(moderator, in_japanese(tag))
    assert in_japanese(tag).name == "訳：Unboxing"
    by.save(tag, name="Opening parcels")
    sync(moderator, tag, publish=True)
    assert in_japanese(tag).name == "訳：Unboxing"


def test_what_was_translated_by_hand_is_not_held_back() -> None:
    page = page_at("/ja/guide/trends/")
    by.translation_into(page_at("/en/guide/trends/")).delete()
    page.summary = "English words, on purpose"
    page.save_revision().publish()
    assert page_at("/ja/guide/trends/").summary == "English words, on purpose"


# --- Empty fields -----------------------------------------------------------------------------------------------------


def emptied(name: str) -> Any:
    """A new object of the model with nothing in its optional fields."""
    example = source_of(name)
    obj = type(example)(locale=example.locale)
    kept = {"id", "pk", "page_ptr", "translation_key", "locale", "path", "depth", "numchild", "url_path", "slug"}
    for field in obj._meta.concrete_fields:
        if field.editable and field.name not in kept and not field.blank and not field.has_default():
            setattr(obj, field.name, getattr(example, field.name))
    obj.slug = "emptied"
    if isinstance(obj, Page):
        obj.live = False
        example.get_parent().add_child(instance=obj)
    else:
        obj.save()
    return type(obj).objects.get(pk=obj.pk)


@each_model
def test_empty_optional_fields_are_submitted_translated_and_published(
    name: str, moderator: Client, committed: Any
) -> None:
    obj = emptied(name)
    with committed():
        by.save(obj)
    answer = by.submit(moderator, obj, "ja")
    assert answer.status_code == 302
    assert moderator.get(edit_url(in_japanese(obj))).status_code == 200
    translate(obj)
    with committed():
        said = press_publish(moderator, in_japanese(obj))
    assert said[0].startswith("Published in"), said
    assert getattr(in_japanese(obj), "live", True)
