"""What every page of the site shares, and the home page."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    PageChooserPanel,
    TitleFieldPanel,
)
from wagtail.models import Orderable, Page, PageViewRestriction, TranslatableMixin
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from contentfiles.fields import Children, Date, Fields, Flag, ImageName, Text
from contentfiles.fields import PageBody as BodyReader
from evidence.citations import cite_text
from pages.blocks import HomeBlocks
from pages.images import ContentImage, ContentRendition
from pages.languages import Alternate, alternates, in_language, reading_language
from pages.navigation import surroundings
from pages.reading import minutes_to_read
from pages.streams import CompactStreamField
from pages.structured import article, website

__all__ = [
    "ArticlePage",
    "BasePage",
    "ContentImage",
    "ContentRendition",
    "HomePage",
    "PageTag",
    "RelatedPage",
    "SectionPage",
    "Tag",
]


class SlugInLocale(TranslatableMixin):
    """A translatable thing with a slug that no other of its kind has in the same language."""

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def clean(self) -> None:
        super().clean()
        # The forms of the admin have no locale field, so they pass over the constraint in the database.
        twins = type(self).objects.filter(locale_id=self.locale_id, slug=self.slug).exclude(pk=self.pk)
        if self.slug and twins.exists():
            raise ValidationError({"slug": _("This is taken in this language: choose another.")})


class Tag(SlugInLocale, index.Indexed, models.Model):
    """A word that chapters and cases share. The slug is the same in every language, so that links survive."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("slug"), max_length=60, help_text=_("Used in addresses. The same in every language."))

    override_translatable_fields: ClassVar = [SynchronizedField("slug", overridable=False)]
    panels: ClassVar = [TitleFieldPanel("name", targets=["slug"], classname=""), FieldPanel("slug")]
    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]
    content_name: ClassVar[str] = "tag"
    content_fields: ClassVar[Fields] = {"name": Text("name")}

    class Meta(SlugInLocale.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("locale", "slug"), name="unique_tag_slug_in_locale")]

    def __str__(self) -> str:
        return self.name


class PageTag(Orderable):
    """One tag on one page."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+", verbose_name=_("tag"))

    class Meta(Orderable.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")


class RelatedPage(Orderable):
    """One page that another recommends to its reader."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="related_pages")
    related = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))

    class Meta(Orderable.Meta):
        verbose_name = _("related page")
        verbose_name_plural = _("related pages")


class BasePage(Page):
    """A page with a one-sentence summary, whose short address is the same in every language."""

    summary = models.TextField(
        _("summary"),
        max_length=240,
        validators=[MaxLengthValidator(240)],  # the length of a TextField is checked in forms only
        help_text=_("One or two sentences: shown under the title, in lists and by search engines."),
    )

    override_translatable_fields: ClassVar = [SynchronizedField("slug", overridable=False)]
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("summary")]
    promote_panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("show_in_menus")],
            heading=_("Address and menus"),
        )
    ]
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("summary")]
    content_fields: ClassVar[Fields] = {"title": Text("title"), "summary": Text("summary")}

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        around = surroundings(self, self.locale.language_code)
        context["around"] = around
        context["alternates"] = alternates(self, around.versions, request)
        context["x_default"] = self.x_default(context["alternates"])
        context["newer_source"] = around.newer_source(self)
        return context

    def x_default(self, versions: list[Alternate]) -> str:
        """The address for readers of other languages: the default language's version, or "" where there is none."""
        return next((version.url for version in versions if version.code == settings.LANGUAGE_CODE), "")

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """The restrictions of this page, the pages above it, and those that any of them is an alias of. One query."""
        path_length = range(self.steplen, len(self.path) + 1, self.steplen)
        line = Page.objects.filter(path__in=[self.path[:length] for length in path_length])
        return PageViewRestriction.objects.filter(
            Q(page__in=line.values("pk")) | Q(page__in=line.exclude(alias_of=None).values("alias_of"))
        )

    @property
    def structured_data(self) -> list[dict[str, Any]]:
        """schema.org objects for search engines, without the breadcrumbs; templates add what needs the request."""
        return []


class SectionPage(BasePage):
    """The index of one section: the guide, the FAQ, the cases. The home page shows a teaser of each."""

    teaser_template: ClassVar[str]
    # The words of its button in the opening of the home page; empty where no first-time reader needs to be led.
    invitation: ClassVar[Any] = ""

    class Meta:
        abstract = True

    @classmethod
    def below(cls, home: Page) -> list[Any]:
        """The live sections of one language in the order of the page tree. One query, however many types there are."""
        types = [model._meta.model_name or "" for model in cls.__subclasses__()]
        pages = Page.objects.child_of(home).live().order_by("path").select_related("locale", *types)
        found = []
        for page in pages:
            section = next((getattr(page, name) for name in types if hasattr(page, name)), None)
            if section is not None:
                section.locale = page.locale
                found.append(section)
        return found

    def teasers(self) -> list[Any]:
        """The few items that the home page shows of this section."""
        raise NotImplementedError  # pragma: no cover


class ArticlePage(BasePage):
    """A page to read: with a cover, tags, related pages, the date of its last review, and a reading time."""

    cover = models.ForeignKey(
        "pages.ContentImage",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("cover"),
    )
    cover_alt = models.CharField(
        _("what the cover shows"),
        max_length=200,
        blank=True,
        help_text=_("One short sentence for readers who cannot see it. Required with a cover."),
    )
    reviewed = models.DateField(
        _("last reviewed"),
        default=datetime.date.today,
        help_text=_("When somebody last checked every statement on this page."),
    )
    legal_notice = models.BooleanField(
        _("states rules of law"),
        default=False,
        help_text=_("Prints a notice that the page is not legal advice, with the date of the last review."),
    )

    content_panels: ClassVar = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Cover")),
        MultiFieldPanel([FieldRowPanel([FieldPanel("reviewed"), FieldPanel("legal_notice")])], heading=_("Review")),
    ]
    search_fields: ClassVar = [*BasePage.search_fields, index.SearchField("searchable_text")]
    content_fields: ClassVar[Fields] = {
        **BasePage.content_fields,
        "cover": ImageName("cover"),
        "cover_alt": Text("cover_alt", required=False),
        "reviewed": Date("reviewed"),
        "legal_notice": Flag("legal_notice"),
        "tags": Children("page_tags", required=False, target="tag", folder="tags"),
        "questions": Children("related_questions", required=False, target="question", folder="faq"),
    }

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.cover_id and not self.cover_alt:
            raise ValidationError({"cover_alt": _("Say in a few words what the cover shows.")})
        if self.reviewed and self.reviewed > datetime.date.today() + datetime.timedelta(days=1):
            raise ValidationError({"reviewed": _("A page cannot have been reviewed in the future.")})

    @classmethod
    def relation_panels(cls, related_type: str | list[str]) -> list[Any]:
        """Panels for tags, related pages of the given types, and related questions."""
        return [
            MultipleChooserPanel("page_tags", chooser_field_name="tag", label=_("Tag"), heading=_("Tags")),
            MultipleChooserPanel(
                "related_pages",
                chooser_field_name="related",
                panels=[PageChooserPanel("related", page_type=related_type)],
                label=_("Page"),
                heading=_("Related pages"),
            ),
            MultipleChooserPanel(
                "related_questions", chooser_field_name="question", label=_("Question"), heading=_("Related questions")
            ),
        ]

    @property
    def linking_html(self) -> str:
        """All texts of the page as they are stored, with their links and citations."""
        raise NotImplementedError  # pragma: no cover

    @property
    def citing_html(self) -> str:
        """All that holds citations: texts, and the data of blocks."""
        return self.linking_html

    @property
    def readable_html(self) -> str:
        """All that a reader reads on the page, as HTML: what the reading time is counted from."""
        raise NotImplementedError  # pragma: no cover

    def plain_text(self) -> str:
        """The texts of the page without markup, with the codes of citations in them."""
        return str(get_text_for_indexing(self.linking_html))

    def searchable_text(self) -> str:
        """What the search finds the page by, with the values of its figures."""
        with override(self.locale.language_code):
            return cite_text(self.plain_text())

    @cached_property
    def reading_minutes(self) -> int:
        return minutes_to_read(self.readable_html)

    @cached_property
    def tags(self) -> list[Tag]:
        return in_language(self.page_tags, "tag", self.locale)

    @cached_property
    def related(self) -> list[Any]:
        """The related pages with summary and all, in this page's language."""
        return in_language(self.related_pages, "related", self.locale)

    @cached_property
    def questions(self) -> list[Any]:
        return in_language(self.related_questions, "question", self.locale)

    @property
    def structured_data(self) -> list[dict[str, Any]]:
        return [article(self)]


class HomePage(BasePage):
    """The root of one language."""

    body = CompactStreamField(HomeBlocks, verbose_name=_("body"), blank=True)
    cover = models.ForeignKey(
        "pages.ContentImage", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("cover")
    )
    cover_alt = models.CharField(_("what the cover shows"), max_length=200, blank=True)

    # Homes of all languages are siblings, so their slugs differ; the address shows the language code instead.
    override_translatable_fields: ClassVar = []
    content_panels: ClassVar = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Cover")),
        FieldPanel("body"),
    ]
    search_fields: ClassVar = [*BasePage.search_fields, index.SearchField("body")]
    content_fields: ClassVar[Fields] = {
        **BasePage.content_fields,
        "slug": Text("slug"),
        "cover": ImageName("cover"),
        "cover_alt": Text("cover_alt", required=False),
        "body": BodyReader("body"),
    }
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = [
        "guides.GuideIndexPage",
        "suitability.SuitabilityPage",
        "suitability.CategoryIndexPage",
        "casestudies.CaseIndexPage",
        "guides.FAQPage",
        "evidence.EvidencePage",
    ]
    content_name: ClassVar[str] = "home"
    template = "pages/home.html"

    class Meta:
        verbose_name = _("home page")

    def clean(self) -> None:
        super().clean()
        if self.cover_id and not self.cover_alt:
            raise ValidationError({"cover_alt": _("Say in a few words what the cover shows.")})

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """One home page in each language, and no more."""
        return bool(super().can_create_at(parent)) and cls.objects.count() < len(settings.LANGUAGES)

    def x_default(self, versions: list[Alternate]) -> str:
        """The root of the site, which chooses the language."""
        parts = self.get_url_parts()
        return f"{parts[1]}/" if parts else ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["sections"] = SectionPage.below(self)
        context["elsewhere"] = self._sections_elsewhere(context["around"].versions)
        return context

    @property
    def structured_data(self) -> list[dict[str, Any]]:
        return [website(self)]

    def _sections_elsewhere(self, versions: list[Page]) -> list[Any]:
        """The sections of the source language, where this language has a home page only."""
        code = self.locale.language_code
        other = reading_language(code)
        source = next((version for version in versions if version.locale.language_code == other != code), None)
        return SectionPage.below(source) if source else []
