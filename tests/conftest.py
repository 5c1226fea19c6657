"""The published content, loaded once; every test then runs in a transaction of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from wagtail.models import Locale, Page

LANGUAGES = ("en", "zh-hans", "ja")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Fills the test database as `make run` fills a new one."""
    with django_db_blocker.unblock():
        call_command("setup_site")
        call_command("load_content", verbosity=0)
        call_command("setup_site")


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """Addresses of site roots are cached: a test that moves them must not leave them to the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def site(db: None) -> None:
    """The loaded site."""


@pytest.fixture
def empty_site(db: None) -> None:
    """The database as Wagtail's own migrations leave it: one plain page, nothing loaded."""
    from wagtail.models import Site
    from wagtail_localize.models import String, TranslatableObject, TranslationSource

    from contentfiles.models import LoadedContent
    from guides.models import Question
    from pages.models import ContentImage, Tag

    placeholder = Page(title="Welcome", slug="welcome", locale=Locale.objects.get(language_code="en"))
    Page.get_first_root_node().add_child(instance=placeholder)
    Site.objects.update(root_page=placeholder)
    for home in Page.objects.filter(depth=2).exclude(pk=placeholder.pk):
        home.specific.delete()
    for model in (LoadedContent, Question, Tag, ContentImage, TranslationSource, TranslatableObject, String):
        model.objects.all().delete()
    Page.objects.filter(pk=placeholder.pk).update(slug="home", url_path="/home/")


@pytest.fixture
def browser() -> Client:
    """A reader: no account; a fault in the site is answered with the 500 page, as in production."""
    return Client(raise_request_exception=False)


def page_at(address: str) -> Any:
    """The page that an address such as `/en/guide/trends/` shows."""
    language, _separator, rest = address.strip("/").partition("/")
    home = Page.objects.get(depth=2, locale__language_code=language)
    return Page.objects.get(url_path=f"{home.url_path}{rest}/" if rest else home.url_path).specific
