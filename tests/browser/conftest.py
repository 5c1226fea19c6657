"""A real browser against a real server. Without Chromium these tests are skipped, with one loud line."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.loading import end_other_sessions

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
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
def chromium() -> Iterator[Browser]:
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
    served.stop()
    with django_db_blocker.unblock():
        end_other_sessions()  # a request that nobody waited for may still hold the database


@pytest.fixture
def forgetful(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Removes what a visitor left: the server's own connection has committed it, so no rollback takes it back."""
    yield
    from search.models import MissedSearch
    from suitability.models import SavedAnswer

    with django_db_blocker.unblock():
        SavedAnswer.objects.all().delete()
        MissedSearch.objects.all().delete()


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
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Visit(page, has_script)
    assert not context.cookies(), "a visitor is given no cookie"
    context.close()
    assert not errors


class Visit:
    """A page in the browser, and what works alike with and without JavaScript."""

    def __init__(self, page: Page, has_script: bool) -> None:
        self.page = page
        self.has_script = has_script

    def settle(self, button: str) -> None:
        """Waits for the answer to follow; without JavaScript, presses the button that asks for it."""
        if self.has_script:
            self.page.wait_for_timeout(750)
            self.page.wait_for_load_state("networkidle")
        else:
            self.page.get_by_role("button", name=button, exact=True).click()
            self.page.wait_for_load_state()

    @property
    def fits(self) -> bool:
        """Whether nothing is wider than the screen."""
        if not self.has_script:
            return True
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
