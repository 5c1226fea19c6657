"""Keeps in mind which published translations are behind their source, so that a reader is told at no cost.

`Basis` holds what a published translation was made from. It is compared with the source whenever either is published.
"""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.contrib.frontend_cache.utils import purge_url_from_cache
from wagtail.models import Page, Site, TranslatableMixin
from wagtail_localize.models import Translation, TranslationSource

from translation.content import Content, known_content, published_content, translated_sentences
from translation.models import Basis


def with_outdated(versions: QuerySet[Any]) -> QuerySet[Any]:
    """The objects of a translatable model, each with `is_outdated`: its source has other sentences by now."""
    behind = Basis.objects.filter(
        translation_key=OuterRef("translation_key"), locale_id=OuterRef("locale_id"), words_differ=True
    )
    return versions.annotate(is_outdated=Exists(behind))


def is_source(instance: TranslatableMixin) -> bool:
    """Whether this is the version that translations are made from."""
    return bool(instance.locale.language_code == settings.LANGUAGE_CODE)


def published(instance: Any, revision: Any = None) -> None:
    """Compares what has just been published, or saved where there are no drafts, with its other side."""
    if getattr(instance, "alias_of_id", None):
        forget(instance)
    elif is_source(instance):
        compare_translations(instance)
    else:
        compare_with_source(instance, revision)


def forget(instance: Any) -> None:
    """For a version that is gone or shows its source: it has no basis. Without a source, no version has."""
    gone = Basis.objects.filter(translation_key=instance.translation_key)
    (gone if is_source(instance) else gone.filter(locale_id=instance.locale_id)).delete()


def compare_translations(source: Any) -> None:
    """Finds out which translations a newly published source leaves behind."""
    others = _versions(source).exclude(locale_id=source.locale_id)
    versions = list(others.filter(alias_of=None) if isinstance(source, Page) else others)
    if not versions:
        return
    origin = (
        TranslationSource.objects.filter(object_id=source.translation_key, locale_id=source.locale_id)
        .select_related("specific_content_type")
        .first()
    )
    known = known_content(origin) if origin else None
    now = published_content(source, known)
    translated = translated_sentences(source.translation_key)
    bases = {basis.locale_id: basis for basis in Basis.objects.filter(translation_key=source.translation_key)}
    follows = dict(origin.translations.values_list("target_locale_id", "enabled")) if origin else {}
    for version in versions:
        place = version.locale_id
        done = translated.get(place, set())
        basis = bases.get(place)
        if basis is None and known is not None and place in follows and getattr(version, "live", True):
            # Published before bases were kept: most likely it was made from what the translators' screen shows.
            is_complete = not follows[place] or not known.waiting(done)
            basis = _basis(version, known.words if is_complete else "", known.digest)
        if basis is not None:
            is_unknown = known is None or now.digest != known.digest
            _settle(basis, version, now, is_unknown, now.waiting(done) if follows.get(place) else 0)


def compare_with_source(version: Any, revision: Any) -> None:
    """Notes what a newly published translation rests on, and whether that is the source as published."""
    source = _versions(version).filter(locale__language_code=settings.LANGUAGE_CODE).first()
    if source is None:
        return
    source = source.specific if isinstance(source, Page) else source
    place, key = version.locale_id, version.translation_key
    following = Translation.objects.filter(source__object_id=key, target_locale_id=place, enabled=True)
    translation = following.select_related("source__specific_content_type").first()
    basis = Basis.objects.filter(translation_key=key, locale_id=place).first() or _basis(version)
    if translation is None:  # made by hand: whoever publishes it has seen the source
        now = published_content(source, None)
        basis.words, basis.content = now.words, now.digest
        _settle(basis, version, now)
        return
    origin = translation.source
    if revision is not None and revision.created_at < origin.last_updated_at:
        return  # an older state, published later
    known = known_content(origin)
    waiting = known.waiting(translated_sentences(key).get(place, set()))
    basis.words, basis.content = "" if waiting else known.words, known.digest
    published_at = getattr(source, "last_published_at", None)
    now = known if published_at and published_at <= origin.last_updated_at else published_content(source, known)
    _settle(basis, version, now, waiting=waiting)


def _versions(instance: Any) -> QuerySet[Any]:
    model: Any = Page if isinstance(instance, Page) else type(instance)
    found: QuerySet[Any] = model._base_manager.filter(translation_key=instance.translation_key).select_related("locale")
    return found


def _basis(version: Any, words: str = "", content: str = "") -> Basis:
    return Basis(translation_key=version.translation_key, locale_id=version.locale_id, words=words, content=content)


def _settle(basis: Basis, version: Any, now: Content, is_unknown: bool = False, waiting: int = 0) -> None:
    """Saves how the basis compares with the published source, and tells a cache where readers see a difference.

    Args:
        is_unknown: whether the published source has something that the translators' screen does not know yet.
        waiting: how many of its sentences have no translation.
    """
    was_behind = basis.words_differ
    basis.words_differ, basis.content_differs = basis.words != now.words, basis.content != now.digest
    if is_unknown:
        basis.changed_at = timezone.now()
    basis.waiting = waiting
    basis.save()
    if basis.words_differ != was_behind:
        _purge(version)


def _purge(version: models.Model) -> None:
    """Takes the page where readers see this version from a front-end cache, once the change is committed."""
    address = str(getattr(version, "url", None) or "").partition("#")[0]
    if address.startswith("/"):
        site = Site.objects.filter(is_default_site=True).first()
        address = f"{site.root_url}{address}" if site else ""
    if address:
        transaction.on_commit(lambda: purge_url_from_cache(address))
