"""/llms.txt: what the site holds, for programs that read (https://llmstxt.org)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

from django.apps import apps
from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from evidence.status import Status
from pages.languages import is_home_only
from pages.markdown import FILE, escaped, markdown_address
from pages.models import BasePage
from pages.navigation import HOME_DEPTH
from pages.signals import more_for_programs


@dataclass(frozen=True)
class Link:
    """One line of the list: a name, an address (on this site the path is enough), and what stands there."""

    name: str
    address: str
    note: str = ""

    def line(self, base: str) -> str:
        return f"- [{_one_line(self.name)}]({urljoin(base, self.address)})" + (
            f": {_one_line(self.note)}" if self.note else ""
        )


@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """Every public page as a link to its Markdown version, by language and section, then downloads and the API."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    pages = list(_public_pages())
    with override(settings.LANGUAGE_CODE):
        lines = list(_head(pages))
    for code, name in settings.LANGUAGES:
        with override(code):
            lines += _sections(code, name, [page for page in pages if page.locale.language_code == code], site.root_url)
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response


def _public_pages() -> QuerySet[Any]:
    """All public pages with `note`, their summary whatever type they are, in the order of the tree. One query."""
    models = [model._meta.model_name for model in apps.get_models() if issubclass(model, BasePage)]
    summaries = [F(f"{name}__summary") for name in models]
    pages = Page.objects.live().public().filter(depth__gte=HOME_DEPTH).annotate(note=Coalesce(*summaries))
    found: QuerySet[Any] = pages.filter(note__isnull=False).select_related("locale").order_by("path")
    return found


def _head(pages: list[Any]) -> Iterator[str]:
    """The name of the site, what it is about, and how to read it."""
    home = next((page for page in pages if page.depth == HOME_DEPTH and _is_source(page)), None)
    yield "# Crosscast"
    if home is not None:
        yield f"\n> {_one_line(home.title)}. {_one_line(home.note)}"
    how = _(
        "Every page has a Markdown version: add %(file)s to its address. Each figure carries a mark for its status."
    )
    yield f"\n{how % {'file': f'`{FILE}`'}}\n"
    yield from (f"- {escaped(status.mark)} {status.label}: {status.meaning}" for status in Status)


def _is_source(page: Any) -> bool:
    return bool(page.locale.language_code == settings.LANGUAGE_CODE)


def _sections(code: str, name: str, pages: list[Any], base: str) -> Iterator[str]:
    """The parts of one language: its home page, each section with the pages below it, and what is no page."""
    if not pages:
        return
    depth = (HOME_DEPTH + 1) * Page.steplen
    for _key, group in groupby(pages, key=lambda page: page.path[:depth]):
        part = list(group)
        heading = name if part[0].depth == HOME_DEPTH else f"{name}: {_one_line(part[0].title)}"
        yield f"\n## {heading}\n"
        yield from (Link(page.title, markdown_address(page.full_url), page.note).line(base) for page in part)
    if is_home_only(code):
        return
    answers: Any = more_for_programs.send(sender=Page, language=code)
    links = [link for _receiver, found in answers for link in found]
    feed = Link(_("Atom feed"), reverse("feed"), _("New and revised chapters and case studies."))
    heading = _("Data, API and feed")
    yield f"\n## {name}: {heading}\n"
    yield from (link.line(base) for link in [*links, feed])


def _one_line(text: str) -> str:
    """Text of an editor on one line, with no sign that Markdown would take for its own."""
    return escaped(" ".join(text.split()))
