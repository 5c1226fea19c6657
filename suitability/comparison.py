"""Categories as readers compare them: the usual levels of each, and the verdict in every market."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property

from suitability.assessment import Method, Profile, assess, category_product
from suitability.catalogue import Catalogue
from suitability.presentation import ResultView, level_dots, span
from suitability.rubrics import CriterionWords, Words, current_method
from suitability.schemas import result_out

if TYPE_CHECKING:
    from suitability.models import CategoryIndexPage, ProductCategory


@dataclass(frozen=True)
class Row:
    """One category: its page, and its answer without a market and in each market."""

    page: "ProductCategory"
    views: list[ResultView]


@dataclass(frozen=True)
class Spread:
    """One category on a scale of 0 to 100: its score without a market, and from the worst to the best market."""

    row: Row

    @property
    def usual(self) -> float:
        """The score without a market's effects; the middle where something is unknown."""
        result = self.row.views[0].result
        return round((result.low + result.high) / 2, 2)

    @property
    def _open(self) -> list[ResultView]:
        return [view for view in self.row.views[1:] if not view.knockouts]

    @property
    def low(self) -> float:
        return min((view.result.low for view in self._open), default=self.usual)

    @property
    def high(self) -> float:
        return max((view.result.high for view in self._open), default=self.usual)

    @property
    def width(self) -> float:
        return round(self.high - self.low, 2)

    @property
    def text(self) -> str:
        return span(self.low, self.high)

    @property
    def closed(self) -> int:
        """In how many markets a rule forbids it."""
        return len(self.row.views) - 1 - len(self._open)

    @property
    def is_open(self) -> bool:
        return bool(self._open)


class Comparison:
    """All published categories, side by side, by group."""

    def __init__(self, index: "CategoryIndexPage", method: Method, words: Words) -> None:
        self.words = words
        self.method = method
        self.index = index
        self.catalogue = Catalogue(method, words)

    @property
    def markets(self) -> list[str]:
        return list(self.catalogue.markets.values())

    @cached_property
    def groups(self) -> "list[tuple[ProductCategory | None, list[Row]]]":
        groups = [(group, [row for page in group.members if (row := self._row(page))]) for group in self.index.tree]
        rest = [row for page in self.index.without_group if (row := self._row(page))]
        return [*groups, *([(None, rest)] if rest else [])]

    @property
    def limits(self) -> list[float]:
        """The scores where the verdicts conditional, promising and strong begin."""
        rubric = self.method.rubric
        return [
            int(limit) if limit == int(limit) else limit
            for limit in (rubric.conditional, rubric.promising, rubric.strong)
        ]

    @cached_property
    def spreads(self) -> list[Spread]:
        """All categories, the best first; those that every market forbids last."""
        found = [Spread(row) for _group, rows in self.groups for row in rows]
        return sorted(found, key=lambda one: (one.is_open, one.high, one.low), reverse=True)

    def _row(self, page: "ProductCategory") -> Row | None:
        profile = self.method.profiles.get(page.slug)
        return Row(page, category_views(page, self.method, self.catalogue, self.words)) if profile else None


def category_views(page: "ProductCategory", method: Method, catalogue: Catalogue, words: Words) -> list[ResultView]:
    """A category's usual product, without a market and in each market."""
    product = category_product(method, method.profiles[page.slug])
    everywhere = category_product(method, method.profiles[page.slug], method.markets)
    answers = [*assess(method, product, robustness=False), *assess(method, everywhere, robustness=False)]
    return [ResultView(result_out(answer, words), words, catalogue) for answer in answers]


def compare_categories(index: "CategoryIndexPage") -> Comparison | None:
    """The comparison for the index; None before a rubric is active."""
    found = current_method()
    if found is None:
        return None
    edition, method = found
    return Comparison(index, method, edition.words())


@dataclass(frozen=True)
class LevelRow:
    """One criterion of a category's profile."""

    words: CriterionWords
    level: int | None

    @property
    def text(self) -> str:
        return "" if self.level is None else self.words.full_text(self.level)

    @property
    def dots(self) -> str:
        return level_dots(self.level)


def _reasons(view: ResultView) -> set[str]:
    """What caps or forbids, in words."""
    return {*view.caps, *(rule.words.reason for rule in (*view.knockouts, *view.notices))}


def describe_category(page: "ProductCategory", as_draft: bool = False) -> dict[str, Any]:
    """What a category's page shows of the score; nothing of it for a group, or before a rubric is active.

    Args:
        as_draft: with the levels of this very page, as its editor's preview shows it, not with those in force.
    """
    context: dict[str, Any] = {"group": page.group_here, "members": page.live_members}
    found = current_method()
    if found is None:
        return context
    edition, method = found
    if as_draft and page.levels:
        group = page.group.slug if page.group else ""
        own = Profile(page.slug, page.levels, page.is_digital, group)
        method = replace(method, profiles={**method.profiles, page.slug: own})
    if page.slug not in method.profiles:
        return context
    words = edition.words()
    catalogue = Catalogue(method, words)
    overall, *by_market = category_views(page, method, catalogue, words)
    levels = method.profiles[page.slug].levels
    own_reasons = [view for view in by_market if _reasons(view) - _reasons(overall)]
    rules = [rule for view in (overall, *own_reasons) for rule in (*view.knockouts, *view.notices)]
    return context | {
        "profile": [LevelRow(criterion, levels.get(key)) for key, criterion in words.criteria.items()],
        "overall": overall,
        "market_views": by_market,
        "own_reasons": own_reasons,
        "reasons": [rule.words.entry for rule in rules if rule.words.entry],
        "form_url": catalogue.form_url,
        "version": edition.key,
    }
