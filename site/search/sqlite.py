"""The embedded default: SQLite's full-text index (FTS5), ranked in one pass over the matches."""

from typing import Any

from django.db import connections, router, transaction
from django.db.models import IntegerField
from modelsearch.backends.database.sqlite import sqlite as stock
from modelsearch.index import AutocompleteField
from modelsearch.query import And, MatchAll, Not, Or
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks

from search.indexing import columns_of
from search.queries import Leaf, cut

INDEX = stock.IndexEntry._meta.db_table
FTS = stock.SQLiteFTSIndexEntry._meta.db_table
# bm25's weights, in the order of the table's columns: autocomplete, body, title.
RANK = f"bm25({FTS}, 0.0, 1.0, 6.0)"


class TermsIndex(stock.SQLiteIndex):
    """The index with our terms. Rows are replaced, not updated: each update would flush FTS5."""

    def add_items(self, model: Any, objs: Any) -> None:
        rows = {str(obj.pk): columns_of(obj) for obj in objs}
        if not rows or not model.get_search_fields():
            return
        content_type = get_content_type_pk(model)
        with transaction.atomic(using=self.write_connection.alias):
            self.entries.filter(content_type_id=content_type, object_id__in=list(rows)).delete()
            self.entries.bulk_create(
                stock.IndexEntry(
                    content_type_id=content_type,
                    object_id=object_id,
                    **{column: " ".join(terms) for column, terms in columns.items()},
                )
                for object_id, columns in rows.items()
            )

    def _refresh_title_norms(self, full: bool = False) -> None:
        """bm25 minds the length of a title already."""


class TermsQueryCompiler(stock.SQLiteSearchQueryCompiler):
    """Builds FTS5's query string from our terms, each quoted, so that no sign in it means anything."""

    completing = False
    query: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = cut(self.query, completing=self.completing)

    @property
    def columns(self) -> str:
        """Where to look: `fields` can name the title alone; for any other field the whole text is searched."""
        return "{title}" if self.fields == ["title"] else "{title body}"

    def search(self, config: Any, start: int | None, stop: int | None, score_field: str | None = None) -> Any:
        """The ranked queryset. One query, which reads the full-text index first and the objects by their keys."""
        query, negated = self.query, False
        if isinstance(query, Not):
            query, negated = query.subquery, True
        if isinstance(query, MatchAll):
            return self.queryset.none() if negated else self.queryset[start:stop]
        negated, match = _match(query, negated)
        model = self.queryset.model
        content_types = ", ".join(str(pk) for pk in get_descendants_content_types_pks(model))
        pk = f'"{model._meta.db_table}"."{model._meta.pk.column}"'
        object_id = f"CAST({INDEX}.object_id AS INTEGER)" if _has_number(model) else f"{INDEX}.object_id"
        found = f"{FTS}.rowid = {INDEX}.id AND {FTS} MATCH %s AND {INDEX}.content_type_id IN ({content_types})"
        params = [f"{self.columns} : ({match})"]
        if negated:
            ids = f"SELECT {object_id} FROM {INDEX}, {FTS} WHERE {found}"  # noqa: S608
            queryset = self.queryset.extra(where=[f"{pk} NOT IN ({ids})"], params=params)  # noqa: S610
            return self._ordered(queryset)[start:stop]
        queryset = self.queryset.extra(  # noqa: S610 - nothing of the reader's stands outside `params`
            tables=[FTS, INDEX], where=[found, f"{pk} = {object_id}"], params=params
        )
        name = score_field or "_score"
        if self.order_by_relevance:
            queryset = queryset.extra(select={name: RANK}).extra(order_by=[name, f"-{pk}"])  # noqa: S610
        elif score_field:
            queryset = self._ordered(queryset.extra(select={name: RANK}))  # noqa: S610
        else:
            queryset = self._ordered(queryset)
        return queryset[start:stop]

    def _ordered(self, queryset: Any) -> Any:
        return queryset if queryset.query.order_by and not self.order_by_relevance else queryset.order_by("-pk")


class TermsAutocompleteQueryCompiler(TermsQueryCompiler):
    """The same for what is typed: words may be beginnings."""

    TARGET_SEARCH_FIELD_TYPE = AutocompleteField
    completing = True
    columns = "{autocomplete}"

    def get_config(self, backend: Any) -> Any:
        return backend.autocomplete_config

    def get_search_fields_for_model(self) -> Any:
        return self.queryset.model.get_autocomplete_search_fields()


class SQLiteTermsBackend(stock.SQLiteSearchBackend):
    index_class = TermsIndex
    query_compiler_class = TermsQueryCompiler
    autocomplete_query_compiler_class = TermsAutocompleteQueryCompiler

    def vocabulary(self) -> list[tuple[str, int]]:
        """The words of the index in Latin letters, and how many objects have each."""
        with connections[router.db_for_read(stock.IndexEntry)].cursor() as cursor:
            cursor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab('main', '{FTS}', 'row')"
            )
            cursor.execute("SELECT term, doc FROM temp.search_words WHERE length(term) BETWEEN 4 AND 40")
            return [(word, number) for word, number in cursor.fetchall() if word.isascii() and word.isalpha()]


def _has_number(model: Any) -> bool:
    """Whether the model's keys are numbers; the index holds them as text."""
    key = model._meta.pk
    while key.is_relation:
        key = key.target_field
    return isinstance(key, IntegerField)


def _match(query: Any, negated: bool) -> tuple[bool, str]:
    """Whether the matches are to be left out, and FTS5's query string. FTS5 knows only `a NOT b`, never `NOT b`."""
    if isinstance(query, Leaf):
        return negated, f'"{" ".join(query.part.terms)}"{"*" if query.is_prefix else ""}'
    if isinstance(query, Not):
        return _match(query.subquery, not negated)
    assert isinstance(query, And | Or)
    parts = [_match(one, False) for one in query.subqueries]
    wanted = [match for is_without, match in parts if not is_without]
    unwanted = [match for is_without, match in parts if is_without]
    if isinstance(query, And):
        if not wanted:  # not a and not b: all without a or b
            return not negated, _joined("OR", unwanted)
        match = _joined("AND", wanted)
        return negated, f"({match}) NOT ({_joined('OR', unwanted)})" if unwanted else match
    if not unwanted:
        return negated, _joined("OR", wanted)
    match = _joined("AND", unwanted)  # a or not b: all but what has b and not a
    return not negated, f"({match}) NOT ({_joined('OR', wanted)})" if wanted else match


def _joined(operator: str, matches: list[str]) -> str:
    return matches[0] if len(matches) == 1 else f" {operator} ".join(f"({match})" for match in matches)
