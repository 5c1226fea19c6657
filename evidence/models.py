"""What the guide knows: figures and rules, each recorded once with its sources, and cited wherever it is used.

Numbers, dates, choices and sources are read from the version in the source language, wording from the reader's; so a
changed number is seen in every language at once. `evidence.records` reads them for pages.
"""

import logging
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, MultipleChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import (
    AbstractGroupApprovalTask,
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from contentfiles.fields import Children, Choice, Code, Date, Fields, Markdown, Quantity, Text
from evidence import codes
from evidence.citations import cite_text, known_records, render_citing
from evidence.codes import FIGURE, RULE
from evidence.dates import check_partial_date, date_text, first_day
from evidence.panels import EffectPanel
from evidence.regions import WORLDWIDE, region_choices, region_name
from evidence.status import Status
from evidence.topics import SourceKind, Topic
from evidence.units import Bound, Unit
from pages.models import SectionPage, SlugInLocale

logger = logging.getLogger(__name__)

LANGUAGE = RegexValidator(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z", _("Write a language code such as en, zh or ja."))


class PartialDateField(models.CharField):  # type: ignore[type-arg]  # generic for the type checker only
    """A date known to the day, the month or the year; see `evidence.dates`."""

    default_validators = [check_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs


def follows(*names: str) -> list[SynchronizedField]:
    """Fields that are the same in every language."""
    return [SynchronizedField(name, overridable=False) for name in names]


class KeyNeverChanges(models.Model):
    """Something that texts name by its key."""

    slug: Any

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        saved: Any = type(self)._default_manager.filter(pk=self.pk)
        before = saved.values_list("slug", flat=True).first()
        if self.pk and before is not None and before != self.slug:
            raise ValidationError({"slug": _("Texts name this by its key, so it never changes.")})


class Source(RevisionMixin, KeyNeverChanges, SlugInLocale, index.Indexed, models.Model):
    """Where a figure or a rule comes from."""

    title = models.CharField(_("title"), max_length=240)
    slug = models.SlugField(_("key"), max_length=60, help_text=_("Used in files. Never changes."))
    publisher = models.CharField(_("publisher"), max_length=160, help_text=_("Who says so, or that it is not known."))
    language = models.CharField(_("language"), max_length=12, validators=[LANGUAGE], help_text=_("A code: en, zh, ja."))
    address = models.URLField(_("public address"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=SourceKind.choices)
    published = PartialDateField(_("published"), blank=True, help_text=_("2026-02-28, 2026-02 or 2026."))
    accessed = models.DateField(_("read on"), null=True, blank=True)

    override_translatable_fields: ClassVar = follows("slug", "language", "address", "kind", "published", "accessed")
    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("publisher"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
        FieldPanel("address"),
        FieldRowPanel([FieldPanel("published"), FieldPanel("accessed")]),
        FieldPanel("slug"),
    ]
    search_fields: ClassVar = [
        index.SearchField("title"),
        index.SearchField("publisher"),
        index.AutocompleteField("title"),
        index.FilterField("locale_id"),
    ]
    content_name: ClassVar[str] = "source"
    content_fields: ClassVar[Fields] = {
        "title": Text("title"),
        "publisher": Text("publisher"),
        "language": Code("language"),
        "address": Code("address", required=False),
        "kind": Choice("kind", choices=SourceKind),
        "published": Code("published", required=False),
        "accessed": Date("accessed", required=False),
    }

    class Meta(SlugInLocale.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("title", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("locale", "slug"), name="unique_source_slug_in_locale")
        ]

    def __str__(self) -> str:
        return self.title


class Evidence(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    KeyNeverChanges,
    SlugInLocale,
    index.Indexed,
    ClusterableModel,
):
    """What figures and rules have in common: how far they hold, since when, until when to look again."""

    slug = models.SlugField(
        _("key"), max_length=60, help_text=_("Texts, files and the score name it so. Never changes.")
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    as_of = PartialDateField(_("as of"), help_text=_("The day, month or year it speaks of: 2026-11-20, 2026-11, 2026."))
    review_by = models.DateField(_("review by"), help_text=_("After this day readers are told that it is overdue."))
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What a reader has to know to read it rightly.")
    )

    sources_name: ClassVar[str]
    content_name: ClassVar[str]
    approval_task: ClassVar[str] = "evidence.EvidenceApprovalTask"
    common: ClassVar = ("slug", "topic", "status", "as_of", "review_by")

    class Meta(SlugInLocale.Meta):
        abstract = True  # type: ignore[misc]  # Django wants it said again

    def clean(self) -> None:
        super().clean()
        other = next(model for model in (Figure, Rule) if not isinstance(self, model))
        if other.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("A figure or a rule has this key: choose another.")})

    @property
    def code(self) -> codes.Code:
        """How texts name it."""
        return codes.Code(type(self).content_name, self.slug)

    @property
    def is_source(self) -> bool:
        """Whether this is the version whose numbers, dates and choices count."""
        return bool(self.locale.language_code == settings.LANGUAGE_CODE)

    @property
    def source_version(self) -> Any:
        """The version in the source language; this one where there is none."""
        if self.is_source:
            return self
        found = type(self)._default_manager.filter(
            translation_key=self.translation_key, locale__language_code=settings.LANGUAGE_CODE
        )
        return found.first() or self

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """ProtectedError, with the pages, while something cites it."""
        from evidence.use import protect

        protect(self)
        return super().delete(*args, **kwargs)

    def unpublish(self, set_expired: bool = False, *args: Any, **kwargs: Any) -> Any:
        """Takes it off the site. ProtectedError, with the pages, while something cites it.

        A record whose time has come stays until nothing cites it any more, so that the timer goes on to others.
        """
        from evidence.use import protect

        try:
            protect(self)
        except ProtectedError:
            if not set_expired:
                raise
            logger.warning("%s has expired, but is still cited: it stays.", self.code)
            return None
        return super().unpublish(set_expired, *args, **kwargs)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("", _("As readers see it")), ("effect", _("What publishing it would change"))]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "evidence/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from evidence.effect import effect_of
        from evidence.records import draft_entry

        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        effect = effect_of(self) if mode_name == "effect" else None
        return {**context, "entry": draft_entry(self), "effect": effect}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        with override(self.locale.language_code):
            return render_citing(lambda: super(Evidence, self).serve_preview(request, mode_name))


class QuantityField(models.DecimalField):  # type: ignore[type-arg]  # generic for the type checker only
    """A number that is read as it was written: 0.5, where the database pads it to 0.5000."""

    def from_db_value(self, value: Decimal | None, *_args: Any) -> Decimal | None:
        return None if value is None else Decimal(f"{Decimal(value).normalize():f}")


def _number(verbose_name: Any, **kwargs: Any) -> QuantityField:
    return QuantityField(
        verbose_name,
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        **kwargs,
    )


class Figure(Evidence):  # type: ignore[django-manager-missing]  # the rows stand below
    """One figure, or one statement without a number: recorded once, cited wherever it is used."""

    statement = models.TextField(
        _("statement"), max_length=400, help_text=_("What the number says; or, without a number, the whole statement.")
    )
    low = _number(_("value, or lower end"))
    high = _number(_("upper end"), help_text=_("Only for a range."))
    bound = models.CharField(_("meant as"), max_length=8, choices=Bound.choices, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices, blank=True)
    article = models.CharField(
        _("what the article says"), max_length=300, blank=True, help_text=_("Where it says something else, in words.")
    )
    article_low = _number(_("the article's value, or lower end"))
    article_high = _number(_("the article's upper end"))
    article_bound = models.CharField(_("meant as"), max_length=8, choices=Bound.choices, blank=True)
    region = models.CharField(_("region"), max_length=12, choices=region_choices, default=WORLDWIDE)

    sources_name: ClassVar[str] = "figure_sources"
    numbers: ClassVar = ("low", "high", "bound", "unit", "article_low", "article_high", "article_bound", "region")
    override_translatable_fields: ClassVar = follows(*Evidence.common, *numbers)
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
        index.SearchField("statement"),
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


class Rule(Evidence):  # type: ignore[django-manager-missing]  # the rows stand below
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


def records_named(cited: Iterable[codes.Code]) -> dict[codes.Code, Any]:
    """The records in the source language, published or not, by the codes that name them. A query for each kind."""
    found: dict[codes.Code, Any] = {}
    wanted = {code.record for code in cited}
    for kind, model in ((FIGURE, Figure), (RULE, Rule)):
        keys = [code.key for code in wanted if code.kind == kind]
        if keys:
            rows = model.objects.filter(slug__in=keys, locale__language_code=settings.LANGUAGE_CODE)
            found |= {codes.Code(kind, row.slug): row for row in rows}
    return found


def record_named(code: codes.Code) -> Any:
    """One of them, None when there is none."""
    return records_named([code]).get(code.record)


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


class Stamp(models.Model):
    """One row that changes whenever any source, figure or rule does: what a process keeps is then old."""

    value = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("stamp")
        verbose_name_plural = _("stamps")

    def __str__(self) -> str:
        return self.value


class EvidenceApprovalTask(AbstractGroupApprovalTask):
    """Approval by a group, who are shown what publishing the record would change, before they approve."""

    class Meta:
        verbose_name = _("approval with the effect of a figure")
        verbose_name_plural = _("approvals with the effect of a figure")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        actions = super().get_actions(obj, user)
        # Never without the dialog, since that is where the effect is shown.
        shown = [(name, label, modal) for name, label, modal in actions if name != "approve"]
        if len(shown) < len(actions):
            shown.append(("approve", _("See the effect and approve"), True))
        return shown

    def get_template_for_action(self, action: str) -> str:
        return "evidence/admin/approve.html" if action == "approve" else str(super().get_template_for_action(action))

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups see what the change does to every page before they approve it.")


class EvidencePage(SectionPage):
    """All figures of the guide; the timeline of rules and the page of each figure lie below it."""

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_name: ClassVar[str] = "evidence"
    content_panels: ClassVar = [
        *SectionPage.content_panels,
        HelpPanel(content=_("The figures, rules and sources stand under Evidence in the menu.")),
    ]
    teaser_template: ClassVar[str] = "evidence/teaser.html"
    template = "evidence/index.html"

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def teasers(self) -> list[Any]:
        """The rule changes that come next."""
        from evidence.listing import timeline

        return timeline(list(known_records().rules.values())).coming[:3]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render_citing(lambda: super(EvidencePage, self).serve(request, *args, **kwargs))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from evidence.listing import list_figures

        return {**super().get_context(request, *args, **kwargs), **list_figures(request)}
