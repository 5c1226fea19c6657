"""A real browser against a real server. Without Chromium these tests are skipped, with one loud line."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.loading import end_other_sessions

CHROMIUM = next(
    (
        path
        for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if CHROMIUM is None:
        terminalreporter.section(
            "NO BROWSER: the journeys in tests/browser were skipped. Install Chromium to run them."
        )


@pytest.fixture(scope="session")
def chromium(server: str) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of the loaded site, served in a thread of its own."""
    with django_db_blocker.unblock():
        served = LiveServer("127.0.0.1")
    yield served.url
    for thread in threading.enumerate():  # the browser has left: let what it had asked for come to its end
        if "process_request_thread" in thread.name:
            thread.join(timeout=5)
    served.stop()
    with django_db_blocker.unblock():
        end_other_sessions()  # a request that nobody waited for may still hold the database


def forget() -> None:
    """Removes what visitors left: the server's own connection has committed it, so no rollback takes it back."""
    from search.models import MissedSearch
    from suitability.models import SavedAnswer

    SavedAnswer.objects.all().delete()
    MissedSearch.objects.all().delete()


@pytest.fixture
def forgetful(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        forget()


@pytest.fixture(scope="module")
def secrets(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The two secrets of an answer that somebody has saved."""
    from suitability.models import SavedAnswer
    from tests.test_queries import STATE

    with django_db_blocker.unblock():
        Client().post("/en/suitability/saved/", {"state": f"{STATE}&name=My+bowl"})
        saved = SavedAnswer.objects.latest("pk")
    yield {"saved": saved.token, "owner": saved.owner_token}
    with django_db_blocker.unblock():
        forget()


@pytest.fixture(scope="module")
def shared_tab(chromium: Browser, server: str) -> Iterator[Page]:
    """One tab for all tests of a module that only look at pages."""
    context = chromium.new_context(base_url=server)
    yield context.new_page()
    context.close()


@pytest.fixture
def tab(shared_tab: Page, secrets: dict[str, str], db: None) -> Iterator[Page]:
    """A tab that only looks at pages, shared for speed; begins as a light, still desk and hears no complaint in the console."""
    shared_tab.set_viewport_size(DESK)
    shared_tab.emulate_media(color_scheme="light", reduced_motion="reduce", forced_colors="none", media="screen")
    with complaints_of(shared_tab) as complaints:
        yield shared_tab
    assert not complaints


@pytest.fixture(
    params=[(PHONE, True), (PHONE, False), (DESK, True), (DESK, False)],
    ids=["phone", "phone-nojs", "desk", "desk-nojs"],
)
def visit(
    request: pytest.FixtureRequest, chromium: Browser, server: str, forgetful: None, db: None
) -> Iterator["Visit"]:
    """A visitor with a phone or a desk, with and without JavaScript, who meets no error in the console."""
    size, has_script = request.param
    context = chromium.new_context(
        viewport=size,
        java_script_enabled=has_script,
        base_url=server,
        accept_downloads=True,
        reduced_motion="reduce",  # what glides into view arrives when the browser likes
    )
    page = context.new_page()
    with complaints_of(page) as complaints:
        yield Visit(page, has_script)
    assert not context.cookies(), "a visitor is given no cookie"
    context.close()
    assert not complaints


@contextmanager
def complaints_of(page: Page) -> Iterator[list[str]]:
    """What the page writes into the console as an error or a warning, meanwhile.

    Chromium also reports every answer with an error status there; that is the page's affair, not the browser's.
    """
    complaints: list[str] = []

    def hear_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and message.location.get("url") != page.url:
            complaints.append(message.text)

    def hear_error(error: Error) -> None:
        complaints.append(str(error))

    page.on("console", hear_message)
    page.on("pageerror", hear_error)
    yield complaints
    page.remove_listener("console", hear_message)
    page.remove_listener("pageerror", hear_error)


class Visit:
    """A page in the browser, and what works alike with and without JavaScript."""

    def __init__(self, page: Page, has_script: bool) -> None:
        self.page = page
        self.has_script = has_script

    def settle(self, button: str) -> None:
        """Waits for the answer to follow; without JavaScript, presses the button that asks for it."""
        if self.has_script:
            expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        else:
            self.page.get_by_role("button", name=button, exact=True).click()
            self.page.wait_for_load_state()

    def send(self, button: str) -> None:
        """Without JavaScript, presses the button that asks for the answer; with it, the answer follows by itself."""
        if not self.has_script:
            self.page.get_by_role("button", name=button, exact=True).click()
            self.page.wait_for_load_state()

    @property
    def fits(self) -> bool:
        """Whether nothing is wider than the screen."""
        if not self.has_script:
            return True
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
