"""Case studies: what others tried, with their numbers, and how far each number is verified."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from contentfiles.fields import Children, Choice, Fields, Rows, Section, Text, Values
from evidence.blocks import NUMBERS, CitationBlock
from evidence.citations import cite_text, known_records, not_collecting
from evidence.codes import Code
from evidence.panels import FiguresPanel
from evidence.status import Status
from pages.blocks import CITATIONS
from pages.filters import TAG_LOOKUP, Filter, tag_filter
from pages.links import serve_with_links, stream_html
from pages.models import ArticlePage, SectionPage
from pages.streams import CompactStreamField
from pages.structured import item_list

PAGE_SIZE = 12
TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul", *CITATIONS]


class Market(models.TextChoices):
    """Where the goods were sold."""

    EU = "eu", _("European Union")
    US = "us", _("United States")
    UK = "uk", _("United Kingdom")
    JP = "jp", _("Japan")
    WORLDWIDE = "worldwide", _("Worldwide")


class Category(models.TextChoices):
    """What was sold."""

    ONLINE_COURSE = "online-course", _("Online course")
    SOFTWARE_LICENCE = "software-licence", _("Software licence")
    ETHNIC_DRESS = "ethnic-dress", _("Ethnic dress")
    FOLK_TEXTILE = "folk-textile", _("Folk textile craft")
    DESIGNER_JEWELLERY = "designer-jewellery", _("Designer jewellery")
    ANIME_GOODS = "anime-goods", _("Licensed anime goods")
    CERAMICS = "ceramics", _("Ceramics")
    GAMING_PERIPHERALS = "gaming-peripherals", _("Gaming peripherals")
    COSMETICS = "cosmetics", _("Cosmetics")
    FAST_FASHION = "fast-fashion", _("Fast fashion")
    FOOD_SUPPLEMENTS = "food-supplements", _("Food supplements")
    HEAVY_FURNITURE = "heavy-furniture", _("Heavy furniture")
    GENERAL_MERCHANDISE = "general-merchandise", _("General merchandise")
    PLATFORM_FEATURE = "platform-feature", _("A feature of the platform")


class MetricBlock(blocks.StructBlock):
    """One number of a case: what it counts, over which time, and the figure that records it."""

    label = blocks.CharBlock(max_length=120, label=_("What it counts"))
    figure = CitationBlock(
        NUMBERS,
        "figure",
        required=False,
        label=_("Figure"),
        help_text=_("Leave empty where no figure was published."),
    )
    period = blocks.CharBlock(max_length=120, label=_("Period"), help_text=_("The time it was counted over."))
    note = blocks.CharBlock(required=False, max_length=300, label=_("Note"))

    class Meta:
        label = _("Metric")
        description = _("One number with its period; value and status are those of the figure.")
        icon = "order"
        template = "blocks/metric.html"
        preview_value = {
            "label": _("Peak viewers of one show"),
            "figure": "figure:shein-live",
            "period": _("One show, date not given"),
            "note": "",
        }

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        entry = known_records().get(Code.parse(value["figure"] or ""))
        return super().get_context(value, parent_context) | {"entry": entry}


class MetricBlocks(blocks.StreamBlock):
    """The table of a case's numbers."""

    metric = MetricBlock()


class CaseIndexPage(SectionPage):
    """All case studies, narrowed by market, category, tag and status through plain links."""

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["casestudies.CaseStudyPage"]
    max_count_per_parent = 1
    content_name: ClassVar[str] = "case-index"
    teaser_template: ClassVar[str] = "casestudies/teaser.html"
    invitation: ClassVar[Any] = _("See the cases")
    template = "casestudies/case_index.html"

    class Meta:
        verbose_name = _("case studies")
        verbose_name_plural = _("case studies")

    @property
    def cases(self) -> Any:
        """The live cases in the editor's order, with covers."""
        cases = CaseStudyPage.objects.child_of(self).live().order_by("path")
        return cases.select_related("cover", "locale").prefetch_related("cover__renditions", "markets")

    def teasers(self) -> list[Any]:
        return list(self.cases[:2])  # each has a picture, and the home page is to stay light

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        used = list(self.cases.order_by().values_list("markets__code", "category", "verification").distinct())
        lookups = {
            "markets__code": _filter("market", _("Market"), Market, {row[0] for row in used}, request),
            "category": _filter("category", _("Category"), Category, {row[1] for row in used}, request),
            TAG_LOOKUP: tag_filter(request, self.cases, self.locale),
            "verification": _filter("status", _("Verification"), Status, {row[2] for row in used}, request),
        }
        cases = self.cases
        for lookup, chosen in lookups.items():
            cases = chosen.apply(cases, lookup)
        context["filters"] = list(lookups.values())
        context["chosen"] = [chosen for chosen in lookups.values() if chosen.value]
        context["cases"] = paged = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
        context["structured_data"] = item_list(paged, paged.start_index())
        return context


def _filter(name: str, label: Any, choices: type[models.TextChoices], used: set[str], request: HttpRequest) -> Filter:
    return Filter(name, str(label), [(value, text) for value, text in choices.choices if value in used], request.GET)


class CaseStudyPage(ArticlePage):
    """One case: strategy, what was done, numbers, lesson, and how far it is verified."""

    brand = models.CharField(_("brand"), max_length=120)
    category = models.CharField(_("category"), max_length=40, choices=Category.choices)
    period = models.CharField(_("period"), max_length=160, help_text=_("When it happened; say so if that is unknown."))
    verification = models.CharField(
        _("how far verified"), max_length=20, choices=Status.choices, default=Status.UNVERIFIED
    )
    metrics = CompactStreamField(MetricBlocks, verbose_name=_("metrics"))
    strategy = RichTextField(_("strategy"), features=TEXT_FEATURES)
    actions = RichTextField(_("what was done"), features=TEXT_FEATURES)
    lesson = RichTextField(_("the lesson"), features=TEXT_FEATURES)
    verification_note = RichTextField(
        _("what was looked for and found"),
        features=TEXT_FEATURES,
        help_text=_("Who says so, what was looked for, and what was not found."),
    )

    content_panels: ClassVar = [
        *ArticlePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("brand"),
                FieldRowPanel([FieldPanel("category"), FieldPanel("period")]),
                InlinePanel("markets", label=_("Market"), heading=_("Markets"), min_num=1),
                FieldPanel("verification"),
            ],
            heading=_("The case"),
        ),
        FieldPanel("metrics"),
        FieldPanel("strategy"),
        FieldPanel("actions"),
        FieldPanel("lesson"),
        FieldPanel("verification_note"),
        FiguresPanel(),
        *ArticlePage.relation_panels("guides.GuidePage"),
    ]
    search_fields: ClassVar = [
        *ArticlePage.search_fields,
        index.SearchField("brand"),
    ]
    content_name: ClassVar[str] = "case"
    content_fields: ClassVar[Fields] = {
        **ArticlePage.content_fields,
        "brand": Text("brand"),
        "category": Choice("category", choices=Category),
        "markets": Values("markets", target="code", choices=Market),
        "period": Text("period"),
        "verification": Choice("verification", choices=Status),
        "metrics": Rows("metrics"),
        "strategy": Section("strategy", anchor="strategy"),
        "actions": Section("actions", anchor="actions"),
        "lesson": Section("lesson", anchor="lesson"),
        "verification_note": Section("verification_note", anchor="verification"),
        "chapters": Children("related_pages", required=False, target="related", folder="guide"),
    }
    parent_page_types: ClassVar = ["casestudies.CaseIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "casestudies/case_study.html"

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")

    @property
    def status(self) -> Status | None:
        return Status.of(self.verification)

    @property
    def markets_text(self) -> str:
        """The markets as a list in words."""
        labels = dict.fromkeys(market.get_code_display() for market in self.markets.all())
        return pgettext("between the items of a list", ", ").join(labels)

    @property
    def linking_html(self) -> str:
        return "".join([self.strategy, self.actions, self.lesson, self.verification_note])

    @property
    def citing_html(self) -> str:
        return f"{stream_html(self.metrics)}{self.linking_html}"

    def plain_text(self) -> str:
        figures = self.metrics.stream_block.get_searchable_content(self.metrics)
        return " ".join([*figures, super().plain_text()])

    @property
    def readable_html(self) -> str:
        with not_collecting():
            return f"{self.metrics.render_as_block()}{cite_text(self.linking_html)}"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return serve_with_links(super().serve, self, request, *args, **kwargs)


class CaseMarket(Orderable):
    """One market of a case."""

    page = ParentalKey(CaseStudyPage, on_delete=models.CASCADE, related_name="markets")
    code = models.CharField(_("market"), max_length=20, choices=Market.choices)

    class Meta(Orderable.Meta):
        verbose_name = _("market")
        verbose_name_plural = _("markets")
