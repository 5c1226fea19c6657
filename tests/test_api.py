"""The score for programs: what is sent, what comes back, and that nothing sent makes it fall over."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from config.wsgi import application
from suitability.api import MAX_BODY, MAX_ERRORS
from suitability.models import Market, ProductCategory, RubricVersion
from suitability.schemas import MAX_DRAWN_PRODUCTS, MAX_PRODUCTS, BatchOut, ErrorsOut, ScoreOut
from tests.conftest import page_at
from tests.documents import read

pytestmark = pytest.mark.usefixtures("site")

API = "/api/v1/suitability/"
SCORE, BATCH = f"{API}score", f"{API}score-batch"
LISTS = ("rubric", "categories", "markets")
CRITERIA = (
    "distinctiveness",
    "demonstrability",
    "community",
    "carriage",
    "landed_cost",
    "robustness",
    "returns",
    "regulation",
    "claims",
)
MIDDLING = dict.fromkeys(CRITERIA, 2)


def send(body: Any, address: str = SCORE, content_type: str = "application/json", language: str = "en") -> Any:
    """The response to a body: bytes as they are, anything else as JSON. A fault in the site is a 500, not an exception."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(raise_request_exception=False).post(
        address, raw, content_type=content_type, headers={"Accept-Language": language}
    )


def answer(body: Any, address: str = SCORE) -> Any:
    response = send(body, address)
    assert response.status_code == 200, response.content
    return response.json()


def result(body: Any) -> Any:
    """The one result of a product in at most one market."""
    (only,) = answer(body)["results"]
    return only


def errors(body: Any, address: str = SCORE, status: int = 422, language: str = "en") -> dict[str, str]:
    """The reasons of a refusal by field."""
    response = send(body, address, language=language)
    assert response.status_code == status, response.content
    return {error["field"]: error["reason"] for error in response.json()["errors"]}


# --- What comes back -------------------------------------------------------------------------------------------------

WORKED_EXAMPLES = (
    ("online-course", (3, 3, 3, 4, 4, 4, 3, 4, 3), (75.00, 93.75, 90.00), 85.05, "strong"),
    ("folk-textile", (4, 4, 3, 3, 3, 3, 3, 3, 3), (92.50, 75.00, 75.00), 81.56, "strong"),
    ("ceramics", (4, 4, 3, 2, 2, 0, 3, 2, 3), (92.50, 46.25, 60.00), 64.29, "conditional"),
    ("gaming-peripherals", (1, 3, 4, 2, 2, 3, 2, 1, 3), (63.75, 55.00, 45.00), 56.05, "promising"),
    ("food-supplements", (1, 1, 2, 3, 4, 4, 3, 0, 0), (32.50, 86.25, 5.00), 33.03, "poor"),
    ("heavy-furniture", (2, 2, 1, 0, 0, 1, 0, 3, 3), (42.50, 5.00, 75.00), 20.23, "poor"),
)


@pytest.mark.parametrize(("category", "levels", "pillars", "score", "verdict"), WORKED_EXAMPLES)
def test_the_worked_examples_come_out_by_levels_and_by_category(
    category: str, levels: tuple[int, ...], pillars: tuple[float, ...], score: float, verdict: str
) -> None:
    for asked in ({"levels": dict(zip(CRITERIA, levels, strict=True))}, {"category": category}):
        found = result(asked)
        assert found["market"] is None
        assert f"{found['score']:.2f}" == f"{score:.2f}"
        assert found["low"] == found["high"] == found["score"]
        assert found["verdict"] == found["verdict_low"] == found["verdict_high"] == verdict
        assert [round(value, 2) for value in found["pillars"].values()] == list(pillars)
        assert found["effects"] == []


def test_an_answer_names_the_version_and_holds_everything_in_full_numbers() -> None:
    found = answer({"category": "online-course", "markets": ["eu"]})
    assert found["rubric"] == RubricVersion.objects.order_by("-pk")[0].key
    ScoreOut.model_validate(found)
    (only,) = found["results"]
    assert only["score"] == pytest.approx(85.04749332247705, abs=1e-12)
    assert set(only["robustness"]) == {"weights", "ratings"}
    assert [step["criterion"] for step in only["next_steps"]] == ["distinctiveness", "demonstrability"]
    assert only["next_steps"][0]["chapter"] == "guide/first-year"
    assert only["losses"][0]["points"] == max(loss["points"] for loss in only["losses"])


def test_a_category_fills_the_levels_that_are_absent() -> None:
    found = result({"category": "ceramics", "levels": {"robustness": 3}})
    assert found["levels"] == dict(zip(CRITERIA, (4, 4, 3, 2, 2, 3, 3, 2, 3), strict=True))
    assert found["caps"] == []


def test_a_level_of_zero_caps_the_verdict_and_is_named() -> None:
    assert result({"category": "ceramics"})["caps"] == [
        {"kind": "criterion", "key": "robustness", "name": "Robustness"}
    ]


def test_null_is_unknown_even_where_the_category_knows() -> None:
    found = result({"category": "ceramics", "levels": {"robustness": None}})
    assert found["score"] is found["verdict"] is found["robustness"] is None
    assert found["low"] == pytest.approx(64.29, abs=0.005)
    assert found["low"] < found["high"]
    assert (found["verdict_low"], found["verdict_high"]) == ("conditional", "strong")
    assert found["ask_first"] == "robustness"


def test_each_market_has_a_result_of_its_own_in_the_order_asked() -> None:
    markets = ["jp", "eu", "uk", "us"]
    assert [found["market"] for found in answer({"category": "ceramics", "markets": markets})["results"]] == markets


def test_a_market_effect_shows_the_level_before_and_after_and_why() -> None:
    found = result({"category": "folk-textile", "markets": ["eu"]})
    moved = {effect["criterion"]: effect for effect in found["effects"]}
    assert set(moved) == {"returns", "regulation", "landed_cost"}
    assert (moved["returns"]["before"], moved["returns"]["after"]) == (3, 2)
    (rule,) = moved["returns"]["rules"]
    assert (rule["move"], rule["status"], rule["evidence"]) == (-1, "supported", "eu-withdrawal")
    assert rule["reason"]
    assert rule["source"]


def test_a_knock_out_makes_a_product_not_sellable_and_cites_its_rule() -> None:
    found = result({"category": "prescription-medicines", "markets": ["uk"]})
    assert found["verdict"] == "not-sellable"
    assert len(found["knockouts"]) == 2
    assert all(rule["reason"] and rule["source"] for rule in found["knockouts"])


def test_a_closed_route_is_a_notice_and_not_a_knock_out() -> None:
    found = result({"category": "food-supplements", "markets": ["us"]})
    assert [notice["kind"] for notice in found["notices"]] == ["no-creator-route"]
    assert found["knockouts"] == []
    assert found["verdict"] == "poor"


def test_with_costs_the_flat_duty_of_the_eu_enters_as_money_instead_of_a_move() -> None:
    costs = {"weight": 1.2, "price": 100, "shipping": "20.00"}
    found = result({"category": "ceramics", "markets": ["eu"], "costs": costs})
    assert found["landed_cost"] == {"total": 23.0, "share": 0.23, "level": 3, "flat_duty": 3.0, "lacks_rate": ""}
    assert found["levels"]["landed_cost"] == 3
    assert found["levels"]["carriage"] == 2
    assert "landed_cost" not in {effect["criterion"] for effect in found["effects"]}


def test_costs_in_another_currency_need_what_a_euro_costs() -> None:
    costs = {"price": 100, "shipping": 20, "currency": "USD"}
    asked: dict[str, Any] = {"category": "ceramics", "markets": ["eu"], "costs": costs}
    without = result(asked)
    assert without["landed_cost"]["lacks_rate"] == "EUR"
    assert "landed_cost" in {effect["criterion"] for effect in without["effects"]}
    costs["euro"] = 1.25
    assert result(asked)["landed_cost"]["flat_duty"] == 3.75


def test_the_same_question_has_the_same_answer_and_a_seed_changes_only_the_draws() -> None:
    asked = {"category": "gaming-peripherals"}
    first, again, seeded = answer(asked), answer(asked), answer(asked | {"seed": 7})
    assert first == again
    assert seeded["results"][0].pop("robustness") != first["results"][0].pop("robustness")
    assert seeded == first


def test_the_draws_can_be_left_out() -> None:
    assert result({"category": "ceramics", "robustness": False})["robustness"] is None


# --- Batches ---------------------------------------------------------------------------------------------------------


def test_a_wrong_product_does_not_stop_the_others() -> None:
    good = {"category": "ceramics", "markets": ["eu"]}
    found = answer({"products": [good, {"category": "plutonium"}, 3, {**good, "colour": 1}, good]}, BATCH)
    BatchOut.model_validate(found)
    first, unknown, number, extra, last = found["answers"]
    assert first == last
    assert first["results"] == answer({**good, "robustness": False})["results"]
    assert set(unknown) == set(number) == set(extra) == {"errors"}
    assert unknown["errors"][0]["field"] == "category"
    assert number["errors"] == [{"field": "product", "reason": "This should be a JSON object."}]
    assert extra["errors"] == [{"field": "colour", "reason": "There is no such field."}]


def test_a_batch_draws_only_when_asked_and_only_for_few_products() -> None:
    product = {"category": "ceramics"}
    asked: dict[str, Any] = {"products": [product] * 2}
    assert answer(asked, BATCH)["answers"][0]["results"][0]["robustness"] is None
    drawn = answer({**asked, "robustness": True}, BATCH)["answers"][1]["results"]
    assert drawn == answer(product)["results"]
    found = errors({"products": [product] * (MAX_DRAWN_PRODUCTS + 1), "robustness": True}, BATCH)
    assert found == {"robustness": f"Robustness is worked out for at most {MAX_DRAWN_PRODUCTS} products at a time."}


def test_a_batch_takes_a_hundred_products_and_no_more() -> None:
    product = {"category": "ceramics"}
    assert len(answer({"products": [product] * MAX_PRODUCTS}, BATCH)["answers"]) == MAX_PRODUCTS
    assert errors({"products": [product] * (MAX_PRODUCTS + 1)}, BATCH) == {
        "products": f"There are too many entries: at most {MAX_PRODUCTS}."
    }


# --- What is wrong, by field -----------------------------------------------------------------------------------------

NOT_LEVELS = {
    "-1": "-1",
    "5": "5",
    "true": "true",
    '"3"': "3",
    "3.0": "3.0",
    "2.5": "2.5",
    "NaN": "NaN",
    "-Infinity": "-Infinity",
    "1e400": "Infinity",
    "1" * 400: "1" * 40 + "…",
    "[3]": "",
    "{}": "",
}


@pytest.mark.parametrize(("level", "shown"), NOT_LEVELS.items())
def test_a_level_is_a_whole_number_from_0_to_4_and_nothing_like_it(level: str, shown: str) -> None:
    reason = "A level is a whole number from 0 to 4." + (f" It says “{shown}”." if shown else "")
    body = json.dumps({"levels": MIDDLING}).replace('"returns": 2', f'"returns": {level}')
    assert errors(body.encode()) == {"levels.returns": reason}
    (product,) = answer(f'{{"products": [{body}]}}'.encode(), BATCH)["answers"]
    assert product["errors"] == [{"field": "levels.returns", "reason": reason}]


def test_a_level_that_neither_the_request_nor_the_category_gives_is_named() -> None:
    levels = {key: 2 for key in CRITERIA if key not in ("carriage", "claims")}
    reason = "A level is missing. Give one from 0 to 4, or say that it is unknown."
    assert errors({"levels": levels}) == {"levels.carriage": reason, "levels.claims": reason}
    assert len(errors({})) == len(CRITERIA)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"levels": {**MIDDLING, "colour": 2}}, "levels.colour", "There is no such criterion."),
        ({"levels": [2, 2]}, "levels", "This should be a JSON object."),
        ({"levels": None}, "levels", "This should be a JSON object."),
        ({"levels": {"k" * 61: 2}}, f"levels.{'k' * 61}", "This is too long."),
        ({"category": "plutonium"}, "category", "There is no such category. It says “plutonium”."),
        ({"category": "craft-and-design"}, "category", "There is no such category. It says “craft-and-design”."),
        ({"category": 3}, "category", "This should be text."),
        ({"markets": "eu"}, "markets", "This should be a list."),
        ({"markets": ["eu", "xx"]}, "markets", "There is no such market. It says “xx”."),
        ({"markets": ["eu", "eu"]}, "markets", "A market stands twice."),
        ({"markets": ["eu", None]}, "markets.1", "This should be text."),
        ({"markets": ["eu", "us", "uk", "jp", "eu"]}, "markets", "There are too many entries: at most 4."),
        ({"seed": -1}, "seed", "A seed is a whole number from 0 up. It says “-1”."),
        ({"seed": 2**63}, "seed", f"A seed is a whole number from 0 up. It says “{2**63}”."),
        ({"seed": 1.5}, "seed", "A seed is a whole number from 0 up."),
        ({"seed": True}, "seed", "A seed is a whole number from 0 up."),
        ({"robustness": "yes"}, "robustness", "This should be true or false."),
        ({"colour": "red"}, "colour", "There is no such field."),
        ({"costs": 5}, "costs", "This should be a JSON object."),
        ({"costs": {"tip": 5}}, "costs.tip", "There is no such field."),
        ({"costs": {"currency": "XAU"}}, "costs.currency", "There is no such currency here."),
    ],
)
def test_every_mistake_is_named_with_its_field_and_reason(change: Any, field: str, reason: str) -> None:
    assert errors({"levels": MIDDLING, **change}) == {field: reason}


@pytest.mark.parametrize("name", ["shipping", "weight"])
@pytest.mark.parametrize(
    "amount", ["-1", "NaN", "Infinity", "1e12", '"12,50"', '"1e3"', '"NaN"', '" 1"', '"١"', "true", "[]"]
)
def test_an_amount_is_a_plain_number_from_0_up(name: str, amount: str) -> None:
    body = json.dumps({"category": "ceramics", "costs": {name: 0}}).replace(": 0", f": {amount}")
    assert errors(body.encode()) == {f"costs.{name}": "Write a number from 0 up, such as 12.50."}


@pytest.mark.parametrize("amount", [0, "0", "0.00", 1e-9])
def test_a_weight_a_price_and_a_rate_are_more_than_nothing(amount: Any) -> None:
    for name in ("weight", "price", "euro"):
        reason = "This must be more than 0. Leave it empty if you do not know it."
        assert errors({"category": "ceramics", "costs": {name: amount}}) == {f"costs.{name}": reason}


def test_mistakes_are_told_all_at_once_up_to_a_limit() -> None:
    levels = {**MIDDLING, "returns": 9, "claims": "2"}
    found = errors({"levels": levels, "markets": ["xx"], "seed": -1})
    assert set(found) == {"levels.returns", "levels.claims", "markets", "seed"}
    crowd = {f"field-{number}": number for number in range(5000)}
    assert len(errors(crowd)) == MAX_ERRORS
    (crowded,) = answer({"products": [crowd]}, BATCH)["answers"]
    assert len(crowded["errors"]) == MAX_ERRORS


DEEP = 100_000
NOT_JSON = (
    b"",
    b"{",
    b"nonsense",
    b"\xff\xfe",
    b'\xef\xbb\xbf{"category": "ceramics"}',
    b'{"category": "\xc3"}',
    b'{"category": "ceramics", "category": "ceramics"}',
    b'{"levels": {"returns": 2, "returns": 2}}',
    b'{"category": "\\ud800"}',
    b'{"\\udfff": 1}',
    b'{"levels": {"\\ud800": 1}}',
    b'{"category": "a\x00b"}',
    b'{"seed": ' + b"9" * 5000 + b"}",
    b"[" * DEEP,
    b"[" * DEEP + b"]" * DEEP,
    b'{"levels":' * 20_000 + b"1" + b"}" * 20_000,
)


@pytest.mark.parametrize("body", NOT_JSON, ids=range(len(NOT_JSON)))
def test_what_is_not_json_is_refused_as_such(body: bytes) -> None:
    status = 400 if body else 422
    for address in (SCORE, BATCH):
        assert set(errors(body, address, status)) == {"body"}


@pytest.mark.parametrize("depth", range(10, 1000, 90))
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_is_refused_at_any_depth(depth: int, opening: str, closing: str) -> None:
    nested = opening * depth + "1" + closing * depth
    for body in (nested, f'{{"levels": {{"returns": {nested}}}}}', f'{{"markets": [{nested}], "seed": {nested}}}'):
        assert send(body.encode()).status_code in (400, 422)
        assert send(f'{{"products": [{body}]}}'.encode(), BATCH).status_code in (200, 400)


@pytest.mark.parametrize(
    "text", ["\x00", "\U0001f600" * 500, "'; --", "%s", "{0}", "%(problem)s", "\u202e", "😀\ufffe"]
)
def test_strange_text_is_an_unknown_name(text: str) -> None:
    assert set(errors({"category": text, "levels": MIDDLING})) == {"category"}
    assert set(errors({"markets": [text], "levels": MIDDLING})) == {"markets"}


def test_a_large_body_is_refused_before_it_is_read() -> None:
    for size in (MAX_BODY + 1, 3_000_000):
        assert errors(b" " * size, status=413) == {"body": "Send at most 256 kB in one request."}
    fits = json.dumps({"category": "ceramics"}).encode()
    assert send(fits + b" " * (MAX_BODY - len(fits))).status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_must_say_that_it_is_json(content_type: str) -> None:
    response = send({"category": "ceramics"}, content_type=content_type)
    assert response.status_code == 415
    assert response.json()["errors"][0]["field"] == "body"
    assert send({"category": "ceramics"}, content_type="application/json; charset=utf-8").status_code == 200


def test_another_method_is_refused_with_those_there_are(browser: Client) -> None:
    for address, allowed in ((SCORE, "POST"), (BATCH, "POST"), *((API + name, "GET, HEAD") for name in LISTS)):
        response = browser.put(address)
        assert response.status_code == 405
        assert response["Allow"] == allowed
        assert response.json()["errors"][0]["field"] == "method"


def test_before_a_rubric_is_in_force_the_answer_is_503_and_is_not_kept(browser: Client) -> None:
    RubricVersion.objects.all().delete()
    assert set(errors({"category": "ceramics"}, status=503)) == {"rubric"}
    assert set(errors({"products": []}, BATCH, status=503)) == {"rubric"}
    for name in LISTS:
        response = browser.get(API + name)
        assert response.status_code == 503
        assert "Cache-Control" not in response
        ErrorsOut.model_validate(response.json())


# --- What may be asked -----------------------------------------------------------------------------------------------


def test_the_rubric_tells_what_is_asked_how_it_counts_and_what_markets_change(browser: Client) -> None:
    found = browser.get(f"{API}rubric").json()
    assert (found["strong"], found["promising"], found["conditional"]) == (70, 55, 40)
    assert [pillar["key"] for pillar in found["pillars"]] == ["appeal", "delivery", "rules"]
    assert tuple(criterion["key"] for criterion in found["criteria"]) == CRITERIA
    assert [criterion["weight"] for criterion in found["criteria"]] == [15, 13, 12, 12, 10, 8, 10, 12, 8]
    for criterion in found["criteria"]:
        assert len(criterion["levels"]) == 5
        assert all((*criterion["levels"], criterion["name"], criterion["question"], criterion["advice"]))
    duty = next(effect for effect in found["effects"] if effect["evidence"] == "eu-duty")
    assert duty["flat_duty"] == {"amount": 3.0, "currency": "EUR", "below": 150.0}
    assert {rule["kind"] for rule in found["rules"]} == {"knock-out", "no-creator-route"}


def test_every_category_listed_can_be_scored_and_read_about(browser: Client) -> None:
    found = browser.get(f"{API}categories").json()["categories"]
    assert len(found) == 13
    for category in found:
        (scored,) = answer({"category": category["key"], "robustness": False})["results"]
        assert scored["levels"] == category["levels"]
        assert browser.get(category["url"].removeprefix("http://localhost:8000")).status_code == 200
    ceramics = next(category for category in found if category["key"] == "ceramics")
    assert ceramics["group"] == {"key": "craft-and-design", "name": "Craft and design"}
    assert [category["key"] for category in found if category["digital"]] == ["online-course", "software-licence"]


def test_a_level_that_a_category_lacks_is_left_to_the_seller(browser: Client) -> None:
    page = page_at("/en/categories/ceramics/")
    levels = {"weather": 4} | {key: level for key, level in page.levels.items() if key != "claims"}
    ProductCategory.objects.filter(pk=page.pk).update(levels=levels)  # as a rubric before the one in force had it
    found = browser.get(f"{API}categories").json()["categories"]
    ceramics = next(category for category in found if category["key"] == "ceramics")
    assert list(ceramics["levels"]) == list(CRITERIA[:-1])
    assert set(errors({"category": "ceramics"})) == {"levels.claims"}
    assert result({"category": "ceramics", "levels": {"claims": 3}})["score"] == pytest.approx(64.29, abs=0.005)


def test_every_market_listed_can_be_asked_for(browser: Client) -> None:
    found = browser.get(f"{API}markets").json()["markets"]
    assert [market["key"] for market in found] == ["eu", "us", "uk", "jp"]
    japan = found[3]
    assert (japan["name"], japan["currency"]) == ("Japan", "JPY")
    assert (japan["languages"], japan["time_zones"]) == (["ja"], ["Asia/Tokyo"])
    answer({"category": "ceramics", "markets": [market["key"] for market in found], "robustness": False})


@pytest.mark.parametrize(
    ("asked", "language"), [("en", "en"), ("zh-CN,zh;q=0.9", "zh-hans"), ("ja", "ja"), ("tlh", "en")]
)
def test_texts_follow_the_language_asked_for(browser: Client, asked: str, language: str) -> None:
    def get(name: str) -> Any:
        response = browser.get(API + name, headers={"Accept-Language": asked})
        assert response["Content-Language"] == language
        assert "Accept-Language" in response["Vary"]
        return response.json()

    page = page_at(f"/{language}/categories/ceramics/")
    category = next(category for category in get("categories")["categories"] if category["key"] == "ceramics")
    assert (category["name"], category["url"]) == (page.title, page.full_url)
    assert category["group"]["name"] == page_at(f"/{language}/categories/craft-and-design/").title
    names = dict(Market.objects.filter(locale__language_code=language).values_list("slug", "name"))
    assert {market["key"]: market["name"] for market in get("markets")["markets"]} == names
    words = RubricVersion.objects.order_by("-pk")[0].data["words"][language]
    assert get("rubric")["criteria"][0]["question"] == words["criteria"]["distinctiveness"]["question"]
    found = send({"category": "ceramics", "markets": ["eu"]}, language=asked).json()["results"][0]
    assert found["next_steps"][0]["advice"] in {texts["advice"] for texts in words["criteria"].values()}
    assert found["effects"][0]["rules"][0]["reason"] in {texts["reason"] for texts in words["rules"].values()}


def test_an_answer_can_be_read_as_it_is(browser: Client) -> None:
    response = browser.get(f"{API}markets", headers={"Accept-Language": "zh-Hans"})
    assert "欧盟" in response.content.decode()


def test_what_has_no_version_in_a_language_is_told_in_the_source_language(browser: Client) -> None:
    Market.objects.get(slug="jp", locale__language_code="ja").delete()
    page_at("/ja/categories/ceramics/").unpublish()
    headers = {"Accept-Language": "ja"}
    markets = browser.get(f"{API}markets", headers=headers).json()["markets"]
    assert {market["key"]: market["name"] for market in markets}["jp"] == "Japan"
    found = browser.get(f"{API}categories", headers=headers).json()["categories"]
    ceramics = next(category for category in found if category["key"] == "ceramics")
    assert ceramics["name"] == "Ceramics"
    assert ceramics["url"].endswith("/en/categories/ceramics/")


def test_lists_are_kept_for_minutes_and_not_sent_again_unchanged(browser: Client) -> None:
    for name in LISTS:
        first = browser.get(API + name)
        assert first["Cache-Control"] == "public, max-age=300"
        again = browser.get(API + name, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = browser.head(API + name)
        assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_answer_costs_few_queries_and_a_batch_no_more(browser: Client, language: str) -> None:
    product = {"category": "ceramics", "markets": ["eu", "us"], "robustness": False}
    batch = {"products": [{"category": "ceramics", "markets": ["eu", "us"]}] * 50}
    asked = {"score": product, "score-batch": batch, "rubric": None, "categories": None, "markets": None}
    counts = {}
    for name, body in asked.items():
        for _warmed in range(2):
            with CaptureQueriesContext(connection) as captured:
                if body:
                    send(body, API + name, language=language)
                else:
                    browser.get(API + name, headers={"Accept-Language": language})
            counts[name] = len(captured)
    assert counts == {"score": 4, "score-batch": 4, "rubric": 4, "categories": 4, "markets": 4}


# --- Open to every site ----------------------------------------------------------------------------------------------


def test_no_answer_sets_or_reads_a_cookie(browser: Client) -> None:
    responses = [
        send({"category": "ceramics"}),
        send({}),
        send(b"{"),
        *(browser.get(API + name) for name in LISTS),
        *(browser.get(f"/api/v1/{name}") for name in ("docs", "openapi.json")),
    ]
    for response in responses:
        assert not response.cookies
        assert "Cookie" not in response["Vary"]
    browser.cookies["django_language"] = "ja"
    response = browser.get(f"{API}markets", headers={"Accept-Language": "en"})
    assert response["Content-Language"] == "en"
    assert response.json()["markets"][3]["name"] == "Japan"


def test_pages_of_other_sites_may_ask(browser: Client) -> None:
    for response in (send({"category": "ceramics"}), send({}), send(b"{"), browser.get(f"{API}markets")):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
    preflight = browser.options(
        SCORE, headers={"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert preflight["Access-Control-Allow-Methods"] == "POST"
    assert "Content-Type" in preflight["Access-Control-Allow-Headers"]


def test_no_csrf_token_is_needed() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(SCORE, json.dumps({"category": "ceramics"}), content_type="application/json")
    assert response.status_code == 200


# --- The description -------------------------------------------------------------------------------------------------


def test_the_description_page_needs_nothing_from_elsewhere_and_no_inline_script(browser: Client) -> None:
    response = browser.get("/api/v1/docs")
    page = read(response)
    assert page.lang == "en"
    assert all(link["href"].startswith("/static/") for link in page.all("link"))
    for script in page.all("script"):
        assert script.get("src", "").startswith("/static/") or script["type"] == "application/json"
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert browser.post("/api/v1/docs").status_code == 405


def test_every_operation_and_every_status_is_described(browser: Client) -> None:
    found = browser.get("/api/v1/openapi.json").json()
    assert set(found["paths"]) == {SCORE, BATCH, *(API + name for name in LISTS)}
    for path in found["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["description"]
            expected = {"200", "400", "413", "415", "422", "503"} if "requestBody" in operation else {"200", "503"}
            assert set(operation["responses"]) == expected
            assert all(
                response["content"]["application/json"]["schema"] for response in operation["responses"].values()
            )


DESCRIPTION = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
PLAIN = {"Accept-Encoding": "identity"}
FEW = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture
def in_one_transaction() -> Iterator[None]:
    """Keeps a request to the whole application from closing the test's connection, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("in_one_transaction")
@DESCRIPTION.parametrize()
@FEW
def test_the_api_does_what_its_description_says(case: Any) -> None:
    """Generated requests, right and wrong. Content decides which keys there are, so that a right shape may get 422; and
    a batch answers 200 with the mistakes of a wrong product in it."""
    batch = case.operation.path == BATCH
    excluded = [positive_data_acceptance, *([negative_data_rejection] if batch else [])]
    case.call_and_validate(headers=PLAIN, excluded_checks=excluded)


LEVELS = st.none() | st.integers(0, 4)
COSTS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.decimals(0, 10**9, places=2).map(str) | st.floats(0, 1e9) for name in ("shipping", "duty", "fees")},
        **{name: st.floats(0.001, 1e9) | st.integers(1, 10**9) for name in ("weight", "price", "euro")},
        "currency": st.sampled_from(["EUR", "USD", "GBP", "JPY", "CNY"]),
    },
)
PRODUCTS = st.fixed_dictionaries(
    {"levels": st.fixed_dictionaries(dict.fromkeys(CRITERIA, LEVELS))},
    optional={
        "category": st.none() | st.sampled_from([name for name, *_rest in WORKED_EXAMPLES]),
        "markets": st.lists(st.sampled_from(["eu", "us", "uk", "jp"]), unique=True),
        "costs": st.none() | COSTS,
        "seed": st.none() | st.integers(0, 2**63 - 1),
    },
)


@pytest.mark.usefixtures("in_one_transaction")
@settings(FEW, max_examples=100)
@given(product=PRODUCTS)
def test_every_right_product_gets_an_answer_that_agrees_with_the_description(product: Any) -> None:
    case = DESCRIPTION[SCORE]["POST"].Case(body={**product, "robustness": False}, media_type="application/json")
    response = case.call_and_validate(headers=PLAIN)
    assert response.status_code == 200
    found = response.json()
    for one in found["results"]:
        assert one["low"] <= one["high"]
        assert (one["score"] is None) == (None in one["levels"].values())
        if one["score"] is not None:
            assert one["low"] == one["score"] == one["high"]


NAMES = st.sampled_from(["levels", "category", "markets", "costs", "seed", "products", *CRITERIA]) | st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)


@pytest.mark.any_database
@settings(FEW, max_examples=300)
@given(
    body=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()),
    address=st.sampled_from([SCORE, BATCH]),
)
def test_no_body_whatever_is_a_fault_of_the_server(body: bytes, address: str) -> None:
    response = send(body, address)
    assert response.status_code in (200, 400, 422)
    if response.status_code != 200:
        found = ErrorsOut.model_validate_json(response.content)
        assert all(error.field and error.reason for error in found.errors)
