"""What happens when evidence changes: processes learn it, the history grows, what cites it is brought up to date."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import Signal
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.contrib.frontend_cache.utils import purge_url_from_cache
from wagtail.models import Site
from wagtail.signals import published, unpublished

from evidence.codes import Code, codes_in
from evidence.records import begin_request, end_request

changed_records: ContextVar[frozenset[Code]] = ContextVar("changed_records", default=frozenset())

looking_for_uses = Signal()
"""Sent with `codes` of records: receivers return pairs of a code and an `evidence.use.Use` for what they cite it in."""


def connect() -> None:
    """Called once, when the app is ready."""
    from evidence import models

    recorded = (models.Source, models.Figure, models.FigureSource, models.Rule, models.RuleSource)
    for model in recorded:
        post_save.connect(renew_stamp, sender=model)
        post_delete.connect(renew_stamp, sender=model)
    for model in (models.Figure, models.Rule):
        pre_delete.connect(refuse_while_cited, sender=model)
        published.connect(keep_history, sender=model)
        published.connect(refresh_what_cites, sender=model)
        unpublished.connect(refresh_what_cites, sender=model)
        post_delete.connect(refresh_what_cites, sender=model)
        post_delete.connect(take_translations_along, sender=model)
    post_save.connect(refresh_what_names, sender=models.Source)
    request_started.connect(begin_request)
    request_finished.connect(end_request)
    post_save.connect(check_citations, sender="wagtail_localize.StringTranslation")
    post_save.connect(renew_stamp_of_wording, sender="translation.Basis")


def renew_stamp(**kwargs: Any) -> None:
    """Lets every process read the records anew. A random value, so that a change rolled back is never met again."""
    from evidence.models import Stamp

    if kwargs.get("raw"):
        return
    end_request()
    Stamp.objects.update_or_create(pk=1, defaults={"value": uuid.uuid4().hex})


def renew_stamp_of_wording(instance: Any, **kwargs: Any) -> None:
    """Likewise when the wording of a record turns out to be behind its source, or no longer is."""
    from evidence.models import Figure, Rule

    if any(model.objects.filter(translation_key=instance.translation_key).exists() for model in (Figure, Rule)):
        renew_stamp(**kwargs)


def refuse_while_cited(instance: Any, **kwargs: Any) -> None:
    """ProtectedError when the record is cited anywhere."""
    from evidence.use import protect

    protect(instance)


def check_citations(instance: Any, **kwargs: Any) -> None:
    """Marks a translated sentence as wrong where it has lost or gained a citation, so that its translator is told."""
    if kwargs.get("raw") or instance.has_error:
        return
    source, target = (Counter(map(str, codes_in(text))) for text in (instance.translation_of.data, instance.data))
    if source != target:
        names = ", ".join(dict.fromkeys([*(source - target), *(target - source)]))
        message = _("The citations differ from those of the source: %(names)s.") % {"names": names}
        type(instance).objects.filter(pk=instance.pk).update(has_error=True, field_error=message)


def keep_history(instance: Any, **kwargs: Any) -> None:
    """Adds to the history of a figure what readers see from now on, where that is new."""
    from evidence.models import Figure, PublishedValue

    if not isinstance(instance, Figure) or not instance.is_source:
        return
    now = {name: getattr(instance, name) for name in PublishedValue.said}
    last = instance.published_values.first()
    if last is None or any(getattr(last, name) != value for name, value in now.items()):
        PublishedValue.objects.create(figure=instance, **now)


def refresh_what_cites(instance: Any, **kwargs: Any) -> None:
    """Indexes what cites the record for search again, in every language, and takes its pages from a front-end cache."""
    changed = changed_records.get() | {Code(instance.content_name, instance.slug)}
    changed_records.set(changed)
    transaction.on_commit(refresh_changed)


def refresh_changed() -> None:
    """Refreshes all that changed since the last time: once, however many records one transaction changes."""
    changed = changed_records.get()
    changed_records.set(frozenset())
    if changed:
        refresh(changed)


def refresh_what_names(instance: Any, **kwargs: Any) -> None:
    """Takes the pages that print a source from a front-end cache."""
    from evidence.use import records_naming

    if not kwargs.get("raw") and settings.WAGTAILFRONTENDCACHE:
        transaction.on_commit(lambda: purge({one.code for one in records_naming(instance)}))


def take_translations_along(instance: Any, **kwargs: Any) -> None:
    """Deletes the other languages of a record that is gone: they have no numbers of their own."""
    if instance.is_source:
        type(instance).objects.filter(translation_key=instance.translation_key).delete()


def refresh(codes: Collection[Code]) -> None:
    """Brings search and caches up to date with changed records. Outside of a transaction."""
    from wagtail.search.index import insert_or_update_object

    from evidence.use import objects_citing

    for found in objects_citing(*codes):
        insert_or_update_object(found)
    if settings.WAGTAILFRONTENDCACHE:
        purge(codes)


def purge(codes: Collection[Code]) -> None:
    """Takes from a front-end cache what shows the records."""
    for address in sorted(addresses_showing(codes)):
        purge_url_from_cache(address)


def addresses_showing(codes: Collection[Code]) -> set[str]:
    """The full addresses, in every language, of all that shows the records: what cites them, their pages, the lists.

    Lists that a reader has narrowed by status, topic or market are left to their time in the cache, but for the rules
    of one market.
    """
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return set()
    paths: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            paths.update(_paths_showing(codes))
    return {f"{site.root_url}{path}" for path in paths}


def _paths_showing(codes: Collection[Code]) -> Iterator[str]:
    """The same in the active language, without the host."""
    from evidence.listing import PAGE_SIZE, markets_of
    from evidence.records import records
    from evidence.use import live_uses

    known = records()
    yield from (use.url.partition("#")[0] for uses in live_uses(codes).values() for use in uses)
    yield from (reverse(f"evidence-{code.kind}", args=[code.key]) for code in codes)
    yield reverse("wagtail_serve", args=[""])  # announces the rules that change next
    figures = reverse("wagtail_serve", args=["evidence/"])
    yield figures
    yield from (f"{figures}?page={number}" for number in range(1, len(known.figures) // PAGE_SIZE + 2))
    yield from (reverse("evidence-download", args=[extension]) for extension in ("csv", "json"))
    rules = reverse("evidence-rules")
    yield rules
    yield reverse("evidence-calendar")
    for market, _label in markets_of(list(known.rules.values())):  # a rule prints figures, also in its calendar
        yield f"{rules}?market={market}"
        yield reverse("evidence-calendar", args=[market])
