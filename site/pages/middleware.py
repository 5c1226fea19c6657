"""What every request passes before anything reads it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from pages.views import language_of_path, not_found


class RefuseNulMiddleware:
    """Answers an address that holds a NUL with the 404 page: no page has one, and PostgreSQL refuses to look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            request.path_info = request.path = request.path_info.replace("\x00", "")
            with override(language_of_path(request)):
                return not_found(request)
        return self.get_response(request)
