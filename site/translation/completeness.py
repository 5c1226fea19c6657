"""No reader meets a sentence in the source language: what is not fully translated does not go live.

The content itself is judged, not the way it came: a button, a schedule, an approval, an older version. A sentence waits
when it stands there as in the source and no translator has said that it should.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import ngettext
from wagtail.models import DraftStateMixin, Page, Revision, TranslatableMixin
from wagtail_localize.models import String, StringTranslation, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

SHOWN = 3
LETTER = re.compile(r"[^\W\d_]")
ENTITY = re.compile(r"&#?\w+;")


@dataclass(frozen=True)
class Sentence:
    """A sentence of an object: the path of its field or block, and its text as wagtail-localize keeps it."""

    path: str
    text: str

    @property
    def has_words(self) -> bool:
        """Whether there is anything to translate; 20:00 and 40–60% are the same in every language."""
        return bool(LETTER.search(ENTITY.sub("", strip_tags(self.text))))


class IncompleteTranslationError(ValidationError):
    """Sentences of a translation wait. `text` says it to an editor: the language, how many, and where."""

    def __init__(self, translation: Translation, waiting: list[Sentence]) -> None:
        self.text = _message(translation, waiting)
        super().__init__({NON_FIELD_ERRORS: [self.text]})


def translation_of(obj: Any) -> Translation | None:
    """The translation that an object is kept by; None for a source, an alias, and where synchronisation was stopped."""
    if getattr(obj, "alias_of_id", None):
        return None
    found = Translation.objects.filter(
        source__object_id=obj.translation_key, target_locale_id=obj.locale_id, enabled=True
    )
    return found.select_related("source__specific_content_type", "target_locale").first()


def sentences_of(obj: models.Model) -> list[Sentence]:
    """The sentences of an object, in its order. Its address is none."""
    return [
        Sentence(value.path, value.string.data)
        for value in extract_segments(obj)
        if isinstance(value, StringSegmentValue) and value.path != "slug"
    ]


def waiting(translation: Translation) -> list[Sentence]:
    """The sentences of the source that have no translation yet, or a wrong one, in the order of the page."""
    segments = translation.source.stringsegment_set.select_related("string", "context").order_by("order")
    found = segments.annotate_translation(translation.target_locale).filter(translation__isnull=True)
    sentences = (Sentence(segment.context.path, segment.string.data) for segment in found)
    return [sentence for sentence in sentences if sentence.has_words and sentence.path != "slug"]


def require_complete(translation: Translation) -> None:
    """IncompleteTranslationError where sentences wait."""
    found = waiting(translation)
    if found:
        raise IncompleteTranslationError(translation, found)


def untranslated_in(obj: models.Model, translation: Translation) -> list[Sentence]:
    """The sentences of an object that stand there in the source language without a translator's word."""
    sentences = [sentence for sentence in sentences_of(obj) if sentence.has_words]
    hashes = {String._get_data_hash(sentence.text) for sentence in sentences}
    known = String.objects.filter(locale_id=translation.source.locale_id, data_hash__in=hashes)
    in_source = set(known.values_list("data", flat=True))
    suspects = [sentence for sentence in sentences if sentence.text in in_source]
    if not suspects:
        return []
    said = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale_id=translation.target_locale_id, has_error=False
    ).values_list("context__path", "data")
    meant = {Sentence(path, text) for path, text in said}
    return [sentence for sentence in suspects if sentence not in meant]


def refuse_incomplete(
    instance: Any, raw: bool = False, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Before anything is saved: IncompleteTranslationError where readers would see sentences of the source.

    What has no drafts (a tag, a market) is there from its first moment, in the words of the source; only later changes
    are held back.
    """
    if raw or not isinstance(instance, TranslatableMixin) or not isinstance(instance, models.Model):
        return
    if update_fields is not None and "live" not in update_fields:
        return
    shown = instance.live if isinstance(instance, DraftStateMixin) else not instance._state.adding
    if shown:
        _refuse(instance)


def refuse_to_schedule(instance: Revision, raw: bool = False, **kwargs: Any) -> None:
    """Before a version is scheduled: as above, since nobody is there to read a message when its time comes."""
    if not raw and instance.approved_go_live_at:
        obj = instance.as_object()
        if isinstance(obj, TranslatableMixin):
            _refuse(obj)


def _refuse(obj: Any) -> None:
    translation = translation_of(obj)
    found = untranslated_in(obj.specific if type(obj) is Page else obj, translation) if translation else []
    if translation and found:
        raise IncompleteTranslationError(translation, found)


def _message(translation: Translation, found: list[Sentence]) -> str:
    model = translation.source.specific_content_type.model_class()
    shown = [f"{_field_name(model, one.path)}: “{Truncator(strip_tags(one.text)).chars(50)}”" for one in found[:SHOWN]]
    message = ngettext(
        "%(language)s: nothing was published, since %(number)s sentence waits for its translation. %(places)s",
        "%(language)s: nothing was published, since %(number)s sentences wait for their translation. %(places)s",
        len(found),
    )
    places = " · ".join(shown) + (" …" if len(found) > SHOWN else "")
    return message % {
        "language": translation.target_locale.get_display_name(),
        "number": len(found),
        "places": places,
    }


def _field_name(model: Any, path: str) -> str:
    try:
        return str(capfirst(model._meta.get_field(path.partition(".")[0]).verbose_name))
    except (AttributeError, FieldDoesNotExist):
        return path
