"""Rules that a seller meets, with the dates from and until which they hold."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import (
    Orderable,
)
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from contentfiles.fields import Children, Choice, Code, Date, Fields, Markdown, Text
from evidence.citations import cite_text
from evidence.dates import first_day
from evidence.models.fields import PartialDateField, follows
from evidence.models.record import Evidence
from evidence.models.source import Source
from evidence.panels import EffectPanel
from evidence.regions import region_choices, region_name
from evidence.status import Status
from evidence.topics import Topic


class Rule(Evidence):
    """One rule that a seller meets in a market: what changed, from when, until when."""

    title = models.CharField(_("title"), max_length=120, help_text=_("A few words, for the timeline and calendars."))
    statement = RichTextField(
        _("what changes"), features=["figure"], help_text=_("In one to three sentences; numbers as cited figures.")
    )
    market = models.CharField(_("market"), max_length=12, choices=region_choices)
    starts = PartialDateField(_("from"), blank=True, help_text=_("Empty where it has simply been in force."))
    ends = PartialDateField(_("until"), blank=True, help_text=_("Empty where no end is set."))

    sources_name: ClassVar[str] = "rule_sources"
    override_translatable_fields: ClassVar = follows(*Evidence.common, "market", "starts", "ends")
    read_from_source: ClassVar = (*Evidence.common, "market", "starts", "ends", sources_name)
    panels: ClassVar = [
        EffectPanel(),
        FieldPanel("title"),
        FieldPanel("statement"),
        FieldRowPanel([FieldPanel("market"), FieldPanel("topic")]),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("status"), FieldPanel("as_of"), FieldPanel("review_by")])], heading=_("Standing")
        ),
        MultipleChooserPanel(
            "rule_sources", chooser_field_name="source", label=_("Source"), heading=_("Sources"), min_num=0
        ),
        FieldPanel("note"),
        FieldPanel("slug"),
    ]
    search_fields: ClassVar = [
        index.SearchField("title"),
        index.SearchField("searchable_statement"),
        index.SearchField("slug"),
        index.AutocompleteField("title"),
        index.FilterField("locale_id"),
    ]
    content_name: ClassVar[str] = "rule"
    content_fields: ClassVar[Fields] = {
        "title": Text("title"),
        "statement": Markdown("statement"),
        "market": Code("market"),
        "starts": Code("starts", required=False),
        "ends": Code("ends", required=False),
        "topic": Choice("topic", choices=Topic),
        "as_of": Code("as_of"),
        "status": Choice("status", choices=Status),
        "sources": Children("rule_sources", required=False, target="source", folder="evidence/sources"),
        "note": Text("note", required=False),
        "review_by": Date("review_by"),
    }

    class Meta(Evidence.Meta):
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ("market", "starts", "slug", "pk")
        constraints: ClassVar = [models.UniqueConstraint(fields=("locale", "slug"), name="unique_rule_slug_in_locale")]

    def __str__(self) -> str:
        return gettext("%(label)s: %(value)s") % {"label": region_name(self.market), "value": self.title}

    @property
    def citing_html(self) -> str:
        return str(self.statement)

    @property
    def url(self) -> str:
        """Its own page, in the language of this version."""
        with override(self.locale.language_code):
            return reverse("evidence-rule", args=[self.slug])

    def searchable_statement(self) -> str:
        """What changes, without markup, with the values of its figures."""
        with override(self.locale.language_code):
            return cite_text(get_text_for_indexing(self.statement))

    def clean(self) -> None:
        super().clean()
        try:
            wrong = bool(self.starts and self.ends and first_day(self.ends) < first_day(self.starts))
        except ValueError:
            return  # the field says so itself
        if wrong:
            raise ValidationError({"ends": _("A rule cannot end before it starts.")})


class RuleSource(Orderable):
    """One source of one rule."""

    rule = ParentalKey(Rule, on_delete=models.CASCADE, related_name="rule_sources")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", verbose_name=_("source"))

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
