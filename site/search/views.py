"""The search page, and what it suggests while a reader types."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from evidence.citations import render_citing
from pages.languages import alternates_of_view, reading_language
from search import results
from search.kinds import Kind, Scope, kinds
from search.missed import remember_missed
from search.spelling import better_spelling
from search.terms import MAX_QUERY_LENGTH

SUGGESTIONS = 8
SUGGESTIONS_OF_EACH = 4
CACHE_SECONDS = 300


@dataclass(frozen=True)
class Tab:
    """One choice of the filter by kind."""

    label: Any
    url: str
    is_chosen: bool


def query_of(request: HttpRequest) -> str:
    """What the reader asks for: one line, without signs that cannot be printed, of bounded length."""
    text = "".join(sign if sign.isprintable() else " " for sign in request.GET.get("q", ""))
    return " ".join(text.split())[:MAX_QUERY_LENGTH]


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """`?q=` finds; `&kind=` narrows to one kind, by `&page=`.

    In a language that has a home page only, the texts of the source language are looked through.
    """

    def page() -> HttpResponse:
        language = get_language() or settings.LANGUAGE_CODE
        scope = Scope.of(reading_language(language))
        query, kind = query_of(request), _kind(request)
        with override(scope.language):
            found = (
                results.search_kind(kind, query, scope, request.GET.get("page"))
                if kind
                else results.search(query, scope)
            )
            nothing = found.parts and not found.groups
            onward = _ways_onward(query, kind, scope, language) if nothing else {}
        context = {
            "query": query,
            "kind": kind,
            "found": found,
            "found_language": "" if scope.language == language else scope.language,
            "alternates": alternates_of_view(request, settings.LANGUAGES),
            **onward,
        }
        return TemplateResponse(request, "search/search.html", context | {"tabs": _tabs(query, kind)})

    response = render_citing(page)
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    return response


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Titles that the text so far may become: `{"suggestions": [...]}`, at most 8."""
    scope = Scope.of(reading_language(get_language() or settings.LANGUAGE_CODE))
    query = query_of(request)
    titles: dict[str, None] = {}
    for kind in kinds() if query else []:
        titles.update(dict.fromkeys(kind.complete(query, scope, SUGGESTIONS_OF_EACH)))
    response = JsonResponse({"suggestions": list(titles)[:SUGGESTIONS]})
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)
    response["X-Robots-Tag"] = "noindex"
    return response


def _kind(request: HttpRequest) -> Kind | None:
    key = request.GET.get("kind", "")
    if not key:
        return None
    found = next((kind for kind in kinds() if kind.key == key), None)
    if found is None:
        raise Http404
    return found


def _tabs(query: str, chosen: Kind | None) -> list[Tab]:
    def address(**more: str) -> str:
        return f"{reverse('search')}?{urlencode({'q': query, **more})}"

    return [
        Tab(None, address(), chosen is None),
        *(Tab(kind.label, address(kind=kind.key), kind is chosen) for kind in kinds()),
    ]


def _ways_onward(query: str, kind: Kind | None, scope: Scope, language: str) -> dict[str, Any]:
    """Where nothing is found: what another kind has, else another spelling, else what has some of the words."""
    if kind:
        elsewhere = results.search(query, scope)
        if elsewhere.groups:
            return {"elsewhere": elsewhere}
    remember_missed(query, language)
    spelling = better_spelling(query, scope)
    return {"spelling": spelling} if spelling else {"some": results.search_some(query, scope)}
