"""The public search: all kinds at once, or one of them page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from wagtail.search.query import PlainText

from search.excerpts import Shown, show
from search.kinds import Kind, Scope, kinds
from search.terms import Sought, some_of, sought

SHOWN_OF_EACH = 5
PAGE_SIZE = 20


@dataclass(frozen=True)
class Group:
    """Results of one kind. `count` is how many there are in all."""

    kind: Kind
    results: list[Shown]
    count: int
    paged: "Page[Any] | None" = None

    @property
    def has_more(self) -> bool:
        return self.paged is None and self.count > len(self.results)

    @property
    def best(self) -> float:
        """The relevance of its best result."""
        return self.kind.weight * max((result.relevance for result in self.results), default=0.0)


@dataclass(frozen=True)
class Results:
    """What a query found, the kind with the best result first."""

    parts: list[Sought]
    groups: list[Group] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def search(query: str, scope: Scope) -> Results:
    """The best results of every kind, for a query in the words of a reader. Two queries for each kind at most."""
    return _search(PlainText(query), sought(query), scope)


def search_some(query: str, scope: Scope) -> Results:
    """What has some of the words, for a query that found nothing as a whole."""
    parts = some_of(sought(query, stemmed=False))
    words = " ".join("".join(part.terms) for part in parts)
    return _search(PlainText(words, operator="or"), some_of(sought(query)), scope) if words else Results([])


def search_kind(kind: Kind, query: str, scope: Scope, page: str | None) -> Results:
    """All results of one kind, by pages."""
    parts = sought(query)
    found = kind.find(PlainText(query), scope) if parts else []
    paged = Paginator(found, PAGE_SIZE).get_page(page)
    group = Group(kind, _shown(kind, list(paged.object_list), parts), paged.paginator.count, paged)
    return Results(parts, [group] if group.count else [])


def _search(query: PlainText, parts: list[Sought], scope: Scope) -> Results:
    groups = []
    for kind in kinds() if parts else []:
        found = kind.find(query, scope)
        best = list(found[: SHOWN_OF_EACH + 1])
        if best:
            count = len(best) if len(best) <= SHOWN_OF_EACH else _count(found)
            groups.append(Group(kind, _shown(kind, best[:SHOWN_OF_EACH], parts), count))
    return Results(parts, sorted(groups, key=lambda group: -group.best))


def _shown(kind: Kind, found: Sequence[Any], parts: list[Sought]) -> list[Shown]:
    """Matches as readers see them, the best first."""
    return sorted((show(kind.document(one), parts) for one in found), key=lambda shown: -shown.relevance)


def _count(found: Any) -> int:
    return len(found) if isinstance(found, list) else int(found.count())
