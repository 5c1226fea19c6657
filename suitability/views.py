"""The form with its answer, downloads, and the answers that sellers keep."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from evidence.citations import collecting, render_citing
from pages.languages import alternates_of_view, best_language, full_languages
from suitability.exports import csv_of, data_of
from suitability.models import SavedAnswer, SuitabilityPage
from suitability.questions import Inquiry, inquire
from suitability.saved import read_saved, save

MAX_SAVED_STATE = 10_000


def serve_form(page: SuitabilityPage, request: HttpRequest) -> HttpResponse:
    """The form, and the answer when the address holds a product. The address is put into one order first."""
    inquiry = inquire(request.GET)
    if inquiry is not None and request.GET and inquiry.state.urlencode() != request.GET.urlencode():
        query = inquiry.state.urlencode()
        return HttpResponseRedirect(f"{page.url}?{query}" if query else page.url)
    return render_citing(
        lambda: TemplateResponse(request, page.template, page.get_context(request) | form_context(inquiry))
    )


def form_context(inquiry: Inquiry | None) -> dict[str, Any]:
    """What the form's template needs; without a rubric in force only that there is none."""
    if inquiry is None:
        return {"inquiry": None}
    column = inquiry.column
    context: dict[str, Any] = {"inquiry": inquiry, "form": inquiry.form, "column": column}
    if column is None:
        return context
    return context | {
        "columns": [
            {"column": one, "edit": inquiry.query_with_first(one), "remove": inquiry.query_without(one)}
            for one in inquiry.columns
        ]
        if inquiry.others
        else [],
        "cases": inquiry.catalogue.similar_cases(column.product.levels, column.product.category),
        "category_url": inquiry.catalogue.category_url(column.category),
        "category_name": inquiry.catalogue.categories.get(column.category, ""),
        "query": inquiry.state.urlencode(),
    }


@require_safe
def download(request: HttpRequest, extension: str) -> HttpResponse:
    """The answer to the address as a file: `result.csv` or `result.json`. 404 without a product in it."""
    inquiry = inquire(request.GET)
    if inquiry is None or not inquiry.columns:
        raise Http404
    with collecting():
        data = data_of(inquiry.edition.key, inquiry.columns) if extension == "json" else None
        text = "" if data else csv_of(inquiry.edition.key, inquiry.columns)
    if data:
        response: HttpResponse = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    else:
        response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="crosscast-score.{extension}"'
    response["X-Robots-Tag"] = "noindex"
    return response


# No account, session or right is at stake in what follows, so there is nothing that a forged request could misuse: the
# pages stay free of cookies and tokens.


@csrf_exempt
@require_POST
@never_cache
def save_answer(request: HttpRequest) -> HttpResponse:
    """Keeps the answer to `state`, and leads to its owner's page. Back to the form where there is nothing to keep."""
    form_url = reverse("wagtail_serve", args=["suitability/"])
    state = request.POST.get("state", "")
    inquiry = inquire(QueryDict(state[:MAX_SAVED_STATE]))
    if inquiry is None or not inquiry.columns:
        return redirect(f"{form_url}?{inquiry.state.urlencode()}" if inquiry else form_url)
    saved = save(inquiry, get_language() or settings.LANGUAGE_CODE)
    return redirect("suitability-owner", token=saved.token, owner_token=saved.owner_token)


@require_safe
def short_link(request: HttpRequest, token: str) -> HttpResponse:
    """`/s/<token>`: the saved answer in the reader's language."""
    get_object_or_404(SavedAnswer.kept(), token=token)
    language = best_language(request, [code for code, _name in full_languages()])
    response = HttpResponseRedirect(f"/{language}/suitability/saved/{token}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def saved_answer(request: HttpRequest, token: str) -> HttpResponse:
    """A saved answer, as it was, and whether today's rubric would answer differently."""
    return _show_saved(request, get_object_or_404(SavedAnswer.kept(), token=token))


@csrf_exempt
@never_cache
def owner(request: HttpRequest, token: str, owner_token: str) -> HttpResponse:
    """The owner's page of a saved answer: the same, with both links and a button that deletes it."""
    saved = get_object_or_404(SavedAnswer.kept(), token=token, owner_token=owner_token)
    if request.method != "POST":
        return _show_saved(request, saved, is_owner=True)
    saved.delete()
    return redirect("suitability-deleted")


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """What an owner sees after deleting."""
    form_url = reverse("wagtail_serve", args=["suitability/"])
    context = {"alternates": alternates_of_view(request), "form_url": form_url, "within": form_url}
    return TemplateResponse(request, "suitability/deleted.html", context)


def _show_saved(request: HttpRequest, saved: SavedAnswer, is_owner: bool = False) -> HttpResponse:
    return render_citing(lambda: _saved_page(request, saved, is_owner))


def _saved_page(request: HttpRequest, saved: SavedAnswer, is_owner: bool) -> HttpResponse:
    form_url = reverse("wagtail_serve", args=["suitability/"])
    context = {
        "saved": saved,
        "view": read_saved(saved),
        "is_owner": is_owner,
        "alternates": alternates_of_view(request),
        "form_url": form_url,
        "within": form_url,
        "share_url": request.build_absolute_uri(reverse("suitability-short", args=[saved.token])),
        "owner_url": request.build_absolute_uri(),
        "today": timezone.now(),
    }
    response = TemplateResponse(request, "suitability/saved.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
