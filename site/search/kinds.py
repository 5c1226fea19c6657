"""What can be found. Each section registers its kinds when the site starts; the search knows no section."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.search.backends import get_search_backend
from wagtail.search.query import PlainText

from search.indexing import parts_of


@dataclass(frozen=True)
class Document:
    """One thing that was found, as plain text: `text` is all that the index knows beside the title."""

    title: str
    text: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Scope:
    """What may be found: the texts of one language that everyone may read.

    Attributes:
        language: the code, as in addresses.
        locale: the number of that language's Locale.
        private: the tree paths of the pages below which a password or an account is asked for.
    """

    language: str
    locale: int
    private: tuple[str, ...] = ()

    @classmethod
    def of(cls, language: str) -> "Scope":
        """The scope for readers of a language. Two queries."""
        locale = Locale.objects.filter(language_code=language).values_list("pk", flat=True).first()
        return cls(language, locale or 0, tuple(PageViewRestriction.objects.values_list("page__path", flat=True)))


@dataclass(frozen=True)
class Kind:
    """One kind of results.

    Attributes:
        key: its name in addresses, such as `guide`.
        label: what readers call it; evaluated in their language.
        order: its place among the kinds, the lowest first.
        weight: what its results count for beside others as good; a page tells more than a single record.
    """

    key: str
    label: Any
    order: int
    weight: float = field(default=1.0, kw_only=True)

    def find(self, query: PlainText, scope: Scope) -> Sequence[Any]:
        """What matches, the best first; only as much is read as is asked for. `len` may be costly: use `count`."""
        raise NotImplementedError  # pragma: no cover

    def complete(self, text: str, scope: Scope, limit: int) -> list[str]:
        """Titles that what is being typed may become."""
        raise NotImplementedError  # pragma: no cover

    def document(self, found: Any) -> Document:
        """A match as plain text."""
        raise NotImplementedError  # pragma: no cover


@dataclass(frozen=True)
class IndexedKind(Kind):
    """Objects of one model, found in Wagtail's index.

    Attributes:
        objects: the published objects of a scope, with what their addresses need, so that one query reads them.
    """

    objects: Callable[[Scope], Any]

    def find(self, query: PlainText, scope: Scope) -> Any:
        return get_search_backend().search(query, self.objects(scope))

    def complete(self, text: str, scope: Scope, limit: int) -> list[str]:
        return [str(found) for found in get_search_backend().autocomplete(text, self.objects(scope))[:limit]]

    def document(self, found: Any) -> Document:
        parts = list(parts_of(found))
        text = " ".join(part.strip() for column, part in parts if column == "body" and part.strip())
        url = found.get_url() if isinstance(found, Page) else found.url
        return Document(title=str(found), text=text, url=url or "")


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Adds a kind to the search; called when the site starts."""
    _kinds[kind.key] = kind


def kinds() -> list[Kind]:
    """All kinds, in their order."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def pages_of(model: type[Page]) -> Callable[[Scope], Any]:
    """The live pages of a type that everyone may read, given a scope."""

    def objects(scope: Scope) -> Any:
        pages = model.objects.live().filter(locale_id=scope.locale)
        for path in scope.private:
            pages = pages.exclude(path__startswith=path)
        return pages.select_related("locale")

    return objects
