"""The form, whose state is the address: read it, fill it from a category, and write it again in one order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from suitability.assessment import MAX_MARKETS, InvalidProductError, Method, Product, product_of
from suitability.costs import CARRIAGE, CURRENCIES, LANDED_COST, Costs, parse_amount
from suitability.rubrics import Words
from suitability.scoring import LEVELS
from suitability.wording import mistake_text

UNKNOWN = "unknown"
MAX_OTHERS = 3
MAX_STATE = 2000
MAX_NAME = 60
USUAL_CURRENCIES = {"ja": "JPY", "zh-hans": "CNY"}
AMOUNTS: Mapping[str, Any] = {
    "weight": gettext_lazy("Weight of the parcel, in kg"),
    "price": gettext_lazy("Price of the product"),
    "shipping": gettext_lazy("Delivery to the customer"),
    "duty": gettext_lazy("Duty and taxes"),
    "fees": gettext_lazy("Fees: payment, customs agent, platform"),
    "euro": gettext_lazy("What 1 euro costs in your currency"),
}


class AmountField(forms.Field):
    """An amount of money or a weight, 0 or more, as people write it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8})
    default_error_messages = {"invalid": gettext_lazy("Write a number from 0 up, such as 12.50.")}

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            return parse_amount(str(value))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class ProductForm(forms.Form):
    """One product: a category to start from, markets, an answer for each criterion, and costs if the seller likes.

    Args:
        state: the query of the address, filled by `canonical`.
        words: the wording of the rubric in the reader's language.
        categories, markets: the names in the reader's language by key; categories as groups of choices.
    """

    name = forms.CharField(required=False, max_length=MAX_NAME, label=gettext_lazy("What do you call the product?"))
    category = forms.ChoiceField(required=False, label=gettext_lazy("Start from a category"))
    market = forms.MultipleChoiceField(
        label=gettext_lazy("Where do you want to sell it?"),
        error_messages={"required": gettext_lazy("Choose at least one market.")},
    )
    currency = forms.ChoiceField(
        required=False, label=gettext_lazy("Currency of all amounts"), choices=[(code, code) for code in CURRENCIES]
    )

    def __init__(
        self,
        state: QueryDict | None,
        method: Method,
        words: Words,
        categories: list[tuple[str, list[tuple[str, str]]]],
        markets: Mapping[str, str],
        prefix_id: str = "id_%s",
    ) -> None:
        super().__init__(state, auto_id=prefix_id)
        self.method = method
        self.words = words
        blank = (("", _("No category: start blank")),)
        self.fields["category"].choices = [*blank, *categories]  # type: ignore[attr-defined]
        self.fields["market"].choices = list(markets.items())  # type: ignore[attr-defined]
        for key, criterion in words.criteria.items():
            choices = [*((str(level), criterion.text(level)) for level in LEVELS), (UNKNOWN, _("I don’t know"))]
            self.fields[key] = forms.ChoiceField(
                required=False,
                label=criterion.question,
                choices=choices,
                error_messages={"invalid_choice": _("Choose one of these answers.")},
            )
        for key, label in AMOUNTS.items():
            self.fields[key] = AmountField(required=False, label=label)
        if not self.has_costs:  # where there are amounts, they are in euros unless the address says otherwise
            usual = USUAL_CURRENCIES.get(get_language() or "", CURRENCIES[0])
            ordered = [usual, *(code for code in CURRENCIES if code != usual)]
            cast(forms.ChoiceField, self.fields["currency"]).choices = [(code, code) for code in ordered]
        self.product: Product | None = None

    def clean_market(self) -> list[str]:
        chosen: list[str] = list(dict.fromkeys(self.cleaned_data["market"]))
        if len(chosen) > MAX_MARKETS:
            raise forms.ValidationError(_("Choose at most four markets."))
        return chosen

    def clean_price(self) -> Decimal | None:
        return self._above_zero("price")

    def clean_weight(self) -> Decimal | None:
        return self._above_zero("weight")

    def clean_euro(self) -> Decimal | None:
        return self._above_zero("euro")

    def _above_zero(self, name: str) -> Decimal | None:
        value: Decimal | None = self.cleaned_data[name]
        if value is not None and value <= 0:
            raise forms.ValidationError(_("This must be more than 0. Leave it empty if you do not know it."))
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            self.product = product_of(
                self.method,
                {key: _level(data[key]) for key in self.words.criteria},
                data["category"] or None,
                data["market"],
                self._costs(data),
            )
        except InvalidProductError as error:
            for mistake in error.mistakes:
                self.add_error(mistake.field if mistake.field in self.fields else None, mistake_text(mistake))
        return data

    def _costs(self, data: Mapping[str, Any]) -> Costs | None:
        amounts = {name: data[name] for name in AMOUNTS}
        if all(amount is None for amount in amounts.values()):
            return None
        return Costs(currency=data["currency"] or CURRENCIES[0], **amounts)

    # --- For the template ---------------------------------------------------------------------------------------------

    @property
    def category_key(self) -> str:
        return str(self["category"].value() or "")

    @property
    def markets(self) -> list["AnswerChoice"]:
        chosen = self["market"].value() or []
        return [
            AnswerChoice(value, label, value in chosen, False)
            for value, label in self.fields["market"].choices  # type: ignore[attr-defined]
        ]

    @cached_property
    def questions(self) -> list["Question"]:
        """The criteria in order, each with its answers."""
        profile = self.method.profiles.get(self.category_key)
        total = len(self.words.criteria)
        return [
            Question(
                self[key], criterion, _default(profile.levels, key) if profile else None, self.product, place, total
            )
            for place, (key, criterion) in enumerate(self.words.criteria.items(), 1)
        ]

    @property
    def next_question(self) -> "Question | None":
        """The question to ask now: the first that is open, unless something has to be mended first."""
        return next((question for question in self.questions if question.is_open and not self.errors), None)

    @property
    def pillars(self) -> list[tuple[str, str, list["Question"]]]:
        """The questions by pillar: its name, its meaning, its questions."""
        return [
            (
                name,
                self.words.pillar_meanings[key],
                [question for question in self.questions if question.words.pillar == key],
            )
            for key, name in self.words.pillars.items()
        ]

    @property
    def open_questions(self) -> int:
        """How many questions have no answer yet, not even “I don’t know”."""
        return sum(question.is_open for question in self.questions)

    @property
    def amounts(self) -> list[forms.BoundField]:
        return [self[name] for name in AMOUNTS]

    @property
    def has_costs(self) -> bool:
        return any(self[name].value() for name in AMOUNTS)


@dataclass(frozen=True)
class AnswerChoice:
    """One possible answer to a question."""

    value: str
    label: str
    is_chosen: bool
    is_default: bool
    is_between: bool = False

    @property
    def level(self) -> str:
        """The level as a number, "" for what is not a level."""
        return self.value if self.value.isdecimal() else ""


@dataclass(frozen=True)
class Question:
    """One criterion as the form shows it, the `place`-th of `total`.

    `default` is the category's level as a form value, None without category.
    """

    field: forms.BoundField
    words: Any
    default: str | None
    product: Product | None
    place: int
    total: int

    @property
    def choices(self) -> list[AnswerChoice]:
        chosen = str(self.field.value() or "")
        return [
            AnswerChoice(value, str(label), chosen == value, self.default == value, self._is_between(value))
            for value, label in self.field.field.choices  # type: ignore[attr-defined]
        ]

    def _is_between(self, value: str) -> bool:
        return value.isdecimal() and not self.words.levels[int(value)]

    @property
    def chosen(self) -> AnswerChoice | None:
        return next((choice for choice in self.choices if choice.is_chosen), None)

    @property
    def answer(self) -> str:
        """What the seller has chosen, in words that stand alone."""
        if self.chosen is None:
            return ""
        return self.words.full_text(int(self.chosen.level)) if self.chosen.level else self.chosen.label

    @property
    def is_open(self) -> bool:
        return not self.field.value() and self.computed is None

    @property
    def computed(self) -> int | None:
        """The level that follows from the seller's own numbers and stands above the answer; None without them."""
        costs = self.product.costs if self.product else None
        if self.product is None or costs is None:
            return None
        given = {CARRIAGE: costs.weight is not None, LANDED_COST: costs.has_landed_cost}
        return self.product.levels.get(self.words.key) if given.get(self.words.key) else None


def _level(value: str) -> int | None:
    return int(value) if value.isdecimal() else None


def _default(levels: Mapping[str, int | None], key: str) -> str:
    level = levels.get(key)
    return UNKNOWN if level is None else str(level)


def canonical(query: QueryDict, method: Method) -> QueryDict:
    """The state of the form in one order, without what is empty or unknown, and with a category's defaults filled in.

    `filled` tells which category the answers started from. Where another is chosen, answers that still are the old
    default become the new one, and the seller's own stay. A first visit without markets gets them all.
    """
    category, filled = query.get("category", "").strip(), query.get("filled", "").strip()
    answers = {key: query.get(key, "") for key in method.criteria}
    if category != filled and (category in method.profiles or not category):
        old = method.profiles.get(filled)
        new = method.profiles.get(category)
        for key, answer in answers.items():
            if not answer or (old and answer == _default(old.levels, key)):
                answers[key] = _default(new.levels, key) if new else ""
        filled = category
    markets = [market for market in query.getlist("market") if 0 < len(market) <= MAX_STATE]
    answered = (*method.criteria, *AMOUNTS)
    is_first = not query.get("filled", "").strip() and not any(query.get(key, "").strip() for key in answered)
    if not markets and (is_first or not (filled or any(answers.values()) or any(map(query.get, AMOUNTS)))):
        markets = list(method.markets[:MAX_MARKETS])
    state = QueryDict(mutable=True)
    pairs: Iterable[tuple[str, str]] = (
        ("name", query.get("name", "").strip()),
        ("category", category),
        ("filled", filled),
        *(("market", market) for market in dict.fromkeys(markets)),
        *answers.items(),
        *((key, query.get(key, "").strip()) for key in ("currency", *AMOUNTS)),
        *(("with", other) for other in dict.fromkeys(query.getlist("with")[:MAX_OTHERS])),
    )
    has_amounts = any(query.get(key, "").strip() for key in AMOUNTS)
    for key, value in pairs:
        if value and len(value) <= MAX_STATE and (key != "currency" or has_amounts):
            state.appendlist(key, value)
    return state


def has_product(query: QueryDict, method: Method) -> bool:
    """Whether the address says anything about a product."""
    return any(query.get(key) for key in ("category", *method.criteria, *AMOUNTS))
