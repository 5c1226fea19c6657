"""One sitemap a language, and an index of them."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from pages.signals import more_locations


def published_languages(request: HttpRequest) -> list[str]:
    """The codes of the languages whose home page is live."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    homes = site.root_page.get_translations(inclusive=True).live()
    return list(homes.order_by("path").values_list("locale__language_code", flat=True))


Location = tuple[str, datetime.datetime | None]


class LanguageSitemap(Sitemap[Page]):
    """Every public page of one language with its last change."""

    limit = 5000

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.request = request
        self.language = language

    def items(self) -> Any:
        return (
            Page.objects.live()
            .public()
            .filter(locale__language_code=self.language, depth__gt=1)
            .select_related("locale")
            .order_by("path")
        )

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        urls = [
            {"location": found.get_full_url(self.request), "lastmod": found.last_published_at}
            for found in self.paginator.page(page).object_list
        ]
        site_here = Site.find_for_request(self.request)
        if int(page) == 1 and site_here is not None:
            answers: Any = more_locations.send(sender=Page, language=self.language)
            more: list[Location] = [one for _receiver, locations in answers for one in locations]
            urls += [{"location": f"{site_here.root_url}{path}", "lastmod": changed} for path, changed in more]
        return urls


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The addresses of the sitemaps, one or more for each published language."""
    addresses: list[str] = []
    for language in published_languages(request):
        with override(language):
            address = request.build_absolute_uri(reverse("sitemap"))
        pages = LanguageSitemap(request, language).paginator.num_pages
        addresses += [address] + [f"{address}?p={number}" for number in range(2, pages + 1)]
    return _xml(request, "sitemap_index.xml", {"sitemaps": [{"location": address} for address in addresses]})


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemap of the language in the address; `?p=` pages through a large one."""
    language = get_language() or ""
    if language not in published_languages(request):
        raise Http404
    paginator = LanguageSitemap(request, language)
    number = paginator.paginator.get_page(request.GET.get("p")).number
    urls: Iterable[dict[str, Any]] = paginator.get_urls(number)
    return _xml(request, "sitemap.xml", {"urlset": urls})


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context, content_type="application/xml")
    response["X-Robots-Tag"] = "noindex, noodp, noarchive"
    return response
