"""One way in, one way out: what a form, an API call or a row of a file asks becomes a `Product`; `assess` answers it.

Plain Python: the method (rubric, market effects, rules and category profiles) is handed in. Mistakes are codes; the
words for them belong to whoever talks to the seller.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from suitability.costs import CARRIAGE, LANDED_COST, Costs, FlatDuty, LandedCost, carriage_level, landed_cost
from suitability.scoring import TOP, Effect, Result, Rubric, score

MAX_MARKETS = 4
MAX_SEED = 2**63 - 1


class Scope(StrEnum):
    """Which products a market effect concerns."""

    ALL = "all"
    PHYSICAL = "physical"
    CATEGORY = "category"


class RuleKind(StrEnum):
    """What a rule does to a category: forbids the sale, or closes the way through paid creators."""

    KNOCK_OUT = "knock-out"
    NO_CREATOR_ROUTE = "no-creator-route"


@dataclass(frozen=True)
class MarketEffect:
    """A market moves the level of a criterion. `id` finds its reason and source."""

    id: str
    market: str
    criterion: str
    move: int
    scope: Scope = Scope.ALL
    category: str = ""
    duty: FlatDuty | None = None


@dataclass(frozen=True)
class CategoryRule:
    """A rule for a category in one market, or in every market when `market` is empty."""

    id: str
    category: str
    kind: RuleKind
    market: str = ""


@dataclass(frozen=True)
class Profile:
    """A category as the score sees it. `group` is the key of the category above it; `title` is the source's."""

    key: str
    levels: Mapping[str, int | None]
    is_digital: bool = False
    group: str = ""
    title: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, self.group) if self.group else (self.key,)


@dataclass(frozen=True)
class Method:
    """Everything that decides an answer, apart from the product; and what the markets are called."""

    rubric: Rubric
    markets: tuple[str, ...] = ()
    effects: tuple[MarketEffect, ...] = ()
    rules: tuple[CategoryRule, ...] = ()
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    market_names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        return tuple(criterion.key for criterion in self.rubric.criteria)

    def effects_on(self, market: str | None, category: str | None) -> tuple[MarketEffect, ...]:
        """The effects of a market on a product of a category, digital goods being spared what concerns parcels."""
        profile = self.profiles.get(category or "")
        keys = profile.keys if profile else ()
        return tuple(
            effect
            for effect in self.effects
            if effect.market == market
            and not (effect.scope == Scope.PHYSICAL and profile and profile.is_digital)
            and not (effect.scope == Scope.CATEGORY and effect.category not in keys)
        )

    def rules_on(self, market: str | None, category: str | None) -> tuple[CategoryRule, ...]:
        """The rules for a category in a market; without a market, those that hold in every market."""
        profile = self.profiles.get(category or "")
        keys = profile.keys if profile else ()
        return tuple(rule for rule in self.rules if rule.category in keys and rule.market in ("", market))

    @cached_property
    def _circumstances(self) -> dict[tuple[str | None, str | None], "_Circumstances"]:
        """What was looked up once: a file asks for the same few markets and categories in every row."""
        return {}


class _Circumstances(NamedTuple):
    """What a market brings to a category, and the same as the score takes it."""

    effects: tuple[MarketEffect, ...]
    moves: tuple[Effect, ...]
    rules: tuple[CategoryRule, ...]
    knockouts: tuple[str, ...]


class Fault(StrEnum):
    """What can be wrong with a product."""

    MISSING = "missing"
    UNKNOWN_CRITERION = "unknown-criterion"
    NOT_A_LEVEL = "not-a-level"
    UNKNOWN_CATEGORY = "unknown-category"
    UNKNOWN_MARKET = "unknown-market"
    REPEATED_MARKET = "repeated-market"
    TOO_MANY_MARKETS = "too-many-markets"
    NOT_A_SEED = "not-a-seed"
    NOT_AN_AMOUNT = "not-an-amount"
    UNKNOWN_CURRENCY = "unknown-currency"


@dataclass(frozen=True)
class Mistake:
    """One thing wrong: the field, what is wrong with it, and the value as given."""

    field: str
    fault: Fault
    value: object = None


class InvalidProductError(ValueError):
    """A product that cannot be scored, with every mistake found."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(f"{mistake.field}: {mistake.fault}" for mistake in mistakes))


class Product(NamedTuple):
    """A validated question: a level (None is unknown) for every criterion, and where the product is to be sold."""

    levels: Mapping[str, int | None]
    category: str | None = None
    markets: tuple[str, ...] = ()
    costs: Costs | None = None
    seed: int | None = None


class Answer(NamedTuple):
    """The answer for one market, or for none.

    `effects` and `rules` are those that apply; the levels of `result` come from `costs` where the seller gave them.
    """

    market: str | None
    levels: Mapping[str, int | None]
    result: Result
    effects: tuple[MarketEffect, ...]
    rules: tuple[CategoryRule, ...]
    landed: LandedCost | None = None

    @property
    def knockouts(self) -> tuple[CategoryRule, ...]:
        return tuple(rule for rule in self.rules if rule.kind == RuleKind.KNOCK_OUT)

    @property
    def notices(self) -> tuple[CategoryRule, ...]:
        return tuple(rule for rule in self.rules if rule.kind != RuleKind.KNOCK_OUT)


def product_of(
    method: Method,
    levels: Mapping[str, object],
    category: str | None = None,
    markets: Iterable[str] = (),
    costs: Costs | None = None,
    seed: int | None = None,
) -> Product:
    """Checks a question and fills the levels that are absent from the category, or from the costs.

    Raises:
        InvalidProductError: with every mistake: levels that are absent, unknown to the rubric or not whole numbers from
            0 to 4, a category or market that does not exist, a market that stands twice, more than four markets.
    """
    markets = tuple(markets)
    criteria = method.criteria
    mistakes = [Mistake(str(key), Fault.UNKNOWN_CRITERION) for key in levels if key not in criteria]
    if category is not None and category not in method.profiles:
        mistakes.append(Mistake("category", Fault.UNKNOWN_CATEGORY, category))
    if markets:
        mistakes += _market_mistakes(method, markets)
    if seed is not None and not 0 <= seed <= MAX_SEED:
        mistakes.append(Mistake("seed", Fault.NOT_A_SEED, seed))
    computed = _computed(costs) if costs else {}
    profile = method.profiles.get(category or "")
    defaults = profile.levels if profile else {}
    filled: dict[str, int | None] = {}
    for key in criteria:
        source = levels if key in levels else computed if key in computed else defaults
        if key not in source:
            mistakes.append(Mistake(key, Fault.MISSING))
            continue
        level = source[key]
        if level is None or (type(level) is int and 0 <= level <= TOP):
            filled[key] = computed.get(key, level)
        else:
            mistakes.append(Mistake(key, Fault.NOT_A_LEVEL, level))
    if mistakes:
        raise InvalidProductError(mistakes)
    return Product(filled, category, markets, costs, seed)


def category_product(method: Method, profile: Profile, markets: tuple[str, ...] = ()) -> Product:
    """A category's usual product: its default levels, where it has none unknown."""
    return Product({key: profile.levels.get(key) for key in method.criteria}, profile.key, markets)


def assess(method: Method, product: Product, robustness: bool = True) -> tuple[Answer, ...]:
    """One answer for each market of the product, in its order; without markets one answer with no market's effects.

    Args:
        robustness: False leaves out the random draws, which take nearly all of the time.
    """
    return tuple([_answer(method, product, market, robustness) for market in product.markets or (None,)])


def _answer(method: Method, product: Product, market: str | None, robustness: bool) -> Answer:
    here = _circumstances(method, market, product.category)
    effects, moves, levels, landed = here.effects, here.moves, product.levels, None
    if product.costs is not None:
        duties = [effect.duty for effect in effects if effect.duty and not _is_digital(method, product)]
        landed = landed_cost(product.costs, duties) if LANDED_COST in levels else None
        if landed is not None:
            levels = {**levels, LANDED_COST: landed.level}
            if not landed.lacks_rate:  # the market's duty is in the sum already
                effects = tuple(effect for effect in effects if effect.criterion != LANDED_COST)
                moves = tuple(move for move in moves if move.criterion != LANDED_COST)
    result = score(method.rubric, levels, moves, here.knockouts, seed=product.seed, robustness=robustness)
    applied = {rule for effect in result.effects for rule in effect.rules}
    if len(applied) < len(effects):
        effects = tuple(effect for effect in effects if effect.id in applied)
    return Answer(market, levels, result, effects, here.rules, landed)


def _circumstances(method: Method, market: str | None, category: str | None) -> _Circumstances:
    found = method._circumstances.get((market, category))
    if found is None:
        effects, rules = method.effects_on(market, category), method.rules_on(market, category)
        knockouts = tuple(rule.id for rule in rules if rule.kind == RuleKind.KNOCK_OUT)
        found = _Circumstances(effects, tuple(_effect(method, effect) for effect in effects), rules, knockouts)
        method._circumstances[market, category] = found
    return found


def _effect(method: Method, effect: MarketEffect) -> Effect:
    """What concerns parcels spares a product that is not shipped, whatever its category."""
    spares = effect.scope == Scope.PHYSICAL and effect.move < 0 and CARRIAGE in method.criteria
    return Effect(effect.criterion, effect.move, effect.id, unless=(CARRIAGE, TOP) if spares else None)


def _is_digital(method: Method, product: Product) -> bool:
    profile = method.profiles.get(product.category or "")
    return bool(profile and profile.is_digital) or product.levels.get(CARRIAGE) == TOP


def _computed(costs: Costs) -> dict[str, int]:
    """The levels that follow from the seller's own numbers, before any market's flat duty."""
    levels = {}
    if costs.weight is not None:
        levels[CARRIAGE] = carriage_level(costs.weight)
    landed = landed_cost(costs)
    if landed is not None:
        levels[LANDED_COST] = landed.level
    return levels


def _market_mistakes(method: Method, markets: tuple[str, ...]) -> list[Mistake]:
    mistakes = [Mistake("markets", Fault.UNKNOWN_MARKET, market) for market in markets if market not in method.markets]
    if len(set(markets)) < len(markets):
        mistakes.append(Mistake("markets", Fault.REPEATED_MARKET))
    if len(set(markets)) > MAX_MARKETS:
        mistakes.append(Mistake("markets", Fault.TOO_MANY_MARKETS))
    return mistakes
