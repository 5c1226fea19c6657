"""Reads what an address asks: the product of the form, and up to three others to compare it with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from suitability.assessment import Method, Product, assess
from suitability.catalogue import Catalogue
from suitability.forms import MAX_OTHERS, MAX_STATE, ProductForm, canonical, has_product
from suitability.presentation import ResultView, level_dots
from suitability.rubrics import Edition, Words, current_method
from suitability.schemas import ResultOut, result_out


@dataclass(frozen=True)
class Column:
    """One product with its answers, one for each market."""

    name: str
    own_name: str
    category: str
    state: str
    product: Product
    results: Sequence[ResultOut]
    views: Sequence[ResultView]


class Inquiry:
    """Everything that one address asks, and the answers.

    Args:
        query: the query of the address.
        edition, method: the version in force, with today's categories and markets.
    """

    def __init__(self, query: QueryDict, edition: Edition, method: Method) -> None:
        self.edition = edition
        self.method = method
        self.words: Words = edition.words()
        self.catalogue = Catalogue(method, self.words)
        self.state = canonical(query, method)
        self.is_started = has_product(query, method)
        self.form = self._form(self.state)

    @cached_property
    def column(self) -> Column | None:
        """The product of the form; None while there is nothing to score, or something to mend."""
        return self._column(self.form, self.state) if self.is_started and self.form.is_valid() else None

    @cached_property
    def others(self) -> list[Column]:
        """The products to compare with, in the markets of the first one. What cannot be read is left out."""
        found = []
        for text in self.state.getlist("with"):
            state = self._state_of(text)
            form = self._form(state)
            column = self._column(form, state) if form.is_valid() else None
            if column is not None:
                found.append(column)
        return found

    @property
    def columns(self) -> list[Column]:
        return [self.column, *self.others] if self.column else []

    @property
    def views(self) -> list[ResultView]:
        """The answers of all products."""
        return [view for column in self.columns for view in column.views]

    @property
    def market_rows(self) -> list[tuple[str, list[ResultView]]]:
        """The comparison by market: its name, and the answer of each product."""
        return [
            (views[0].market, list(views)) for views in zip(*(column.views for column in self.columns), strict=True)
        ]

    @property
    def level_rows(self) -> list[tuple[str, list[str]]]:
        """The comparison by criterion: its name, and the level of each product."""
        return [
            (criterion.name, [level_dots(column.product.levels[key]) for column in self.columns])
            for key, criterion in self.words.criteria.items()
        ]

    @property
    def can_compare_more(self) -> bool:
        return len(self.others) < MAX_OTHERS and len(self.product_state) <= MAX_STATE

    @property
    def product_state(self) -> str:
        """The product of the form alone, without those it is compared with."""
        state = self.state.copy()
        state.pop("with", None)
        return state.urlencode()

    @property
    def compare_query(self) -> str:
        """The query that keeps these products and asks for one more."""
        query = QueryDict(mutable=True)
        query.setlist("market", self.state.getlist("market"))
        query.setlist("with", [self.product_state, *(column.state for column in self.others)])
        return query.urlencode()

    def query_with_first(self, column: Column) -> str:
        """The query in which another product of the comparison is the one in the form."""
        query = QueryDict(column.state, mutable=True)
        query.setlist("with", [other.state for other in self.columns if other is not column])
        return query.urlencode()

    def query_without(self, column: Column) -> str:
        """The query without one product of the comparison."""
        rest = [other for other in self.columns if other is not column]
        query = QueryDict(rest[0].state, mutable=True)
        query.setlist("with", [other.state for other in rest[1:]])
        return query.urlencode()

    def _state_of(self, text: str) -> QueryDict:
        state = canonical(QueryDict(text), self.method)
        state.setlist("market", self.state.getlist("market"))
        state.pop("with", None)
        return state

    def _form(self, state: QueryDict) -> ProductForm:
        return ProductForm(state, self.method, self.words, self.catalogue.groups, self.catalogue.markets)

    def _column(self, form: ProductForm, state: QueryDict) -> Column | None:
        if form.product is None:
            return None
        product = form.product
        results = [result_out(answer, self.words) for answer in assess(self.method, product)]
        own_name = form.cleaned_data["name"]
        name = own_name or self.catalogue.categories.get(product.category or "", "")
        own = state.copy()
        own.pop("with", None)
        views = [ResultView(result, self.words, self.catalogue, product.costs) for result in results]
        return Column(name, own_name, product.category or "", own.urlencode(), product, results, views)


def inquire(query: QueryDict) -> Inquiry | None:
    """What an address asks; None before a rubric is active."""
    found = current_method()
    return Inquiry(query, *found) if found else None
