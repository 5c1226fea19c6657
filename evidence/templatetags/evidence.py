"""Citations and records in templates."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from evidence.citations import Note, citation, cite_html, cite_text, known_records, notes_so_far
from evidence.codes import Code, codes_in
from evidence.effect import Effect, effect_of
from evidence.panels import figures_of
from evidence.records import Entry
from pages.templatetags.crosscast import in_words_of

register = template.Library()


@register.filter
def cited(html: str) -> SafeString:
    """Expanded rich text with its citations in place."""
    return cite_html(html)


@register.filter
def cited_text(text: Any) -> str:
    """Plain text with values in place of codes."""
    return cite_text(str(text))


@register.simple_tag
def cite(code: Any, value: str | None = None) -> SafeString:
    """The citation of a code such as `figure:chargebacks`; `value` is printed instead of its own."""
    return citation(code if isinstance(code, Code) else Code.parse(code), value)


@register.simple_tag
def notes() -> list[Note]:
    """The notes of the page up to here."""
    return notes_so_far()


@register.simple_tag
def overdue(page: Any = None, views: Iterable[Any] = (), entries: Iterable[Entry] = ()) -> list[Entry]:
    """The records behind a page that should have been looked at again, each once.

    Args:
        page: cites records in its texts.
        views: answers of the score, with the `entries` that they rest on.
        entries: shown on the page as they are; rules among them cite figures of their own.
    """
    texts = [getattr(one, "citing_html", "") for one in (page, *entries)]
    found = [
        *known_records().cited(code for text in texts for code in codes_in(text)),
        *entries,
        *(entry for view in views for entry in view.entries),
    ]
    return [entry for entry in dict.fromkeys(found) if entry.is_overdue]


@register.simple_tag
def publishing_effect(task_state: Any) -> Effect:
    """What approving a record under moderation would change."""
    return effect_of(task_state.revision.as_object())


@register.inclusion_tag("evidence/admin/translated_figures.html")
def translated_figures(thing: Any) -> dict[str, Any]:
    """The figures and rules that a translation cites, and the numbers it types; nothing for what cannot cite."""
    return {"cites": True, **figures_of(thing)} if hasattr(thing, "citing_html") else {}


@register.simple_tag
def lang_of(thing: Any) -> str:
    """The attributes `lang` and `dir` of a record's wording where its language is not that of the page, else ""."""
    return "" if thing.lang in ("", get_language()) else in_words_of(thing.lang)
