"""What was loaded from which file, and whether a translator has taken over since."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, TranslationSource

from contentfiles.documents import Document
from contentfiles.fingerprint import fingerprint, relations
from contentfiles.models import LoadedContent
from contentfiles.translations import TOOL_NAME


def record_of(document: Document) -> LoadedContent | None:
    """What the last load of this document left, or None before the first."""
    return LoadedContent.objects.filter(key=document.key, locale=document.locale).first()


def remember(document: Document, obj: models.Model, digest: str) -> None:
    """Keeps the state of an object as its document left it."""
    LoadedContent.objects.update_or_create(
        key=document.key,
        locale=document.locale,
        defaults={
            "content_type": ContentType.objects.get_for_model(obj),
            "object_id": str(obj.pk),
            "digest": digest,
            "fingerprint": fingerprint(obj),
            "relations": relations(obj),
        },
    )


def translation_digest(document: Document, source: Document) -> str:
    """A translation is due when its own file or its source's has changed."""
    return f"{source.digest[:32]}{document.digest[:32]}"


def work_in_progress(original: models.Model, locale: Locale) -> str:
    """Why a translation is a translator's now: edited segments, or taken out of the synchronisation."""
    source = TranslationSource.objects.get_for_instance_or_none(original)
    translation = source.translations.filter(target_locale=locale).first() if source else None
    if translation is None:
        return ""
    if not translation.enabled:
        return "edited on its own, no longer following its source"
    strings = source.stringsegment_set.values("string_id")
    contexts = source.stringsegment_set.values("context_id")
    edited = StringTranslation.objects.filter(translation_of__in=strings, context__in=contexts, locale=locale)
    return "being translated by an editor" if edited.exclude(tool_name=TOOL_NAME).exists() else ""
