"""What the templates need beyond Django's and Wagtail's own tags."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Page, Site

from evidence.status import Status
from pages.languages import Alternate, bcp47, direction, is_home_only, language_name
from pages.navigation import surroundings
from pages.structured import breadcrumbs

register = template.Library()

JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> dict[str, list[Page]]:
    """The sections that editors show in menus, and the pages above the one shown. At most one query.

    Returns:
        `menu`, in the order of the page tree; `above`, from the home page down; and `elsewhere`, the menu of the source
        language for readers of a language that has a home page only.
    """
    if "sections" in context:  # the home page has them already
        return {
            "menu": [section for section in context["sections"] if section.show_in_menus],
            "above": [],
            "elsewhere": [],
        }
    around = context.get("around") or surroundings(context.get("page"), get_language() or settings.LANGUAGE_CODE)
    return {"menu": around.menu, "above": around.above, "elsewhere": around.elsewhere}


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[Alternate]:
    """The language versions of the page, or the home pages where there is no page (errors, forms)."""
    if "alternates" in context:
        return list(context["alternates"])
    request: HttpRequest = context["request"]
    site = Site.find_for_request(request)
    if site is None:
        return []
    homes = site.root_page.get_translations(inclusive=True).live().values_list("locale__language_code", flat=True)
    published = set(homes)
    return [
        Alternate(code, language_name(code), request.build_absolute_uri(f"/{code}/"), code == get_language())
        for code, _name in settings.LANGUAGES
        if code in published
    ]


@register.filter
def html_lang(code: str) -> str:
    """`zh-hans` as HTML writes it: `zh-Hans`."""
    return bcp47(code)


@register.filter
def html_dir(code: str) -> str:
    """The direction of a language's script: `ltr` or `rtl`."""
    return direction(code)


@register.simple_tag
def home_only() -> bool:
    """Whether the active language has a home page only."""
    return is_home_only(get_language())


@register.filter
def in_words_of(code: str) -> SafeString:
    """The attributes `lang` and `dir` of an element whose text is in the language with this code."""
    return format_html(' lang="{}" dir="{}"', bcp47(code), direction(code))


@register.filter
def isolate(text: Any) -> SafeString:
    """Text of unknown direction inside a sentence, so that neither disturbs the order of the other."""
    return format_html("<bdi>{}</bdi>", text)


@register.inclusion_tag("components/outdated.html")
def outdated(url: str, title: str) -> dict[str, str]:
    """The notice that a translation is behind its source, which has this address and this title."""
    code = settings.LANGUAGE_CODE
    return {"url": url, "title": title, "code": code, "language": language_name(code)}


@register.simple_tag
def statuses() -> list[Status]:
    """All status words, for legends."""
    return list(Status)


@register.filter
def json_ld(data: Any) -> SafeString:
    """schema.org data, safe inside a script element; it is data, so the Content-Security-Policy lets it stand."""
    text = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder).translate(JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


@register.simple_tag
def breadcrumb_data(page: Page, above: list[Page]) -> dict[str, Any]:
    """schema.org BreadcrumbList of `page`."""
    return breadcrumbs((crumb.title, crumb.full_url) for crumb in [*above, page])
