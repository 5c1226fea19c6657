"""Figures and rules for the search: all of a language are in memory anyway, so they are looked through there."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, override, pgettext
from wagtail.rich_text import get_text_for_indexing
from wagtail.search.query import PlainText

from evidence.citations import cite_text, known_records
from evidence.records import Entry, Records, records
from search.kinds import Document, Kind, Scope
from search.terms import Sought, sought, terms_of


@dataclass(frozen=True)
class Prepared:
    """A record as the search sees it: its texts, and their terms between spaces."""

    entry: Entry
    document: Document
    title: str
    terms: str

    def holds(self, part: Sought) -> bool:
        return f" {' '.join(part.terms)} " in self.terms

    def in_title(self, part: Sought) -> bool:
        return f" {' '.join(part.terms)} " in self.title


_prepared: dict[str, tuple[Records, list[Prepared]]] = {}


@dataclass(frozen=True)
class EvidenceKind(Kind):
    """Figures by statement, value and note, rules by title and statement; each also by its place and sources."""

    def find(self, query: PlainText, scope: Scope) -> list[Any]:
        parts = sought(query.query_string)
        wanted = all if query.operator == "and" else any
        found = [one for one in _records_of(scope.language) if parts and wanted(one.holds(part) for part in parts)]
        return sorted(found, key=lambda one: -sum(one.in_title(part) for part in parts))

    def complete(self, text: str, scope: Scope, limit: int) -> list[str]:
        parts = sought(text, stemmed=False)
        titles = [one.document.title for one in _records_of(scope.language)]
        return [title for title in titles if parts and _begins(title, parts)][:limit]

    def document(self, found: Prepared) -> Document:
        return found.document


def _begins(title: str, parts: list[Sought]) -> bool:
    terms = f" {' '.join(terms_of(title, stemmed=False))} "
    return all(f" {' '.join(part.terms)}{' ' if part.is_unspaced else ''}" in terms for part in parts)


def _records_of(language: str) -> list[Prepared]:
    """The records of a language, cut into terms once for as long as none of them changes."""
    current = known_records() if language == get_language() else records(language)
    known = _prepared.get(language)
    if known is None or known[0] is not current:
        with override(language):
            known = (current, [_prepare(entry) for entry in current.entries])
        _prepared[language] = known
    return known[1]


def _prepare(entry: Any) -> Prepared:
    statement = cite_text(get_text_for_indexing(entry.statement))
    # A figure's statement is its title already; a rule has both.
    texts = [entry.value_text, entry.article_text] if entry.name == entry.statement else [statement]
    sources = [f"{source.title} · {source.publisher}" for source in entry.sources]
    text = _as_sentences([*texts, entry.note, *sources, entry.place])
    document = Document(title=entry.name, text=text, url=entry.url, note=str(entry.status.label))
    title = " ".join(terms_of(entry.name))
    return Prepared(entry, document, f" {title} ", f" {title} | {' '.join(terms_of(text))} ")


def _as_sentences(texts: list[str]) -> str:
    """The texts that say something, one after the other, each with the full stop of the active language."""
    stop = pgettext("ends a sentence before another", ". ")
    return "".join(f"{text.rstrip(' .。')}{stop}" for text in texts if text).rstrip()
