"""The guide's chapters, and the questions that sellers ask."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, PublishingPanel, TitleFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    Page,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from contentfiles.fields import Children, Choice, Fields, Flag, Number, PageBody, Section, Text
from evidence.citations import cite_text, collecting, not_collecting
from evidence.panels import FiguresPanel
from pages.blocks import CITATIONS, BodyBlocks
from pages.filters import TAG_LOOKUP, Filter, tag_filter
from pages.languages import in_source_language
from pages.links import serve_with_links, stream_html
from pages.models import ArticlePage, SectionPage, SlugInLocale
from pages.streams import CompactStreamField
from pages.structured import CONTEXT, item_list, language_tag, organization, site_address
from search.kinds import Scope
from translation.outdated import with_outdated

PAGE_SIZE = 24


class GuideIndexPage(SectionPage):
    """All chapters in reading order; `?tag=` narrows them."""

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["guides.GuidePage"]
    max_count_per_parent = 1
    content_name: ClassVar[str] = "guide-index"
    invitation: ClassVar[Any] = _("Read the guide")
    teaser_template: ClassVar[str] = "guides/teaser.html"
    template = "guides/guide_index.html"

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    @property
    def chapters(self) -> Any:
        """The live chapters in reading order, without their bodies."""
        return GuidePage.objects.child_of(self).live().order_by("path").select_related("locale").defer_streamfields()

    def teasers(self) -> list[Any]:
        return list(self.chapters[:PAGE_SIZE])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        chosen: Filter = tag_filter(request, self.chapters, self.locale)
        context["tag_filter"] = chosen
        context["filters"] = [chosen]
        chapters = self.chapters.select_related("cover", "locale").prefetch_related("cover__renditions")
        found = chosen.apply(chapters, TAG_LOOKUP)
        context["chapters"] = paged = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        context["structured_data"] = item_list(paged, paged.start_index())
        return context


class GuidePage(ArticlePage):
    """One chapter."""

    body = CompactStreamField(BodyBlocks, verbose_name=_("body"))

    content_panels: ClassVar = [
        *ArticlePage.content_panels,
        FieldPanel("body"),
        FiguresPanel(),
        *ArticlePage.relation_panels("casestudies.CaseStudyPage"),
    ]
    content_name: ClassVar[str] = "chapter"
    content_fields: ClassVar[Fields] = {
        **ArticlePage.content_fields,
        "body": PageBody("body"),
        "cases": Children("related_pages", required=False, target="related", folder="cases"),
    }
    parent_page_types: ClassVar = ["guides.GuideIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "guides/guide_page.html"

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")

    @property
    def readable_html(self) -> str:
        with not_collecting():
            return str(self.body.render_as_block())

    @property
    def linking_html(self) -> str:
        return stream_html(self.body)

    def plain_text(self) -> str:
        return " ".join(self.body.stream_block.get_searchable_content(self.body))

    @cached_property
    def contents(self) -> list[dict[str, str]]:
        """The section headings, for the table of contents: text and anchor."""
        return [
            {"text": block.value["text"], "anchor": block.value["anchor"]}
            for block in self.body
            if block.block_type == "heading"
        ]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return serve_with_links(super().serve, self, request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        siblings = list(
            Page.objects.sibling_of(self).live().order_by("path").only("title", "url_path", "path", "locale")
        )
        position = next((i for i, page in enumerate(siblings) if page.pk == self.pk), None)
        if position is not None:
            context["number"] = position + 1
            context["previous"] = siblings[position - 1] if position else None
            context["next"] = siblings[position + 1] if position + 1 < len(siblings) else None
        return context


class Topic(models.TextChoices):
    """What a question is about; also the order of the FAQ's parts."""

    PLATFORM = "platform", _("The platform")
    SHOW = "show", _("Running a show")
    LAW = "law", _("Rules and disclosure")
    PAYMENTS = "payments", _("Payments")
    DELIVERY = "delivery", _("Delivery and returns")
    RESULTS = "results", _("Results")


class Question(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    SlugInLocale,
    index.Indexed,
    models.Model,
):
    """One question with its answer. The FAQ shows all of them; chapters and cases point at some."""

    question = models.CharField(_("question"), max_length=200)
    slug = models.SlugField(
        _("anchor"), max_length=60, help_text=_("For links to this question: /faq/#anchor. The same in every language.")
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices, default=Topic.PLATFORM)
    position = models.PositiveIntegerField(
        _("position"), default=100, help_text=_("Within its topic, the lowest first.")
    )
    answer = RichTextField(
        _("answer"),
        features=["bold", "italic", "link", "ol", "ul", *CITATIONS],
        help_text=_("Answer in the first sentence; reasons and details follow."),
    )
    legal_notice = models.BooleanField(
        _("states rules of law"), default=False, help_text=_("Prints a notice that this is not legal advice.")
    )

    override_translatable_fields: ClassVar = [SynchronizedField("slug", overridable=False)]
    panels: ClassVar = [
        TitleFieldPanel("question", targets=["slug"], classname=""),
        FieldPanel("answer"),
        FiguresPanel(),
        FieldRowPanel([FieldPanel("topic"), FieldPanel("position")]),
        FieldRowPanel([FieldPanel("slug"), FieldPanel("legal_notice")]),
        PublishingPanel(),
    ]
    search_fields: ClassVar = [
        index.SearchField("question", boost=2),
        index.SearchField("searchable_text"),
        index.AutocompleteField("question"),
        index.FilterField("live"),
        index.FilterField("locale_id"),
    ]
    content_name: ClassVar[str] = "question"
    content_fields: ClassVar[Fields] = {
        "question": Text("question"),
        "topic": Choice("topic", choices=Topic),
        "order": Number("position"),
        "legal_notice": Flag("legal_notice"),
        "answer": Section("answer"),
    }

    class Meta(SlugInLocale.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("topic", "position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("locale", "slug"), name="unique_question_slug_in_locale")
        ]

    def __str__(self) -> str:
        return self.question

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "guides/question_preview.html"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        with override(self.locale.language_code), collecting():
            response: HttpResponse = super().serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response

    @property
    def answer_text(self) -> str:
        """The answer without markup, for structured data."""
        return " ".join(cite_text(get_text_for_indexing(self.answer)).split())

    @property
    def citing_html(self) -> str:
        return str(self.answer)

    @property
    def url(self) -> str:
        """Where readers find it: its anchor on the page of questions."""
        return self._url_in(self.locale.language_code)

    @property
    def source_url(self) -> str:
        """Where readers find its version in the source language."""
        return self._url_in(settings.LANGUAGE_CODE)

    def _url_in(self, language: str) -> str:
        with override(language):
            return f"{reverse('wagtail_serve', args=['faq/'])}#{self.slug}"

    @classmethod
    def with_newer_source(cls, questions: QuerySet["Question"]) -> QuerySet["Question"]:
        """Each with `newer_source`: its live source's question, where the source has other sentences by now."""
        sources = in_source_language(cls).filter(live=True, translation_key=OuterRef("translation_key"))
        wording = Case(When(is_outdated=True, then=Subquery(sources.values("question")[:1])), default=Value(""))
        return with_outdated(questions).annotate(newer_source=wording)

    @classmethod
    def in_search(cls, scope: Scope) -> QuerySet["Question"]:
        """The questions that readers can find."""
        return cls.objects.filter(locale_id=scope.locale, live=True).select_related("locale")

    def searchable_text(self) -> str:
        """What the search finds the answer by, with the values of its figures."""
        with override(self.locale.language_code):
            return self.answer_text


class RelatedQuestion(Orderable):
    """One question that a page sends its reader to."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="related_questions")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+", verbose_name=_("question"))

    class Meta(Orderable.Meta):
        verbose_name = _("related question")
        verbose_name_plural = _("related questions")


class FAQPage(SectionPage):
    """All questions, by topic, each with its own anchor."""

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_name: ClassVar[str] = "faq-index"
    content_panels: ClassVar = [
        *SectionPage.content_panels,
        HelpPanel(content=_("The questions themselves stand under Questions in the menu.")),
    ]
    teaser_template: ClassVar[str] = "guides/faq_teaser.html"
    template = "guides/faq.html"

    class Meta:
        verbose_name = _("FAQ")
        verbose_name_plural = _("FAQs")

    @cached_property
    def questions(self) -> list[Question]:
        """The live questions of this language, in the order of topics and positions."""
        order = Topic.values
        found = Question.with_newer_source(Question.objects.filter(locale_id=self.locale_id, live=True))
        return sorted(found, key=lambda q: (order.index(q.topic), q.position, q.pk))

    def teasers(self) -> list[Any]:
        return self.questions[:6]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return serve_with_links(super().serve, self, request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["topics"] = [
            {"topic": topic, "questions": [q for q in self.questions if q.topic == topic]}
            for topic in Topic
            if any(q.topic == topic for q in self.questions)
        ]
        return context

    @property
    def linking_html(self) -> str:
        return "".join(question.answer for question in self.questions)

    @property
    def citing_html(self) -> str:
        return self.linking_html

    @property
    def structured_data(self) -> list[dict[str, Any]]:
        return [
            {
                "@context": CONTEXT,
                "@type": "FAQPage",
                "name": self.title,
                "description": self.summary,
                "url": self.full_url,
                "inLanguage": language_tag(self),
                "publisher": organization(site_address(self)),
                "mainEntity": [
                    {
                        "@type": "Question",
                        "name": question.question,
                        "acceptedAnswer": {"@type": "Answer", "text": question.answer_text},
                    }
                    for question in self.questions
                ],
            }
        ]
