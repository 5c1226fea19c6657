"""What other sites show with a link: the tags of every page, and the image drawn for it."""

import json
import re
from io import BytesIO

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from PIL import Image
from wagtail.models import Page

from evidence.records import records
from guides.models import Question
from pages import share
from pages.lettering import CLOSING, OPENING, OTHER_TITLE_FACES, TITLE_FACES, Style, has_glyph, phrases, set_title
from suitability.models import SavedAnswer
from tests.conftest import LANGUAGES
from tests.documents import Document, published, read
from tests.test_public_pages import addresses
from tests.test_queries import STATE

SITE = "http://localhost:8000"
VIEWS = ("search/", "search/?q=ceramics", f"suitability/?{STATE}", "suitability/batch/")
SECRET = "My unpublished product"


def shared(page: Document) -> dict[str, str]:
    """The Open Graph tags of a page by name; of those that repeat, the last."""
    tags = {tag["property"]: tag["content"] for tag in page.all("meta") if tag.get("property", "").startswith("og:")}
    assert page.one("meta", name="twitter:card")["content"] == "summary_large_image"
    return tags


def picture(browser: Client, address: str) -> Image.Image:
    response = browser.get(address.removeprefix(SITE))
    assert response.status_code == 200, address
    assert response.headers["Content-Type"] == "image/png"
    assert len(response.content) < 100_000
    return Image.open(BytesIO(response.content))


@pytest.mark.any_database
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("language", [*LANGUAGES, "ar"])
def test_every_page_can_be_shared_with_an_image_of_its_own(language: str, browser: Client) -> None:
    if language == "ar":
        found = ["/ar/", "/ar/search/"]
    else:
        found = [*addresses(language), f"/{language}/evidence/rules/", *(f"/{language}/{view}" for view in VIEWS)]
    images = {}
    for address in found:
        tags = shared(published(address))
        for name in ("title", "description", "url", "type", "site_name", "locale", "image:alt"):
            assert tags[f"og:{name}"], f"{address} has no og:{name}"
        assert tags["og:url"].startswith(f"{SITE}/{language}/")
        assert tags["og:locale"] == {"en": "en_US", "zh-hans": "zh_CN", "ja": "ja_JP", "ar": "ar_EG"}[language]
        assert tags["og:image"].startswith(f"{SITE}/share/")
        assert picture(browser, tags["og:image"]).size == (int(tags["og:image:width"]), int(tags["og:image:height"]))
        images[address] = tags["og:image"]
    own = {address: image for address, image in images.items() if "?" not in address}
    assert len(set(own.values())) == len(own)


@pytest.mark.any_database
@pytest.mark.usefixtures("site")
def test_the_image_is_wide_enough_for_a_large_card(browser: Client) -> None:
    assert picture(browser, shared(published("/ja/"))["og:image"]).size == (1200, 630)


@pytest.mark.usefixtures("site")
def test_a_chapter_and_a_case_say_what_they_are() -> None:
    def words(address: str) -> list[str]:
        image = shared(published(address))["og:image"]
        signed = image.removeprefix(f"{SITE}/share/").removesuffix(".png")
        content: list[str] = signing.Signer(salt=share.SALT).unsign_object(signed)
        return content[1:]

    assert words("/en/guide/trends/") == ["en", "Worldwide trends", "Chapter 1"]
    assert words("/ja/guide/trends/")[2] == "第1章"
    assert words("/zh-hans/cases/shein/")[2] == "案例"
    assert words("/en/categories/ceramics/")[2] == Page.objects.get(slug="categories", locale__language_code="en").title
    assert words("/en/")[2] == ""
    assert words(f"/en/suitability/?{STATE}")[1:] == ["Ceramics", "Will it sell live?"]
    assert words("/en/suitability/batch/")[1:] == ["Score many products at once", "Will it sell live?"]
    assert words("/en/evidence/rules/")[2] == words("/en/evidence/figures/chargebacks/")[2] == "Evidence"


@pytest.mark.usefixtures("site")
def test_a_shared_answer_leads_to_the_same_answer(browser: Client) -> None:
    shown = read(browser.get(f"/en/suitability/?{STATE}", follow=True))
    again = browser.get(shared(shown)["og:url"].removeprefix(SITE))
    assert again.status_code == 200
    assert shared(read(again)) == shared(shown)


@pytest.mark.usefixtures("site")
def test_what_a_reader_types_is_never_drawn_and_an_owners_link_never_shared(browser: Client) -> None:
    state = f"name={SECRET.replace(' ', '+')}&{STATE}"
    saved_at = browser.post("/en/suitability/saved/", {"state": state}).url
    saved = SavedAnswer.objects.get()
    for address in (f"/en/search/?q={SECRET}", f"/en/suitability/?{state}", saved_at):
        tags = shared(read(browser.get(address, follow=True)))
        signed = tags["og:image"].removeprefix(f"{SITE}/share/").removesuffix(".png")
        assert SECRET not in json.dumps(signing.Signer(salt=share.SALT).unsign_object(signed))
        assert SECRET not in tags["og:title"]
        assert saved.owner_token not in "".join(tags.values())
    assert tags["og:url"].endswith(f"/s/{saved.token}")


@pytest.mark.usefixtures("site")
def test_only_what_we_signed_is_drawn(browser: Client) -> None:
    address = share.address("en", "Payments")
    name = address.removeprefix("/share/").removesuffix(".png")
    content, _separator, signature = name.partition(":")
    other = signing.Signer(salt="another").sign_object(["1", "en", "Buy now", ""], compress=True)
    stolen = signing.Signer(salt=share.SALT).sign_object(["1", "en", "Buy now", ""]).partition(":")[0]
    for bad in (
        other,
        f"{stolen}:{signature}",
        f"{content}x:{signature}",
        content,
        f"{content}:",
        "x" * 5000,
        "%00",
        "",
    ):
        assert browser.get(f"/share/{bad}.png").status_code == 404, bad
    assert browser.get(address).status_code == 200
    assert browser.post(address).status_code in (403, 405)


def test_an_image_may_be_kept_by_everyone_and_costs_no_query(
    browser: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = share.address("ja", "決済", "第7章")
    with CaptureQueriesContext(connection) as captured:
        first = browser.get(address)
    assert len(captured) == 0
    assert "public" in first.headers["Cache-Control"]
    assert "max-age=31536000" in first.headers["Cache-Control"]
    assert not first.cookies
    monkeypatch.setattr(share, "card", None)  # what is drawn once is not drawn again
    assert browser.get(address).content == first.content
    assert browser.get(address, headers={"if-none-match": first.headers["ETag"]}).status_code == 304


def test_the_same_words_make_the_same_address_and_the_same_bytes() -> None:
    assert share.address("ja", "決済", "第7章") == share.address("ja", "決済", "第7章")
    assert share.card("ja", "決済", "第7章") == share.card("ja", "決済", "第7章")


@pytest.mark.parametrize("title", ["x" * 255, "決" * 255, "", "\U0001f680 \u200b", "漢字 " * 80, "بث " * 100])
@pytest.mark.parametrize("language", [*LANGUAGES, "ar", "pt-br"])
def test_any_title_makes_a_card_with_an_address_of_bounded_length(language: str, title: str, browser: Client) -> None:
    address = share.address(language, title, title)
    assert len(address) < share.LONGEST_ADDRESS
    assert picture(browser, address).size == (1200, 630)


@pytest.mark.any_database
@pytest.mark.usefixtures("site")
def test_every_title_of_the_content_has_its_glyphs() -> None:
    for language in (*LANGUAGES, "ar"):
        titles = list(Page.objects.filter(locale__language_code=language).values_list("title", flat=True))
        titles += Question.objects.filter(locale__language_code=language).values_list("question", flat=True)
        faces = TITLE_FACES.get(language, OTHER_TITLE_FACES)
        signs = {sign for title in titles for sign in title if not "\u064b" <= sign <= "\u0652"}
        missing = {sign for sign in signs if not any(has_glyph(face, sign) for face in faces)}
        assert not missing, f"{language}: {missing}"


@pytest.mark.any_database
@pytest.mark.usefixtures("site")
def test_every_name_of_a_figure_has_its_glyphs() -> None:
    for language in LANGUAGES:
        with override(language):
            names = [entry.name for entry in records().figures.values()]
        faces = TITLE_FACES.get(language, OTHER_TITLE_FACES)
        assert names
        assert not {s for name in names for s in name if not any(has_glyph(face, s) for face in faces)}


def test_a_face_is_asked_in_turn_and_knows_what_it_lacks() -> None:
    assert has_glyph("serif.ttf", "A")
    assert not has_glyph("serif.ttf", "決")
    assert has_glyph("sans-jp.otf", "働")
    assert not has_glyph("sans-sc.otf", "働")


def test_lines_are_broken_as_the_script_wants() -> None:
    def lines(title: str, language: str, width: float = 420) -> list[str]:
        faces = TITLE_FACES.get(language, OTHER_TITLE_FACES)
        return set_title(title, [Style(faces, 60)], width, 1000, 1.3)[1]

    for title, language in (
        ("配信「ライブ」は、どう売る？ショップって、なに。", "ja"),
        ("原文的转化率（“哪些站得住”），以及由它推出的结果。", "zh-hans"),
        ("Payments: what to ask (before) the first show", "en"),
    ):
        found = lines(title, language)
        assert len(found) > 1
        assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", title)
        assert not [line for line in found if line[0] in CLOSING], found
        assert not [line for line in found[:-1] if line[-1] in OPENING], found


def test_words_stay_whole() -> None:
    assert "Module：" in phrases("Shop Module：テスト版のショーウインドー")
    assert "コンバージョン率と、" in phrases("元記事のコンバージョン率と、そこから導かれる値")
    assert {"达人", "直播"} <= set(phrases("多国达人同屏的节日直播"))
    assert "2026 年" in phrases("各地适用的规则（截至 2026 年秋季）")


def test_a_title_too_long_ends_in_an_ellipsis() -> None:
    style, lines = set_title("word " * 60, [Style(OTHER_TITLE_FACES, 60)], 600, 200, 1.2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(style.width(line) <= 600 for line in lines)
