"""A result as a page shows it: names, sentences and the lengths of bars, from the data that the API answers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from babel import Locale as BabelLocale
from babel.dates import get_timezone_location
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_name
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext, to_locale
from django.utils.translation import gettext as _

from evidence.records import Entry, RuleEntry
from evidence.status import Status
from suitability.costs import LANDED_COST, Costs
from suitability.rubrics import CriterionWords, RuleWords, Words
from suitability.schemas import LandedCostOut, ResultOut
from suitability.scoring import STABLE_FROM, TOP, Verdict
from suitability.wording import MARKS, MEANINGS, VERDICTS, robustness_text

WEAK_PILLAR = 35
BY_KEY = {verdict.key: verdict for verdict in Verdict}


@dataclass(frozen=True)
class Chapter:
    """A page of the guide to read next."""

    title: str
    url: str


@dataclass(frozen=True)
class MarketFacts:
    """What a seller needs to know of a market, whatever the product."""

    note: str
    currency: str
    languages: Sequence[str]
    zones: Sequence[str]
    rules: Sequence[RuleEntry] = ()

    @property
    def currency_text(self) -> str:
        return f"{get_currency_name(self.currency, locale=_babel())} ({self.currency})"

    @property
    def language_text(self) -> str:
        """The languages by their names in the reader's; a code that has no name stands as it is."""
        names = [_babel().languages.get(code.replace("-", "_"), code) for code in self.languages]
        return pgettext("between the items of a list", ", ").join(names)

    @property
    def zone_text(self) -> str:
        """A city of each time zone, in the reader's language."""
        cities = [str(get_timezone_location(zone, locale=_babel(), return_city=True)) for zone in self.zones]
        return pgettext("between the items of a list", ", ").join(cities)


class Names(Protocol):
    """What things are called in the reader's language, by key."""

    @property
    def markets(self) -> Mapping[str, str]: ...
    @property
    def chapters(self) -> Mapping[str, Chapter]: ...
    @property
    def market_facts(self) -> Mapping[str, MarketFacts]: ...


@dataclass(frozen=True)
class VerdictView:
    """A verdict in words, with a mark that needs no colour."""

    verdict: Verdict

    @property
    def key(self) -> str:
        return self.verdict.key

    @property
    def label(self) -> str:
        return str(VERDICTS[self.verdict])

    @property
    def meaning(self) -> str:
        return str(MEANINGS[self.verdict])

    @property
    def mark(self) -> str:
        return MARKS[self.verdict]


def span_text(verdicts: Sequence[VerdictView]) -> str:
    """One verdict, or the span from the worst to the best, in words."""
    if len(verdicts) == 1:
        return verdicts[0].label
    return _("from %(low)s to %(high)s") % {"low": verdicts[0].label, "high": verdicts[-1].label}


@dataclass(frozen=True)
class Bar:
    """One bar from 0 to 100."""

    name: str
    value: float
    text: str
    is_weak: bool = False


@dataclass(frozen=True)
class LossRow:
    """What one criterion costs, with the level it stands at."""

    criterion: CriterionWords
    points: float
    level: int | None
    width: float

    @property
    def text(self) -> str:
        return number(self.points)

    @property
    def level_text(self) -> str:
        return _("unknown") if self.level is None else self.criterion.full_text(self.level)


@dataclass(frozen=True)
class SourcedRule:
    """A reason with the record it rests on; `move` is set for market effects."""

    words: RuleWords
    move: int = 0
    kind: str = ""

    @property
    def status(self) -> Status | None:
        return Status.of(self.words.status)

    @property
    def move_text(self) -> str:
        return f"+{self.move}" if self.move > 0 else f"−{-self.move}"


@dataclass(frozen=True)
class EffectRow:
    """What a market does to one criterion."""

    criterion: CriterionWords
    before: int | None
    after: int | None
    rules: Sequence[SourcedRule]


@dataclass(frozen=True)
class StepRow:
    """One way to a better score."""

    criterion: CriterionWords
    level: int
    score: float
    verdict: VerdictView
    chapter: Chapter | None

    @property
    def score_text(self) -> str:
        return number(self.score)


class ResultView:
    """One answer for one market, ready for a template.

    Args:
        result: the answer as data.
        words: the wording of the rubric version that gave it, in the reader's language.
        names: of markets, categories and chapters in the reader's language.
        costs: the amounts that the seller gave, for the arithmetic.
    """

    def __init__(self, result: ResultOut, words: Words, names: Names, costs: Costs | None = None) -> None:
        self.result = result
        self.words = words
        self.names = names
        self.costs = costs

    @property
    def market(self) -> str:
        key = self.result.market
        return _("Any market") if key is None else self.names.markets.get(key, key)

    @property
    def facts(self) -> MarketFacts | None:
        return self.names.market_facts.get(self.result.market or "")

    @property
    def anchor(self) -> str:
        return f"market-{self.result.market or 'none'}"

    @property
    def is_range(self) -> bool:
        return self.result.score is None

    @property
    def score_text(self) -> str:
        """The score, or the range where something is unknown. Cut, not rounded: 69.97 is not 70 to the verdict."""
        return span(self.result.low, self.result.high)

    @property
    def verdicts(self) -> list[VerdictView]:
        """The verdict; the worst and the best one where something is unknown and they differ."""
        keys = dict.fromkeys([self.result.verdict_low, self.result.verdict_high])
        return [VerdictView(BY_KEY[key]) for key in keys]

    @property
    def verdict_text(self) -> str:
        return span_text(self.verdicts)

    @property
    def pillars(self) -> list[Bar]:
        return [
            Bar(name, round(value, 2), number(value), value < WEAK_PILLAR)
            for key, name in self.words.pillars.items()
            for value in [self.result.pillars[key]]
        ]

    @property
    def losses(self) -> list[LossRow]:
        """The criteria that cost points, the most expensive first."""
        after = {effect.criterion: effect.after for effect in self.result.effects}
        costly = [loss for loss in self.result.losses if loss.points >= 0.05]
        most = max((loss.points for loss in costly), default=1.0)
        return [
            LossRow(
                self.words.criteria[loss.criterion],
                loss.points,
                after.get(loss.criterion, self.result.levels[loss.criterion]),
                round(100 * loss.points / most, 2),
            )
            for loss in costly
        ]

    @property
    def caps(self) -> list[str]:
        """Why the verdict is no better than conditional, in sentences; nothing where it is worse for other reasons."""
        if BY_KEY[self.result.verdict_high] < Verdict.CONDITIONAL:
            return []
        sentences = []
        for cap in self.result.caps:
            if cap.kind == "criterion":
                name = self.words.criteria[cap.key].name
                text = _("“%(name)s” stands at level 0, so the verdict cannot be better than conditional.")
            else:
                name = self.words.pillars[cap.key]
                text = _("The pillar “%(name)s” is under 35, so the verdict cannot be better than conditional.")
            sentences.append(text % {"name": name})
        return sentences

    @property
    def knockouts(self) -> list[SourcedRule]:
        return [SourcedRule(self.words.rules[rule.id]) for rule in self.result.knockouts]

    @property
    def notices(self) -> list[SourcedRule]:
        return [SourcedRule(self.words.rules[rule.id], kind=rule.kind) for rule in self.result.notices]

    @property
    def effects(self) -> list[EffectRow]:
        return [
            EffectRow(
                self.words.criteria[effect.criterion],
                effect.before,
                effect.after,
                [SourcedRule(self.words.rules[rule.id], rule.move) for rule in effect.rules],
            )
            for effect in self.result.effects
        ]

    @property
    def entries(self) -> list[Entry]:
        """The records that the answer rests on, each once."""
        rules = [*self.knockouts, *self.notices, *(rule for effect in self.effects for rule in effect.rules)]
        found = [rule.words.entry for rule in rules] + list(self.facts.rules if self.facts else ())
        return list(dict.fromkeys(entry for entry in found if entry is not None))

    @property
    def robustness(self) -> str:
        """How sure the verdict is, in words; "" for a range or a knock-out, which says it already."""
        found = self.result.robustness
        return robustness_text(found.weights, found.ratings) if found and not self.result.knockouts else ""

    @property
    def is_unstable(self) -> bool:
        found = self.result.robustness
        return bool(found and not self.result.knockouts and min(found.weights, found.ratings) < STABLE_FROM)

    @property
    def steps(self) -> list[StepRow]:
        """The two best next steps; none where a rule forbids the sale, which no level changes."""
        if self.result.knockouts:
            return []
        return [
            StepRow(
                self.words.criteria[step.criterion],
                step.level,
                step.score,
                VerdictView(BY_KEY[step.verdict]),
                self.names.chapters.get(self.words.criteria[step.criterion].chapter),
            )
            for step in self.result.next_steps
        ]

    @property
    def find_out(self) -> CriterionWords | None:
        """The unknown to look into first."""
        return self.words.criteria[self.result.ask_first] if self.result.ask_first else None

    @cached_property
    def sum(self) -> "CostSum | None":
        """The arithmetic of landed cost, where the seller gave amounts."""
        if self.result.landed_cost is None or self.costs is None:
            return None
        return CostSum(self.result.landed_cost, self.costs, self.words)


@dataclass(frozen=True)
class CostSum:
    """Landed cost, term by term."""

    landed: LandedCostOut
    costs: Costs
    words: Words

    @property
    def terms(self) -> list[tuple[str, str]]:
        amounts = [
            (_("Delivery"), self.costs.shipping),
            (_("Duty and taxes"), self.costs.duty),
            (_("Fees"), self.costs.fees),
            (_("Flat duty of this market"), Decimal(str(self.landed.flat_duty)) or None),
        ]
        return [(label, self._money(amount)) for label, amount in amounts if amount is not None]

    @property
    def total(self) -> str:
        return self._money(self.landed.total)

    @property
    def price(self) -> str:
        return self._money(self.costs.price or 0)

    @property
    def share(self) -> str:
        return str(format_percent(self.landed.share, "#,##0.##%", locale=_babel()))

    @property
    def level_text(self) -> str:
        return self.words.criteria[LANDED_COST].full_text(self.landed.level)

    def _money(self, amount: Decimal | float) -> str:
        return str(format_currency(amount, self.costs.currency, locale=_babel()))


def number(value: float) -> str:
    """A score or points with one decimal, cut off, in the reader's digits."""
    return str(format_decimal(math.floor(value * 10 + 1e-9) / 10, "0.0", locale=_babel()))


def span(low: float, high: float) -> str:
    """A score, or the range where its ends differ."""
    if low == high:
        return number(low)
    return _("%(low)s–%(high)s") % {"low": number(low), "high": number(high)}


def level_dots(level: int | None) -> str:
    """A level as four signs: `●●●○` stands for level 3."""
    return "?" if level is None else "●" * level + "○" * (TOP - level)


def _babel() -> BabelLocale:
    return BabelLocale.parse(to_locale(get_language() or "en"))
