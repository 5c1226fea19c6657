"""What publishing a changed record would change: its values in every language, and the sentences that print them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import get_text_for_indexing

from evidence.codes import CODE, Code
from evidence.records import draft_entry, records
from evidence.use import Use, all_uses, objects_citing, use_of
from pages.languages import language_name

AROUND = 90


@dataclass(frozen=True)
class Change:
    """One thing that readers would see changed; `language` is "" where it is the same in all."""

    label: str
    language: str
    before: str
    after: str


@dataclass(frozen=True)
class Place:
    """One text that prints the record: how it reads today, and how it would read."""

    use: Use
    before: str
    after: str


@dataclass(frozen=True)
class Effect:
    """All of it. `uses` also counts what cites the record without printing its value."""

    changes: list[Change]
    places: list[Place]
    uses: list[Use]


def effect_of(draft: Any) -> Effect:
    """What readers would see if `draft`, a figure or a rule with unpublished changes, were published."""
    code = Code(draft.content_name, draft.slug)
    languages = [language for language, _name in settings.LANGUAGES]
    if not draft.is_source:
        languages = [draft.locale.language_code]
    pairs = {language: _pair(draft, code, language) for language in languages}
    changes = _merged([change for language, pair in pairs.items() for change in _changes(language, *pair)], len(pairs))
    return Effect(changes, list(_places(code, pairs)), all_uses(code))


def _merged(changes: list[Change], languages: int) -> list[Change]:
    """One change without a language for what is the same in all of them."""
    alike = Counter(replace(change, language="") for change in changes)
    merged = [
        one if alike[one] == languages else change for change in changes for one in [replace(change, language="")]
    ]
    return list(dict.fromkeys(merged))


def _pair(draft: Any, code: Code, language: str) -> tuple[Any, Any]:
    """The record as readers of a language see it, and as they would."""
    with override(language):
        before = records().get(code)
        after = draft_entry(draft)
        if before is not None and draft.locale.language_code != language:
            # Numbers come from the draft, wording from the translation that is published.
            wording = {
                "statement": before.statement,
                "note": before.note,
                "sources": before.sources,
                "lang": before.lang,
            }
            wording |= {"title": before.title} if hasattr(before, "title") else {"article": before.article}
            after = replace(after, **wording)
        return before, after


def _changes(language: str, before: Any, after: Any) -> Iterator[Change]:
    with override(language):
        old, new = (_shown(before) if before else {}), _shown(after)
    for label, text in new.items():
        if old.get(label, "") != text:
            yield Change(label, language_name(language), old.get(label, ""), text)


def _shown(entry: Any) -> dict[str, str]:
    shown = {
        _("Statement"): get_text_for_indexing(entry.statement),
        _("Note"): entry.note,
        _("Status"): entry.status.label,
        _("As of"): entry.as_of_text,
        _("Review by"): entry.review_by_text,
        _("Region"): entry.place,
        _("Sources"): "; ".join(source.title for source in entry.sources),
    }
    if entry.kind == "figure":
        return {_("Value"): entry.text(), **shown, _("What the article says"): entry.article_text}
    return {_("Title"): entry.title, _("From"): entry.starts_text, _("Until"): entry.ends_text, **shown}


def _places(code: Code, pairs: dict[str, tuple[Any, Any]]) -> Iterator[Place]:
    for thing in objects_citing(code):
        locale = getattr(thing, "locale", None)
        language = locale.language_code if locale else settings.LANGUAGE_CODE
        if language not in pairs or not getattr(thing, "live", True):
            continue
        before, after = pairs[language]
        with override(language):
            for text in _texts(thing):
                for excerpt in _excerpts(text, code):
                    old, new = _printed(excerpt, code, before), _printed(excerpt, code, after)
                    if old != new:
                        yield Place(use_of(thing), old, new)


def _texts(thing: Any) -> Iterator[str]:
    """All texts of an object as stored, without markup, with the codes of citations in them."""
    for field in thing._meta.get_fields():
        if isinstance(field, RichTextField):
            yield get_text_for_indexing(getattr(thing, field.name))
        elif isinstance(field, StreamField):
            yield from _strings(list(getattr(thing, field.name).raw_data))


def _strings(raw: Any) -> Iterator[str]:
    if isinstance(raw, str):
        yield get_text_for_indexing(raw)
    elif isinstance(raw, dict):
        for value in raw.values():
            yield from _strings(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _strings(value)


def _excerpts(text: str, code: Code) -> Iterator[str]:
    """The words around each place that prints a value of the record."""
    end = 0
    for found in CODE.finditer(text):
        cited = Code.parse(found[0])
        if cited is None or cited.record != code.record or found.start() < end:
            continue
        start, end = max(0, found.start() - AROUND), min(len(text), found.end() + AROUND)
        yield f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def _printed(excerpt: str, code: Code, entry: Any) -> str:
    """An excerpt with the values of `entry` for the record, and the published ones of all others."""
    known = records()

    def value(found: re.Match[str]) -> str:
        cited = Code.parse(found[0])
        if cited is None:
            return found[0]
        record = entry if cited.record == code.record else known.get(cited)
        return record.text(cited.part) if record else ""

    return CODE.sub(value, excerpt)
