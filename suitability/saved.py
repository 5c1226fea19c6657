"""Answers that sellers keep: what was asked, what came out, and what today's rubric would say."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from suitability.assessment import Method, Product, assess
from suitability.catalogue import Catalogue
from suitability.costs import Costs
from suitability.models import RubricVersion, SavedAnswer, SavedVerdict
from suitability.presentation import ResultView, VerdictView, span_text
from suitability.questions import Column, Inquiry
from suitability.rubrics import Edition, current_method, edition_of
from suitability.schemas import ResultOut

AMOUNTS = ("weight", "price", "shipping", "duty", "fees", "euro")
UNDECIDED = "range"


@transaction.atomic
def save(inquiry: Inquiry, language: str) -> SavedAnswer:
    """Keeps an answered inquiry with all its products. The first product is the one that is counted."""
    first = inquiry.columns[0]
    saved = SavedAnswer.objects.create(
        version=RubricVersion.objects.get(key=inquiry.edition.key),
        language=language,
        name=first.own_name,
        category=first.category,
        question=[_question(column) for column in inquiry.columns],
        answers=[[result.model_dump() for result in column.results] for column in inquiry.columns],
    )
    SavedVerdict.objects.bulk_create(
        SavedVerdict(answer=saved, market=result.market or "", verdict=_verdict(result)) for result in first.results
    )
    return saved


def _verdict(result: ResultOut) -> str:
    """The verdict to count; of a range that lies within one verdict, that one."""
    return result.verdict_low if result.verdict_low == result.verdict_high else UNDECIDED


def _question(column: Column) -> dict[str, Any]:
    product = column.product
    return {
        "name": column.own_name,
        "state": column.state,
        "category": product.category,
        "levels": dict(product.levels),
        "markets": list(product.markets),
        "costs": _costs_data(product.costs) if product.costs else None,
    }


def _costs_data(costs: Costs) -> dict[str, str | None]:
    amounts = {name: getattr(costs, name) for name in AMOUNTS}
    return {"currency": costs.currency} | {
        name: None if amount is None else str(amount) for name, amount in amounts.items()
    }


def _costs(data: dict[str, Any] | None) -> Costs | None:
    if data is None:
        return None
    amounts = {name: None if data[name] is None else Decimal(data[name]) for name in AMOUNTS}
    return Costs(currency=data["currency"], **amounts)


@dataclass(frozen=True)
class Difference:
    """A market in which today's rubric gives another verdict than then; none ("") where the market is gone."""

    product: str
    market: str
    before: str
    after: str


@dataclass(frozen=True)
class SavedColumn:
    """One product of a saved answer."""

    name: str
    state: str
    views: Sequence[ResultView]


@dataclass(frozen=True)
class SavedView:
    """A saved answer in the reader's language, and what has changed since."""

    columns: Sequence[SavedColumn]
    edition: Edition
    today: str
    is_newer: bool
    differences: Sequence[Difference]

    @property
    def column(self) -> SavedColumn:
        return self.columns[0]

    @property
    def views(self) -> list[ResultView]:
        """The answers of all products."""
        return [view for column in self.columns for view in column.views]

    @property
    def market_rows(self) -> list[tuple[str, list[ResultView]]]:
        return [
            (views[0].market, list(views)) for views in zip(*(column.views for column in self.columns), strict=True)
        ]


def read_saved(saved: SavedAnswer) -> SavedView:
    """A saved answer as it was given, in the words of its own version."""
    edition = edition_of(saved.version)
    now = current_method() or (edition, edition.method({}, {}))
    words = edition.words()
    catalogue = Catalogue(now[1], words)
    columns = [
        SavedColumn(
            asked["name"] or catalogue.categories.get(asked["category"], asked["category"] or ""),
            asked["state"],
            [ResultView(ResultOut(**result), words, catalogue, _costs(asked["costs"])) for result in results],
        )
        for asked, results in zip(saved.question, saved.answers, strict=True)
    ]
    is_newer = now[0].key != edition.key
    pairs = zip(saved.question, columns, strict=True) if is_newer else ()
    differences = [difference for asked, column in pairs for difference in _differences(asked, column, now[1])]
    return SavedView(columns, edition, now[0].key, is_newer, differences)


def _differences(asked: dict[str, Any], column: SavedColumn, method: Method) -> list[Difference]:
    """Where the method of today gives another verdict to the same levels. Criteria that are new count as unknown."""
    levels = {key: asked["levels"].get(key) for key in method.criteria}
    category = asked["category"] if asked["category"] in method.profiles else None
    markets = [market for market in asked["markets"] if market in method.markets]
    product = Product(levels, category, tuple(markets), _costs(asked["costs"]))
    after = {answer.market: answer.result for answer in assess(method, product, robustness=False)}
    found = []
    for view in column.views:
        result = after.get(view.result.market)
        if result is None:
            found.append(Difference(column.name, view.market, view.verdict_text, ""))
            continue
        today = [VerdictView(verdict) for verdict in dict.fromkeys([result.verdict_low, result.verdict_high])]
        if view.verdicts != today:
            found.append(Difference(column.name, view.market, view.verdict_text, span_text(today)))
    return found
