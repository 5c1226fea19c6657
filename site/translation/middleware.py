"""A refusal becomes a message, whichever of Wagtail's many ways to publish it came from."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages

from translation.completeness import IncompleteTranslationError
from translation.harvest import StructureDiffersError


class RefusalMiddleware:
    """Answers a refused translation with its message, on the screen where the button was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, IncompleteTranslationError | StructureDiffersError):
            return None
        messages.error(request, exception.text)
        back: Any = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
            back = reverse("wagtailadmin_home")
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"step": "success", "redirect": back})  # what the admin's dialogs follow
        return redirect(back)
