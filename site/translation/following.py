"""Numbers, levels, dates and links follow the source on their own.

When a source is published, its translations learn which sentences are new; only those ask for work. Where none does,
and the published words stay as they are, the translation is published too. Words that nobody has published yet are left
to people.
"""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.models import DraftStateMixin, TranslatableMixin, WorkflowMixin
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from translation.completeness import Sentence, sentences_of, waiting
from translation.publishing import publish

logger = logging.getLogger(__name__)

TOOL_NAME = "numbers"  # what wagtail-localize names as the translator of 20:00 or 40–60%


def when_published(instance: Any, revision: Any = None, **kwargs: Any) -> None:
    """Receives the signal that something has been published."""
    _later(instance, getattr(revision, "user", None))


def when_saved(
    instance: Any, created: bool = False, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """The same for what has no drafts: its change is there as soon as it is saved."""
    if raw or created or update_fields is not None:
        return
    if isinstance(instance, TranslatableMixin) and not isinstance(instance, DraftStateMixin):
        _later(instance, None)


def when_submitted(instance: Translation, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    """Receives a new translation: what has no words is done."""
    if created and not raw:
        fill_wordless(instance)


def follow(source: TranslationSource, user: Any = None) -> list[Translation]:
    """Brings the synchronised translations of a source up to date, and returns those that it published."""
    before = source.last_updated_at
    source, _created = TranslationSource.update_or_create_from_instance(source.get_source_instance())
    if source.last_updated_at == before:
        return []
    published = []
    for translation in source.translations.filter(enabled=True).select_related("target_locale"):
        fill_wordless(translation)
        if not waiting(translation) and _is_in_use(translation) and not _new_words(translation):
            try:
                publish(translation, user)
            except ValidationError as error:
                logger.warning("%s does not follow its source: %s", translation, error)
            else:
                published.append(translation)
    return published


def fill_wordless(translation: Translation) -> None:
    """Takes over what is the same in every language, where no translator has said otherwise."""
    segments = translation.source.stringsegment_set.select_related("string", "context")
    for segment in segments.annotate_translation(translation.target_locale, include_errors=True):
        if segment.translation is None and not Sentence(segment.context.path, segment.string.data).has_words:
            StringTranslation.objects.get_or_create(
                translation_of=segment.string,
                locale=translation.target_locale,
                context=segment.context,
                defaults={
                    "data": segment.string.data,
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                    "tool_name": TOOL_NAME,
                },
            )


def _later(instance: models.Model, user: Any) -> None:
    """Follows once all that is being saved with the source has been saved."""
    if not isinstance(instance, TranslatableMixin) or getattr(instance, "alias_of_id", None):
        return

    def follow_if_translated() -> None:
        source = TranslationSource.objects.get_for_instance_or_none(instance)
        if source is not None and source.translations.filter(enabled=True).exists():
            follow(source, user)

    # A failure must not take the page that was just published down with it: it is logged.
    transaction.on_commit(follow_if_translated, robust=True)


def _is_in_use(translation: Translation) -> bool:
    """Whether readers see the translation, and no moderator is asked to look at it."""
    obj = translation.get_target_instance()
    if isinstance(obj, WorkflowMixin) and obj.workflow_in_progress:
        return False
    return obj.live if isinstance(obj, DraftStateMixin) else True


def _new_words(translation: Translation) -> set[Sentence]:
    """The sentences that readers do not see yet."""
    coming = translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
    shown = set(sentences_of(translation.get_target_instance()))
    return {sentence for sentence in sentences_of(coming) if sentence.has_words and sentence not in shown}
