"""What editors changed by hand is kept when a translation follows its source again.

While synchronisation is stopped, a translation is edited like any page, and wagtail-localize does not learn of it: the
next time it publishes, the old sentences return. So before it takes over, the changed sentences become translations.
"""

import json
from collections import defaultdict
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from contentfiles.translations import with_links_of

SHOWN = 3


class StructureDiffersError(ValidationError):
    """A translation holds sentences that its source has no place for. `text` says so to an editor."""

    def __init__(self, translation: Translation, homeless: list[str]) -> None:
        shown = " · ".join(f"“{Truncator(strip_tags(text)).chars(50)}”" for text in homeless[:SHOWN])
        self.text = _(
            "%(language)s: nothing has changed, since the source has no place for %(texts)s. "
            "Give the translation as many paragraphs and blocks as the source has, then try again."
        ) % {"language": translation.target_locale.get_display_name(), "texts": shown}
        super().__init__({NON_FIELD_ERRORS: [self.text]})


def before_enabling(instance: Translation, raw: bool = False, **kwargs: Any) -> None:
    """Before a translation is saved: harvests where it starts to follow its source again."""
    if raw or not instance.enabled or instance._state.adding:
        return
    if Translation.objects.filter(pk=instance.pk, enabled=False).exists():
        harvest(instance)


def after_creating(instance: Translation, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    """After a translation was submitted: harvests what had been written by hand before."""
    if created and not raw and instance.enabled:
        harvest(instance)


def harvest(translation: Translation, user: Any = None) -> int:
    """Makes translations of the sentences that an editor changed by hand, and returns how many.

    A sentence whose source has changed as well is kept, but marked: a translator has to look at it.

    Raises:
        StructureDiffersError: a sentence would be lost; nothing has changed then.
    """
    obj = newest_version(translation)
    if obj is None:
        return 0
    theirs: dict[str, list[StringSegmentValue]] = defaultdict(list)
    for value in extract_segments(obj):
        if isinstance(value, StringSegmentValue) and value.path != "slug":
            theirs[value.path].append(value)
    ours: dict[str, list[StringSegment]] = defaultdict(list)
    for segment in translation.source.stringsegment_set.select_related("string", "context").order_by("order"):
        ours[segment.context.path].append(segment)
    known: dict[str, dict[int, str]] = defaultdict(dict)
    recorded = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale
    )
    for path, string, text in recorded.values_list("context__path", "translation_of_id", "data"):
        known[path][string] = text
    homeless: list[str] = []
    found: list[tuple[StringSegment, str, str]] = []
    for path, values in theirs.items():
        _pair(ours[path], values, known[path], found, homeless)
    if homeless:
        raise StructureDiffersError(translation, homeless)
    for segment, text, error in found:
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={
                "data": text,
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "tool_name": "",
                "last_translated_by": user,
                "has_error": bool(error),
                "field_error": error,
            },
        )
    return len(found)


def newest_version(translation: Translation) -> Any:
    """The translated object as its editor left it, drafts included; None where there is none of its own."""
    try:
        obj: Any = translation.get_target_instance()
    except ObjectDoesNotExist:
        return None
    if getattr(obj, "alias_of_id", None):
        return None
    if isinstance(obj, DraftStateMixin) and obj.latest_revision_id:
        return obj.get_latest_revision_as_object()
    return obj


def fields_to_follow(translation: Translation) -> list[str]:
    """The names of the fields that differ from what the next publication would bring, apart from waiting sentences."""
    obj = newest_version(translation)
    if obj is None:
        return []
    coming = translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
    names = []
    for translatable in get_translatable_fields(type(obj)):
        field = translatable.get_field(type(obj))
        if not isinstance(field, models.Field) or field.name == "slug" or not translatable.is_synchronized(obj):
            continue
        now, then = (field.get_prep_value(getattr(version, field.attname)) for version in (obj, coming))
        if now != then:
            names.append(str(capfirst(field.verbose_name)))
    return names


def _pair(
    segments: list[StringSegment],
    values: list[StringSegmentValue],
    known: dict[int, str],
    found: list[tuple[StringSegment, str, str]],
    homeless: list[str],
) -> None:
    """Pairs the sentences of one field or block with those of the source; adds to `found` and `homeless`."""
    texts = [value.string.data for value in values]
    kept = set(known.values())
    for place, value in enumerate(values):
        segment = segments[place] if place < len(segments) and len(segments) == len(values) else None
        text, error = _text_for(segment, value)
        if text in kept or value.string.data in kept:
            continue
        if segment is None or (segment.string_id in known and known[segment.string_id] in texts):
            homeless.append(text)
        elif text != segment.string.data:
            if known and segment.string_id not in known:
                error = error or _("Changed by hand before the source changed: check it.")
            found.append((segment, text, error))


def _text_for(segment: StringSegment | None, value: StringSegmentValue) -> tuple[str, str]:
    """The sentence with its links numbered as in the source, and what is wrong with them."""
    if segment is None:
        return value.string.data, ""
    ours = StringSegmentValue(value.path, segment.string.as_value(), attrs=json.loads(segment.attrs))
    try:
        return with_links_of(ours, value), ""
    except LookupError:
        return value.string.data, _("The links differ from those of the source.")
