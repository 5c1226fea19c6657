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
from wagtail.models import DraftStateMixin, Locale, Page, ReferenceIndex, Revision

from evidence.codes import Code, codes_in
from evidence.signals import looking_for_uses


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
    return list(dict.fromkeys(thing for _code, thing in _citing(codes, specific=True)))


def _citing(codes: Iterable[Code], specific: bool = False) -> Iterator[tuple[Code, Any]]:
    """Each record with each object that cites it; pages as plain pages unless `specific`."""
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
        rows += [(named[model, to], base, pk) for to, base, pk in found.distinct()]
    for base in {base for _code, base, _pk in rows}:
        keys_of_base = {pk for _code, one, pk in rows if one == base}
        objects = _objects(ContentType.objects.get_for_id(base), keys_of_base, specific)
        for code, one, pk in rows:
            if one == base and pk in objects:
                yield code, objects[pk]


def _objects(kind: ContentType, keys: set[str], specific: bool) -> dict[str, Any]:
    model = kind.model_class()
    if model is None:
        return {}
    query: Any = model._default_manager.filter(pk__in=keys)
    if hasattr(model, "locale"):
        query = query.select_related("locale")
    locales = {found.pk: found.locale for found in query} if specific and issubclass(model, Page) else {}
    if locales:
        query = query.specific()
    objects = {str(found.pk): found for found in query}
    for found in objects.values():
        if locales:
            found.locale = locales[found.pk]  # looked up with the plain pages
    return objects


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
    return all_uses_of([code])[code]


def all_uses_of(codes: Iterable[Code]) -> dict[Code, list[Use]]:
    """The same for many records at once, with no more queries than for one."""
    codes = list(codes)
    known: dict[tuple[str, Any, bool], Use] = {}
    found: dict[Code, dict[tuple[str, Any], Use]] = {code: {} for code in codes}
    cited = [(code, thing, False) for code, thing in _citing(codes)]
    for code, thing, is_draft in [*cited, *((code, thing, True) for code, thing in _drafts_citing(codes))]:
        key = _key(thing)
        use = known.setdefault((*key, is_draft), use_of(thing, is_draft))
        found[code].setdefault(key, use)
    answers: dict[Code, list[Use]] = {code: [] for code in codes}
    for code, use in _answers(codes):
        answers[code].append(use)
    return {
        code: sorted(dict.fromkeys([*uses.values(), *answers[code]]), key=lambda use: (use.language, use.title))
        for code, uses in found.items()
    }


def _answers(codes: list[Code]) -> Iterator[tuple[Code, Use]]:
    answers: list[tuple[Any, Any]] = looking_for_uses.send(sender=Code, codes=codes)
    for _receiver, found in answers:
        yield from found


def _drafts_citing(codes: Iterable[Code]) -> Iterator[tuple[Code, Any]]:
    """Each record with each object whose draft cites it: its newest revision, or one that is to go live later."""
    wanted = {code.record: code for code in codes}
    for model in apps.get_models():
        if not issubclass(model, DraftStateMixin) or (issubclass(model, Page) and model is not Page):
            continue
        waiting: Any = model._default_manager.filter(has_unpublished_changes=True).exclude(latest_revision=None)
        if hasattr(model, "locale"):
            waiting = waiting.select_related("locale")
        for found in waiting.select_related("latest_revision"):
            yield from ((code, found) for code in _cited_in(found.latest_revision, wanted))
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        later = list(Revision.objects.filter(base_content_type=kind, approved_go_live_at__isnull=False))
        things = _objects(kind, {revision.object_id for revision in later}, specific=False) if later else {}
        for revision in later:
            if revision.object_id in things:
                yield from ((code, things[revision.object_id]) for code in _cited_in(revision, wanted))


def _cited_in(revision: Revision, wanted: dict[Code, Code]) -> list[Code]:
    cited = {one.record for one in codes_in(json.dumps(revision.content))}
    return [wanted[code] for code in cited & wanted.keys()]


def _key(thing: Any) -> tuple[str, Any]:
    return (thing._meta.concrete_model._meta.label, thing.pk)


def _labelled(label: str, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def use_of(thing: Any, is_draft: bool = False) -> Use:
    """The use of a record in an object of any model."""
    locale: Locale | None = getattr(thing, "locale", None)
    name = str(thing) if isinstance(thing, Page) else _labelled(capfirst(str(thing._meta.verbose_name)), str(thing))
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


def records_naming(source: Any) -> list[Any]:
    """The figures and rules that name a source, in every language."""
    from evidence.models import Figure, Rule

    key = source.translation_key
    figures = Figure.objects.filter(figure_sources__source__translation_key=key).select_related("locale")
    rules = Rule.objects.filter(rule_sources__source__translation_key=key).select_related("locale")
    return [*figures.distinct(), *rules.distinct()]
