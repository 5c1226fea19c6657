"""What every request passes before anything reads it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from pages.views import language_of_path, not_found


class RefuseNulMiddleware:
    """No NUL passes: PostgreSQL refuses to look for one.

    A path that holds a NUL is answered with the 404 page, since no page has one; in queries it is dropped.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            request.path_info = request.path = request.path_info.replace("\x00", "")
            with override(language_of_path(request)):
                return not_found(request)
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)
