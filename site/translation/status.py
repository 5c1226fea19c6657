"""How far every page and snippet is translated into every language. The same number of queries for few and for many."""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, Locale, Page, TranslatableMixin
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from pages.languages import full_languages
from translation.models import Basis

HOME_DEPTH = 2
VERSION_FIELDS = ("pk", "translation_key", "locale_id")
DRAFT_FIELDS = ("live", "has_unpublished_changes", "last_published_at")


class State(models.TextChoices):
    """Where one translation stands."""

    TRANSLATED = "translated", _("Translated")
    CHANGED = "changed", _("Changed since")
    DRAFT = "draft", _("Draft")
    MISSING = "missing", _("Missing")

    @property
    def mark(self) -> str:
        """A sign that tells the states apart without colour."""
        return {"translated": "✓", "changed": "↻", "draft": "✎", "missing": "○"}[self.value]


@dataclass(frozen=True)
class Version:
    """What the table needs to know of one page or snippet in one language."""

    pk: int
    key: uuid.UUID
    live: bool = True
    has_unpublished_changes: bool = False
    published_at: datetime.datetime | None = None
    is_alias: bool = False


@dataclass(frozen=True)
class Work:
    """What wagtail-localize knows of one translation: its source's number and last synchronisation, sentences to do."""

    source_id: int
    synced_at: datetime.datetime
    waiting: int


@dataclass(frozen=True)
class Cell:
    """One object in one language.

    Attributes:
        waiting: sentences without a translation.
        version: the translation, None where there is none of its own.
        to_sync: the number of the source that has to be synchronised before the work can be seen, None where it is.
    """

    state: State
    waiting: int = 0
    version: Version | None = None
    to_sync: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to translate, only to publish."""
        return self.state == State.DRAFT and not self.waiting


@dataclass(frozen=True)
class Row:
    """One page or snippet in the source language. `section` is the title of the page above it, `depth` 0 for a home."""

    model: type[models.Model]
    source: Version
    title: str
    section: str = ""
    depth: int = 0
    cells: dict[str, Cell] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of object as addresses name it."""
        return str(self.model._meta.label_lower)

    @property
    def kind_name(self) -> str:
        return str(capfirst(str(self.model._meta.verbose_name)))


def translatable_kinds() -> list[type[models.Model]]:
    """The snippets that are translated, in the order of their registration."""
    return [model for model in get_snippet_models() if issubclass(model, TranslatableMixin)]


def status_rows() -> list[Row]:
    """Pages in the order of the tree, then snippets by kind, each with a cell for every other language."""
    locales = {locale.pk: locale.language_code for locale in Locale.objects.all()}
    source = next(pk for pk, code in locales.items() if code == settings.LANGUAGE_CODE)
    languages = {pk: locales[pk] for code, _name in full_languages() for pk in locales if locales[pk] == code}
    del languages[source]
    table = _Table(source, languages)
    rows = list(table.pages())
    for model in translatable_kinds():
        rows += table.snippets(model)
    return rows


class _Table:
    """Reads everything once, then judges each cell in memory."""

    def __init__(self, source: int, languages: dict[int, str]) -> None:
        self.source = source
        self.languages = languages
        self.bases = {(basis.translation_key, basis.locale_id): basis for basis in Basis.objects.all()}
        self.work = _work()

    def pages(self) -> Iterator[Row]:
        found = Page.objects.filter(depth__gte=HOME_DEPTH)
        versions = self._versions(found.filter(locale__in=self.languages), *DRAFT_FIELDS, "alias_of_id")
        sources = found.filter(locale=self.source, alias_of=None).order_by("path")
        names = (*VERSION_FIELDS, *DRAFT_FIELDS, "title", "draft_title", "path", "depth", "content_type_id")
        above: dict[str, str] = {}
        for row in sources.values(*names):
            model = ContentType.objects.get_for_id(row["content_type_id"]).model_class() or Page
            title = row["draft_title"] or row["title"]
            above[row["path"]] = title
            section = above.get(row["path"][: -Page.steplen], "")
            yield self._row(model, _version(row), title, versions, section, row["depth"] - HOME_DEPTH)

    def snippets(self, model: Any) -> Iterator[Row]:
        drafts = DRAFT_FIELDS if issubclass(model, DraftStateMixin) else ()
        versions = self._versions(model._default_manager.filter(locale__in=self.languages), *drafts)
        for one in model._default_manager.filter(locale=self.source):
            values = {name: getattr(one, name) for name in (*VERSION_FIELDS, *drafts)}
            yield self._row(model, _version(values), str(one), versions)

    def _versions(self, found: QuerySet[Any], *names: str) -> dict[tuple[uuid.UUID, int], Version]:
        rows = found.order_by().values(*VERSION_FIELDS, *names)
        return {(row["translation_key"], row["locale_id"]): _version(row) for row in rows}

    def _row(
        self,
        model: type[models.Model],
        source: Version,
        title: str,
        versions: dict[tuple[uuid.UUID, int], Version],
        section: str = "",
        depth: int = 0,
    ) -> Row:
        cells = {}
        for locale, code in self.languages.items():
            place = (source.key, locale)
            cells[code] = cell_of(source, versions.get(place), self.work.get(place), self.bases.get(place))
        return Row(model, source, title, section, depth, cells)


def cell_of(source: Version, version: Version | None, work: Work | None, basis: Basis | None) -> Cell:
    """Where one translation stands.

    Args:
        source: the version that it is made from.
        version: the translation; a page that shows its source is none.
        work: None where the translation was made by hand and follows no source.
        basis: what the published translation was made from, None where that is not known.
    """
    if version is None or version.is_alias:
        return Cell(State.MISSING)
    waiting = work.waiting if work else 0
    if not version.live:
        return Cell(State.DRAFT, waiting, version)
    if _is_behind(source, version, work, basis):
        if work and basis and basis.changed_at and basis.changed_at > work.synced_at:
            return Cell(State.CHANGED, basis.waiting, version, to_sync=work.source_id)
        if waiting or work is None:
            return Cell(State.CHANGED, waiting, version)
        return Cell(State.DRAFT, 0, version)  # all is translated, but not published
    state = State.DRAFT if waiting or version.has_unpublished_changes else State.TRANSLATED
    return Cell(state, waiting, version)


def _is_behind(source: Version, version: Version, work: Work | None, basis: Basis | None) -> bool:
    if basis is not None:
        return basis.words_differ or basis.content_differs
    if work is not None:
        return work.waiting > 0
    return bool(source.published_at and version.published_at and source.published_at > version.published_at)


def percent_translated(cells: Iterable[Cell]) -> int:
    """How many of a hundred are translated and up to date, rounded down: 100 means all."""
    states = [cell.state for cell in cells]
    return 100 * states.count(State.TRANSLATED) // len(states) if states else 100


def _version(row: dict[str, Any]) -> Version:
    return Version(
        row["pk"],
        row["translation_key"],
        row.get("live", True),
        row.get("has_unpublished_changes", False),
        row.get("last_published_at"),
        bool(row.get("alias_of_id")),
    )


def _work() -> dict[tuple[uuid.UUID, int], Work]:
    """The translations that follow their source, by translation key and language."""
    is_translated = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale_id=OuterRef("language"),
        has_error=False,
    )
    to_do = (
        StringSegment.objects.filter(source_id=OuterRef("source_id"))
        .annotate(language=OuterRef("target_locale_id"))
        .filter(~Exists(is_translated))
        .order_by()
        .values("source_id")
        .annotate(number=Count("pk"))
    )
    found = Translation.objects.filter(enabled=True, source__locale__language_code=settings.LANGUAGE_CODE)
    rows = found.annotate(to_do=Coalesce(Subquery(to_do.values("number")), 0)).values_list(
        "source__object_id", "target_locale_id", "source_id", "source__last_updated_at", "to_do"
    )
    return {(key, locale): Work(*rest) for key, locale, *rest in rows}
