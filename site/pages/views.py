"""Views that belong to no section: the language redirect, health, uploads, and the pages for what went wrong."""

from collections.abc import Callable
from functools import wraps
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http import HttpResponseRedirect as Redirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_request, override
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.models import Page, Site
from wagtail.views import serve as wagtail_serve

from pages.languages import best_language, is_home_only


@require_safe
def language_root(request: HttpRequest) -> HttpResponse:
    """`/`: sends the reader to the home page in the best published language. Reads Accept-Language only."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    homes = site.root_page.get_translations(inclusive=True).live()
    language = best_language(request, homes.values_list("locale__language_code", flat=True))
    response = Redirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def serve_page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Any page of the site, by its address below the language.

    Finds it in two queries however deep it lies, and only in the language of the address; then Wagtail serves it.
    """
    site = Site.find_for_request(request)
    language = get_language()
    root = _root_path(site, language)
    if root is None:
        raise Http404
    below = f"{path.strip('/')}/" if path.strip("/") else ""
    found = Page.objects.filter(url_path=f"{root}{below}").select_related("locale").first()
    if (found is None or not found.live) and is_home_only(language):
        source_root = _root_path(site, settings.LANGUAGE_CODE)
        if Page.objects.live().filter(url_path=f"{source_root}{below}").exists():
            return in_source_language(request)
    if found is None:
        raise Http404
    page = found.specific
    page.locale = found.locale
    request._wagtail_route_for_request = page.route(request, [])  # type: ignore[attr-defined]
    response: HttpResponseBase = wagtail_serve(request, path)
    return response


def in_source_language(request: HttpRequest) -> HttpResponse:
    """Leads to the same address in the source language, with its query; what was sent is sent there again."""
    rest = request.get_full_path().lstrip("/").partition("/")[2]
    return Redirect(f"/{settings.LANGUAGE_CODE}/{rest}", preserve_request=True)


def with_sections(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of a section: in a language that has a home page only, it leads to the source language."""

    @wraps(view)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return in_source_language(request) if is_home_only(get_language()) else view(request, *args, **kwargs)

    return served


def _root_path(site: Site | None, language: str | None) -> str | None:
    """The internal path of a language's home page, even when another process made it after the paths were cached."""
    for _attempt in range(2):
        for root in Site.get_site_root_paths():
            if site and root.site_id == site.pk and root.language_code == language:
                return str(root.root_path)
        Site.clear_site_root_paths_cache()
    return None


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with `{"status": "ok"}` when the process runs and its database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """An uploaded image or one of its renditions, on a machine without a front server.

    Names never change their content (a new upload gets a new name), so browsers may keep them. Nothing else is served:
    documents have a view of their own, which checks permissions.
    """
    parts = PurePosixPath(path).parts
    if parts[:1] not in (("images",), ("original_images",)) or ".." in parts:
        raise Http404
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError as error:  # a name longer than the file system allows
        raise Http404 from error
    if isinstance(response, FileResponse):
        response["Cache-Control"] = "public, max-age=31536000, immutable"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything but the admin may be read; where the sitemap is."""
    sitemap = request.build_absolute_uri(reverse("sitemap-index"))
    lines = ["User-agent: *", f"Disallow: /{settings.ADMIN_URL}", "", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def language_of_path(request: HttpRequest) -> str:
    """The language in the address, else the one the browser asks for."""
    return get_language_from_request(request, check_path=True)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, in the reader's language."""
    with override(language_of_path(request)):
        return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, in the reader's language."""
    with override(language_of_path(request)):
        return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was sent without its token, or sent to a page that takes none."""
    with override(language_of_path(request)):
        return render(request, "refused.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, in the reader's language, with ways onward."""
    with override(language_of_path(request)):
        return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, in the reader's language; asks the database for nothing."""
    with override(language_of_path(request)):
        return render(request, "500.html", status=500)
