"""The form that sellers fill in, and the answer they read: without JavaScript, by its address."""

import csv
import io
import json
import math
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from suitability.costs import parse_amount
from suitability.forms import canonical
from suitability.models import RubricVersion
from suitability.rubrics import current_method
from tests.conftest import LANGUAGES, page_at
from tests.documents import Document, read

pytestmark = pytest.mark.usefixtures("site")

KEYS = (
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


def answers(levels: str, **more: Any) -> str:
    """The address of nine answers, written as nine digits (`?` is “I don’t know”, `-` is not answered)."""
    pairs = [(key, {"?": "unknown"}.get(level, level)) for key, level in zip(KEYS, levels, strict=True) if level != "-"]
    return urlencode(
        [*pairs, *((k, v) for k, values in more.items() for v in ([values] if isinstance(values, str) else values))]
    )


def ask(browser: Client, query: str, language: str = "en") -> Document:
    response = browser.get(f"/{language}/suitability/?{query}", follow=True)
    assert response.status_code == 200
    return read(response)


def text(page: Document) -> str:
    return " ".join(" ".join(page.words).split())


def test_a_category_fills_in_its_usual_answers_visibly(browser: Client) -> None:
    response = browser.get("/en/suitability/?category=ceramics")
    assert response.status_code == 302
    state = parse_qs(urlsplit(response.headers["Location"]).query)
    assert [state[key] for key in KEYS] == [[n] for n in "443220323"]
    page = ask(browser, "category=ceramics")
    marks = page.all("span", **{"class": "tag-default"})
    assert len(marks) == 9, "at the answer of each question"


def test_a_visitor_starts_with_every_market_and_no_answer(browser: Client) -> None:
    page = ask(browser, "")
    boxes = [attrs for attrs in page.all("input") if attrs.get("name") == "market"]
    assert [box["value"] for box in boxes if "checked" in box] == ["eu", "us", "uk", "jp"]
    assert "It appears here" in text(page)
    assert not [a for a in page.all("input") if a.get("type") == "radio" and "checked" in a]


def open_questions(page: Document) -> list[str]:
    return [attrs["id"] for attrs in page.all("details", **{"class": "ask"}) if "open" in attrs]


def test_the_first_question_without_an_answer_is_asked_alone(browser: Client) -> None:
    assert open_questions(ask(browser, "")) == ["id_distinctiveness-field"]
    assert open_questions(ask(browser, answers("44-2-0323", market="eu"))) == ["id_community-field"]
    assert open_questions(ask(browser, "category=ceramics")) == []


def test_what_has_to_be_mended_stays_open_whatever_else_is_asked(browser: Client) -> None:
    page = ask(browser, answers("4-3920329", market="eu"))
    assert open_questions(page) == ["id_carriage-field", "id_claims-field"]


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("en", "Between “Nothing to see beyond the packet” and “Fit, use, or a before and after”"),
        ("zh-hans", "介于“"),
        ("ja", "」の中間"),
    ],
)
def test_an_answer_between_two_others_names_them(browser: Client, language: str, answer: str) -> None:
    page = ask(browser, answers("413220323", market="eu"), language)
    assert text(page).count(answer) >= 2, "at the question, and where the answer says what it costs"


def test_another_category_replaces_what_was_usual_and_keeps_the_sellers_own(browser: Client) -> None:
    method = current_method()[1]  # type: ignore[index]
    state = QueryDict(answers("443240323", category="folk-textile", filled="ceramics", market="eu"))
    found = canonical(state, method)
    assert "".join(found[key] for key in KEYS) == "443343333", "landed cost 4 was the seller's own"
    assert found["filled"] == "folk-textile"


def test_going_back_to_no_category_keeps_only_the_sellers_own_answers() -> None:
    method = current_method()[1]  # type: ignore[index]
    found = canonical(QueryDict(answers("443240323", filled="ceramics", market="eu")), method)
    assert {key: found.get(key) for key in KEYS if found.get(key)} == {"landed_cost": "4"}


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.sampled_from([*KEYS, "market", "with", "price", "x"]), st.text(max_size=9))),
)
@settings(max_examples=60, deadline=None)
def test_the_order_of_an_address_is_found_in_one_step(category: str, pairs: list[tuple[str, str]]) -> None:
    method = current_method()[1]  # type: ignore[index]
    query = QueryDict(urlencode([("category", category), *pairs], errors="replace"))
    once = canonical(query, method)
    assert canonical(once, method).urlencode() == once.urlencode()


def test_an_empty_market_is_no_market(browser: Client) -> None:
    found = current_method()
    assert found
    _edition, method = found
    once = canonical(QueryDict("category=ceramics&market="), method)
    assert "" not in once.getlist("market")
    assert canonical(once, method).urlencode() == once.urlencode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copied_link_shows_the_same_answer(browser: Client, language: str) -> None:
    query = answers("443220323", market=["eu", "jp"])
    first, second = ask(browser, query, language), ask(Client(), query, language)
    assert first.text == second.text
    assert "53.5" in first.text
    assert "66.3" in first.text


def test_the_answer_names_caps_effects_steps_and_sources(browser: Client) -> None:
    page = text(ask(browser, answers("443220323", category="ceramics", filled="ceramics", market="eu")))
    assert "“Robustness” stands at level 0, so the verdict cannot be better than conditional." in page
    assert "The pillar “Delivery” is under 35" in page
    assert "Returns level 3 becomes 2" in page
    assert "Directive 2011/83/EU" in page
    assert "What each criterion costs" in page
    assert "The verdict is stable: it holds in" in page
    assert "The two best next steps" in page
    assert "Delivery, duties and returns" in page, "a link to the chapter that helps"
    assert "Komorebi" in page, "a similar case"


def test_the_best_next_steps_lift_the_cap_first(browser: Client) -> None:
    page = text(ask(browser, answers("443220323", category="ceramics", filled="ceramics", market="us")))
    steps = page.partition("The two best next steps")[2]
    assert steps.lstrip().startswith("Robustness one level better"), steps[:80]


def test_a_knock_out_is_named_with_its_reason(browser: Client) -> None:
    page = text(ask(browser, "category=prescription-medicines&market=jp"))
    assert "Not sellable" in page
    assert "A rule forbids this" in page
    assert "Japanese law forbids" in page
    assert "British" not in page, "only the rules of the chosen market"


def test_a_ban_on_paid_partnerships_is_shown_and_does_not_knock_out(browser: Client) -> None:
    page = text(ask(browser, "category=food-supplements&market=eu"))
    assert "No creator route" in page
    assert "Not sellable" not in page


def test_an_unknown_gives_a_range_and_what_to_find_out_first(browser: Client) -> None:
    page = text(ask(browser, answers("443?20323", market="us")))
    assert re.search(r"\d+\.\d–\d+\.\d", page)
    assert "Find out first" in page
    assert "Weigh one parcel, packed as you would ship it." in page
    assert "trials" not in page, "a range has no robustness"


def test_open_questions_count_as_unknown_and_are_counted(browser: Client) -> None:
    page = text(ask(browser, answers("44-------", market="us")))
    assert "7 questions are still open and count as unknown" in page


def test_numbers_of_ones_own_stand_above_the_answers_with_the_sum_shown(browser: Client) -> None:
    query = answers("443443333", market=["eu", "us"], price="60", shipping="12,50", weight="2.5", currency="EUR")
    page = text(ask(browser, query))
    assert "Delivery €12.50 + Flat duty of this market €3.00 = €15.50" in page
    assert "€15.50 ÷ €60.00 = 25.83% of the price: 25–40%" in page
    assert "€12.50 ÷ €60.00 = 20.83% of the price: 10–25%" in page, "the United States have no flat duty"
    assert "Landed cost level" not in page, "the market's move is not applied on top"
    assert page.count("From your own numbers") == 2


def test_a_flat_duty_in_another_currency_needs_a_rate_or_is_said_to_be_missing(browser: Client) -> None:
    query = answers("443333333", market="eu", price="9000", shipping="1500", currency="JPY")
    page = text(ask(browser, query))
    assert "This market’s flat duty is in EUR and is not in the sum" in page
    assert "Landed cost level" in page, "until then the usual move applies"
    page = text(ask(browser, f"{query}&euro=160"))
    assert "Flat duty of this market ¥480" in page


def test_a_parcel_worth_more_than_the_limit_pays_no_flat_duty(browser: Client) -> None:
    page = text(ask(browser, answers("443333333", market="eu", price="150", shipping="10", currency="EUR")))
    assert "€10.00 ÷ €150.00" in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (answers("943220323", market="eu"), "Choose one of these answers."),
        (answers("443220323", market="mars"), "mars is not one of the available choices"),
        (answers("443220323", category="nothing", market="eu"), "Select a valid choice"),
        (answers("443220323", market="eu", price="-5"), "Write a number from 0 up"),
        (answers("443220323", market="eu", price="nan"), "Write a number from 0 up"),
        (answers("443220323", market="eu", price="0", shipping="1"), "This must be more than 0."),
        (answers("443220323", market="eu", price="1e9"), "Write a number from 0 up"),
        (answers("443220323", market="eu", currency="XXX", price="5"), "Select a valid choice"),
        (answers("443220323", filled="x", market="eu", name="n" * 61), "at most 60 characters"),
    ],
)
def test_bad_input_gets_a_message_and_loses_nothing(browser: Client, query: str, message: str) -> None:
    page = ask(browser, query)
    assert message in text(page)
    chosen = [a["name"] for a in page.all("input") if a.get("type") == "radio" and "checked" in a]
    assert len(chosen) >= 8


def test_no_market_is_a_message_and_not_an_answer(browser: Client) -> None:
    page = text(ask(browser, answers("443220323", category="ceramics", filled="ceramics")))
    assert "Choose at least one market." in page


@given(
    st.dictionaries(
        st.sampled_from([*KEYS, "category", "filled", "market", "with", "price", "euro", "name", "currency"]),
        st.text(max_size=40),
        max_size=14,
    )
)
@settings(max_examples=25, deadline=None)
def test_no_address_breaks_the_form(state: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)
    for address in ("/en/suitability/", "/en/suitability/result.csv", "/en/suitability/result.json"):
        response = client.get(f"{address}?{urlencode(state, errors='replace')}", follow=True)
        assert response.status_code in (200, 400, 404)


def test_what_a_seller_types_is_shown_as_text(browser: Client) -> None:
    page = ask(browser, answers("443220323", market="eu", name="<script>alert(1)</script>"))
    assert "<script>alert(1)</script>" in text(page)
    assert [s.get("src", "")[-14:] for s in page.all("script") if s.get("type") != "application/ld+json"] == [
        "suitability.js"
    ]


def test_up_to_four_products_stand_side_by_side_and_can_be_taken_away(browser: Client) -> None:
    others = [answers("333333333", name=name, market="eu") for name in ("One", "Two", "Three", "Four")]
    query = (
        answers("443220323", name="Mine", market=["us", "jp"]) + "&" + urlencode([("with", other) for other in others])
    )
    page = ask(browser, query)
    headings = text(page)
    assert "Side by side" in headings
    assert "One Two Three" in headings
    assert "Four" not in headings, "four products in all"
    links = [a["href"] for a in page.all("a") if a.get("href", "").startswith("/en/suitability/?")]
    removed = next(
        link for link in links if "name=One" in link and "with" in link and "name=Mine" not in link.split("with")[0]
    )
    assert browser.get(removed, follow=True).status_code == 200
    assert "Compare with another product" not in headings


def test_the_compared_products_are_scored_in_the_markets_of_the_first(browser: Client) -> None:
    page = ask(
        browser, answers("443220323", market="jp") + "&" + urlencode({"with": answers("443220323", market="eu")})
    )
    assert text(page).count("66.3") >= 3
    assert "53.5" not in page.text


def test_a_product_that_cannot_be_read_is_left_out_of_the_comparison(browser: Client) -> None:
    page = text(ask(browser, answers("443220323", market="jp") + "&" + urlencode({"with": "distinctiveness=99"})))
    assert "Side by side" not in page


def test_the_download_holds_the_same_answer(browser: Client) -> None:
    query = answers("443220323", market=["eu", "us"], name="=cmd()")
    response = browser.get(f"/en/suitability/result.json?{query}")
    data = json.loads(response.content)
    assert data["rubric"] == RubricVersion.objects.get().key
    results = data["products"][0]["results"]
    assert [result["market"] for result in results] == ["eu", "us"]
    assert results[0]["verdict"] == "conditional"
    response = browser.get(f"/en/suitability/result.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["Score"] for row in rows] == [f"{math.floor(result['score'] * 100) / 100:.2f}" for result in results]
    assert rows[0]["Product"] == "'=cmd()", "a spreadsheet must not run it"
    assert "attachment" in response.headers["Content-Disposition"]


def test_there_is_nothing_to_download_without_an_answer(browser: Client) -> None:
    assert browser.get("/en/suitability/result.csv").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_and_its_answer_are_shared_pages(browser: Client, language: str) -> None:
    for query in ("", "?" + answers("443?20323", category="ceramics", filled="ceramics", market=["eu", "jp"])):
        response = browser.get(f"/{language}/suitability/{query}", follow=True)
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
        page = read(response)
        assert "csrfmiddlewaretoken" not in response.content.decode()
        robots = [meta["content"] for meta in page.all("meta") if meta.get("name") == "robots"]
        assert robots == (["noindex, follow"] if query else [])
        assert not [attrs for _name, attrs in page.elements if "style" in attrs]


def test_a_site_without_a_rubric_says_so(browser: Client) -> None:
    versions = RubricVersion.objects.all()
    versions._raw_delete(versions.db)
    page = browser.get("/en/suitability/?category=ceramics")
    assert page.status_code == 200
    assert "The score is being prepared." in page.content.decode()
    assert browser.get("/en/categories/").status_code == 200
    assert browser.get("/en/categories/ceramics/").status_code == 200
    assert browser.get("/en/suitability/result.csv?category=ceramics").status_code == 404


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("0,500", "0.5"),
        ("0,125", "0.125"),
        ("1,250", "1250"),
        ("1,250.5", "1250.5"),
        ("12,5", "12.5"),
        ("１２．５", "12.5"),
        ("￥1,500", "1500"),
        ("1500円", "1500"),
        ("€ 12,50", "12.5"),
    ],
)
def test_amounts_are_read_as_people_write_them(written: str, amount: str) -> None:
    assert parse_amount(written) == Decimal(amount)


@pytest.mark.parametrize(("language", "first"), [("en", "EUR"), ("zh-hans", "CNY"), ("ja", "JPY")])
def test_amounts_begin_in_the_currency_of_the_readers_language(browser: Client, language: str, first: str) -> None:
    def currencies(page: Document) -> list[str]:
        return [one["value"] for one in page.all("option") if re.fullmatch("[A-Z]{3}", one["value"])]

    assert currencies(ask(browser, "", language))[0] == first
    given = ask(browser, answers("443220323", market="eu", price="60", shipping="5"), language)
    assert currencies(given)[0] == "EUR", "an address without a currency means the euro in every language"


def test_a_market_lists_the_rules_that_may_concern_the_product(browser: Client) -> None:
    pot = text(ask(browser, "category=ceramics&market=eu"))
    assert "Online withdrawal button" in pot
    assert "Notification of cosmetics" not in pot
    cream = text(ask(browser, "category=cosmetics&market=eu"))
    assert "Notification of cosmetics" in cream


def test_a_rubric_without_landed_cost_leaves_the_costs_out(browser: Client) -> None:
    version = RubricVersion.objects.get()
    version.data["criteria"] = [row for row in version.data["criteria"] if row["key"] != "landed_cost"]
    version.data["effects"] = [row for row in version.data["effects"] if row["criterion"] != "landed_cost"]
    RubricVersion.objects.create(key="2026-9", data=version.data)
    page = text(ask(browser, answers("443220323", market="eu", price="60", shipping="5")))
    assert "European Union" in page
    assert "worked out" not in page


def test_a_category_without_a_page_in_the_readers_language_still_answers(browser: Client) -> None:
    page_at("/zh-hans/categories/ceramics/").unpublish()
    page = text(ask(browser, answers("443220323", category="ceramics", filled="ceramics", market="eu"), "zh-hans"))
    assert "53.5" in page
    assert "Ceramics" in page


def test_a_categorys_page_names_what_each_market_forbids(browser: Client) -> None:
    page = text(read(browser.get("/en/categories/prescription-medicines/")))
    for words in ("EU law has member states", "US customs states", "UK law forbids", "Japanese law forbids"):
        assert words in page


def test_a_categorys_page_says_each_reason_once(browser: Client) -> None:
    page = text(read(browser.get("/en/categories/ceramics/")))
    assert page.count("stands at level 0, so the verdict") == 1
    assert page.count("is under 35, so the verdict") == 1
    assert page.index("without market effects") < page.index("In this market besides: European Union")


def test_a_categorys_page_shows_profile_score_warnings_cases_and_chapters(browser: Client) -> None:
    page = text(read(browser.get("/en/categories/ceramics/")))
    for words in (
        "European Union 53.5",
        "United States 62.5",
        "Japan 66.3",
        "Without market effects 64.2",
        "Needs a crate, or a box within a box",
        "What to watch",
        "Komorebi: a weekly pottery show",
        "Delivery, duties and returns",
    ):
        assert words in page, words


def test_the_index_compares_every_category_in_every_market(browser: Client) -> None:
    page = text(read(browser.get("/ja/categories/")))
    assert page.count("販売不可") == 5
    page_at("/ja/categories/craft-and-design/").unpublish()
    after = text(read(browser.get("/ja/categories/")))
    assert "陶磁器" in after, "a category outlives its group"


def test_similar_cases_are_those_of_the_category_then_of_the_nearest(browser: Client) -> None:
    page = text(ask(browser, "category=fast-fashion&market=us")).partition("Similar case studies")[2]
    assert page.index("SHEIN") < page.index("Komorebi") if "Komorebi" in page[:300] else "SHEIN" in page[:200]


def test_an_unstable_verdict_is_called_so(browser: Client) -> None:
    assert "The verdict is unstable" in text(ask(browser, "category=ethnic-dress&market=us"))


def test_an_unpublished_category_can_no_longer_be_chosen(browser: Client) -> None:
    page_at("/en/categories/ceramics/").unpublish()
    assert "ceramics is not one of" in text(ask(browser, "category=ceramics&market=eu"))
