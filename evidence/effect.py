"""What publishing a changed record would change: its values in every language, and the sentences that print them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import get_text_for_indexing

from evidence.codes import CODE, FIGURE, RULE, Code
from evidence.records import draft_entry, records
from evidence.use import Use, all_uses, objects_citing, use_of
from pages.languages import full_languages, language_name

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
    languages = [language for language, _name in full_languages()]
    if not draft.is_source:
        languages = [draft.locale.language_code]
    pairs = {language: _pair(draft, code, language) for language in languages}
    changes = _merged([change for language, pair in pairs.items() for change in _changes(language, *pair)], len(pairs))
    return Effect(changes, list(dict.fromkeys(_places(code, pairs))), all_uses(code))


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
        new = _shown(after)
        old = _shown(before) if before else [""] * len(new)
    for label, was, becomes in zip(LABELS[after.kind], old, new, strict=True):
        if was != becomes:
            yield Change(str(label), language_name(language), was, becomes)


COMMON = (_("Note"), _("Status"), _("As of"), _("Review by"), _("Region"), _("Sources"))
LABELS = {
    FIGURE: (_("Statement"), *COMMON, _("Value"), _("What the article says")),
    RULE: (_("Statement"), *COMMON, _("Title"), _("From"), _("Until")),
}


def _shown(entry: Any) -> list[str]:
    """What readers of the active language see of a record, in the order of LABELS."""
    shown = [
        get_text_for_indexing(entry.statement),
        entry.note,
        str(entry.status.label),
        entry.as_of_text,
        entry.review_by_text,
        entry.place,
        "; ".join(source.title for source in entry.sources),
    ]
    if entry.kind == FIGURE:
        return [*shown, entry.text(), entry.article_text]
    return [*shown, entry.title, entry.starts_text, entry.ends_text]


def _places(code: Code, pairs: dict[str, tuple[Any, Any]]) -> Iterator[Place]:
    for thing in objects_citing(code):
        locale = getattr(thing, "locale", None)
        language = locale.language_code if locale else settings.LANGUAGE_CODE
        if language not in pairs or not getattr(thing, "live", True):
            continue
        before, after = pairs[language]
        with override(language):
            for text in _texts(thing):
                for old, new in _excerpts(text, code, before, after):
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


def _excerpts(text: str, code: Code, before: Any, after: Any) -> Iterator[tuple[str, str]]:
    """The words around each place that prints a value of the record, as they read and as they would."""
    known = records()

    def others(found: re.Match[str]) -> str:
        cited = Code.parse(found[0])
        if cited is None or cited.record == code:
            return found[0]
        record = known.get(cited)
        return record.text(cited.part) if record else ""

    text = CODE.sub(others, text)
    end = 0
    for found in CODE.finditer(text):
        if found.start() < end:
            continue  # shown with the one before
        start, end = max(0, found.start() - AROUND), min(len(text), found.end() + AROUND)
        excerpt = f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"
        yield _printed(excerpt, before), _printed(excerpt, after)


def _printed(excerpt: str, entry: Any) -> str:
    """An excerpt with the values of `entry` in place of its codes."""

    def value(found: re.Match[str]) -> str:
        cited = Code.parse(found[0])
        return found[0] if cited is None else entry.text(cited.part) if entry else ""

    return CODE.sub(value, excerpt)
