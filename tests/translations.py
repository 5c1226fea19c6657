"""One object of every translatable model, and a translator's hands."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from translation.publishing import edit_url

MODELS = [
    "casestudies.CaseIndexPage",
    "casestudies.CaseStudyPage",
    "evidence.EvidencePage",
    "evidence.Figure",
    "evidence.Rule",
    "evidence.Source",
    "guides.FAQPage",
    "guides.GuideIndexPage",
    "guides.GuidePage",
    "guides.Question",
    "pages.HomePage",
    "pages.Tag",
    "suitability.CategoryIndexPage",
    "suitability.Market",
    "suitability.ProductCategory",
    "suitability.Rubric",
    "suitability.SuitabilityPage",
]
WITH_DRAFTS = [name for name in MODELS if name.rpartition(".")[2] not in {"Source", "Tag", "Market", "Rubric"}]
WORDS = {  # a text field of each model that its translations have words of their own for
    "evidence.Figure": "statement",
    "evidence.Rule": "title",
    "evidence.Source": "title",
    "guides.Question": "question",
    "pages.Tag": "name",
    "suitability.Market": "name",
    "suitability.Rubric": "name",
}

each_model = pytest.mark.parametrize("name", MODELS)
each_model_with_drafts = pytest.mark.parametrize("name", WITH_DRAFTS)


def words_of(name: str) -> str:
    """A field whose text is translated."""
    return WORDS.get(name, "title")


def source_of(name: str) -> Any:
    """An object of the model in the source language, with translations."""
    return apps.get_model(name).objects.filter(locale__language_code="en").order_by("pk").first()


def in_japanese(obj: Any) -> Any:
    """The Japanese version, as the database has it now."""
    return type(obj).objects.get(translation_key=obj.translation_key, locale__language_code="ja")


def translation_into(obj: Any, language: str = "ja") -> Translation:
    """What wagtail-localize keeps about a translation."""
    source = TranslationSource.objects.get_for_instance(obj)
    return source.translations.get(target_locale__language_code=language)


def save(obj: Any, **values: Any) -> None:
    """Changes the source and publishes it, as its editor does."""
    for name, value in values.items():
        setattr(obj, name, value)
    if hasattr(obj, "live"):
        obj.save_revision().publish()
    else:
        obj.save()
    obj.refresh_from_db()


def translate(obj: Any, language: str = "ja", only: int | None = None) -> int:
    """Translates what waits, or the first sentences of it, and returns how many."""
    translation = translation_into(obj, language)
    segments = translation.source.stringsegment_set.select_related("string", "context").order_by("order")
    waiting = list(segments.annotate_translation(translation.target_locale).filter(translation__isnull=True))[:only]
    for segment in waiting:
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": f"訳：{segment.string.data}", "translation_type": "manual", "has_error": False},
        )
    return len(waiting)


def press_publish(client: Any, obj: Any) -> list[str]:
    """The button of the translation's editor; returns the messages."""
    return told(client.post(edit_url(obj), {"action": "publish"}))


def sync(client: Any, obj: Any, publish: bool = False) -> list[str]:
    """The screen “Sync translated pages” of a source; returns the messages."""
    source = TranslationSource.objects.get_for_instance(obj)
    data = {"publish_translations": "on"} if publish else {}
    return told(client.post(reverse("wagtail_localize:update_translations", args=[source.pk]), data))


def submit(client: Any, obj: Any, *languages: str, subtree: bool = False) -> HttpResponse:
    """The screen “Translate this page” of a source."""
    meta = obj._meta
    if hasattr(obj, "url_path"):
        address = reverse("wagtail_localize:submit_page_translation", args=[obj.pk])
    else:
        names = [meta.app_label, meta.model_name, obj.pk]
        address = reverse("wagtail_localize:submit_snippet_translation", args=names)
    locales = Locale.objects.filter(language_code__in=languages)
    data: dict[str, Any] = {"locales": [locale.pk for locale in locales]}
    if subtree:
        data["include_subtree"] = "on"
    answer: HttpResponse = client.post(address, data)
    return answer


def told(response: Any) -> list[str]:
    """The messages that an answer has added for the next screen."""
    added = get_messages(response.wsgi_request)._queued_messages  # without those of earlier answers, not shown yet
    return [str(message).strip() for message in added]
