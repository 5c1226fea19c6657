"""Citations on a page: the value in the reader's language, a mark for its status, and a numbered note at the foot.

While a page is rendered, `collecting` keeps the notes in the order in which the text first cites them. Where nothing
collects, as in a teaser or a search index, a citation is its value alone.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.rich_text import LinkHandler

from evidence.codes import CODE, FIGURE, RULE, Code
from evidence.records import Entry, Records, records

CITED = re.compile(r'<a data-cite="([^"]+)">.*?</a>', re.DOTALL)
WHITE = re.compile(r">\s+<")


@dataclass
class Note:
    """One note at the foot of a page: its number, its record, and how often the text points at it."""

    number: int
    entry: Entry
    times: int = 0
    shows_article: bool = False

    @property
    def anchor(self) -> str:
        return f"note-{self.number}"

    @property
    def references(self) -> list[tuple[int, str]]:
        """Each place in the text that points here: its number among them, and its anchor."""
        return [(time, self.reference(time)) for time in range(1, self.times + 1)]

    def reference(self, time: int) -> str:
        return f"cite-{self.number}-{time}"


@dataclass
class Notes:
    """The notes of one page while it is rendered."""

    records: Records
    by_record: dict[Code, Note] = field(default_factory=dict)
    is_counting: bool = True

    def note(self, code: Code, entry: Entry) -> Note:
        """The note for a record, new or known, with one more reference to it."""
        note = self.by_record.setdefault(code.record, Note(len(self.by_record) + 1, entry))
        note.times += 1
        note.shows_article = note.shows_article or code.part == "article"
        return note


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def collecting() -> Iterator[Notes]:
    """Collects the citations of whatever is rendered within. One query, for the stamp of the records."""
    notes = Notes(records())
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def render_citing(answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The response that `answer` gives, rendered while its citations are collected."""
    with collecting():
        response = answer()
        if hasattr(response, "render"):
            response.render()
        return response


@contextmanager
def not_collecting() -> Iterator[None]:
    """Lets text be rendered for another purpose, such as counting its words, without notes."""
    notes = _notes.get()
    before = notes.is_counting if notes else False
    if notes:
        notes.is_counting = False
    try:
        yield
    finally:
        if notes:
            notes.is_counting = before


def notes_so_far() -> list[Note]:
    """The notes of the page under way, in the order of their numbers."""
    notes = _notes.get()
    return list(notes.by_record.values()) if notes else []


def known_records() -> Records:
    """The records of the page under way, without a query; elsewhere those of the active language."""
    notes = _notes.get()
    return notes.records if notes else records()


def citation(code: Code | None, value: str | None = None) -> SafeString:
    """A citation as HTML: value, status mark and note.

    Args:
        code: what is cited.
        value: printed instead of the record's own value.
    """
    entry = known_records().get(code)
    if code is None or entry is None:
        return mark_safe(f'<span class="cite cite--missing">{escape(_("[figure not available]"))}</span>')  # noqa: S308
    text = entry.text(code.part) if value is None else value
    notes = _notes.get()
    if notes is None or not notes.is_counting:
        return mark_safe(escape(text))  # noqa: S308
    note = notes.note(code, entry)
    context = {"text": text, "note": note, "entry": entry, "reference": note.reference(note.times)}
    return mark_safe(WHITE.sub("><", render_to_string("evidence/citation.html", context)).strip())  # noqa: S308


def cite_html(html: str) -> SafeString:
    """Expanded rich text with each citation in place of its token."""
    return mark_safe(CITED.sub(lambda found: citation(Code.parse(found[1])), html))  # noqa: S308 - from the editor


def cite_text(text: str) -> str:
    """Plain text with the value in place of each code; a code that shows only a mark leaves nothing."""
    known: list[Records] = []

    def value(found: re.Match[str]) -> str:
        code = Code.parse(found[0])
        if code is None:
            return found[0]
        if not known:
            known.append(known_records())
        entry = known[0].get(code)
        return entry.text(code.part) if entry else ""

    return CODE.sub(value, text)


class CitationHandler(LinkHandler):
    """`<a linktype="figure" key="chargebacks/article">` in rich text: marked here, and put in place by `cite_html`."""

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, Any]) -> str:
        return f'<a data-cite="{cls.identifier}:{escape(attrs.get("key", ""))}">'

    @classmethod
    def extract_references(cls, attrs: dict[str, Any]) -> Iterator[tuple[Any, str, str, str]]:
        yield from references(Code.parse(f"{cls.identifier}:{attrs.get('key', '')}"))


class FigureHandler(CitationHandler):
    identifier: ClassVar[str] = FIGURE


class RuleHandler(CitationHandler):
    identifier: ClassVar[str] = RULE


def references(code: Code | None) -> Iterator[tuple[Any, str, str, str]]:
    """The record that `code` names, as Wagtail's reference index wants it: model, id, and two empty paths."""
    from evidence.models import record_named

    record = record_named(code) if code else None
    if record is not None:
        yield type(record), str(record.pk), "", ""
