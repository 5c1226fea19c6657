"""What pages tell search engines about themselves: schema.org data, complete and with whole addresses."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from guides.models import Question
from tests.conftest import LANGUAGES, page_at
from tests.documents import published
from tests.test_public_pages import SITE, addresses

pytestmark = pytest.mark.usefixtures("site")

REQUIRED = {
    "Article": (
        [
            "headline",
            "description",
            "inLanguage",
            "datePublished",
            "dateModified",
            "author",
            "publisher",
            "image",
            "mainEntityOfPage",
            "isPartOf",
        ]
    ),
    "Organization": ["name", "url", "logo"],
    "ImageObject": ["url"],
    "WebPage": ["@id", "lastReviewed"],
    "BreadcrumbList": ["itemListElement"],
    "ListItem": ["position", "name"],
    "ItemList": ["itemListElement"],
    "FAQPage": ["name", "description", "url", "inLanguage", "mainEntity"],
    "Question": ["name", "acceptedAnswer"],
    "Answer": ["text"],
    "Dataset": [
        "name",
        "description",
        "url",
        "inLanguage",
        "creator",
        "dateModified",
        "variableMeasured",
        "distribution",
    ],
    "DataDownload": ["encodingFormat", "contentUrl"],
    "WebSite": ["name", "url", "inLanguage"],
    "SearchAction": ["target", "query-input"],
    "EntryPoint": ["urlTemplate"],
}
ADDRESSES = ("url", "item", "@id", "contentUrl", "urlTemplate")
DATES = ("datePublished", "dateModified", "lastReviewed")
TAGS = {"en": "en", "zh-hans": "zh-Hans", "ja": "ja", "ar": "ar"}


def objects(data: Any) -> Iterator[dict[str, Any]]:
    """Every object in schema.org data, however deep."""
    if isinstance(data, dict):
        yield data
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from objects(inner)


def data_of(address: str) -> dict[str, Any]:
    """The objects of a published page by type; each type stands there once."""
    found = published(address).data
    assert all(one["@context"] == "https://schema.org" for one in found)
    by_type = {one["@type"]: one for one in found}
    assert len(by_type) == len(found), address
    return by_type


def expected(address: str) -> set[str]:
    """The types that the page at this address must have."""
    below = address.split("/", 2)[2]
    if not below:
        return {"WebSite"}
    types = {"BreadcrumbList"}
    if re.fullmatch(r"(guide|cases|categories)/[\w-]+/", below):
        types.add("Article")
    if below in ("guide/", "cases/", "categories/"):
        types.add("ItemList")
    return types | {"faq/": {"FAQPage"}, "evidence/": {"Dataset"}}.get(below, set())


@pytest.mark.any_database
@pytest.mark.parametrize("language", [*LANGUAGES, "ar"])
def test_every_page_has_the_types_it_should_and_all_their_properties(language: str) -> None:
    for address in [*addresses(language), *([f"/{language}/suitability/batch/"] if language != "ar" else [])]:
        by_type = data_of(address)
        assert set(by_type) == expected(address), address
        for one in objects(list(by_type.values())):
            missing = [name for name in REQUIRED[one["@type"]] if not one.get(name) and not has_no_cover(one, name)]
            assert not missing, f"{address}: {one['@type']} lacks {missing}"
            assert all(str(one[name]).startswith(f"{SITE}/") for name in ADDRESSES if name in one), one
            for name in DATES:
                datetime.datetime.fromisoformat(one.get(name, "2026-01-01"))
            assert one.get("inLanguage", TAGS[language]) == TAGS[language]


def has_no_cover(one: dict[str, Any], name: str) -> bool:
    """Categories have no cover, so their article has no image."""
    return name == "image" and "/categories/" in one["mainEntityOfPage"]["@id"]


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_breadcrumbs_lead_from_the_home_page_to_the_page_itself(language: str) -> None:
    for below in ("guide/trends/", "evidence/", "evidence/rules/", "evidence/rules/eu-duty/", "suitability/batch/"):
        items = data_of(f"/{language}/{below}")["BreadcrumbList"]["itemListElement"]
        parts = below.strip("/").split("/")
        steps = ["", *("/".join(parts[: number + 1]) + "/" for number in range(len(parts)))]
        assert [item["item"] for item in items] == [f"{SITE}/{language}/{step}" for step in steps]
        assert [item["position"] for item in items] == list(range(1, len(steps) + 1))
    figure = data_of(f"/{language}/evidence/figures/chargebacks/")["BreadcrumbList"]["itemListElement"]
    assert [item["item"] for item in figure][1:] == [
        f"{SITE}/{language}/evidence/",
        f"{SITE}/{language}/evidence/figures/chargebacks/",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_section_lists_what_lies_below_it_in_its_order(language: str) -> None:
    for below in ("guide/", "cases/", "categories/"):
        items = data_of(f"/{language}/{below}")["ItemList"]["itemListElement"]
        inside = [one for one in addresses(language) if one.startswith(f"/{language}/{below}")][1:]
        assert [(item["position"], item["url"]) for item in items] == [
            (position, f"{SITE}{address}") for position, address in enumerate(inside, 1)
        ]
    assert "ItemList" not in data_of(f"/{language}/cases/?tag=nothing"), "an empty list says nothing"


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_is_part_of_the_site_in_its_language(language: str) -> None:
    for below in ("guide/trends/", "cases/shein/", "categories/ceramics/"):
        site = data_of(f"/{language}/{below}")["Article"]["isPartOf"]
        assert site["url"] == data_of(f"/{language}/")["WebSite"]["url"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_faq_tells_every_question_and_the_dataset_both_downloads(language: str) -> None:
    questions = data_of(f"/{language}/faq/")["FAQPage"]["mainEntity"]
    live = Question.objects.filter(locale__language_code=language, live=True)
    assert {one["name"] for one in questions} == set(live.values_list("question", flat=True))
    dataset = data_of(f"/{language}/evidence/")["Dataset"]
    downloads = [(one["encodingFormat"], one["contentUrl"]) for one in dataset["distribution"]]
    figures = f"{SITE}/{language}/evidence/figures"
    assert downloads == [("text/csv", f"{figures}.csv"), ("application/json", f"{figures}.json")]
    for _kind, address in downloads:
        assert Client().get(address.removeprefix(SITE)).status_code == 200
    assert "license" not in dataset, "none is stated for the content"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_page_tells_how_to_search_in_its_language(language: str) -> None:
    site = data_of(f"/{language}/")["WebSite"]
    assert site["description"]
    assert site["publisher"]["@type"] == "Organization"
    action = site["potentialAction"]
    template = action["target"]["urlTemplate"]
    assert template == f"{SITE}/{language}/search/?q={{search_term_string}}"
    assert Client().get(template.removeprefix(SITE).replace("{search_term_string}", "X")).status_code == 200


def test_a_page_that_was_never_published_and_has_no_cover_is_still_described() -> None:
    page = page_at("/en/guide/trends/")
    page.cover = page.last_published_at = None
    (article,) = page.structured_data
    assert "image" not in article
    assert article["headline"] == page.title
