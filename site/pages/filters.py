"""Filters of a list by plain links: what may be chosen, what is chosen, and the address of every choice."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Locale

from pages.models import PageTag, Tag

TAG_LOOKUP = "page_tags__tag__translation_key"
WORTH_OFFERING = 2  # pages with a tag: one that a single page has narrows a list to what its title says already


@dataclass(frozen=True)
class Option:
    """One choice of a filter: its value in the address, its label, and the query string that chooses it."""

    value: str
    label: str
    query: str
    is_chosen: bool


class Filter:
    """One filter of a list, such as `?market=eu`.

    A value that is not among the options is kept as chosen and matches nothing: the reader sees that the list is empty
    because of the address, and the value never reaches the database.
    """

    def __init__(
        self,
        name: str,
        label: str,
        options: Iterable[tuple[str, str]],
        query: QueryDict,
        stored: Mapping[str, Any] | None = None,
        unoffered: Collection[str] = (),
    ) -> None:
        """A filter of what `options` names, as value and label.

        Args:
            stored: maps values in the address to those in the database, where the two differ.
            unoffered: values that addresses may hold, but readers are not offered unless they have chosen them.
        """
        self.stored = stored or {}
        self.unoffered = unoffered
        self.name = name
        self.label = label
        self.pairs = list(options)
        self.query = query
        self.value = "".join(sign for sign in query.get(name, "") if sign.isprintable()).strip()

    @property
    def is_known(self) -> bool:
        return self.value in dict(self.pairs)

    @cached_property
    def options(self) -> list[Option]:
        offered = [(value, label) for value, label in self.pairs if value == self.value or value not in self.unoffered]
        return [Option(value, label, self._query(value), value == self.value) for value, label in offered]

    @property
    def chosen_label(self) -> str:
        return dict(self.pairs).get(self.value, self.value[:60])

    @property
    def query_without(self) -> str:
        """The query string that takes this filter back and keeps the others."""
        return self._query("")

    def apply(self, queryset: QuerySet[Any], lookup: str) -> QuerySet[Any]:
        """What is left of `queryset` when `lookup` must match the chosen value."""
        if not self.value:
            return queryset
        if not self.is_known:
            return queryset.none()
        return queryset.filter(**{lookup: self.stored.get(self.value, self.value)}).distinct()

    def _query(self, value: str) -> str:
        query = self.query.copy()
        query.pop("page", None)
        query.pop(self.name, None)
        if value:
            query[self.name] = value
        for key in [key for key, text in query.items() if "\x00" in text or len(text) > 100]:
            query.pop(key)
        return f"?{query.urlencode()}" if query else ""


def tag_filter(request: HttpRequest, pages: QuerySet[Any], locale: Locale) -> Filter:
    """A filter by the tags that the given pages have, under their names in `locale`; apply it to TAG_LOOKUP."""
    same_tag = PageTag.objects.filter(page__in=pages.values("pk"), tag__translation_key=OuterRef("translation_key"))
    counts = same_tag.order_by().values("tag__translation_key").annotate(number=Count("page", distinct=True))
    found = Tag.objects.filter(locale=locale).annotate(number=Subquery(counts.values("number"))).filter(number__gt=0)
    tags = list(found)
    stored = {tag.slug: tag.translation_key for tag in tags}
    rare = {tag.slug for tag in tags if tag.number < WORTH_OFFERING}
    return Filter("tag", _("Tag"), [(tag.slug, tag.name) for tag in tags], request.GET, stored, rare)
