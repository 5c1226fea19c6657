"""Every page for programs that read: its Markdown version, at an address of its own."""

import copy

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase
from django.urls import resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from pages.markdown import markdown_address, markdown_of


@require_safe
def markdown(request: HttpRequest, path: str) -> HttpResponse:
    """The Markdown version of the page at `path` below the language, whatever answers there.

    Made from the page's own HTML, so that nobody reads more here than there. 404 where the page offers none.
    """
    address = f"/{get_language()}/{path}"
    try:
        response = _page(request, address)
    except Http404:
        return _moved(request, address)
    if isinstance(response, HttpResponseRedirectBase):
        return _redirect(response, path)
    found = markdown_of(response.content.decode()) if response.status_code == 200 else None
    if found is None:
        raise Http404
    answer = HttpResponse(found.text, content_type="text/markdown; charset=utf-8")
    answer["Link"] = f'<{found.canonical}>; rel="canonical"'
    answer["X-Robots-Tag"] = "noindex"
    if "Cache-Control" in response:
        answer["Cache-Control"] = response["Cache-Control"]
    if "Vary" in response:
        patch_vary_headers(answer, response["Vary"].split(", "))
    return answer


def _page(request: HttpRequest, address: str) -> HttpResponse:
    """What the site answers at another address to this request."""
    inner = copy.copy(request)
    inner.path = inner.path_info = address
    match = inner.resolver_match = resolve(address)
    response: HttpResponse = match.func(inner, *match.args, **match.kwargs)
    return response.render() if hasattr(response, "render") else response


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    """The redirect to where a page has moved, as its own address gives it; Http404 where it has not."""
    redirect = get_redirect(request, Redirect.normalise_path(address))
    link = redirect.link if redirect is not None and redirect.redirect_page else None
    if not link:
        raise Http404
    kind = HttpResponsePermanentRedirect if redirect.is_permanent else HttpResponseRedirect
    return kind(markdown_address(link))


def _redirect(response: HttpResponseRedirectBase, path: str) -> HttpResponse:
    """The redirect of a page to itself, in another language or with another query; no other is followed."""
    if response.url.partition("?")[0].lstrip("/").partition("/")[2] != path:
        raise Http404
    answer = HttpResponseRedirect(markdown_address(response.url))
    answer.status_code = response.status_code
    return answer
