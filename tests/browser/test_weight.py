"""What a page weighs over the wire, counted and not timed, on files that are made and served as in production."""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
import requests
from django.core.management import call_command
from django.templatetags.static import static
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.addresses import PageType, every_page
from tests.browser.conftest import DESK, PHONE, complaints_of

pytestmark = pytest.mark.any_database

KB = 1000
REQUESTS, SCRIPT = 6, 10 * KB
FIRST = 60 * KB  # before a reader scrolls
ALL = 120 * KB  # with every picture that is loaded on the way down
LISTS = {"guide", "cases"}  # of cards: Chromium loads the covers of what comes next, one request each


@pytest.fixture(scope="module")
def production(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the site with the storage of the production settings: named by content, compressed beforehand.

    Django's test server hands out static files itself, as they lie there; here WhiteNoise does, after `collectstatic`.
    Only our own files are collected, for no public page uses the admin's.
    """
    with mock.patch.dict(os.environ, {"SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "example.org"}):
        storages = importlib.import_module("config.settings.production").STORAGES
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    root: Path = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES=storages, STATIC_ROOT=root, STATICFILES_FINDERS=finders):
        call_command("collectstatic", interactive=False, verbosity=0)
        with django_db_blocker.unblock():
            served = LiveServer("127.0.0.1", start=False)
            served.thread.static_handler = lambda handler: handler
            served.start()
        yield served.url
        served.stop()


class Traffic:
    """What the browser has asked for since the last address it went to, and the bytes of each answer with its headers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: dict[str, tuple[str, str]] = {}  # kind and address of each request
        self.sizes: dict[str, float] = {}
        network = page.context.new_cdp_session(page)
        network.on("Network.requestWillBeSent", self._ask)
        network.on("Network.loadingFinished", self._answer)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _ask(self, event: dict[str, Any]) -> None:
        if event["type"] == "Document":
            self.asked.clear()
            self.sizes.clear()
        if not event["request"]["url"].startswith("data:"):
            self.asked[event["requestId"]] = event["type"], event["request"]["url"]

    def _answer(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def settle(self) -> None:
        """Waits until everything that was asked for has arrived."""
        self.page.wait_for_load_state("networkidle")  # with what a script asks for after a moment
        for _attempt in range(100):
            if self.asked.keys() <= self.sizes.keys():
                return
            self.page.wait_for_timeout(20)

    def bytes(self, kind: str = "") -> float:
        """All bytes, or those of one kind of CDP's: Document, Stylesheet, Script, Image …"""
        return sum(self.sizes.get(key, 0) for key, (asked, _address) in self.asked.items() if kind in ("", asked))

    def __str__(self) -> str:
        return "\n" + "\n".join(
            f"{self.sizes.get(key, 0):8.0f} {address}" for key, (_kind, address) in self.asked.items()
        )


SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.shifts.push(
    [entry.value, ...entry.sources.map((source) => source.node?.nodeName + "." + source.node?.className)].join(" "),
  ))).observe({ type: "layout-shift", buffered: true });
"""
TO_THE_END = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight * 0.9) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  await Promise.all([...document.images].map((image) => image.complete || new Promise((done) => {
    image.onload = image.onerror = done;
  })));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def weigh(context: BrowserContext, language: str, kind: PageType, secrets: dict[str, str]) -> None:
    """Opens a page, reads it to its end, and compares it with what is promised."""
    page = context.new_page()
    page.add_init_script(SHIFTS)
    traffic = Traffic(page)
    with complaints_of(page) as complaints:
        kind.open(page, language, secrets)
        traffic.settle()
        assert traffic.bytes() <= FIRST, str(traffic)
        assert len(traffic.asked) <= REQUESTS or kind.name in LISTS, str(traffic)
        page.evaluate(TO_THE_END)
        traffic.settle()
    assert traffic.bytes() <= ALL, str(traffic)
    assert traffic.bytes("Script") <= SCRIPT, str(traffic)
    kinds, addresses = zip(*traffic.asked.values(), strict=True)
    assert "Font" not in kinds, str(traffic)
    assert {urlsplit(address).netloc for address in addresses} == {urlsplit(page.url).netloc}, str(traffic)
    assert page.evaluate("window.shifts") == []
    assert not complaints


@every_page()
def test_a_page_is_light_and_stays_in_place_on_a_phone(
    chromium: Browser, production: str, secrets: dict[str, str], db: None, language: str, kind: PageType
) -> None:
    with chromium.new_context(viewport=PHONE, device_scale_factor=2, base_url=production) as context:
        weigh(context, language, kind, secrets)


@every_page("en", "ar")
def test_a_page_is_light_and_stays_in_place_on_a_desk(
    chromium: Browser, production: str, secrets: dict[str, str], db: None, language: str, kind: PageType
) -> None:
    with chromium.new_context(viewport=DESK, base_url=production) as context:
        weigh(context, language, kind, secrets)


@pytest.mark.parametrize("name", ["css/site.css", "js/suitability.js"])
def test_static_files_arrive_compressed_and_may_be_kept_for_ever(production: str, db: None, name: str) -> None:
    """The measurement is of what production sends."""
    response = requests.get(production + static(name), headers={"Accept-Encoding": "gzip"}, timeout=10)
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
