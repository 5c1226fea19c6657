"""The site's components on one page, in every state, for those who build it: `/en/styleguide/` in development.

It stands here because it shows parts of every section. Its explanations are for developers, so they are in English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail import blocks
from wagtail.models import Page

from casestudies.models import MetricBlocks
from evidence.citations import known_records, render_citing
from evidence.status import Status
from evidence.tally import tally
from guides.models import Question
from pages.blocks import BodyBlocks, HomeBlocks
from pages.filters import Filter
from suitability.presentation import Bar, VerdictView
from suitability.questions import inquire
from suitability.scoring import Verdict
from suitability.views import form_context

STYLES = "css/site.css"
TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
LONG = "A name that is far longer than anybody expected when the component was drawn, and goes on"
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@dataclass(frozen=True)
class Colour:
    """A colour token: its value in either scheme, and its contrast with the paper there."""

    name: str
    light: str
    dark: str
    on_light: float
    on_dark: float


@dataclass(frozen=True)
class Part:
    """One state of a component, as HTML."""

    name: str
    html: str


@dataclass(frozen=True)
class Component:
    """A component with the template it is made by, when it is used, and its states."""

    name: str
    template: str
    use: str
    parts: list[Part]


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """All tokens and components. 404 where settings.STYLEGUIDE is off, as it is outside development."""
    if not settings.STYLEGUIDE:
        raise Http404

    def answer() -> HttpResponse:
        context = {"components": list(components(request)), "colours": colours(), "tokens": tokens()}
        html = render_to_string("styleguide/styleguide.html", context, request)
        return HttpResponse(html)

    return render_citing(answer)


# --- Tokens -------------------------------------------------------------------------------------------------------


def stylesheet() -> str:
    """The text of the site's stylesheet."""
    found = finders.find(STYLES)
    with open(str(found), encoding="utf-8") as file:
        return file.read()


def tokens() -> dict[str, str]:
    """The values of the first block of the stylesheet: those that hold unless a language or the dark changes them."""
    return dict(TOKEN.findall(stylesheet().partition(":root {")[2].partition("\n}")[0]))


def dark_tokens() -> dict[str, str]:
    """The values that the dark scheme puts in their place."""
    return dict(TOKEN.findall(stylesheet().partition("(prefers-color-scheme: dark)")[2].partition("\n}")[0]))


def colours() -> list[Colour]:
    """Every colour token, in the order of the stylesheet."""
    light, dark = tokens(), dark_tokens()
    return [
        Colour(name, value, dark[name], contrast(value, light["paper"]), contrast(dark[name], dark["paper"]))
        for name, value in light.items()
        if value.startswith("#")
    ]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as `#faf7f1`, from 1 to 21: WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return round((lighter + 0.05) / (darker + 0.05), 2)


def _luminance(colour: str) -> float:
    """Relative luminance from 0 to 1: WCAG 2.2, "relative luminance"."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- Components ---------------------------------------------------------------------------------------------------


def components(request: HttpRequest) -> Iterator[Component]:
    """Every component with all its states, made by the templates that the site itself uses."""

    def part(name: str, template: str, **context: Any) -> Part:
        return Part(name, render_to_string(template, context, request))

    def one(name: str, template: str, use: str, *states: tuple[str, dict[str, Any]]) -> Component:
        return Component(name, template, use, [part(state, template, **context) for state, context in states])

    home = Page.objects.filter(depth=2, locale__language_code=get_language()).first()
    pages = list(Page.objects.live().filter(locale__language_code=get_language(), depth=3))
    article = next(iter(page.specific for page in Page.objects.live().filter(slug="trends")), home)
    names = [{"title": LONG, "url": "#", "summary": LONG}, {"title": UNBROKEN, "url": "#", "summary": UNBROKEN}]
    yield one(
        "Status mark",
        "components/status.html",
        "How far a statement is known to be true. Mark and word, never colour alone.",
        *((str(status.value), {"status": status}) for status in Status),
    )
    yield one(
        "Verdict",
        "suitability/verdict.html",
        "What a score means. Two verdicts where something is unknown.",
        *((verdict.key, {"view": {"verdicts": [VerdictView(verdict)]}}) for verdict in Verdict),
        ("range", {"view": {"verdicts": [VerdictView(Verdict.POOR), VerdictView(Verdict.PROMISING)]}}),
    )
    yield one(
        "Breadcrumbs",
        "components/breadcrumbs.html",
        "The way up, on every page below the home page.",
        ("one step", {"page": article, "nav": {"above": [home]}}),
        ("long names", {"page": article, "nav": {"above": [home, *pages]}}),
    )
    yield one(
        "Breadcrumbs of a view",
        "components/breadcrumbs_within.html",
        "The same where there is no page: the section comes from `within`.",
        ("in a section", {"nav": {"menu": [home]}, "within": home.url}),
    )
    yield one("Article facts", "components/article_meta.html", "Below the lead.", ("chapter", {"page": article}))
    yield one("Cover", "components/cover.html", "Beside the title of an article.", ("chapter", {"page": article}))
    yield one(
        "Legal notice",
        "components/legal_notice.html",
        "Where a page states rules of law.",
        ("chapter", {"page": article}),
    )
    yield one(
        "Outdated translation",
        "components/outdated.html",
        "Where a translation lacks the latest changes of its source.",
        ("page", {"url": "#", "title": article.title if article else "", "code": "en", "language": "English"}),
    )
    yield one(
        "Filters",
        "components/filters.html",
        "Narrow a list by plain links. Closed on a phone, always open where there is room.",
        ("nothing chosen", {"page": home, "filters": [_filter(""), _filter("", LONG)]}),
        ("one chosen", {"page": home, "filters": [_filter("status=disputed")]}),
    )
    yield one(
        "Filter",
        "components/filter.html",
        "One line of choices.",
        ("chosen", {"page": home, "filter": _filter("status=outdated")}),
    )
    yield one(
        "Pagination",
        "components/pagination.html",
        "Below a list that is longer than a page.",
        *((f"page {number}", {"page": home, "paged": Paginator(range(30), 10).page(number)}) for number in (1, 2, 3)),
    )
    yield one(
        "Related pages",
        "components/related_pages.html",
        "At the foot of an article.",
        ("pages", {"pages": pages[:3], "heading": "Related"}),
        ("long and unbroken", {"pages": names, "heading": LONG}),
    )
    yield one(
        "Related questions",
        "components/related_questions.html",
        "At the foot of an article.",
        ("questions", {"questions": Question.objects.filter(locale__language_code=get_language())[:3]}),
    )
    yield one(
        "Question",
        "guides/question.html",
        "A question of the FAQ, which opens by itself where an address names it.",
        *(
            (question.slug, {"question": question})
            for question in Question.objects.filter(locale__language_code=get_language())[:2]
        ),
    )
    yield one(
        "Tags",
        "components/tags.html",
        "At the end of an article; each leads to the list of its pages.",
        ("tags", {"base": "#", "tags": [{"slug": "a", "name": "Payments"}, {"slug": "b", "name": UNBROKEN}]}),
    )
    yield one(
        "Tally",
        "evidence/tally.html",
        "How many figures hold.",
        ("figures", {"url": "#", "tally": tally(known_records().figures.values())}),
        ("one status", {"url": "#", "tally": tally(list(known_records().figures.values())[:1])}),
    )
    yield one(
        "Pillars",
        "suitability/pillars.html",
        "The three parts of a score.",
        (
            "strong and weak",
            {"bars": [Bar("Appeal", 92.5, "92.5"), Bar("Delivery", 12, "12.0", True), Bar(LONG, 0, "0.0", True)]},
        ),
    )
    yield from block_components()
    for name, query in FORMS.items():
        fields = part(name, "suitability/form_fields.html", page=home, **form_context(inquire(QueryDict(query))))
        parts = [Part(name, f'<form class="score-form">{fields.html}</form>')]
        yield Component(f"Form: {name}", "suitability/form_fields.html", "The questions of the score.", parts)
    for name, query in ANSWERS.items():
        yield one(
            f"Answer: {name}",
            "suitability/answer.html",
            "The score and its reasons.",
            (name, {"page": home, **form_context(inquire(QueryDict(query)))}),
        )


FORMS = {
    "blank": "",
    "with usual answers": "category=ceramics&market=eu",
    "with a mistake": "category=ceramics&filled=ceramics&market=eu&price=abc&weight=9",
}
ANSWERS = {
    "none yet": "",
    "one market": "category=ceramics&market=eu",
    "forbidden": "category=prescription-medicines&market=us",
}


def block_components() -> Iterator[Component]:
    """The blocks that editors put into pages, with the values of their previews."""
    for stream in (BodyBlocks(), MetricBlocks(), HomeBlocks()):
        for name, block in stream.child_blocks.items():
            yield Component(
                str(block.label),
                str(block.meta.template),
                str(block.get_description()),
                [Part("preview", _preview(block))] if name != "image" else [],
            )


def _preview(block: blocks.Block) -> str:
    html = block.render(block.get_preview_value())
    return f"<dl class='metrics'>{html}</dl>" if block.meta.template == "blocks/metric.html" else str(html)


def _filter(query: str, label: str = "Status") -> Filter:
    choices = [(str(status.value), str(status.label)) for status in Status]
    return Filter("status", label, choices, QueryDict(query))
