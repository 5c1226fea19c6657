"""The list of page types is complete: what is not in it, no check in this folder looks at."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import LocalePrefixPattern
from wagtail.models import Page, get_page_models

from tests.browser.addresses import NOT_PAGES, PAGE_TYPES
from tests.conftest import page_at

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.any_database]

SECRETS = {"saved": "x", "owner": "y"}


def paths() -> list[str]:
    """The address of each page type in English, without its query, where there is a page."""
    found = [kind for kind in PAGE_TYPES if kind.status == 200]
    return [f"/en/{kind.address.format(**SECRETS).partition('?')[0].partition('#')[0]}" for kind in found]


def names_below(patterns: list[URLPattern | URLResolver]) -> set[str]:
    """The names of our own addresses, those of Wagtail's and the API's aside: they have a namespace or a prefix."""
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            found.add(pattern.name or "")
        elif not pattern.namespace:
            found |= names_below(pattern.url_patterns)
    return {name for name in found if not name.startswith("wagtail")}


def test_every_page_model_is_in_the_list() -> None:
    resolved = [path for path in paths() if resolve(path).url_name == "wagtail_serve"]
    listed = {type(page_at(path)) for path in resolved}
    assert listed == set(get_page_models()) - {Page}


def test_every_named_address_below_a_language_is_in_the_list_or_no_page() -> None:
    [localized] = [one for one in get_resolver().url_patterns if isinstance(one.pattern, LocalePrefixPattern)]
    named = names_below(localized.url_patterns)
    listed = {str(resolve(path).url_name) for path in paths()} - {"wagtail_serve"}
    assert named - NOT_PAGES == listed
    assert named >= NOT_PAGES
