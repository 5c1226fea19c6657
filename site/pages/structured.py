"""schema.org objects about the site and its pages, for search engines. All addresses in them are whole."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from pages.languages import bcp47

CONTEXT = "https://schema.org"
NAME = "Crosscast"


def site_address(page: Page) -> str:
    """The address of the site that `page` belongs to, without a slash at the end; "" where it belongs to none."""
    parts = page.get_url_parts()
    return str(parts[1]) if parts else ""


def language_tag(page: Page) -> str:
    """The language of a page as HTML and schema.org write it."""
    return bcp47(page.locale.language_code)


def home_address(page: Page) -> str:
    """The whole address of the home page in the language of `page`. No query."""
    with override(page.locale.language_code):
        return f"{site_address(page)}{reverse('wagtail_serve', args=[''])}"


def organization(base: str) -> dict[str, Any]:
    """Who writes and publishes."""
    logo = {"@type": "ImageObject", "url": urljoin(base, static("img/mark.svg"))}
    return {"@type": "Organization", "name": NAME, "url": f"{base}/", "logo": logo}


def website(home: Any) -> dict[str, Any]:
    """The site in the language of a home page, with its search."""
    base = site_address(home)
    with override(home.locale.language_code):
        search = reverse("search")
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": NAME,
        "url": home.full_url,
        "description": home.summary,
        "inLanguage": language_tag(home),
        "publisher": organization(base),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{base}{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def article(page: Any) -> dict[str, Any]:
    """A page to read. The date of its review belongs to the page that holds the article."""
    base = site_address(page)
    language, writer = language_tag(page), organization(base)
    data = {
        "@context": CONTEXT,
        "@type": "Article",
        "headline": page.title,
        "description": page.summary,
        "inLanguage": language,
        "datePublished": page.first_published_at,
        "dateModified": page.last_published_at or page.latest_revision_created_at,
        "author": writer,
        "publisher": writer,
        "mainEntityOfPage": {"@type": "WebPage", "@id": page.full_url, "lastReviewed": page.reviewed},
        "isPartOf": {"@type": "WebSite", "name": NAME, "url": home_address(page), "inLanguage": language},
    }
    if page.cover:
        address = urljoin(base, page.cover.file.url)  # uploads may lie on another server
        size = {"width": page.cover.width, "height": page.cover.height}
        data["image"] = {"@type": "ImageObject", "url": address, **size}
    return data


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way from the home page to a page, itself included: names with their addresses."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(trail, 1)
        ],
    }


def item_list(pages: Iterable[Page], first: int = 1) -> list[dict[str, Any]]:
    """What a section lists, in its order, as one object, or none where it lists nothing; `first` is a position."""
    items = [
        {"@type": "ListItem", "position": position, "name": page.title, "url": page.full_url}
        for position, page in enumerate(pages, first)
    ]
    return [{"@context": CONTEXT, "@type": "ItemList", "itemListElement": items}] if items else []
