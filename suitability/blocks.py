"""The parts of a rubric, as editors fill them in. Text is translated; keys, numbers and choices follow the source."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from evidence.blocks import CitationBlock
from pages.languages import in_source_language
from suitability.assessment import RuleKind, Scope
from suitability.costs import CURRENCIES
from suitability.scoring import TOP

KEY = RegexValidator(r"^[a-z0-9]+(?:[-_/][a-z0-9]+)*\Z", _("Use small letters a–z, digits, hyphens and underscores."))
Choices = Iterable[tuple[str, Any]]


class ScopeChoice(models.TextChoices):
    """The words for `Scope`."""

    ALL = Scope.ALL.value, _("every product")
    PHYSICAL = Scope.PHYSICAL.value, _("goods that are shipped")
    CATEGORY = Scope.CATEGORY.value, _("one category")


class RuleChoice(models.TextChoices):
    """The words for `RuleKind`."""

    KNOCK_OUT = RuleKind.KNOCK_OUT.value, _("Not sellable")
    NO_CREATOR_ROUTE = RuleKind.NO_CREATOR_ROUTE.value, _("No creator route")


class KeyBlock(blocks.FieldBlock):
    """A short name that programs use, the same in every language."""

    def __init__(self, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self.field = forms.CharField(required=required, help_text=help_text, max_length=60, validators=[KEY])
        super().__init__(**kwargs)

    class Meta:
        icon = "key"


class OpenChoiceField(forms.ChoiceField):
    """A choice whose options may not exist yet: content is loaded in an order of its own. Activation checks them."""

    def valid_value(self, value: Any) -> bool:
        KEY(str(value))
        return True


class OpenSelect(forms.Select):
    """Keeps a value that is no longer among the options, so that saving something else does not lose it."""

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        known = {str(option["value"]) for _label, options, _index in groups for option in options}
        for index, lost in enumerate(one for one in value if one and one not in known):
            label = _("%(key)s (does not exist)") % {"key": lost}
            option = self.create_option(name, lost, label, True, len(groups) + index, attrs=attrs)
            groups.append((None, [option], len(groups)))
        return groups


class ReferenceBlock(blocks.FieldBlock):
    """The key of a market, category, criterion or chapter, chosen from those there are."""

    def __init__(self, choices: Callable[[], Choices], required: bool = True, **kwargs: Any) -> None:
        def options() -> list[tuple[str, Any]]:
            return [("", "—"), *choices()]

        help_text = kwargs.pop("help_text", None)
        self.field = OpenChoiceField(choices=options, required=required, help_text=help_text, widget=OpenSelect)
        super().__init__(**kwargs)

    def get_prep_value(self, value: Any) -> str:
        return str(value or "")

    def get_default(self) -> str:
        return ""

    class Meta:
        icon = "link"


def market_choices() -> Choices:
    from suitability.models import Market

    return [(market.slug, market.name) for market in in_source_language(Market)]


def category_choices() -> Choices:
    from suitability.models import ProductCategory

    return [(category.slug, category.title) for category in in_source_language(ProductCategory)]


def criterion_choices() -> Choices:
    from suitability.models import Rubric

    rubric = in_source_language(Rubric).first()
    return [(block.value["key"], block.value["name"]) for block in rubric.criteria] if rubric else []


def pillar_choices() -> Choices:
    from suitability.models import Rubric

    rubric = in_source_language(Rubric).first()
    return [(block.value["key"], block.value["name"]) for block in rubric.pillars] if rubric else []


def chapter_choices() -> Choices:
    from suitability.models import chapters

    return [(path, title) for path, title in chapters()]


class PillarBlock(blocks.StructBlock):
    """A group of criteria. Pillars multiply: a weak one cannot be bought off by another."""

    key = KeyBlock(label=_("Key"))
    name = blocks.CharBlock(max_length=60, label=_("Name"))
    meaning = blocks.CharBlock(max_length=240, label=_("What it is about"))

    class Meta:
        label = _("Pillar")
        label_format = "{name}"
        icon = "list-ul"
        description = _("A group of criteria.")


class CriterionBlock(blocks.StructBlock):
    """One question about a product, with the texts of its levels."""

    key = KeyBlock(
        label=_("Key"), help_text=_("Used by programs and saved answers: never reuse one for something else.")
    )
    pillar = ReferenceBlock(pillar_choices, label=_("Pillar"))
    weight = blocks.DecimalBlock(min_value=Decimal("0.01"), max_value=1000, label=_("Weight"))
    name = blocks.CharBlock(max_length=60, label=_("Name"))
    question = blocks.CharBlock(max_length=200, label=_("Question to the seller"))
    help = blocks.CharBlock(required=False, max_length=300, label=_("How to judge it"))
    level_0 = blocks.CharBlock(required=False, max_length=120, label=_("Level 0"))
    level_1 = blocks.CharBlock(required=False, max_length=120, label=_("Level 1, if it has words of its own"))
    level_2 = blocks.CharBlock(required=False, max_length=120, label=_("Level 2"))
    level_3 = blocks.CharBlock(required=False, max_length=120, label=_("Level 3, if it has words of its own"))
    level_4 = blocks.CharBlock(required=False, max_length=120, label=_("Level 4"))
    find_out = blocks.CharBlock(max_length=300, label=_("What to find out first, when it is unknown"))
    advice = blocks.CharBlock(max_length=400, label=_("How to get one level higher"))
    chapter = ReferenceBlock(chapter_choices, required=False, label=_("The chapter that helps"))

    class Meta:
        label = _("Criterion")
        label_format = "{name} ({weight})"
        icon = "help"
        description = _("One question with its weight and the texts of its levels.")


class EffectBlock(blocks.StructBlock):
    """A market moves the level of one criterion, for a reason."""

    market = ReferenceBlock(market_choices, label=_("Market"))
    criterion = ReferenceBlock(criterion_choices, label=_("Criterion"))
    move = blocks.IntegerBlock(min_value=-TOP, max_value=TOP, label=_("Move"), help_text=_("From −4 to 4 levels."))
    applies_to = blocks.ChoiceBlock(choices=ScopeChoice.choices, label=_("Applies to"))
    category = ReferenceBlock(category_choices, required=False, label=_("Category, if it is for one"))
    reason = blocks.CharBlock(max_length=300, label=_("Reason"))
    evidence = CitationBlock(label=_("Figure or rule"), help_text=_("Its sources and its status are shown."))
    amount = blocks.DecimalBlock(
        required=False,
        min_value=0,
        label=_("Flat duty on a parcel"),
        help_text=_("Where sellers give their costs, this enters as money and the move is not applied."),
    )
    currency = blocks.ChoiceBlock(
        required=False, choices=[(code, code) for code in CURRENCIES], label=_("Currency of the duty")
    )
    below = blocks.DecimalBlock(required=False, min_value=0, label=_("Due on parcels worth less than"))

    class Meta:
        label = _("Market effect")
        label_format = "{market}: {criterion} {move}"
        icon = "globe"
        description = _("A market moves the level of one criterion.")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        errors = {}
        if cleaned["move"] == 0:
            errors["move"] = ValidationError(_("A move of 0 changes nothing: remove the effect instead."))
        if (cleaned["applies_to"] == Scope.CATEGORY) != bool(cleaned["category"]):
            errors["category"] = ValidationError(_("Choose a category exactly when the effect is for one."))
        if cleaned["amount"] is not None and not cleaned["currency"]:
            errors["currency"] = ValidationError(_("Say in which currency the duty is."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned


class RuleBlock(blocks.StructBlock):
    """A rule that forbids selling a category, or closes the way through paid creators."""

    category = ReferenceBlock(category_choices, label=_("Category"))
    market = ReferenceBlock(market_choices, required=False, label=_("Market"), help_text=_("Empty: every market."))
    kind = blocks.ChoiceBlock(choices=RuleChoice.choices, label=_("What it does"))
    reason = blocks.CharBlock(max_length=300, label=_("Reason"))
    evidence = CitationBlock(label=_("Figure or rule"), help_text=_("Its sources and its status are shown."))

    class Meta:
        label = _("Rule")
        label_format = "{category}: {kind}"
        icon = "warning"
        description = _("Forbids selling a category, or closes the way through paid creators.")


class PillarBlocks(blocks.StreamBlock):
    pillar = PillarBlock()

    class Meta:
        collapsed = True


class CriterionBlocks(blocks.StreamBlock):
    criterion = CriterionBlock()

    class Meta:
        collapsed = True


class EffectBlocks(blocks.StreamBlock):
    effect = EffectBlock()

    class Meta:
        collapsed = True


class RuleBlocks(blocks.StreamBlock):
    rule = RuleBlock()

    class Meta:
        collapsed = True
