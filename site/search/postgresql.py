"""PostgreSQL's full-text search, with our terms."""

from collections import Counter
from functools import reduce
from itertools import pairwise
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connections, router
from django.db.models import F, FloatField, Q, Value
from modelsearch.backends.database.postgres import postgres as stock
from modelsearch.index import AutocompleteField
from modelsearch.query import And, MatchAll, Not, Or, Phrase, PlainText
from modelsearch.utils import get_content_type_pk

from search.indexing import columns_of
from search.queries import Leaf, cut

CONFIG = "simple"  # our terms are folded and stemmed already
TITLE_WEIGHT = 6.0
# A tsvector keeps 256 places of a term, and places up to 16,383; a little less, because title and body are joined.
MAX_PLACES = 200
MAX_PLACE = 16_000


class TermsIndex(stock.PostgresIndex):
    """The index with our terms. The plain texts that Wagtail's fuzzy search keeps beside them stay empty."""

    def add_items(self, model: Any, objs: Any) -> None:
        rows = [(str(obj.pk), columns_of(obj)) for obj in objs]
        if not rows or not model.get_search_fields():
            return
        vector = "to_tsvector('simple', %s)"
        row = f"(%s, %s, {vector}, {vector}, {vector}, 1.0, '', '')"
        params: list[Any] = []
        for object_id, columns in rows:
            texts = [" ".join([*terms, *unplaced_pairs(terms)]) for terms in columns.values()]
            params += [get_content_type_pk(model), object_id, *texts]
        with self.write_connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {stock.IndexEntry._meta.db_table} "  # noqa: S608 - values are parameters
                "(content_type_id, object_id, title, body, autocomplete, title_norm, title_text, body_text) "
                f"VALUES {', '.join([row] * len(rows))} "
                "ON CONFLICT (content_type_id, object_id) DO UPDATE SET "
                "title = EXCLUDED.title, body = EXCLUDED.body, autocomplete = EXCLUDED.autocomplete",
                params,
            )

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Titles have one weight, whatever their length: this would rewrite every row."""


def unplaced_pairs(terms: list[str]) -> list[str]:
    """Neighbours, joined to one term, wherever PostgreSQL would forget the place of one of them.

    A phrase is not found there, but the pairs that it consists of are.
    """
    seen: Counter[str] = Counter()
    pairs: dict[str, None] = {}
    forgotten = False
    for place, term in enumerate(terms):
        seen[term] += 1
        before, forgotten = forgotten, place >= MAX_PLACE or seen[term] > MAX_PLACES
        if place and (before or forgotten):
            pairs[terms[place - 1] + term] = None
    return list(pairs)


class TermsQueryCompiler(stock.PostgresSearchQueryCompiler):
    completing = False
    query: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = cut(self.query, completing=self.completing)
        self.LAST_TERM_IS_PREFIX = self.completing

    def build_tsquery(self, query: Any, config: Any = None) -> Any:
        return super().build_tsquery(_stock_query(query), config=config)

    def build_tsrank(self, vector: Any, query: Any, config: Any = None, boost: float = 1.0) -> Any:
        """How often and how close together the terms stand, in relation to the length. One call for the whole query."""
        wanted = super().build_tsquery(_stock_query(query, with_pairs=False), config=config)
        return SearchRank(vector, wanted, normalization=Value(1))

    def get_index_vectors(self, search_query: Any) -> Any:
        return [
            (F("index_entries__title"), Value(TITLE_WEIGHT, output_field=FloatField())),
            (F("index_entries__body"), 1.0),
        ]

    def search(
        self, config: Any, start: int | None, stop: int | None, score_field: Any = None, backend: Any = None
    ) -> Any:
        """The ranked queryset. As Wagtail's own, but the vectors stay in the database."""
        query = self.query
        if isinstance(query, MatchAll):
            return self.queryset[start:stop]
        if isinstance(query, Not) and isinstance(query.subquery, MatchAll):
            return self.queryset.none()
        vectors = self.get_search_vectors(query)
        names = [vector.name for vector, _weight in vectors]
        found = (
            self.queryset.filter(self._where(query, names, config)) if _is_plain(query) else self._any(query, config)
        )
        rank = self._build_rank_expression(vectors, config)
        return self._apply_ordering_and_scoring(found, rank, start, stop, score_field)

    def _where(self, query: Any, names: list[str], config: Any) -> Q:
        """Each part in one of the columns: so the columns' own indexes answer, whose statistics are known."""
        if isinstance(query, And | Or):
            parts = [self._where(one, names, config) for one in query.subqueries]
            return reduce(and_ if isinstance(query, And) else or_, parts)
        wanted = self.build_tsquery(query, config=config)
        return reduce(or_, [Q((name, wanted)) for name in names])

    def _any(self, query: Any, config: Any) -> Any:
        """Where something is negated: all columns are looked at together, without their indexes."""
        vectors = [vector for vector, _weight in self.get_search_vectors(query)]
        searched = reduce(lambda one, other: one._combine(other, "||", False), vectors)
        return self.queryset.alias(_vector_=searched).filter(_vector_=self.build_tsquery(query, config=config))

    def get_search_vectors(self, search_query: Any) -> Any:
        """`fields` can name the title alone; for any other field the whole text is searched."""
        vectors = self.get_index_vectors(search_query)
        return vectors[:1] if self.fields == ["title"] else vectors


class TermsAutocompleteQueryCompiler(TermsQueryCompiler):
    TARGET_SEARCH_FIELD_TYPE = AutocompleteField
    completing = True

    def get_config(self, backend: Any) -> Any:
        return backend.autocomplete_config

    def get_search_fields_for_model(self) -> Any:
        return self.queryset.model.get_autocomplete_search_fields()

    def get_index_vectors(self, search_query: Any) -> Any:
        return [(F("index_entries__autocomplete"), 1.0)]


class PostgresTermsBackend(stock.PostgresSearchBackend):
    index_class = TermsIndex
    query_compiler_class = TermsQueryCompiler
    autocomplete_query_compiler_class = TermsAutocompleteQueryCompiler

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__({**params, "SEARCH_CONFIG": CONFIG})

    def vocabulary(self) -> list[tuple[str, int]]:
        """The words of the index in Latin letters, and how many objects have each. Reads the whole index."""
        table = stock.IndexEntry._meta.db_table
        words = f"SELECT title || body FROM {table}"  # noqa: S608
        with connections[router.db_for_read(stock.IndexEntry)].cursor() as cursor:
            cursor.execute("SELECT word, ndoc FROM ts_stat(%s) WHERE word ~ '^[a-z]{4,40}$'", [words])
            return [(word, number) for word, number in cursor.fetchall()]


def _is_plain(query: Any) -> bool:
    """Whether nothing in it is negated or without a term."""
    if isinstance(query, And | Or):
        return all(map(_is_plain, query.subqueries))
    return isinstance(query, Leaf)


def _stock_query(query: Any, *, with_pairs: bool = True) -> Any:
    """A cut query in Wagtail's own words; with the pairs that stand where places are forgotten, or without."""
    if isinstance(query, MatchAll):
        return query
    if isinstance(query, Not):
        return Not(_stock_query(query.subquery, with_pairs=with_pairs))
    if isinstance(query, And | Or):
        return _balanced(type(query), [_stock_query(one, with_pairs=with_pairs) for one in query.subqueries])
    assert isinstance(query, Leaf)
    terms = query.part.terms
    if len(terms) == 1:
        return PlainText(terms[0])
    if query.is_prefix:  # a phrase of PostgreSQL ends with a whole word: these words anywhere, then
        return _balanced(And, [PlainText(term) for term in terms])
    phrase = Phrase(" ".join(terms))
    if not with_pairs:
        return phrase
    pairs = [PlainText(first + second) for first, second in pairwise(terms)]
    return Or([phrase, _balanced(And, pairs)])


def _balanced(kind: Any, queries: list[Any]) -> Any:
    """A tree of pairs, so that many terms are not nested many levels deep."""
    if len(queries) == 1:
        return queries[0]
    if len(queries) == 2:
        return kind(queries)
    middle = len(queries) // 2
    return kind([_balanced(kind, queries[:middle]), _balanced(kind, queries[middle:])])
