"""Where a record is used: live texts by Wagtail's reference index, drafts by reading them, the score by asking it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import ProtectedError
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import DraftStateMixin, Locale, Page, ReferenceIndex

from evidence.codes import Code, codes_in
from evidence.signals import looking_for_uses

USED_AT_MOST = 5000


@dataclass(frozen=True)
class Use:
    """One thing that cites a record.

    Attributes:
        title: its name in its own language.
        language: the code of that language, "" where it has none.
        url: where readers find it, "" where they do not.
        edit_url: where an editor finds it.
        is_draft: whether the citation stands in a draft only.
    """

    title: str
    language: str = ""
    url: str = ""
    edit_url: str = ""
    is_draft: bool = False


def objects_citing(*codes: Code) -> list[Any]:
    """The live and unpublished objects whose saved content cites one of the records, each once. No drafts."""
    found = dict.fromkeys(thing for _code, thing in _citing(codes))
    return [thing.specific if isinstance(thing, Page) else thing for thing in found]


def _citing(codes: Iterable[Code]) -> Iterator[tuple[Code, Any]]:
    from evidence.models import records_named

    named = {(type(record), str(record.pk)): code for code, record in records_named(codes).items()}
    if not named:
        return
    kinds = ContentType.objects.get_for_models(*{model for model, _pk in named})
    rows: list[tuple[Code, int, str]] = []
    for model, kind in kinds.items():
        keys = [pk for one, pk in named if one is model]
        found = ReferenceIndex.objects.filter(to_content_type=kind, to_object_id__in=keys).values_list(
            "to_object_id", "base_content_type", "object_id"
        )
        rows += [(named[model, to], base, pk) for to, base, pk in found.distinct()[:USED_AT_MOST]]
    for base in {base for _code, base, _pk in rows}:
        objects = _objects(ContentType.objects.get_for_id(base), {pk for _code, one, pk in rows if one == base})
        for code, one, pk in rows:
            if one == base and pk in objects:
                yield code, objects[pk]


def _objects(kind: ContentType, keys: set[str]) -> dict[str, Any]:
    model = kind.model_class()
    if model is None:
        return {}
    query: Any = model._default_manager.filter(pk__in=keys)
    if hasattr(model, "locale"):
        query = query.select_related("locale")
    return {str(found.pk): found for found in query}


def live_uses(codes: Iterable[Code]) -> dict[Code, list[Use]]:
    """For readers: the published pages of the active language that cite each record, in the order of their titles.

    A handful of queries, however many records.
    """
    codes = list(codes)
    found: dict[Code, dict[str, Use]] = {code: {} for code in codes}
    for code, thing in _citing(codes):
        use = use_of(thing)
        if getattr(thing, "live", True) and use.url and use.language in ("", get_language()):
            found[code].setdefault(use.url, use)
    for code, use in _answers(codes):
        if use.url and not use.is_draft and use.language in ("", get_language()):
            found[code].setdefault(use.url, use)
    return {code: sorted(uses.values(), key=lambda use: use.title) for code, uses in found.items()}


def all_uses(code: Code) -> list[Use]:
    """For editors: everything that cites a record, in every language, drafts as well."""
    live = {_key(found): use_of(found) for found in objects_citing(code)}
    drafts = {_key(found): use_of(found, is_draft=True) for found in _drafts_citing(code)}
    found = [*(drafts | live).values(), *(use for _code, use in _answers([code]))]
    return sorted(dict.fromkeys(found), key=lambda use: (use.language, use.title))


def _answers(codes: list[Code]) -> Iterator[tuple[Code, Use]]:
    answers: list[tuple[Any, Any]] = looking_for_uses.send(sender=Code, codes=codes)
    for _receiver, found in answers:
        yield from found


def _drafts_citing(code: Code) -> Iterator[Any]:
    """The objects whose newest revision cites a record, where that is not what is published."""
    for model in apps.get_models():
        if not issubclass(model, DraftStateMixin) or (issubclass(model, Page) and model is not Page):
            continue
        waiting: Any = model._default_manager.filter(has_unpublished_changes=True).exclude(latest_revision=None)
        for found in waiting.select_related("latest_revision"):
            if code.record in {one.record for one in codes_in(json.dumps(found.latest_revision.content))}:
                yield found.specific if isinstance(found, Page) else found


def _key(thing: Any) -> tuple[str, Any]:
    return (thing._meta.concrete_model._meta.label, thing.pk)


def use_of(thing: Any, is_draft: bool = False) -> Use:
    """The use of a record in an object of any model."""
    locale: Locale | None = getattr(thing, "locale", None)
    name = str(thing) if isinstance(thing, Page) else f"{capfirst(str(thing._meta.verbose_name))}: {thing}"
    return Use(
        title=name,
        language=locale.language_code if locale else "",
        url=str(getattr(thing, "url", "") or ""),
        edit_url=AdminURLFinder().get_edit_url(thing) or "",
        is_draft=is_draft,
    )


def protect(record: Any) -> None:
    """Refuses to take a record away while something cites it.

    A translation may go: its wording is then that of the source language.

    Raises:
        ProtectedError: with the names of all uses, and the objects whose saved content cites it.
    """
    if not record.is_source:
        return
    uses = all_uses(record.code)
    if uses:
        names = ", ".join(use.title for use in uses)
        message = _("This cannot go while it is cited: %(names)s.") % {"names": names}
        raise ProtectedError(message, set(objects_citing(record.code)))
