"""A query of Wagtail's search API, cut into terms."""

from functools import reduce
from typing import Any

from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from search.terms import Sought, sought

MATCH_NONE = Not(MatchAll())


class Leaf(SearchQuery):
    """Terms that follow each other; the last may be the beginning of a word."""

    def __init__(self, part: Sought, *, is_prefix: bool = False) -> None:
        self.part = part
        self.is_prefix = is_prefix and not part.is_unspaced

    def __repr__(self) -> str:
        return f"<Leaf {' '.join(self.part.terms)}{'*' if self.is_prefix else ''}>"


def cut(query: Any, *, completing: bool = False) -> Any:
    """The query with `Leaf`s for its texts.

    Args:
        query: any query of Wagtail's search API.
        completing: whether words may be the beginnings of longer ones, as while typing; then they are not stemmed.

    Returns:
        And, Or, Not, MatchAll and Leaf; what has nothing to look for matches nothing.
    """
    if isinstance(query, MatchAll):
        return query
    if isinstance(query, Boost):
        return cut(query.subquery, completing=completing)
    if isinstance(query, PlainText | Fuzzy):
        leaves = [Leaf(part, is_prefix=completing) for part in sought(query.query_string, stemmed=not completing)]
        return _joined(And if query.operator == "and" else Or, leaves)
    if isinstance(query, Phrase):
        parts = sought(query.query_string, stemmed=not completing)
        terms = tuple(term for part in parts for term in part.terms)
        return Leaf(Sought(terms, parts[0].is_unspaced), is_prefix=completing) if parts else MATCH_NONE
    if isinstance(query, Not):
        inner = cut(query.subquery, completing=completing)
        return inner.subquery if isinstance(inner, Not) else Not(inner)
    if isinstance(query, And | Or):
        return _joined(type(query), [cut(one, completing=completing) for one in query.subqueries])
    raise NotImplementedError(f"{type(query).__name__} is not a query that this search knows.")


def _joined(kind: type[And] | type[Or], queries: list[Any]) -> Any:
    """And or Or of the queries without what changes nothing."""
    nothing = [one for one in queries if isinstance(one, Not) and isinstance(one.subquery, MatchAll)]
    everything = [one for one in queries if isinstance(one, MatchAll)]
    rest = [one for one in queries if one not in nothing and one not in everything]
    if kind is And:
        decided = MATCH_NONE if nothing or not queries else MatchAll() if not rest else None
    else:
        decided = MatchAll() if everything else MATCH_NONE if not rest else None
    if decided is not None:
        return decided
    return rest[0] if len(rest) == 1 else kind(rest)


def leaves_of(query: Any) -> list[Leaf]:
    """The texts that a cut query looks for, also those that must be absent."""
    if isinstance(query, Leaf):
        return [query]
    if isinstance(query, Not):
        return leaves_of(query.subquery)
    return reduce(lambda found, one: found + leaves_of(one), getattr(query, "subqueries", []), [])
