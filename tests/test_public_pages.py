"""Every page of the loaded site, as readers, browsers and search engines meet it."""

import re
from collections import Counter
from functools import lru_cache
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION

from pages.models import ArticlePage
from tests.conftest import LANGUAGES
from tests.documents import answer, published, read

pytestmark = pytest.mark.usefixtures("site")

SITE = "http://localhost:8000"


@lru_cache
def addresses(language: str) -> list[str]:
    """Every address in the sitemap of a language; of the many records of the evidence, one figure and one rule."""
    listing = answer(f"/{language}/sitemap.xml").content.decode()
    found = [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", listing)]
    kept = ("chargebacks", "eu-duty")
    return [one for one in found if not re.search("/evidence/(figures|rules)/.", one) or one.split("/")[-2] in kept]


def test_every_language_has_every_page() -> None:
    found = {language: sorted(a.removeprefix(f"/{language}") for a in addresses(language)) for language in LANGUAGES}
    assert len(found["en"]) == 42
    assert found["en"] == found["zh-hans"] == found["ja"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_a_valid_document_in_its_language(language: str, browser: Client) -> None:
    for address in addresses(language):
        response = browser.get(address)
        assert response.status_code == 200, address
        page = read(response)
        assert page.lang == {"zh-hans": "zh-Hans"}.get(language, language)
        assert len(page.all("h1")) == 1, address
        assert page.one("link", rel="canonical")["href"] == f"{SITE}{address}"
        assert page.one("meta", name="description")["content"]
        repeated = [name for name, count in Counter(page.ids).items() if count > 1]
        assert not repeated, f"{address} repeats the ids {repeated}"
        assert page.text == published(address).text, f"{address} was remembered from a test that had changed it"


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_has_a_size_and_says_what_it_shows(language: str) -> None:
    for address in addresses(language):
        page = published(address)
        for image in page.all("img"):
            assert image["width"].isdigit(), address
            assert image["height"].isdigit(), address
            assert "alt" in image, address
        photographs = [image for image in page.all("img") if not image["src"].endswith(".svg")]
        assert all(image["sizes"] for image in photographs), address
        for kind in ("image/avif", "image/webp"):
            assert len(page.all("source", type=kind)) == len(photographs), f"{address} lacks {kind}"
    cover = published(f"/{language}/guide/trends/").all("img", fetchpriority="high")
    assert len(cover) == 1
    assert len(cover[0]["alt"]) > 10


@pytest.mark.any_database
def test_language_versions_point_at_each_other() -> None:
    for address in addresses("en"):
        sets = []
        for language in LANGUAGES:
            page = published(address.replace("/en/", f"/{language}/", 1))
            sets.append(
                {link["hreflang"]: link["href"] for link in page.all("link", rel="alternate") if "hreflang" in link}
            )
        assert sets[0] == sets[1] == sets[2]
        home_only = {"ar"} if address == "/en/" else set()
        assert set(sets[0]) == {"en", "zh-Hans", "ja", "x-default"} | home_only
        assert sets[0]["x-default"] == (f"{SITE}/" if address == "/en/" else sets[0]["en"])


def test_a_page_without_a_translation_does_not_offer_one(browser: Client) -> None:
    Page.objects.get(slug="trends", locale__language_code="ja").specific.unpublish()
    page = read(browser.get("/en/guide/trends/"))
    assert "ja" not in {link.get("hreflang") for link in page.all("link") + page.all("a")}
    assert browser.get("/ja/guide/trends/").status_code == 404


# One language shows whether a database serves all that pages link to.
@pytest.mark.parametrize(
    "language", ["en", *(pytest.param(language, marks=pytest.mark.any_database) for language in LANGUAGES[1:])]
)
def test_no_link_inside_the_site_is_broken(language: str, browser: Client) -> None:
    pages = {address: published(address) for address in addresses(language)}
    others: set[str] = set()
    for address, page in pages.items():
        for link in page.all("a"):
            target = link.get("href", "")
            assert target, f"{address} has a link without a target"
            path, _hash, anchor = target.removeprefix(SITE).partition("#")
            path = path or address
            if path.startswith("http"):
                continue
            if path not in pages and path not in others:
                response = browser.get(path, follow=True)  # a category in the form's address brings its levels along
                assert response.status_code == 200, f"{address} links to {path}"
                others.add(path)
            elif anchor and path in pages:
                assert anchor in pages[path].ids, f"{address} links to {target}"


@pytest.mark.parametrize(
    "address", ["/en/", "/en/guide/", "/ja/guide/trends/", "/en/faq/", "/en/cases/", "/zh-hans/cases/shein/"]
)
def test_everyone_may_share_a_public_page(address: str, browser: Client) -> None:
    response = browser.get(address)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page = read(response)
    assert not [script for script in page.all("script") if script.get("type") != "application/ld+json"]
    assert not [
        attrs for _name, attrs in page.elements if "style" in attrs or any(key.startswith("on") for key in attrs)
    ]


@pytest.mark.any_database
def test_a_page_asks_nothing_of_other_sites() -> None:
    for address in addresses("en"):
        page = published(address)
        sources = [
            attrs[key] for name, attrs in page.elements for key in ("src", "srcset") if key in attrs and name != "a"
        ]
        styles = [link["href"] for link in page.all("link", rel="stylesheet")]
        assert all(source.startswith("/") for source in sources + styles), address


@pytest.mark.parametrize(
    ("preferred", "home"),
    [
        ("ja", "/ja/"),
        ("zh-CN,zh;q=0.9", "/zh-hans/"),
        ("zh-Hant-TW", "/zh-hans/"),
        ("de-DE,de;q=0.9,ja;q=0.5", "/ja/"),
        ("fr", "/en/"),
        ("", "/en/"),
        ("*;q=notanumber,,;;", "/en/"),
    ],
)
def test_the_root_sends_readers_to_their_language(preferred: str, home: str, browser: Client) -> None:
    response = browser.get("/", headers={"accept-language": preferred})
    assert response.status_code == 302
    assert response.url == home
    assert "Accept-Language" in response.headers["Vary"]
    assert not response.cookies


def test_the_root_skips_a_language_that_is_not_published(browser: Client) -> None:
    Page.objects.get(depth=2, locale__language_code="ja").specific.unpublish()
    assert browser.get("/", headers={"accept-language": "ja"}).url == "/en/"


@pytest.mark.parametrize(
    ("address", "language", "words"),
    [
        ("/en/nothing/", "en", "Page not found"),
        ("/zh-hans/nothing/", "zh-Hans", "没有找到"),
        ("/ja/guide/nothing/", "ja", "見つかりません"),
    ],
)
def test_a_missing_page_says_so_in_the_readers_language(
    address: str, language: str, words: str, browser: Client
) -> None:
    response = browser.get(address)
    assert response.status_code == 404
    page = read(response)
    assert page.lang == language
    assert words in page.text
    assert f"/{address.split('/')[1]}/guide/" in page.text
    assert not response.cookies


@pytest.mark.parametrize(("language", "words"), [("en", "went wrong"), ("zh-hans", "出"), ("ja", "問題")])
def test_a_fault_is_reported_in_the_readers_language(
    language: str, words: str, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("guides.models.GuidePage.get_context", fail)
    response = browser.get(f"/{language}/guide/trends/")
    assert response.status_code == 500
    page = read(response)
    assert page.lang == {"zh-hans": "zh-Hans"}.get(language, language)
    assert words in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/en/%00",
        "/%00/",
        "/en/guide/%00/",
        "/en/%ff/",
        "/%ff",
        "/en/guide/%22unclosed/",
        "/en/cases/?page=%00",
        "/en/cases/?page=abc",
        "/en/cases/?page=-1",
        "/en/cases/?page=99999999999999999999",
        "/en/cases/?market=%00",
        "/en/cases/?market=%ff&category='&tag=\"&status=*",
        "/en/cases/?tag=" + "x" * 5000,
        "/en/cases/?%00=%00&&&=",
        "/en/guide/?tag=%00",
        "/en/guide/?tag=%E4%B8",
        "/en/guide/" + "a" * 4000 + "/",
        "/en/sitemap.xml?p=%00",
        '/en/feed.xml?p="',
        "/xx/",
        "/xx/feed.xml",
        "//en//guide//",
        "/en/guide/trends/?utm=%F0%28%8C%28",
        "/media/images/../../settings.py",
        "/media/%00",
        "/media/.",
        "/media/images/" + "a" * 400,
    ],
)
def test_a_malformed_address_gets_a_page_and_never_a_fault(address: str, browser: Client) -> None:
    response = browser.get(address, follow=True)
    assert response.status_code in (200, 400, 404), address
    assert not response.cookies
    if response.headers["Content-Type"].startswith("text/html"):
        read(response)


def test_a_form_sent_to_a_page_is_refused_in_the_readers_language() -> None:
    response = Client(enforce_csrf_checks=True).post("/ja/guide/trends/")
    assert response.status_code == 403
    assert read(response).lang == "ja"


def test_a_home_page_made_by_another_process_is_found(browser: Client) -> None:
    roots = [root for root in Site.get_site_root_paths() if root.language_code != "ja"]
    cache.set(SITE_ROOT_PATHS_CACHE_KEY, roots, version=SITE_ROOT_PATHS_CACHE_VERSION)
    assert browser.get("/ja/").status_code == 200


def test_a_cookie_of_another_site_changes_nothing(browser: Client) -> None:
    browser.cookies["django_language"] = "ja"
    assert browser.get("/", headers={"accept-language": "zh"}).url == "/zh-hans/"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_only_read(method: str, browser: Client) -> None:
    assert getattr(browser, method)("/en/guide/trends/").status_code in (403, 405)


def test_a_head_request_answers_like_get(browser: Client) -> None:
    response = browser.head("/en/guide/trends/")
    assert response.status_code == 200
    assert response.content == b""


def test_health_needs_no_page_and_no_cookie(browser: Client) -> None:
    response = browser.get("/healthz")
    assert response.json() == {"status": "ok"}
    assert not response.cookies


def test_robots_keep_out_of_the_admin_and_find_the_sitemap(browser: Client) -> None:
    text = browser.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "/sitemap.xml" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_is_atom_in_the_language_of_its_address(language: str, browser: Client) -> None:
    from xml.etree import ElementTree

    response = browser.get(f"/{language}/feed.xml")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own document
    atom = "{http://www.w3.org/2005/Atom}"
    links = [entry.find(f"{atom}link").get("href") for entry in feed.findall(f"{atom}entry")]  # type: ignore[union-attr]
    assert len(links) == 30
    assert all(urlsplit(str(link)).path.startswith(f"/{language}/") for link in links)
    assert feed.find(f"{atom}title").text  # type: ignore[union-attr]


def test_a_language_that_begins_with_its_home_page_has_an_empty_feed(browser: Client) -> None:
    for page in ArticlePage.__subclasses__():
        page.objects.filter(locale__language_code="ja").update(live=False)
    assert browser.get("/ja/feed.xml").status_code == 200
    Page.objects.filter(locale__language_code="ja").update(live=False)
    assert browser.get("/ja/feed.xml").status_code == 404


def test_the_sitemap_index_names_one_sitemap_a_language(browser: Client) -> None:
    listing = browser.get("/sitemap.xml").content.decode()
    found = [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", listing)]
    assert found == [f"/{language}/sitemap.xml" for language in (*LANGUAGES, "ar")]
