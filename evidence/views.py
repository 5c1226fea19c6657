"""What readers see of the evidence beside the list: one record, the timeline, the calendars and the downloads."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evidence.calendars import calendar_of
from evidence.citations import collecting, known_records, render_citing
from evidence.codes import FIGURE
from evidence.downloads import figures_as_csv, figures_as_data
from evidence.listing import markets_of, shown, timeline
from evidence.models import EvidencePage
from evidence.records import Entry, records
from evidence.structured import trail
from pages.filters import Filter
from pages.languages import alternates_of_view


def _context(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """What all these pages need; 404 while the list is not published in the language of the address."""
    found = EvidencePage.objects.live().select_related("locale")
    pages = {page.locale.language_code: page for page in found}
    page = pages.get(get_language() or "")
    if page is None:
        raise Http404
    versions = [version for version in alternates_of_view(request) if version.code in pages]
    default = next((version.url for version in versions if version.code == settings.LANGUAGE_CODE), "")
    return {"evidence_page": page, "within": page.url, "alternates": versions, "x_default": default, **more}


def _the_rules() -> tuple[str, str]:
    """Name and address of the timeline."""
    return _("Rules a seller meets"), reverse("evidence-rules")


def _newer_source(entry: Entry) -> dict[str, str] | None:
    """Title and address of a record in the source language, where its wording there has changed since."""
    if not entry.is_outdated:
        return None
    with override(settings.LANGUAGE_CODE):
        source = records().get(entry.code)
        return {"title": source.name, "url": source.url} if source else None


@require_safe
def record(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One figure or rule: value, standing, sources, history, and the pages that use it."""

    def page() -> HttpResponse:
        known = known_records()
        entry = (known.figures if kind == FIGURE else known.rules).get(key)
        if entry is None:
            raise Http404
        context = _context(request, item=shown([entry])[0], entry=entry, newer_source=_newer_source(entry))
        way = [_the_rules()] if kind != FIGURE else []
        context["structured_data"] = [trail(context["evidence_page"], *way, (entry.name, entry.url))]
        return TemplateResponse(request, "evidence/record.html", context)

    return render_citing(page)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The timeline of rule changes, past and coming; `?market=` narrows it."""

    def page() -> HttpResponse:
        everything = list(known_records().rules.values())
        market = Filter("market", _("Market"), markets_of(everything), request.GET)
        found = [rule for rule in everything if market.value in ("", rule.region)]
        context = _context(
            request, market=market, entries=found, timeline=timeline(found), markets=markets_of(everything)
        )
        context["structured_data"] = [trail(context["evidence_page"], _the_rules())]
        return TemplateResponse(request, "evidence/rules.html", context)

    return render_citing(page)


@require_safe
def calendar(request: HttpRequest, market: str = "") -> HttpResponse:
    """The rule changes of one market, or of all, for calendar programs to subscribe to."""
    with collecting():
        found = [rule for rule in known_records().rules.values() if market in ("", rule.region)]
        if not found:
            raise Http404
        name = _("Rules a seller meets: %(market)s") % {"market": found[0].place} if market else ""
        base = request.build_absolute_uri("/").rstrip("/")
        content = calendar_of(found, name or _("Rules a seller meets"), base)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="crosscast-rules{f"-{market}" if market else ""}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def download(request: HttpRequest, extension: str) -> HttpResponse:
    """All figures as `figures.csv` or `figures.json`."""
    base = request.build_absolute_uri("/").rstrip("/")
    if extension == "json":
        response: HttpResponse = JsonResponse(
            figures_as_data(base), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    else:
        response = HttpResponse(figures_as_csv(base), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="crosscast-figures.{extension}"'
    response["X-Robots-Tag"] = "noindex"
    return response
