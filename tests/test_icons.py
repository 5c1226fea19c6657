"""The icons that browsers and telephones ask for."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from tests.documents import read


@pytest.mark.parametrize(("address", "side"), [("/favicon.ico", 32), ("/apple-touch-icon.png", 180)])
def test_the_icons_lie_where_browsers_look(address: str, side: int, browser: Client) -> None:
    response = browser.get(address)
    assert response.status_code == 200
    assert Image.open(BytesIO(response.getvalue())).size == (side, side)


def test_the_manifest_names_icons_that_are_there(browser: Client) -> None:
    response = browser.get("/site.webmanifest")
    assert response.headers["Content-Type"].startswith("application/manifest+json")
    icons = json.loads(response.getvalue())["icons"]
    assert {icon.get("purpose", "any") for icon in icons} == {"any", "maskable"}
    for icon in icons:
        drawn = Image.open(BytesIO(browser.get(icon["src"]).getvalue()))
        assert icon["sizes"] == f"{drawn.width}x{drawn.height}"


@pytest.mark.usefixtures("site")
def test_the_colour_of_the_browsers_bar_is_that_of_the_header(browser: Client) -> None:
    styles = (Path(__file__).parents[1] / "static/css/site.css").read_text()
    light, dark = re.findall(r"--surface: (#\w+);", styles)[:2]
    colours = {tag["media"]: tag["content"] for tag in read(browser.get("/en/")).all("meta", name="theme-color")}
    assert colours == {"(prefers-color-scheme: light)": light, "(prefers-color-scheme: dark)": dark}
