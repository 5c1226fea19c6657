"""The score as data: what the API is asked and answers, downloads hold, and a saved answer keeps.

Pages are drawn from the results too.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SkipValidation,
    StrictBool,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from suitability.assessment import (
    MAX_MARKETS,
    MAX_SEED,
    Answer,
    CategoryRule,
    Fault,
    MarketEffect,
    Method,
    RuleKind,
    Scope,
)
from suitability.costs import CURRENCIES, EURO, PLAIN, Costs
from suitability.rubrics import Words
from suitability.scoring import LEVELS, TOP, Criterion, Result, Verdict

VerdictKey = Literal["strong", "promising", "conditional", "poor", "not-sellable"]


class CapOut(Schema):
    """Why the verdict cannot be better than *conditional*."""

    kind: str = Field(description="criterion (at level 0) or pillar (under 35).")
    key: str
    name: str


class RuleOut(Schema):
    """A rule with its reason and source."""

    id: str
    reason: str
    source: str
    address: str
    status: str = Field(description="supported, disputed, outdated, unverified or assumption.")
    evidence: str = Field(description="The key of the figure or rule in the evidence, or empty.")


class NoticeOut(RuleOut):
    """A rule that does not forbid the sale, but closes a way to it."""

    kind: str = Field(description="no-creator-route: paid partnerships are barred.")


class MoveOut(RuleOut):
    """One market effect."""

    move: int


class EffectOut(Schema):
    """What a market does to the level of one criterion; null where the level is unknown."""

    criterion: str
    before: int | None
    after: int | None
    rules: list[MoveOut]


class LossOut(Schema):
    """The points that a criterion costs: the score with it at 4, less the score now."""

    criterion: str
    points: float


class StepOut(Schema):
    """What one level more in a criterion would bring."""

    criterion: str
    level: int
    score: float
    verdict: VerdictKey
    advice: str
    chapter: str = Field(description="The chapter that helps: its address below the language, or empty.")


class RobustnessOut(Schema):
    """The shares of 1,000 draws each that keep the verdict."""

    weights: float
    ratings: float


class LandedCostOut(Schema):
    """Delivery, duty and fees, computed from the seller's own amounts."""

    total: float
    share: float = Field(description="Of the price: 0.25 is 25 %.")
    level: int
    flat_duty: float = Field(description="The market's own, in the seller's currency; part of the total.")
    lacks_rate: str = Field(description="The currency of a flat duty that was left out for want of a rate, or empty.")


class ResultOut(Schema):
    """The answer for one market, or for none. With an unknown level, score and verdict are null: see low and high."""

    market: str | None
    score: float | None
    low: float
    high: float
    verdict: VerdictKey | None
    verdict_low: VerdictKey
    verdict_high: VerdictKey
    levels: dict[str, int | None] = Field(
        description="As scored, before market effects.", examples=[{"distinctiveness": 3, "carriage": None}]
    )
    pillars: dict[str, float] = Field(examples=[{"appeal": 75.0, "delivery": 93.75, "rules": 90.0}])
    caps: list[CapOut]
    knockouts: list[RuleOut]
    notices: list[NoticeOut]
    effects: list[EffectOut]
    losses: list[LossOut]
    robustness: RobustnessOut | None
    next_steps: list[StepOut]
    ask_first: str | None = Field(description="The unknown whose answer would narrow the range most.")
    landed_cost: LandedCostOut | None = None


def result_out(answer: Answer, words: Words) -> ResultOut:
    """An answer as data, its reasons in one language."""
    result = answer.result
    return ResultOut(
        market=answer.market,
        score=result.score,
        low=result.low,
        high=result.high,
        verdict=_key(result.verdict) if result.verdict is not None else None,
        verdict_low=_key(result.verdict_low),
        verdict_high=_key(result.verdict_high),
        levels=dict(answer.levels),
        pillars=dict(result.pillars),
        caps=_caps(result, words),
        knockouts=[RuleOut(**_rule(rule, words)) for rule in answer.knockouts],
        notices=[NoticeOut(kind=rule.kind.value, **_rule(rule, words)) for rule in answer.notices],
        effects=_effects(answer, words),
        losses=[LossOut(criterion=loss.criterion, points=loss.points) for loss in result.losses],
        robustness=RobustnessOut(weights=result.robustness.weights, ratings=result.robustness.ratings)
        if result.robustness
        else None,
        next_steps=_steps(result, words),
        ask_first=result.ask_first,
        landed_cost=LandedCostOut(
            total=float(answer.landed.total),
            share=float(answer.landed.share),
            level=answer.landed.level,
            flat_duty=float(answer.landed.flat_duty),
            lacks_rate=answer.landed.lacks_rate,
        )
        if answer.landed
        else None,
    )


def _key(verdict: Verdict) -> VerdictKey:
    key: VerdictKey = verdict.key  # type: ignore[assignment]
    return key


def _caps(result: Result, words: Words) -> list[CapOut]:
    names = {key: criterion.name for key, criterion in words.criteria.items()}
    return [
        CapOut(kind=cap.kind, key=cap.key, name=names[cap.key] if cap.kind == "criterion" else words.pillars[cap.key])
        for cap in result.caps
    ]


def _rule(rule: CategoryRule, words: Words) -> dict[str, str]:
    return {"id": rule.id, **_reason(rule.id, words)}


def _reason(identifier: str, words: Words) -> dict[str, str]:
    rule = words.rules[identifier]
    return {
        "reason": rule.reason,
        "source": rule.source,
        "address": rule.address,
        "status": rule.status,
        "evidence": rule.key,
    }


def _effects(answer: Answer, words: Words) -> list[EffectOut]:
    moves = {effect.id: effect.move for effect in answer.effects}
    return [
        EffectOut(
            criterion=effect.criterion,
            before=effect.before,
            after=effect.after,
            rules=[MoveOut(id=rule, move=moves[rule], **_reason(rule, words)) for rule in effect.rules],
        )
        for effect in answer.result.effects
    ]


def _steps(result: Result, words: Words) -> list[StepOut]:
    return [
        StepOut(
            criterion=step.criterion,
            level=step.level,
            score=step.score,
            verdict=_key(step.verdict),
            advice=words.criteria[step.criterion].advice,
            chapter=words.criteria[step.criterion].chapter,
        )
        for step in result.next_steps
    ]


# --- What the API is asked -------------------------------------------------------------------------------------------

MAX_LEVELS = 50
MAX_KEY = 60
MAX_PRODUCTS = 100
MAX_DRAWN_PRODUCTS = 25
MORE_THAN_DRAWN = "more-than-drawn"
NOT_ABOVE_ZERO = "not-above-zero"
LARGEST_AMOUNT = 10**12
SMALLEST_STEP = Decimal("0.000001")


def _amount(value: object) -> Decimal | None:
    """An amount from a JSON number, rounded to six decimals, or from plain digits as text: `"12.50"`."""
    if value is None:
        return None
    if isinstance(value, str) and PLAIN.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LARGEST_AMOUNT:
        return Decimal(str(value)).quantize(SMALLEST_STEP)
    raise PydanticCustomError(Fault.NOT_AN_AMOUNT.value, "a number from 0 up")


def _above_zero(value: Decimal | None) -> Decimal | None:
    if value is not None and value <= 0:
        raise PydanticCustomError(NOT_ABOVE_ZERO, "a number above 0")
    return value


def _currency(value: str) -> str:
    if value not in CURRENCIES:
        raise PydanticCustomError(Fault.UNKNOWN_CURRENCY.value, "a currency of the list")
    return value


def _seed(value: object) -> object:
    if value is not None and type(value) is not int:
        raise PydanticCustomError(Fault.NOT_A_SEED.value, "a whole number from 0 up")
    return value


def _amount_schema(number: dict[str, Any], pattern: str) -> WithJsonSchema:
    kinds = [{"type": "number", "exclusiveMaximum": LARGEST_AMOUNT, **number}, {"type": "string", "pattern": pattern}]
    return WithJsonSchema({"anyOf": [*kinds, {"type": "null"}]})


DIGITS = f"{PLAIN.pattern}$"
Amount = Annotated[Decimal | None, BeforeValidator(_amount), _amount_schema({"minimum": 0}, f"^{DIGITS}")]
AmountAboveZero = Annotated[
    Decimal | None,
    AfterValidator(_above_zero),
    BeforeValidator(_amount),
    _amount_schema({"minimum": float(SMALLEST_STEP)}, rf"^(?!0+(\.0+)?$){DIGITS}"),
]
Currency = Annotated[str, AfterValidator(_currency), Field(json_schema_extra={"enum": list(CURRENCIES)})]
Seed = Annotated[
    int | None,
    BeforeValidator(_seed),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0, "maximum": MAX_SEED}, {"type": "null"}]}),
]
# A wrong level is found with all other mistakes by `product_of`; here it is only described.
Level = SkipValidation[Annotated[int, Field(ge=0, le=TOP)] | None]
LevelKey = Annotated[str, StringConstraints(max_length=MAX_KEY)]
ONLINE_COURSE: dict[str, Any] = {
    "levels": {"distinctiveness": 3, "carriage": None},
    "category": "online-course",
    "markets": ["eu"],
}


class CostsIn(BaseModel):
    """What the seller knows of one parcel. What can be computed from it replaces the levels given.

    Amounts are numbers, or text of plain digits such as "12.50"; numbers are rounded to six decimals.
    """

    model_config = ConfigDict(extra="forbid")

    weight: AmountAboveZero = Field(None, description="Of the parcel as shipped, in kilograms; gives carriage.")
    price: AmountAboveZero = Field(None, description="What the customer pays for the goods.")
    shipping: Amount = Field(None, description="Delivery. With a price, one of these three gives landed_cost.")
    duty: Amount = Field(None, description="Duty and taxes, without a market's flat duty: that is added.")
    fees: Amount = Field(None, description="Payment, customs agent, platform.")
    currency: Currency = Field(EURO, description="Of all amounts.")
    euro: AmountAboveZero = Field(None, description="What one euro costs in that currency; not needed for EUR.")

    def costs(self) -> Costs:
        return Costs(**dict(self))


class ProductIn(BaseModel):
    """A product: its levels, where they differ from those of its category, and where it is to be sold."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ONLINE_COURSE]})

    levels: dict[LevelKey, Level] = Field(
        default_factory=dict,
        max_length=MAX_LEVELS,
        description="A whole number from 0 to 4 for each criterion of the rubric; null is unknown. The category fills "
        "those that are absent; one that neither gives is an error.",
    )
    category: str | None = Field(None, description="A key of /categories.")
    markets: list[str] = Field(
        default_factory=list,
        max_length=MAX_MARKETS,
        json_schema_extra={"uniqueItems": True},
        description="Keys of /markets, each with a result of its own; none is one result without market effects.",
    )
    costs: CostsIn | None = Field(None, description="The seller's own weights and amounts.")
    seed: Seed = Field(None, description="Of the random draws. By default the same question has the same answer.")


class ScoreIn(ProductIn):
    """A product, and whether to work out how robust its verdict is."""

    robustness: StrictBool = Field(True, description="False leaves out the random draws, which take most of the time.")


class BatchIn(BaseModel):
    """Several products. A wrong one does not stop the others."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"products": [ONLINE_COURSE]}]})

    # Each is read on its own, so that a mistake in one stays with it; here they are only described.
    products: list[SkipValidation[ProductIn]] = Field(max_length=MAX_PRODUCTS)
    robustness: StrictBool = Field(
        False, description=f"Work out how robust each verdict is, for at most {MAX_DRAWN_PRODUCTS} products."
    )

    @field_validator("robustness")
    @classmethod
    def _few_enough(cls, robustness: bool, info: ValidationInfo) -> bool:
        if robustness and len(info.data.get("products", ())) > MAX_DRAWN_PRODUCTS:
            raise PydanticCustomError(MORE_THAN_DRAWN, "fewer products")
        return robustness


# --- What the API answers --------------------------------------------------------------------------------------------


class ErrorOut(Schema):
    """One thing that is wrong, in the language asked for."""

    field: str = Field(
        description="Where: levels.carriage, markets, costs.price; body or product for the whole.",
        examples=["levels.carriage"],
    )
    reason: str = Field(examples=["A level is a whole number from 0 to 4. It says “7”."])


class ErrorsOut(Schema):
    """Why there is no answer."""

    errors: list[ErrorOut]


class ResultsOut(Schema):
    """The results of one product: one for each market in the order asked, or one without a market."""

    results: list[ResultOut]


class ScoreOut(Schema):
    """The version of the rubric, and the results of a product."""

    rubric: str
    results: list[ResultOut]


class BatchOut(Schema):
    """For each product, in the order asked, its results or what is wrong with it."""

    rubric: str
    answers: list[ResultsOut | ErrorsOut]


class PillarOut(Schema):
    """A group of criteria. Pillars multiply: a weak one cannot be bought off by another."""

    key: str
    name: str
    meaning: str


class CriterionOut(Schema):
    """One question about a product."""

    key: str
    pillar: str
    weight: float
    name: str
    question: str
    help: str = Field(description="How to judge it, or empty.")
    levels: list[str] = Field(description="What levels 0 to 4 mean, in this order.")
    find_out: str = Field(description="What to find out first, when the level is unknown.")
    advice: str = Field(description="How to get one level higher.")
    chapter: str = Field(description="The chapter that helps: its address below the language, or empty.")


class FlatDutyOut(Schema):
    """A fixed duty on each parcel worth less than `below`. With costs, it counts as money instead of the move."""

    amount: float
    currency: str
    below: float | None


class MarketEffectOut(MoveOut):
    """A market moves the level of a criterion."""

    market: str
    criterion: str
    applies_to: Scope
    category: str | None = Field(description="Where it applies to one category or group.")
    flat_duty: FlatDutyOut | None


class CategoryRuleOut(RuleOut):
    """A rule for a category: it forbids the sale, or closes the way through paid creators."""

    kind: RuleKind
    category: str
    market: str | None = Field(description="Null: every market.")


class RubricOut(Schema):
    """The version in force: what is asked, how it counts, what markets change and forbid."""

    rubric: str = Field(description="The version. It never changes; a new one gets a new key.")
    strong: float = Field(description="The verdict is strong from this score up; so promising and conditional.")
    promising: float
    conditional: float
    floor: float = Field(description="The least value of a pillar in the product of pillars.")
    cap_below: float = Field(description="A pillar under this caps the verdict at conditional.")
    pillars: list[PillarOut]
    criteria: list[CriterionOut]
    effects: list[MarketEffectOut]
    rules: list[CategoryRuleOut]


class GroupOut(Schema):
    """What a category belongs to."""

    key: str
    name: str


class CategoryOut(Schema):
    """A kind of product with its usual levels: editors’ judgement."""

    key: str
    name: str
    group: GroupOut | None
    digital: bool = Field(description="Nothing is shipped: market effects on parcels do not apply.")
    levels: dict[str, int | None]
    url: str = Field(description="The address of its page in the language asked for.")


class CategoriesOut(Schema):
    categories: list[CategoryOut]


class MarketOut(Schema):
    """Where a product may be sold."""

    key: str
    name: str
    currency: str = Field(description="ISO 4217.")
    languages: list[str] = Field(description="BCP 47 codes.")
    time_zones: list[str] = Field(description="Names of the IANA database.")
    note: str = Field(description="What a seller needs to know first, or empty.")


class MarketsOut(Schema):
    markets: list[MarketOut]


def rubric_out(method: Method, words: Words) -> RubricOut:
    """The version in force as data, its texts in one language."""
    rubric = method.rubric
    return RubricOut(
        rubric=rubric.key,
        strong=rubric.strong,
        promising=rubric.promising,
        conditional=rubric.conditional,
        floor=rubric.floor,
        cap_below=rubric.cap_below,
        pillars=[
            PillarOut(key=key, name=words.pillars[key], meaning=words.pillar_meanings[key]) for key in rubric.pillars
        ],
        criteria=[_criterion(criterion, words) for criterion in rubric.criteria],
        effects=[_market_effect(effect, words) for effect in method.effects],
        rules=[
            CategoryRuleOut(kind=rule.kind, category=rule.category, market=rule.market or None, **_rule(rule, words))
            for rule in method.rules
        ],
    )


def _criterion(criterion: Criterion, words: Words) -> CriterionOut:
    own = words.criteria[criterion.key]
    return CriterionOut(
        key=criterion.key,
        pillar=criterion.pillar,
        weight=criterion.weight,
        name=own.name,
        question=own.question,
        help=own.help,
        levels=[own.text(level) for level in LEVELS],
        find_out=own.find_out,
        advice=own.advice,
        chapter=own.chapter,
    )


def _market_effect(effect: MarketEffect, words: Words) -> MarketEffectOut:
    duty = effect.duty
    return MarketEffectOut(
        id=effect.id,
        market=effect.market,
        criterion=effect.criterion,
        move=effect.move,
        applies_to=effect.scope,
        category=effect.category or None,
        flat_duty=FlatDutyOut(
            amount=float(duty.amount),
            currency=duty.currency,
            below=float(duty.below) if duty.below is not None else None,
        )
        if duty
        else None,
        **_reason(effect.id, words),
    )
