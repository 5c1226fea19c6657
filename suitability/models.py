"""What editors own of the score: markets, product categories, the rubric; and the answers that sellers keep."""

import datetime
import secrets
import zoneinfo
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    PageChooserPanel,
    TitleFieldPanel,
)
from wagtail.fields import RichTextField
from wagtail.models import Page, RevisionMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from contentfiles.fields import Children, Code, Fields, Flag, Integers, Number, One, Rows, Section, Text
from evidence.citations import cite_text, render_citing
from evidence.panels import FiguresPanel
from pages.blocks import CITATIONS
from pages.keys import check_key
from pages.languages import in_source_language
from pages.links import serve_with_links
from pages.models import ArticlePage, SectionPage, SlugInLocale
from pages.streams import CompactStreamField
from pages.structured import item_list
from suitability.blocks import CriterionBlocks, EffectBlocks, PillarBlocks, RuleBlocks
from suitability.levels import LevelsWidget
from suitability.scoring import LEVELS

KEEP_DAYS = 548  # 18 months
TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul", *CITATIONS]
CODES = RegexValidator(r"^[A-Za-z0-9/_-]+(?:, ?[A-Za-z0-9/_-]+)*\Z", _("Separate the names by commas: en, de, fr."))


def chapters() -> list[tuple[str, str]]:
    """The chapters that a criterion can send its reader to: address below the language, and title."""
    found = Page.objects.live().filter(content_type__model="guidepage", locale__language_code=settings.LANGUAGE_CODE)
    return [("/".join(page.url_path.strip("/").split("/")[1:]), page.title) for page in found.order_by("path")]


class Market(SlugInLocale, index.Indexed, models.Model):
    """Where a product is sold. What is saved shows at once, so it is the moderators' business."""

    for_moderators: ClassVar[bool] = True

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(
        _("key"), max_length=20, help_text=_("Used in addresses, files and the API. Never changes.")
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}\Z")])
    languages = models.CharField(_("languages"), max_length=200, validators=[CODES], help_text=_("Codes: en, de, fr."))
    time_zones = models.CharField(
        _("time zones"), max_length=300, validators=[CODES], help_text=_("Names: Europe/Berlin, Europe/Lisbon.")
    )
    note = models.CharField(_("note"), max_length=240, blank=True, help_text=_("What a seller needs to know first."))
    position = models.PositiveIntegerField(_("position"), default=100, help_text=_("The lowest first."))

    read_from_source: ClassVar = ("slug", "currency", "languages", "time_zones", "position")
    override_translatable_fields: ClassVar = [SynchronizedField(name, overridable=False) for name in read_from_source]
    panels: ClassVar = [
        TitleFieldPanel("name", targets=["slug"], classname=""),
        FieldPanel("note"),
        FieldRowPanel([FieldPanel("currency"), FieldPanel("position")]),
        FieldPanel("languages"),
        FieldPanel("time_zones"),
        FieldPanel("slug"),
    ]
    search_fields: ClassVar = [index.SearchField("name"), index.FilterField("locale_id")]
    content_name: ClassVar[str] = "market"
    content_fields: ClassVar[Fields] = {
        "name": Text("name"),
        "currency": Code("currency"),
        "languages": Code("languages"),
        "time_zones": Code("time_zones"),
        "note": Text("note", required=False),
        "order": Number("position"),
    }

    class Meta(SlugInLocale.Meta):
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        ordering = ("position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("locale", "slug"), name="unique_market_slug_in_locale")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        check_key(self, _("Rules, files and saved answers name the market by its key: it never changes."))
        unknown = [zone for zone in self.zones if not _is_zone(zone)]
        if unknown:
            message = _("There is no time zone “%(zone)s”: write names such as Europe/Berlin.")
            raise ValidationError({"time_zones": ValidationError(message, params={"zone": unknown[0]})})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Deleting the market in the source language takes its translations along: they have nothing to follow."""
        if self.locale.language_code == settings.LANGUAGE_CODE:
            for translation in self.get_translations():
                translation.delete()
        return super().delete(*args, **kwargs)

    @property
    def zones(self) -> list[str]:
        return [zone.strip() for zone in self.time_zones.split(",") if zone.strip()]

    @property
    def language_codes(self) -> list[str]:
        return [code.strip() for code in self.languages.split(",") if code.strip()]


def known_criteria() -> set[str]:
    """The keys of all criteria that there are in a draft, or ever were in force."""
    drafted = {block["value"]["key"] for rubric in in_source_language(Rubric) for block in rubric.criteria.raw_data}
    contents = RubricVersion.objects.values_list("data", flat=True)
    return drafted | {row["key"] for data in contents for row in data["criteria"]}


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return False
    return True


def in_groups(categories: Iterable["ProductCategory"]) -> list["ProductCategory"]:
    """The groups among `categories`, each with those that belong to it as `members`, in the order given."""
    found = list(categories)
    groups = [page for page in found if page.group_key is None]
    for group in groups:
        group.members = [page for page in found if page.group_key == group.translation_key]
    return groups


class CategoryIndexPage(SectionPage):
    """All product categories at a glance: their profiles and verdicts side by side."""

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["suitability.ProductCategory"]
    max_count_per_parent = 1
    content_name: ClassVar[str] = "category-index"
    teaser_template: ClassVar[str] = "suitability/categories_teaser.html"
    template = "suitability/category_index.html"

    class Meta:
        verbose_name = _("product categories")
        verbose_name_plural = _("product categories")

    @cached_property
    def categories(self) -> list["ProductCategory"]:
        """The live categories and groups in the editor's order. One query."""
        found = ProductCategory.objects.child_of(self).live().order_by("path").select_related("locale", "group")
        return list(found)

    @cached_property
    def tree(self) -> list["ProductCategory"]:
        """The live groups, each with its live categories as `members`."""
        return in_groups(self.categories)

    @property
    def without_group(self) -> list["ProductCategory"]:
        """The live categories whose group is not live."""
        groups = {group.translation_key for group in self.tree}
        return [page for page in self.categories if page.group_key is not None and page.group_key not in groups]

    def teasers(self) -> list[Any]:
        return self.tree

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render_citing(lambda: super(CategoryIndexPage, self).serve(request, *args, **kwargs))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from suitability.comparison import compare_categories

        context = super().get_context(request, *args, **kwargs)
        context["comparison"] = compare_categories(self)
        context["structured_data"] = item_list(self.categories)
        return context


class ProductCategory(ArticlePage):
    """A kind of product with its usual levels. Categories lie flat below their index and belong to a group.

    A group is a category of its own that others belong to; it needs no levels. The score reads the levels of the
    version in the source language, so that they are the same for every reader.
    """

    group = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("group"),
        help_text=_("Empty: this is a group, which other categories belong to."),
    )
    is_digital = models.BooleanField(
        _("digital"), default=False, help_text=_("Nothing is shipped: market effects on parcels do not apply.")
    )
    levels = models.JSONField(
        _("default levels"),
        default=dict,
        blank=True,
        help_text=_("Editors' judgement, from 0 to 4. A seller starts from these and changes them."),
    )
    typical_products = models.CharField(_("typical products"), max_length=240, blank=True)
    description = RichTextField(_("description"), features=TEXT_FEATURES)
    warnings = RichTextField(_("what to watch"), features=TEXT_FEATURES, blank=True)

    content_panels: ClassVar = [
        *ArticlePage.content_panels[:-2],
        PageChooserPanel("group", page_type="suitability.ProductCategory"),
        FieldPanel("description"),
        FieldPanel("typical_products"),
        FieldPanel("warnings"),
        FiguresPanel(),
        MultiFieldPanel([FieldPanel("is_digital"), FieldPanel("levels", widget=LevelsWidget)], heading=_("Profile")),
        *ArticlePage.content_panels[-2:],
        *ArticlePage.relation_panels(["guides.GuidePage", "casestudies.CaseStudyPage"]),
    ]
    search_fields: ClassVar = [
        *ArticlePage.search_fields,
        index.SearchField("typical_products"),
    ]
    read_from_source: ClassVar = ("is_digital", "levels")
    content_name: ClassVar[str] = "product-category"
    content_fields: ClassVar[Fields] = {
        **ArticlePage.content_fields,
        "group": One("group", required=False, folder="categories"),
        "digital": Flag("is_digital"),
        "levels": Integers("levels"),
        "typical_products": Text("typical_products", required=False),
        "description": Section("description"),
        "warnings": Section("warnings", anchor="warnings"),
        "chapters": Children("related_pages", required=False, target="related", folder="guide"),
        "cases": Children("related_pages", required=False, target="related", folder="cases"),
    }
    parent_page_types: ClassVar = ["suitability.CategoryIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "suitability/category.html"

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")

    def clean(self) -> None:
        super().clean()
        self._check_levels()
        check_key(self, _("Rules, links and saved answers name the category by its address: it never changes."))
        if self.group is None:
            return
        if not self.levels:
            raise ValidationError({"levels": _("Give the usual levels: only a group goes without.")})
        if self.group_id == self.pk or self.group.group_id is not None:
            raise ValidationError({"group": _("Choose a group: categories are two deep.")})
        if self.pk and ProductCategory.objects.filter(group_id=self.pk).exists():
            raise ValidationError({"group": _("Other categories belong to this one, so it is a group itself.")})

    def _check_levels(self) -> None:
        levels = self.levels.values() if isinstance(self.levels, dict) else ["no levels"]
        if not all(level is None or (type(level) is int and level in LEVELS) for level in levels):
            raise ValidationError({"levels": _("A level is a whole number from 0 to 4.")})
        known = known_criteria()
        unknown = [key for key in self.levels if known and key not in known]
        if unknown:
            message = _("There is no criterion “%(key)s”.")
            raise ValidationError({"levels": ValidationError(message, params={"key": unknown[0]})})

    @property
    def group_key(self) -> Any:
        """What all language versions of the group have in common; a translation points at the source's group."""
        return self.group.translation_key if self.group else None

    @property
    def group_here(self) -> "ProductCategory | None":
        """The live group in this page's language."""
        group = ProductCategory.objects.filter(pk=self.group_id).values("translation_key")
        versions = ProductCategory.objects.live().filter(locale_id=self.locale_id).select_related("locale")
        return versions.filter(translation_key__in=group).first() if self.group_id else None

    @property
    def live_members(self) -> list["ProductCategory"]:
        """The live categories of this group in its language; none for a category that belongs to one itself."""
        if self.group_id is not None or self.pk is None:
            return []
        versions = ProductCategory.objects.live().filter(locale_id=self.locale_id).select_related("locale")
        return list(versions.filter(group__translation_key=self.translation_key).order_by("path"))

    @property
    def linking_html(self) -> str:
        return f"{self.description}{self.warnings}"

    @property
    def readable_html(self) -> str:
        return cite_text(self.linking_html)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return serve_with_links(super().serve, self, request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from suitability.comparison import describe_category

        context = super().get_context(request, *args, **kwargs)
        context.update(describe_category(self, as_draft=getattr(request, "is_preview", False)))
        return context


class SuitabilityPage(SectionPage):
    """The form and its answer. The state of both is the address, so that nothing needs to be stored."""

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_name: ClassVar[str] = "suitability"
    teaser_template: ClassVar[str] = "suitability/teaser.html"
    invitation: ClassVar[Any] = _("Score your product")
    template = "suitability/form.html"
    content_panels: ClassVar = [
        *SectionPage.content_panels,
        HelpPanel(content=_("Questions, weights and rules stand under Suitability in the menu.")),
    ]

    class Meta:
        verbose_name = _("suitability score")
        verbose_name_plural = _("suitability scores")

    def teasers(self) -> list[Any]:
        """The groups of categories, to start from one at once."""
        found = ProductCategory.objects.live().filter(locale_id=self.locale_id)
        return in_groups(found.order_by("path").select_related("locale", "group"))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from suitability.views import serve_form

        response: HttpResponse = serve_form(self, request)
        return response


class Rubric(RevisionMixin, SlugInLocale, index.Indexed, models.Model):
    """The draft of the method: what is asked, how it counts, what markets change and forbid.

    What sellers get is always the newest RubricVersion; activating this draft makes the next one.
    """

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("key"), max_length=60, default="main")
    strong = models.PositiveSmallIntegerField(
        _("strong from"), default=70, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    promising = models.PositiveSmallIntegerField(
        _("promising from"), default=55, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    conditional = models.PositiveSmallIntegerField(
        _("conditional from"), default=40, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    pillars = CompactStreamField(PillarBlocks, verbose_name=_("pillars"))
    criteria = CompactStreamField(CriterionBlocks, verbose_name=_("criteria"))
    effects = CompactStreamField(EffectBlocks, verbose_name=_("market effects"), blank=True)
    knockouts = CompactStreamField(RuleBlocks, verbose_name=_("knock-outs and closed routes"), blank=True)

    override_translatable_fields: ClassVar = [SynchronizedField("slug", overridable=False)]
    panels: ClassVar = [
        HelpPanel(template="suitability/admin/rubric_status.html"),
        FieldPanel("name"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("strong"), FieldPanel("promising"), FieldPanel("conditional")])],
            heading=_("Thresholds of the verdicts"),
        ),
        FieldPanel("pillars"),
        FieldPanel("criteria"),
        FieldPanel("effects"),
        FieldPanel("knockouts"),
    ]
    search_fields: ClassVar = [index.SearchField("name"), index.FilterField("locale_id")]
    content_name: ClassVar[str] = "rubric"
    content_fields: ClassVar[Fields] = {
        "name": Text("name"),
        "strong": Number("strong"),
        "promising": Number("promising"),
        "conditional": Number("conditional"),
        "pillars": Rows("pillars"),
        "criteria": Rows("criteria"),
        "effects": Rows("effects"),
        "knockouts": Rows("knockouts"),
    }

    @property
    def in_force(self) -> "RubricVersion | None":
        """The active version, for the notice above the form."""
        return RubricVersion.objects.defer("data").order_by("-pk").first()

    class Meta(SlugInLocale.Meta):
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        permissions: ClassVar = [("publish_rubric", "Can activate a rubric")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("locale", "slug"), name="unique_rubric_slug_in_locale")
        ]

    def __str__(self) -> str:
        return self.name


class RubricVersion(models.Model):
    """A rubric as it was activated, in every language. The newest is the active one; none ever changes."""

    key = models.CharField(_("version"), max_length=20, unique=True)
    rubric = models.ForeignKey(Rubric, null=True, on_delete=models.SET_NULL, related_name="versions")
    activated_at = models.DateTimeField(_("active since"), default=timezone.now)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    data = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("rubric version")
        verbose_name_plural = _("rubric versions")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ValidationError(_("A version that was activated never changes: change the draft and activate that."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise ValidationError(_("Versions are kept: saved answers point at them."))


def _token() -> str:
    return secrets.token_urlsafe(9)


def _owner_token() -> str:
    return secrets.token_urlsafe(24)


class SavedAnswer(models.Model):
    """An answer that a seller keeps: what was asked, what came out, and by which version of the rubric.

    `token` is in the link to share; `owner_token` in the link that deletes. Nothing about the person is stored.
    """

    token = models.CharField(max_length=24, unique=True, default=_token, editable=False)
    owner_token = models.CharField(max_length=48, unique=True, default=_owner_token, editable=False)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="answers")
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=255, blank=True, db_index=True)
    question = models.JSONField()
    answers = models.JSONField()

    class Meta:
        verbose_name = _("saved answer")
        verbose_name_plural = _("saved answers")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.token

    @property
    def expires_at(self) -> datetime.datetime:
        return self.created_at + datetime.timedelta(days=KEEP_DAYS)

    @classmethod
    def kept(cls) -> models.QuerySet["SavedAnswer"]:
        """The answers that have not expired, with their versions."""
        start = timezone.now() - datetime.timedelta(days=KEEP_DAYS)
        return cls.objects.filter(created_at__gt=start).select_related("version")

    @classmethod
    def expired(cls) -> models.QuerySet["SavedAnswer"]:
        """The answers that are to be removed."""
        return cls.objects.filter(created_at__lte=timezone.now() - datetime.timedelta(days=KEEP_DAYS))


class SavedVerdict(models.Model):
    """The verdict of one market in a saved answer, for counting."""

    answer = models.ForeignKey(SavedAnswer, on_delete=models.CASCADE, related_name="verdicts")
    market = models.CharField(max_length=20, blank=True)
    verdict = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("verdict of a saved answer")
        verbose_name_plural = _("verdicts of saved answers")

    def __str__(self) -> str:
        return f"{self.market}: {self.verdict}"
