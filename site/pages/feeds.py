"""One Atom feed a language: what was published or revised last."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.models import ArticlePage

FEED_LENGTH = 30


class LatestFeed(Feed[Any, HttpRequest]):
    """Chapters and case studies in the language of the address, the newest first."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpRequest:
        self.request = request
        return request

    def title(self) -> str:
        return _("Crosscast: selling live across borders on X")

    def subtitle(self) -> str:
        return _("New and revised chapters and case studies.")

    def link(self) -> str:
        return f"/{get_language()}/"

    def feed_url(self) -> str:
        return reverse("feed")

    def items(self) -> list[Page]:
        language = get_language()
        pages = list(
            Page.objects.live()
            .public()
            .type(*ArticlePage.__subclasses__())
            .filter(locale__language_code=language)
            .order_by("-last_published_at")
            .select_related("locale")
            .specific()[:FEED_LENGTH]
        )
        if not pages and not Page.objects.live().filter(locale__language_code=language).exists():
            raise Http404
        return pages

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> str:
        return str(item.summary)

    def item_link(self, item: Any) -> str:
        return str(item.get_full_url(self.request))

    def item_updateddate(self, item: Any) -> datetime.datetime | None:
        return item.last_published_at

    def item_pubdate(self, item: Any) -> datetime.datetime | None:
        return item.first_published_at
