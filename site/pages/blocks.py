"""The blocks that chapters and other long texts are made of.

Each has a label, a description and a preview, so that editors choose by sight, and validation that says how to mend
what it refuses. Text children are translated; choices, numbers, anchors and images follow the source on their own.
"""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from evidence.status import Status
from pages.charts import Bar, Unit, bars

TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul", "h3"]
INLINE_FEATURES = ["bold", "italic", "link"]


class HeadingBlock(blocks.StructBlock):
    """A section heading; it appears in the table of contents and can be linked to."""

    text = blocks.CharBlock(label=_("Heading"), max_length=120)
    anchor = blocks.RegexBlock(
        regex=r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
        label=_("Anchor"),
        help_text=_("A short name for links to this section, the same in every language: returns-eu."),
        error_messages={"invalid": _("Use small letters a–z, digits and single hyphens only, such as returns-eu.")},
    )

    class Meta:
        label = _("Section heading")
        description = _("Starts a section and appears in the table of contents.")
        icon = "title"
        template = "blocks/heading.html"
        preview_value = {"text": _("Why cards are refused"), "anchor": "refused-cards"}


class TextBlock(blocks.RichTextBlock):
    """Paragraphs and lists."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        label = _("Text")
        description = _("Paragraphs, lists, small headings and links.")
        icon = "pilcrow"
        template = "blocks/text.html"
        preview_value = _("<p>Live selling is a shop counter with a camera over it.</p>")


class CalloutKind(models.TextChoices):
    NOTE = "note", _("Note")
    WARNING = "warning", _("Warning")


class CalloutBlock(blocks.StructBlock):
    """A remark set apart from the text."""

    kind = blocks.ChoiceBlock(choices=CalloutKind.choices, default=CalloutKind.NOTE, label=_("Kind"))
    title = blocks.CharBlock(max_length=100, label=_("Title"))
    text = blocks.RichTextBlock(features=["bold", "italic", "link", "ol", "ul"], label=_("Text"))

    class Meta:
        label = _("Callout")
        description = _("A remark or a warning, set apart from the text.")
        icon = "warning"
        template = "blocks/callout.html"
        preview_value = {
            "kind": "note",
            "title": _("The number to write down first"),
            "text": _("<p>What one order leaves you after goods, postage, fees and returns.</p>"),
        }


class ClaimBlock(blocks.StructBlock):
    """One claim, its status, and what can be said."""

    claim = blocks.CharBlock(max_length=300, label=_("Claim"), help_text=_("What is said, in one sentence."))
    status = blocks.ChoiceBlock(choices=Status.choices, label=_("Status"))
    finding = blocks.RichTextBlock(
        features=INLINE_FEATURES, label=_("What holds"), help_text=_("What can be said, by whom, as of when.")
    )

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        return super().get_context(value, parent_context) | {"status": Status.of(value["status"])}

    class Meta:
        label = _("Claim")
        icon = "help"
        template = "blocks/claim.html"


class ClaimsBlock(blocks.StructBlock):
    """What is commonly said, and how far it holds."""

    title = blocks.CharBlock(max_length=120, label=_("Title"))
    items = blocks.ListBlock(ClaimBlock(), min_num=1, label=_("Claims"))

    class Meta:
        label = _("Claims and findings")
        description = _("What is said, whether it holds, and what can be said instead.")
        icon = "doc-full-inverse"
        template = "blocks/claims.html"
        preview_value = {
            "title": _("What is said, and what holds"),
            "items": [
                {
                    "claim": _("A cross-border parcel takes 7 to 20 days."),
                    "status": "disputed",
                    "finding": _("<p>In a 2023 survey 48 percent of parcels arrived in 2 to 7 days.</p>"),
                }
            ],
        }


class ChecklistBlock(blocks.StructBlock):
    """Things to do and tick off, on screen or on paper."""

    title = blocks.CharBlock(max_length=120, label=_("Title"))
    items = blocks.ListBlock(blocks.CharBlock(max_length=300, label=_("Item")), min_num=2, label=_("Items"))

    class Meta:
        label = _("Checklist")
        description = _("Things that the reader can do and tick off, on screen or on paper.")
        icon = "check"
        template = "blocks/checklist.html"
        preview_value = {
            "title": _("Before you go live"),
            "items": [_("Pay with a foreign card on a phone, then refund it."), _("Save the recording.")],
        }


class StepBlock(blocks.StructBlock):
    """One box of a diagram."""

    title = blocks.CharBlock(max_length=60, label=_("Title"))
    text = blocks.CharBlock(max_length=160, label=_("Text"))

    class Meta:
        label = _("Step")


class FlowBlock(blocks.StructBlock):
    """A diagram of steps joined by arrows."""

    title = blocks.CharBlock(max_length=120, label=_("Title"))
    summary = blocks.TextBlock(
        max_length=400,
        label=_("What it says"),
        help_text=_("In one or two sentences: printed below, and read to those who cannot see it."),
    )
    steps = blocks.ListBlock(StepBlock(), min_num=2, max_num=8, label=_("Steps"))

    class Meta:
        label = _("Diagram of steps")
        description = _("Boxes joined by arrows: how something goes from start to end.")
        icon = "order"
        template = "blocks/flow.html"
        preview_value = {
            "title": _("The path of an order"),
            "summary": _("From the show through your own shop to the parcel."),
            "steps": [
                {"title": _("The show"), "text": _("One product, shown well.")},
                {"title": _("Own shop"), "text": _("A page that repeats what the host promised.")},
                {"title": _("Parcel"), "text": _("A card inside says where to ask.")},
            ],
        }


class ChartRowBlock(blocks.StructBlock):
    """One bar: a single value, or a range when it has an upper end."""

    label = blocks.CharBlock(max_length=120, label=_("Label"))
    low = blocks.DecimalBlock(label=_("Value, or lower end"), min_value=Decimal(0))
    high = blocks.DecimalBlock(label=_("Upper end"), required=False, min_value=Decimal(0))
    status = blocks.ChoiceBlock(choices=Status.choices, label=_("Status"))

    class Meta:
        label = _("Row")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        low, high = cleaned.get("low"), cleaned.get("high")
        if high is not None and low is not None and high < low and not self.is_deferred_validation:
            message = _("The upper end is below the lower end: swap the two, or leave the upper end empty.")
            raise StructBlockValidationError(block_errors={"high": ValidationError(message)})
        return cleaned


class ChartBlock(blocks.StructBlock):
    """Values and ranges as bars, drawn on the server, with a table of the same numbers."""

    title = blocks.CharBlock(max_length=120, label=_("Title"))
    summary = blocks.TextBlock(
        max_length=400,
        label=_("What it says"),
        help_text=_("In one or two sentences: printed below, and read to those who cannot see it."),
    )
    unit = blocks.ChoiceBlock(choices=Unit.choices, label=_("Unit"))
    rows = blocks.ListBlock(ChartRowBlock(), min_num=1, max_num=12, label=_("Rows"))
    note = blocks.CharBlock(
        required=False, max_length=300, label=_("Note"), help_text=_("Where the numbers come from.")
    )

    class Meta:
        label = _("Chart")
        description = _("Values and ranges as bars, with a table of the numbers.")
        icon = "list-ul"
        template = "blocks/chart.html"
        preview_value = {
            "title": _("How long a parcel takes"),
            "summary": _("One source says 2 to 7 days, another 7 to 20."),
            "unit": "days",
            "rows": [
                {"label": _("Consumer survey, 2023"), "low": 2, "high": 7, "status": "disputed"},
                {"label": _("The article"), "low": 7, "high": 20, "status": "disputed"},
            ],
        }

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        unit = Unit.of(value["unit"])
        rows = [
            Bar(label=row["label"], low=row["low"], high=row["high"], status=Status.of(row["status"]), unit=unit)
            for row in value["rows"]
            if unit and row["low"] is not None  # a draft may lack both
        ]
        return super().get_context(value, parent_context) | {"bars": bars(rows)}


class TableBlock(blocks.StructBlock):
    """A small comparison table."""

    title = blocks.CharBlock(max_length=120, label=_("Title"))
    columns = blocks.ListBlock(
        blocks.CharBlock(max_length=60, label=_("Column heading")), min_num=2, max_num=5, label=_("Column headings")
    )
    rows = blocks.ListBlock(
        blocks.ListBlock(blocks.CharBlock(max_length=300, required=False, label=_("Cell")), label=_("Row")),
        min_num=1,
        label=_("Rows"),
    )

    class Meta:
        label = _("Table")
        description = _("A comparison of two to five columns; the first names the row.")
        icon = "table"
        template = "blocks/table.html"
        preview_value = {
            "title": _("Right to return goods"),
            "columns": [_("Market"), _("Rule")],
            "rows": [["EU", _("14 days")], ["UK", _("14 days")]],
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:  # a draft may be half built
            return cleaned
        width = len(cleaned["columns"])
        for number, row in enumerate(cleaned["rows"], 1):
            if len(row) != width:
                message = ngettext_lazy(
                    "Row %(row)s has %(count)s cell, but the table has %(width)s columns.",
                    "Row %(row)s has %(count)s cells, but the table has %(width)s columns.",
                    len(row),
                ) % {"row": number, "count": len(row), "width": width}
                raise StructBlockValidationError(block_errors={"rows": ValidationError(message)})
        return cleaned


class PictureBlock(blocks.StructBlock):
    """An image with its alternative text and caption; the credit comes from the image."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        max_length=200,
        label=_("Alternative text"),
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))

    class Meta:
        label = _("Picture")
        description = _("A picture with its alternative text, caption and credit.")
        icon = "image"
        template = "blocks/picture.html"
        preview_template = "blocks/previews/picture.html"


class BodyBlocks(blocks.StreamBlock):
    """What a chapter is made of."""

    heading = HeadingBlock()
    text = TextBlock()
    callout = CalloutBlock()
    claims = ClaimsBlock()
    checklist = ChecklistBlock()
    flow = FlowBlock()
    chart = ChartBlock()
    table = TableBlock()
    image = PictureBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors, seen = {}, set()
        for index, block in enumerate(cleaned):
            if block.block_type == "heading":
                anchor = block.value["anchor"]
                if anchor in seen:
                    message = _("Another section already has the anchor “%(anchor)s”: choose another.")
                    errors[index] = StructBlockValidationError(
                        block_errors={"anchor": ValidationError(message % {"anchor": anchor})}
                    )
                seen.add(anchor)
        if errors:
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return cleaned


class PrincipleBlock(blocks.StructBlock):
    """One thing that the site promises."""

    title = blocks.CharBlock(max_length=80, label=_("Title"))
    text = blocks.CharBlock(max_length=240, label=_("Text"))

    class Meta:
        label = _("Principle")
        description = _("One thing that the site promises its readers.")
        icon = "pick"
        template = "blocks/principle.html"
        preview_value = {
            "title": _("Every claim shows its standing"),
            "text": _("You see how far a figure is known to be true."),
        }


class HomeBlocks(blocks.StreamBlock):
    """What the home page says below its opening."""

    principle = PrincipleBlock()
