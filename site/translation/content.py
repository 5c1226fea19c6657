"""What translations take over from a source: its sentences, and everything else that follows it.

A model names in `read_from_source` the fields that readers of every language get from the source: those never wait.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

Sentence = tuple[str, str]  # where it stands in the object, and its text

# They change by publishing alone.
CLOCK = {"first_published_at", "go_live_at", "expire_at"}


@dataclass(frozen=True)
class Content:
    """The state of one source: its sentences, and a digest of all that a translation takes over."""

    sentences: tuple[Sentence, ...]
    digest: str

    @property
    def words(self) -> str:
        """A digest of the sentences, whatever their order."""
        return _digest(sorted(self.sentences))

    def waiting(self, translated: set[Sentence]) -> int:
        """How many of the sentences are not among those that have a translation."""
        return sum(sentence not in translated for sentence in self.sentences)


def known_content(source: TranslationSource) -> Content:
    """The content that the translators' screen shows."""
    rows = StringSegment.objects.filter(source=source).values_list("context__path", "string__data")
    return Content(tuple(rows), _content_digest(source.specific_content_type.model_class(), source.content_json))


def published_content(instance: Any, known: Content | None) -> Content:
    """The content of a source as it is published.

    Args:
        instance: the source; what counts is its row in the database.
        known: what the translators' screen shows. Where that is the same, nothing is cut into sentences.
    """
    saved = type(instance)._base_manager.get(pk=instance.pk)
    if isinstance(saved, ClusterableModel):
        data = saved.to_json()
    else:
        data = json.dumps(get_serializable_data_for_fields(saved), cls=DjangoJSONEncoder)
    digest = _content_digest(type(saved), data)
    if known is not None and known.digest == digest:
        return known
    strings = (segment for segment in extract_segments(saved) if isinstance(segment, StringSegmentValue))
    return Content(tuple((segment.path, segment.string.data) for segment in strings), digest)


def translated_sentences(key: Any) -> dict[int, set[Sentence]]:
    """The sentences of one object that have a translation without an error, by the id of its language."""
    rows = StringTranslation.objects.filter(context__object_id=key, has_error=False)
    found: dict[int, set[Sentence]] = {}
    for locale, path, text in rows.values_list("locale_id", "context__path", "translation_of__data"):
        found.setdefault(locale, set()).add((path, text))
    return found


def _content_digest(model: type[models.Model] | None, data: str) -> str:
    names = {field.field_name for field in get_translatable_fields(model)} - CLOCK
    names.difference_update(getattr(model, "read_from_source", ()))
    return _digest({name: _plain(value) for name, value in json.loads(data).items() if name in names})


def _plain(value: Any) -> Any:
    """A stored value without what changes by saving alone: the spelling of JSON, the primary keys of children."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    if isinstance(value, list):
        return [{key: part for key, part in row.items() if key != "pk"} for row in value if isinstance(row, dict)]
    return value


def _digest(data: Iterable[Any]) -> str:
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
