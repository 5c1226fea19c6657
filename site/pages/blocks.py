"""The blocks that chapters and other long texts are made of.

Each has a label, a description and a preview, so that editors choose by sight, and validation that says how to mend
what it refuses. Text children are translated; choices, numbers, anchors and images follow the source on their own.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from evidence.blocks import NUMBERS, CitationBlock
from evidence.citations import known_records
from evidence.codes import Code, codes_in
from evidence.status import Status
from pages.charts import Bar, chart

CITATIONS = ["figure", "rule"]
TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul", "h3", *CITATIONS]
INLINE_FEATURES = ["bold", "italic", "link", *CITATIONS]


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
    EXAMPLE = "example", _("Example with invented numbers")


class CalloutBlock(blocks.StructBlock):
    """A remark set apart from the text."""

    kind = blocks.ChoiceBlock(choices=CalloutKind.choices, default=CalloutKind.NOTE, label=_("Kind"))
    title = blocks.CharBlock(max_length=100, label=_("Title"))
    text = blocks.RichTextBlock(features=["bold", "italic", "link", "ol", "ul", *CITATIONS], label=_("Text"))

    class Meta:
        label = _("Callout")
        description = _("A remark, a warning or a worked example, set apart from the text.")
        icon = "warning"
        template = "blocks/callout.html"
        preview_value = {
            "kind": "note",
            "title": _("The number to write down first"),
            "text": _("<p>What one order leaves you after goods, postage, fees and returns.</p>"),
        }


class ClaimBlock(blocks.StructBlock):
    """One claim, its status, and what can be said."""

    claim = blocks.RichTextBlock(
        features=["figure", "rule"], max_length=300, label=_("Claim"), help_text=_("What is said, in one sentence.")
    )
    evidence = CitationBlock(
        required=False,
        label=_("Figure or rule"),
        help_text=_("Its status is shown. Without one, choose a status below."),
    )
    status = blocks.ChoiceBlock(choices=Status.choices, required=False, label=_("Status"))
    finding = blocks.RichTextBlock(
        features=INLINE_FEATURES, label=_("What holds"), help_text=_("What can be said, by whom, as of when.")
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["evidence"]) == bool(cleaned["status"]) and not self.is_deferred_validation:
            message = _("Choose either a figure or rule, whose status is shown, or a status.")
            raise StructBlockValidationError(block_errors={"status": ValidationError(message)})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        code = Code.parse(value["evidence"] or "")
        entry = known_records().get(code)
        status = entry.status if entry else Status.of(value["status"])
        texts = "".join(text.source for text in (value["claim"], value["finding"]) if text)
        is_cited = code in {one.record for one in codes_in(texts)}
        note = code.mark if code and entry and not is_cited else None
        return super().get_context(value, parent_context) | {"status": status, "note": note}

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
                    "claim": _("<p>A cross-border parcel takes weeks.</p>"),
                    "evidence": "",
                    "status": "disputed",
                    "finding": _("<p>In a survey of consumers nearly half of the parcels came within a week.</p>"),
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
    """One bar: the value of a figure, or the range when it has one."""

    label = blocks.CharBlock(max_length=120, label=_("Label"))
    figure = CitationBlock(NUMBERS, "figure", label=_("Figure"))

    class Meta:
        label = _("Row")


class ChartBlock(blocks.StructBlock):
    """The values of figures as bars, drawn on the server, with a table of the same numbers."""

    title = blocks.CharBlock(max_length=120, label=_("Title"))
    summary = blocks.TextBlock(
        max_length=400,
        label=_("What it says"),
        help_text=_("In one or two sentences: printed below, and read to those who cannot see it."),
    )
    rows = blocks.ListBlock(ChartRowBlock(), min_num=1, max_num=12, label=_("Rows"))
    note = blocks.CharBlock(required=False, max_length=300, label=_("Note"))

    class Meta:
        label = _("Chart")
        description = _("The values of figures as bars, with a table of the numbers.")
        icon = "list-ul"
        template = "blocks/chart.html"
        preview_value = {
            "title": _("How long a parcel takes"),
            "summary": _("A survey of consumers says less than the article does."),
            "rows": [
                {"label": _("Consumer survey"), "figure": "figure:delivery-days"},
                {"label": _("The article"), "figure": "figure:delivery-days/article"},
            ],
            "note": "",
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        units = {entry.unit for _row, _code, entry in self._cited(cleaned)}
        if len(units) > 1 and not self.is_deferred_validation:
            message = _(
                "The figures count different things, so one scale cannot show them: choose figures of one unit."
            )
            raise StructBlockValidationError(block_errors={"rows": ValidationError(message)})
        return cleaned

    def _cited(self, value: Any) -> list[tuple[Any, Code, Any]]:
        """The rows whose figure is known and has the number cited; a draft may have others."""
        known = known_records()
        found = []
        for row in value["rows"]:
            code = Code.parse(row["figure"] or "")
            entry = known.get(code)
            if code is not None and entry is not None and entry.numbers(code.part):
                found.append((row, code, entry))
        return found

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        rows = []
        for row, code, entry in self._cited(value):
            low, high, bound = entry.numbers(code.part)
            rows.append(Bar(row["label"], low, high, entry.status, entry.unit, bound))
        marks = dict.fromkeys(code.mark for _row, code, _entry in self._cited(value))
        return super().get_context(value, parent_context) | {"chart": chart(rows), "marks": list(marks)}


class TableBlock(blocks.StructBlock):
    """A small comparison table."""

    title = blocks.CharBlock(max_length=120, label=_("Title"))
    columns = blocks.ListBlock(
        blocks.CharBlock(max_length=60, label=_("Column heading")), min_num=2, max_num=5, label=_("Column headings")
    )
    rows = blocks.ListBlock(
        blocks.ListBlock(
            blocks.RichTextBlock(features=INLINE_FEATURES, max_length=300, required=False, label=_("Cell")),
            label=_("Row"),
        ),
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
            "rows": [["EU", _("Two weeks")], ["UK", _("Two weeks")]],
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
