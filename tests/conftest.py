"""The published content, loaded once; every test then runs in a transaction of its own."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from wagtail.models import Locale, Page, Site
from wagtail.users.models import UserProfile

from evidence.signals import changed_records
from tests.loading import loaded_site

LANGUAGES = ("en", "zh-hans", "ja")  # those with the whole site
JAVA = shutil.which("java")  # runs the Nu HTML checker


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if JAVA is None:
        terminalreporter.section("NO JAVA: tests/test_html.py was skipped. Install a Java runtime to check the HTML.")
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"Left out because no database can change them: {left_out} tests.")


LEFT_OUT = pytest.StashKey[int]()  # how many tests --database-only left out
USES_DATABASE = {"db", "transactional_db", "django_db_setup", "_django_db_helper"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only", action="store_true", help="leave out what no database can change: for the second database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    left_out = [item for item in items if not depends_on_database(item)]
    items[:] = [item for item in items if depends_on_database(item)]
    config.hook.pytest_deselected(items=left_out)
    config.stash[LEFT_OUT] = len(left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = len(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each process of xdist has left out the same tests, and says so only to the one that prints the summary."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def depends_on_database(item: pytest.Item) -> bool:
    """Whether another database could give the test another result."""
    if item.get_closest_marker("any_database"):
        return False
    return bool(item.get_closest_marker("django_db") or USES_DATABASE & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_modify_db_settings: None,  # a name of its own for the database of each process
    django_db_blocker: Any,
) -> Iterator[None]:
    """Makes the test database and fills it as `make run` fills a new one: once a run, then each process takes a copy."""
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent  # the one that all processes of this run have in common
    loading = loaded_site(shared)
    with django_db_blocker.unblock():
        loading.__enter__()
    yield
    with django_db_blocker.unblock():
        loading.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """What a process keeps between requests must not pass from test to test: cached addresses, the active language."""
    cache.clear()
    translation.activate("en")
    changed_records.set(frozenset())
    yield
    cache.clear()


@pytest.fixture
def site(db: None) -> None:
    """The loaded site."""


EMPTIED_APPS = {
    "pages",
    "guides",
    "casestudies",
    "suitability",
    "evidence",
    "contentfiles",
    "translation",
    "wagtail_localize",
    "wagtailsearch",
    "wagtailredirects",
}
EMPTIED_MODELS = {"revision", "referenceindex", "pagelogentry", "modellogentry", "workflowstate", "taskstate"}


@pytest.fixture
def empty_site(db: None) -> None:
    """The database as Wagtail's own migrations leave it: one plain page, nothing loaded."""
    home = Page(title="Welcome", slug="welcome", locale=Locale.objects.get(language_code="en"))
    Page.get_first_root_node().add_child(instance=home)
    Site.objects.update(root_page=home)
    for model in apps.get_models():
        label, name = model._meta.app_label, model._meta.model_name
        if name == "evidenceapprovaltask":
            continue  # belongs to the workflows, like Wagtail's own tasks
        if label in EMPTIED_APPS or (label == "wagtailcore" and name in EMPTIED_MODELS):
            rows = model._base_manager.all()
            rows._raw_delete(rows.db)  # table by table: what would be deleted in cascade goes as well
    pages = Page.objects.filter(depth__gt=1).exclude(pk=home.pk)
    pages._raw_delete(pages.db)
    Page.objects.filter(depth=1).update(numchild=1)
    Page.objects.filter(pk=home.pk).update(slug="home", url_path="/home/")


@pytest.fixture
def browser() -> Client:
    """A reader: no account; a fault in the site is answered with the 500 page, as in production."""
    return Client(raise_request_exception=False)


def page_at(address: str) -> Any:
    """The page that an address such as `/en/guide/trends/` shows."""
    language, _separator, rest = address.strip("/").partition("/")
    home = Page.objects.get(depth=2, locale__language_code=language)
    return Page.objects.get(url_path=f"{home.url_path}{rest}/" if rest else home.url_path).specific


def client_of(group: str, language: str = "") -> Client:
    """A signed-in member of the group, whose admin speaks the language."""
    user = User.objects.create_user(f"a-{group.lower()}", email=f"{group}@example.org", password="x")
    user.groups.add(Group.objects.get(name=group))
    if language:
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    client = Client()
    client.force_login(user)
    return client
