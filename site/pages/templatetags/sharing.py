"""What other sites show with a link to a page."""

from collections.abc import Mapping
from typing import Any

from babel.core import get_global
from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.translation import get_language
from wagtail.models import Page, Site

from pages.models import ArticlePage
from pages.navigation import HOME_DEPTH
from pages.share import HEIGHT, WIDTH, address

register = template.Library()


@register.inclusion_tag("components/share.html", takes_context=True)
def share_card(
    context: Context, title: Any, description: Any = "", eyebrow: Any = None, url: str = ""
) -> dict[str, Any]:
    """The Open Graph tags of what is shown, with its share image.

    Never give it words of a reader's: it signs them, and the image draws what is signed.

    Args:
        title: what stands large on the image.
        description: one or two sentences.
        eyebrow: what stands small above the title; by default the section of the page.
        url: the address to share, where it is not the one in the list of languages.
    """
    page, request = context.get("page"), context["request"]
    versions = context["language_versions"]
    language = get_language() or settings.LANGUAGE_CODE
    here = next((version.url for version in versions if version.is_current), "")
    site = Site.find_for_request(request)
    base = site.root_url if site else request.build_absolute_uri("/").rstrip("/")
    above = section_of(context["nav"], str(context.get("within", ""))) if eyebrow is None else str(eyebrow)
    return {
        "title": title,
        "description": description,
        "url": url or here or request.build_absolute_uri(request.path),
        "type": "article" if isinstance(page, ArticlePage) else "website",
        "locale": with_territory(language),
        "other_locales": [with_territory(version.code) for version in versions if version.code != language],
        "image": base + address(language, title, above if above != title else ""),
        "image_alt": title,
        "width": WIDTH,
        "height": HEIGHT,
    }


def section_of(nav: Mapping[str, list[Page]], within: str) -> str:
    """The title of the page above, or of the section whose address is `within`; "" right below the home page."""
    above = [page for page in nav["above"] if page.depth > HOME_DEPTH]
    sections = above or [section for section in nav["menu"] if section.url == within]
    return sections[-1].title if sections else ""


def with_territory(code: str) -> str:
    """A language of the settings as Open Graph writes it, with the country where most of its readers live: `ja_JP`."""
    language, _separator, script = code.partition("-")
    known = get_global("likely_subtags")
    likely = known.get(f"{language}_{script.title()}") or known.get(language, language)
    return f"{language}_{likely.split('_')[-1]}"
