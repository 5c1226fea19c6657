"""All live records of one language in memory, so that a page costs one query however much it cites.

Every process keeps them until the stamp in the database changes, as it does with any source, figure or rule.
"""

import datetime
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from evidence.codes import FIGURE, RULE, Code
from evidence.dates import date_text, first_day, last_day
from evidence.regions import region_name
from evidence.status import Status
from evidence.topics import SourceKind, Topic
from evidence.units import Unit
from translation.outdated import with_outdated


@dataclass(frozen=True)
class SourceEntry:
    """A source as a reader sees it. `lang` is the language of its wording where that is not the page's."""

    key: str
    title: str
    publisher: str
    language: str
    address: str
    kind: SourceKind
    published: str
    accessed: datetime.date | None
    lang: str = ""

    @property
    def published_text(self) -> str:
        return date_text(self.published)

    @property
    def accessed_text(self) -> str:
        return date_text(self.accessed.isoformat()) if self.accessed else ""


@dataclass(frozen=True)
class Entry:
    """What figures and rules have in common, ready for a template; wording in the language of the records.

    `is_outdated`: the wording in the source language has changed since it was translated.
    """

    pk: int
    key: str
    statement: str
    note: str
    topic: Topic
    status: Status
    as_of: str
    review_by: datetime.date
    region: str
    sources: tuple[SourceEntry, ...]
    lang: str
    is_outdated: bool
    changed: datetime.datetime | None = None

    kind = ""

    @property
    def code(self) -> Code:
        return Code(self.kind, self.key)

    @property
    def place(self) -> str:
        return region_name(self.region)

    @property
    def as_of_text(self) -> str:
        return date_text(self.as_of)

    @property
    def review_by_text(self) -> str:
        return date_text(self.review_by.isoformat())

    @property
    def is_overdue(self) -> bool:
        return self.overdue_on(timezone.localdate())

    def overdue_on(self, day: datetime.date) -> bool:
        """Whether it should have been looked at again before `day`."""
        return self.review_by < day

    @property
    def url(self) -> str:
        """The address of its own page in the active language."""
        return reverse(f"evidence-{self.kind}", args=[self.key])

    @property
    def citing_html(self) -> str:
        """What of it cites other records."""
        return ""

    @property
    def name(self) -> str:
        """A short name for lists and links, as plain text."""
        raise NotImplementedError  # pragma: no cover

    def text(self, part: str = "") -> str:
        """What a citation of `part` prints in the active language; "" where only its mark is shown."""
        raise NotImplementedError  # pragma: no cover


@dataclass(frozen=True)
class FigureEntry(Entry):
    """One figure. Numbers are in `unit`; without a unit the statement is all there is."""

    low: Decimal | None = None
    high: Decimal | None = None
    bound: str = ""
    unit: Unit | None = None
    article: str = ""
    article_low: Decimal | None = None
    article_high: Decimal | None = None
    article_bound: str = ""

    kind = FIGURE

    @property
    def name(self) -> str:
        return self.statement

    def numbers(self, part: str = "") -> tuple[Decimal, Decimal | None, str] | None:
        """Lower end, upper end and bound of the value, or of the article's; None where there is none."""
        own, theirs = (self.low, self.high, self.bound), (self.article_low, self.article_high, self.article_bound)
        low, high, bound = theirs if part == "article" else own
        return (low, high, bound) if low is not None and self.unit else None

    def text(self, part: str = "") -> str:
        numbers = self.numbers(part)
        if part == "note" or numbers is None or self.unit is None:
            return ""
        return self.unit.number(*numbers) if part == "number" else self.unit.text(*numbers)

    @property
    def value_text(self) -> str:
        return self.text()

    @property
    def article_text(self) -> str:
        """What the article says, as a value and in words; "" where it says the same."""
        return " · ".join(part for part in (self.text("article"), self.article) if part)


@dataclass(frozen=True)
class RuleEntry(Entry):
    """One rule of law or policy. `statement` is rich text in the database format."""

    title: str = ""
    starts: str = ""
    ends: str = ""

    kind = RULE

    @property
    def citing_html(self) -> str:
        return self.statement

    @property
    def name(self) -> str:
        return _("%(label)s: %(value)s") % {"label": self.place, "value": self.title}

    def text(self, part: str = "") -> str:
        return date_text({"from": self.starts, "until": self.ends}.get(part, ""))

    @property
    def starts_text(self) -> str:
        return date_text(self.starts)

    @property
    def ends_text(self) -> str:
        return date_text(self.ends)

    def is_coming(self, day: datetime.date) -> bool:
        return bool(self.starts) and first_day(self.starts) > day

    def is_past(self, day: datetime.date) -> bool:
        return bool(self.ends) and last_day(self.ends) < day


@dataclass(frozen=True)
class Records:
    """The live records of one language: by key, figures in the order of topics, rules in that of markets and dates."""

    figures: Mapping[str, FigureEntry] = field(default_factory=dict)
    rules: Mapping[str, RuleEntry] = field(default_factory=dict)

    def get(self, code: Code | None) -> Any:
        """The figure or rule that `code` names, None when there is none."""
        if code is None:
            return None
        found: Mapping[str, Entry] = self.figures if code.kind == FIGURE else self.rules
        return found.get(code.key)

    def entry(self, key: str) -> Any:
        """The figure or rule with this key, None when there is none. The two never share a key."""
        return self.figures.get(key) or self.rules.get(key)

    @property
    def entries(self) -> list[Entry]:
        return [*self.figures.values(), *self.rules.values()]

    def cited(self, codes: Iterable[Code]) -> list[Entry]:
        """The records that `codes` name, each once, in that order."""
        found = (self.get(code) for code in dict.fromkeys(code.record for code in codes))
        return [entry for entry in found if entry is not None]


# The stamp that the request under way has read; None outside of requests, where each look counts.
_read: ContextVar[list[str] | None] = ContextVar("stamp_read", default=None)


def begin_request(**kwargs: Any) -> None:
    """From now on the stamp is read once."""
    _read.set([])


def end_request(**kwargs: Any) -> None:
    """From now on the stamp is read each time: the request is over, or has changed a record itself."""
    _read.set(None)


def records(language: str | None = None) -> Records:
    """The records in a language of the settings, by default the active one. One query a request."""
    read = _read.get()
    stamp = read[0] if read else _stamp()
    if read == []:
        read.append(stamp)
    return _records(language or get_language() or settings.LANGUAGE_CODE, stamp)


def _stamp() -> str:
    from evidence.models import Stamp

    return Stamp.objects.values_list("value", flat=True).first() or ""


@lru_cache(maxsize=16)
def _records(language: str, stamp: str) -> Records:
    from evidence.models import Figure, Rule, Source

    wording = {source.translation_key: source for source in Source.objects.filter(locale__language_code=language)}
    figures = [figure_entry(*versions, wording) for versions in _versions(Figure, language)]
    rules = [rule_entry(*versions, wording) for versions in _versions(Rule, language)]
    topics = list(Topic)
    figures.sort(key=lambda entry: (topics.index(entry.topic), entry.pk))
    with override(language):
        rules.sort(key=lambda entry: (entry.region, entry.starts or "0", entry.pk))
    return Records({entry.key: entry for entry in figures}, {entry.key: entry for entry in rules})


def _versions(model: Any, language: str) -> list[tuple[Any, Any]]:
    """Each live record as its version in the source language and the one in the reader's, or twice the only one.

    A record lives and goes by its version in the source language, where its numbers stand.
    """
    rows = model.objects.filter(live=True, locale__language_code__in={settings.LANGUAGE_CODE, language})
    found = list(with_outdated(rows).select_related("locale").prefetch_related(f"{model.sources_name}__source__locale"))
    readers = {row.translation_key: row for row in found if row.locale.language_code == language}
    return [(row, readers.get(row.translation_key, row)) for row in found if row.is_source]


def _common(source: Any, reader: Any, wording: Mapping[Any, Any]) -> dict[str, Any]:
    rows = getattr(source, source.sources_name).all()
    return {
        "pk": source.pk,
        "key": source.slug,
        "statement": reader.statement,
        "note": reader.note,
        "topic": Topic(source.topic),
        "status": Status(source.status),
        "as_of": source.as_of,
        "review_by": source.review_by,
        "sources": tuple(source_entry(row.source, wording.get(row.source.translation_key, row.source)) for row in rows),
        "lang": reader.locale.language_code,
        "is_outdated": getattr(reader, "is_outdated", False),  # a draft is not published
        "changed": max((one.last_published_at for one in (source, reader) if one.last_published_at), default=None),
    }


def figure_entry(source: Any, reader: Any, wording: Mapping[Any, Any]) -> FigureEntry:
    """A figure from its version in the source language and the reader's; `wording` holds sources by translation key."""
    return FigureEntry(
        **_common(source, reader, wording),
        region=source.region,
        low=source.low,
        high=source.high,
        bound=source.bound,
        unit=Unit.of(source.unit),
        article=reader.article,
        article_low=source.article_low,
        article_high=source.article_high,
        article_bound=source.article_bound,
    )


def rule_entry(source: Any, reader: Any, wording: Mapping[Any, Any]) -> RuleEntry:
    """A rule, likewise."""
    common = _common(source, reader, wording)
    return RuleEntry(**common, region=source.market, title=reader.title, starts=source.starts, ends=source.ends)


def source_entry(source: Any, reader: Any) -> SourceEntry:
    """A source from its version in the source language and the reader's."""
    return SourceEntry(
        key=source.slug,
        title=reader.title,
        publisher=reader.publisher,
        language=source.language,
        address=source.address,
        kind=SourceKind(source.kind),
        published=source.published,
        accessed=source.accessed,
        lang=reader.locale.language_code,
    )


def draft_entry(record: Any) -> Any:
    """A record as it would be shown if `record`, perhaps unsaved, were published."""
    from evidence.models import Source

    wording = {one.translation_key: one for one in Source.objects.filter(locale=record.locale)}
    source = record.source_version
    make = figure_entry if record.content_name == FIGURE else rule_entry
    return make(source, record, wording)
