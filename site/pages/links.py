"""Links from text to pages: shown in the reader's language, and looked up together, once a page."""

import json
import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from evidence.citations import render_citing

PAGE_LINK = re.compile(r'<a [^>]*?\bid="(\d+)"[^>]*>')

_known: ContextVar[dict[int, str] | None] = ContextVar("known_page_links", default=None)


def page_urls(ids: Iterable[int], language: str | None = None) -> dict[int, str]:
    """The addresses of pages by id, each in its version of `language` where that is live. One query.

    Pages that are gone or not live in either version are absent.
    """
    ids = set(ids)
    if not ids:
        return {}
    keys = Page.objects.filter(pk__in=ids).values("translation_key")
    versions = Page.objects.filter(
        Q(pk__in=ids) | Q(locale__language_code=language or get_language()), translation_key__in=keys
    )
    found = list(versions.select_related("locale"))
    keys_by_id = {page.pk: page.translation_key for page in found}
    wanted = language or get_language()
    localized = {page.translation_key: page for page in found if page.locale.language_code == wanted and page.live}
    originals = {page.pk: page for page in found if page.live}
    urls = {}
    for pk in ids:
        page = localized.get(keys_by_id.get(pk)) or originals.get(pk)
        if page is not None and page.url:
            urls[pk] = page.url
    return urls


class LocalizedPageLinkHandler(PageLinkHandler):
    """Turns `<a linktype="page" id="…">` into a link to that page in the reader's language."""

    identifier: ClassVar[str] = "page"

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        ids = [int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()]
        known = _known.get()
        if known is None or not known.keys() >= set(ids):
            known = page_urls(ids)
        urls = [known.get(int(attrs["id"])) if str(attrs.get("id", "")).isdigit() else None for attrs in attrs_list]
        return [f'<a href="{escape(url)}">' if url else "<a>" for url in urls]


def page_ids_in(html: str) -> set[int]:
    """The ids of the pages that rich text in the database format links to."""
    return {int(found[1]) for found in PAGE_LINK.finditer(html) if 'linktype="page"' in found[0]}


def serve_with_links(
    serve: Callable[..., HttpResponse], page: Any, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Calls `serve` and renders its response while all page links in `page.linking_html` and all records are known.

    One query finds the links and one the records, however many texts of the page link and cite.
    """
    ids = page_ids_in(page.linking_html)
    found = page_urls(ids)
    token = _known.set({pk: found.get(pk, "") for pk in ids})
    try:
        return render_citing(lambda: serve(request, *args, **kwargs))
    finally:
        _known.reset(token)


def stream_html(stream: Any) -> str:
    """All strings in the raw data of a StreamField, joined: enough to find the links in it."""
    return json.dumps(list(stream.raw_data), ensure_ascii=False).replace('\\"', '"')
