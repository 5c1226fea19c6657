"""Where a document's page stands among the pages, and the root of the site."""

from django.db import models
from wagtail.models import Page, Site

from contentfiles.documents import Document


def rank(document: Document, known: dict[str, type[models.Model]]) -> tuple[int, int]:
    """Things that are not pages first (pages point at them), then pages from the top down."""
    is_page = issubclass(known[document.kind], Page)
    depth = 0 if document.key == "home" else 1 + document.key.count("/")
    return int(is_page), depth if is_page else 0


def above(key: str) -> str | None:
    """The key of the page above: the home page for a section, the section for a chapter, none for the home page."""
    return None if key == "home" else key.rpartition("/")[0] or "home"


def make_room_for(home: Page, parent: Page) -> None:
    """Frees the slug of the empty page that Wagtail starts with; `serve_as_site` removes it."""
    Page.objects.child_of(parent).exact_type(Page).filter(slug=home.slug).update(slug=f"{home.slug}-before")


def serve_as_site(home: Page) -> None:
    """Makes the home page the root of the site, and removes the empty page that Wagtail starts with."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Crosscast")
        return
    placeholder = site.root_page
    site.root_page = home
    site.site_name = site.site_name or "Crosscast"
    site.save()
    if type(placeholder.specific) is Page and not placeholder.get_children().exists():
        placeholder.delete()
