"""Figures, and the history of what they said."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.models import (
    Orderable,
)
from wagtail.search import index

from contentfiles.fields import Children, Choice, Code, Date, Fields, Quantity, Text
from evidence.dates import date_text
from evidence.models.fields import QuantityField, follows, number_field
from evidence.models.record import Evidence
from evidence.models.source import Source
from evidence.panels import EffectPanel
from evidence.regions import WORLDWIDE, region_choices, region_name
from evidence.status import Status
from evidence.topics import Topic
from evidence.units import Bound, Unit


class Figure(Evidence):
    """One figure, or one statement without a number: recorded once, cited wherever it is used."""

    statement = models.TextField(
        _("statement"), max_length=400, help_text=_("What the number says; or, without a number, the whole statement.")
    )
    low = number_field(_("value, or lower end"))
    high = number_field(_("upper end"), help_text=_("Only for a range."))
    bound = models.CharField(_("meant as"), max_length=8, choices=Bound.choices, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices, blank=True)
    article = models.CharField(
        _("what the article says"), max_length=300, blank=True, help_text=_("Where it says something else, in words.")
    )
    article_low = number_field(_("the article's value, or lower end"))
    article_high = number_field(_("the article's upper end"))
    article_bound = models.CharField(_("meant as"), max_length=8, choices=Bound.choices, blank=True)
    region = models.CharField(_("region"), max_length=12, choices=region_choices, default=WORLDWIDE)

    sources_name: ClassVar[str] = "figure_sources"
    numbers: ClassVar = ("low", "high", "bound", "unit", "article_low", "article_high", "article_bound", "region")
    override_translatable_fields: ClassVar = follows(*Evidence.common, *numbers)
    read_from_source: ClassVar = (*Evidence.common, *numbers, sources_name)
    panels: ClassVar = [
        EffectPanel(),
        FieldPanel("statement"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("low"), FieldPanel("high")]),
                FieldRowPanel([FieldPanel("bound"), FieldPanel("unit")]),
            ],
            heading=_("Value"),
            help_text=_("Leave it empty for a statement without a number."),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("status"), FieldPanel("as_of"), FieldPanel("review_by")])], heading=_("Standing")
        ),
        MultipleChooserPanel(
            "figure_sources", chooser_field_name="source", label=_("Source"), heading=_("Sources"), min_num=0
        ),
        FieldPanel("note"),
        FieldRowPanel([FieldPanel("topic"), FieldPanel("region")]),
        MultiFieldPanel(
            [
                FieldPanel("article"),
                FieldRowPanel([FieldPanel("article_low"), FieldPanel("article_high"), FieldPanel("article_bound")]),
            ],
            heading=_("The article's own value, where it differs"),
        ),
        FieldPanel("slug"),
    ]
    search_fields: ClassVar = [
        index.SearchField("statement", boost=2),
        index.SearchField("note"),
        index.SearchField("slug"),
        index.AutocompleteField("statement"),
        index.FilterField("locale_id"),
    ]
    content_name: ClassVar[str] = "figure"
    content_fields: ClassVar[Fields] = {
        "statement": Text("statement"),
        "low": Quantity("low", required=False),
        "high": Quantity("high", required=False),
        "bound": Choice("bound", choices=Bound, required=False),
        "unit": Choice("unit", choices=Unit, required=False),
        "article": Text("article", required=False),
        "article_low": Quantity("article_low", required=False),
        "article_high": Quantity("article_high", required=False),
        "article_bound": Choice("article_bound", choices=Bound, required=False),
        "region": Code("region"),
        "topic": Choice("topic", choices=Topic),
        "as_of": Code("as_of"),
        "status": Choice("status", choices=Status),
        "sources": Children("figure_sources", required=False, target="source", folder="evidence/sources"),
        "note": Text("note", required=False),
        "review_by": Date("review_by"),
    }

    class Meta(Evidence.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ("slug", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("locale", "slug"), name="unique_figure_slug_in_locale")
        ]

    def __str__(self) -> str:
        return self.statement if len(self.statement) <= 100 else f"{self.statement[:99]}…"

    def clean(self) -> None:
        super().clean()
        errors = {}
        for prefix in ("", "article_"):
            low, high = getattr(self, f"{prefix}low"), getattr(self, f"{prefix}high")
            if high is not None and (low is None or high < low):
                errors[f"{prefix}high"] = _("The upper end needs a lower end below it.")
            if low is not None and not self.unit:
                errors["unit"] = _("Say what the number counts.")
        if errors:
            raise ValidationError(errors)

    @property
    def value_text(self) -> str:
        """The value in the active language, "" for a statement without a number."""
        unit = Unit.of(self.unit)
        return unit.text(self.low, self.high, self.bound) if unit and self.low is not None else ""

    @property
    def place(self) -> str:
        return region_name(self.region)


class FigureSource(Orderable):
    """One source of one figure."""

    figure = ParentalKey(Figure, on_delete=models.CASCADE, related_name="figure_sources")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", verbose_name=_("source"))

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")


class PublishedValue(models.Model):
    """What a figure said from a moment on, kept for readers: the history of a figure, which no clean-up removes."""

    figure = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="published_values")
    low = QuantityField(max_digits=15, decimal_places=4, null=True)
    high = QuantityField(max_digits=15, decimal_places=4, null=True)
    bound = models.CharField(max_length=8, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=12)
    as_of = models.CharField(max_length=10)
    published_at = models.DateTimeField(default=timezone.now)

    said: ClassVar = ("low", "high", "bound", "unit", "status", "as_of")

    @property
    def text(self) -> str:
        """The value in the active language, "" where the figure had no number."""
        unit = Unit.of(self.unit)
        return unit.text(self.low, self.high, self.bound) if unit and self.low is not None else ""

    @property
    def status_word(self) -> Status | None:
        return Status.of(self.status)

    @property
    def as_of_text(self) -> str:
        return date_text(self.as_of)

    class Meta:
        verbose_name = _("published value")
        verbose_name_plural = _("published values")
        ordering = ("-published_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("figure", "-published_at"))]

    def __str__(self) -> str:
        return f"{self.figure_id}: {self.low}–{self.high} {self.unit}"
