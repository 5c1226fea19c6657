"""How much of an upload is taken."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MAX_UPLOAD = 10 << 20
MAX_READ = 100 << 20


class UploadLimit(FileUploadHandler):
    """Lets a file beyond the limit pass by unread, so that the rest of the form arrives and can be answered."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.is_exceeded = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > MAX_UPLOAD:
            self.is_exceeded = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


def limit_upload(request: HttpRequest) -> UploadLimit:
    """Puts the limit on a request whose body nobody has read yet.

    What is announced as longer than anybody would wait for is not read at all: `is_exceeded` is true at once.
    """
    limit = UploadLimit(request)
    request.upload_handlers.insert(0, limit)
    limit.is_exceeded = int(request.META.get("CONTENT_LENGTH") or 0) > MAX_READ
    return limit
