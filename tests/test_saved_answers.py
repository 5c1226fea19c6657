"""Answers that sellers keep: the link, what it shows later, and how it goes away."""

import datetime
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pages.languages import in_source_language
from suitability.activation import activate
from suitability.models import KEEP_DAYS, Market, Rubric, RubricVersion, SavedAnswer, SavedVerdict
from tests.documents import read
from tests.test_rubrics import client_of
from tests.test_suitability_form import answers, text

pytestmark = pytest.mark.usefixtures("site")


def save(client: Client, query: str, language: str = "en") -> SavedAnswer:
    response = client.post(f"/{language}/suitability/saved/", {"state": query})
    assert response.status_code == 302
    assert not response.cookies
    return SavedAnswer.objects.order_by("-pk")[0]


def shared(saved: SavedAnswer, language: str = "en") -> str:
    return f"/{language}/suitability/saved/{saved.token}/"


def owned(saved: SavedAnswer) -> str:
    return f"{shared(saved)}{saved.owner_token}/"


CERAMICS = answers("443220323", category="ceramics", filled="ceramics", market=["eu", "jp"], name="My bowl")


def test_saving_leads_to_the_owners_page_with_both_links(browser: Client) -> None:
    response = browser.post("/en/suitability/saved/", {"state": CERAMICS}, follow=True)
    saved = SavedAnswer.objects.get()
    page = read(response)
    assert response.redirect_chain[0][0] == owned(saved)
    links = {a["href"] for a in page.all("a")}
    assert f"http://testserver/s/{saved.token}" in links
    assert f"http://testserver{owned(saved)}" in links
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja"])
def test_a_saved_answer_is_read_in_every_language_and_shows_no_way_to_delete_it(browser: Client, language: str) -> None:
    saved = save(browser, CERAMICS)
    response = browser.get(shared(saved, language))
    page = text(read(response))
    assert "My bowl" in page
    assert "53.5" in page
    assert "66.3" in page
    assert saved.owner_token not in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_the_short_link_leads_to_the_readers_language(browser: Client) -> None:
    saved = save(browser, CERAMICS)
    response = browser.get(f"/s/{saved.token}", headers={"Accept-Language": "ja,en;q=0.5"})
    assert response.headers["Location"] == shared(saved, "ja")
    assert "Accept-Language" in response.headers["Vary"]
    assert len(f"/s/{saved.token}") <= 20


def test_it_shows_what_was_true_then_and_says_that_today_would_answer_differently(browser: Client) -> None:
    saved = save(browser, answers("443333333", category="folk-textile", filled="folk-textile", market=["eu", "us"]))
    before = text(read(browser.get(shared(saved))))
    draft = in_source_language(Rubric).get()
    draft.strong = 80
    draft.save()
    activate(draft)
    after = text(read(browser.get(shared(saved))))
    assert "answers differently" in after
    assert "European Union : Promising, no longer Strong".replace(" :", ":") in after
    assert "United States: " not in after.partition("Ask again")[0].partition("answers differently")[2]
    assert before.count("72.5") == after.count("72.5"), "the answer itself is as it was"
    assert f"by version {RubricVersion.objects.last().key}" in after  # type: ignore[union-attr]


def test_a_difference_in_a_compared_product_or_a_market_that_is_gone_is_named(browser: Client) -> None:
    from urllib.parse import urlencode

    strong = answers("443333333", name="Scarf")
    saved = save(browser, answers("221001033", name="Sofa", market=["us"]) + "&" + urlencode({"with": strong}))
    draft = in_source_language(Rubric).get()
    draft.strong = 99
    draft.save()
    activate(draft)
    assert "Scarf · United States: Promising, no longer Strong" in text(read(browser.get(shared(saved))))
    Market.objects.filter(slug="us").delete()
    assert "us: no longer scored" in text(read(browser.get(shared(saved))))


def test_a_saved_answer_without_a_name_is_called_by_its_category_in_each_language(browser: Client) -> None:
    saved = save(browser, answers("443220323", category="ceramics", filled="ceramics", market="eu"))
    assert saved.name == ""
    assert "Ceramics" in text(read(browser.get(shared(saved))))
    assert "陶磁器" in text(read(browser.get(shared(saved, "ja"))))


def test_a_newer_rubric_that_changes_nothing_here_is_named_without_alarm(browser: Client) -> None:
    saved = save(browser, CERAMICS)
    draft = in_source_language(Rubric).get()
    draft.strong = 99
    draft.save()
    activate(draft)
    assert "gives the same verdicts" in text(read(browser.get(shared(saved))))


def test_the_owner_deletes_for_good(browser: Client) -> None:
    saved = save(browser, CERAMICS)
    assert browser.post(f"{shared(saved)}{'x' * 32}/").status_code == 404
    assert browser.post(shared(saved)).status_code == 405
    assert browser.get(owned(saved)).status_code == 200
    assert SavedAnswer.objects.exists(), "looking does not delete"
    response = browser.post(owned(saved), follow=True)
    assert "The answer is deleted" in text(read(response))
    assert not SavedAnswer.objects.exists()
    assert not SavedVerdict.objects.exists()
    for address in (shared(saved), owned(saved), f"/s/{saved.token}"):
        assert browser.get(address, follow=True).status_code == 404


def test_tokens_cannot_be_guessed(browser: Client) -> None:
    tokens = {save(browser, CERAMICS).token for _number in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch(r"[\w-]{12}", token) for token in tokens), "72 bits each"


def test_nothing_about_the_person_is_kept(browser: Client) -> None:
    saved = save(browser, CERAMICS)
    fields = {field.name for field in SavedAnswer._meta.get_fields()}
    assert fields == {
        "id", "token", "owner_token", "created_at", "version", "language", "name", "category", "question", "answers", "verdicts",
    }  # fmt: skip
    assert saved.language == "en"


@pytest.mark.parametrize(
    "state", ["", "category=nothing", "carriage=9&market=eu", "x" * 20_000, "%00=%00", "with=" + "a" * 3000]
)
def test_what_has_no_answer_is_not_saved(browser: Client, state: str) -> None:
    response = browser.post("/en/suitability/saved/", {"state": state})
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/en/suitability/")
    assert not SavedAnswer.objects.exists()


def test_answers_with_several_products_unknowns_and_costs_are_kept_whole(browser: Client) -> None:
    from urllib.parse import urlencode

    query = answers("443?33333", name="One", market=["eu"], price="60", shipping="12", currency="EUR")
    saved = save(browser, query + "&" + urlencode({"with": answers("222222222", name="Two")}))
    page = text(read(browser.get(shared(saved))))
    assert "One" in page
    assert "Two" in page
    assert "Find out first" in page
    assert "Flat duty of this market €3.00" in page
    assert SavedVerdict.objects.get().verdict == "range"


def test_an_answer_expires_after_eighteen_months(browser: Client, capsys: pytest.CaptureFixture[str]) -> None:
    old, young = save(browser, CERAMICS), save(browser, CERAMICS)
    age = datetime.timedelta(days=KEEP_DAYS)
    SavedAnswer.objects.filter(pk=old.pk).update(created_at=timezone.now() - age)
    SavedAnswer.objects.filter(pk=young.pk).update(created_at=timezone.now() - age + datetime.timedelta(hours=1))
    assert browser.get(shared(old)).status_code == 404, "even before the command has run"
    assert browser.get(shared(young)).status_code == 200
    call_command("expire_answers", "--dry-run")
    assert "1 saved answer would be removed." in capsys.readouterr().out
    assert SavedAnswer.objects.count() == 2
    call_command("expire_answers")
    assert SavedAnswer.objects.get() == young
    call_command("expire_answers")
    assert "0 saved answers removed." in capsys.readouterr().out


def test_editors_see_counts_by_month_category_market_and_verdict(browser: Client) -> None:
    for _number in range(3):
        save(browser, CERAMICS)
    last = save(browser, answers("343444343", category="online-course", filled="online-course", market=["jp"]))
    SavedAnswer.objects.filter(pk=last.pk).update(created_at=datetime.datetime(2026, 3, 31, 12, tzinfo=datetime.UTC))
    editor = client_of("Editors")
    page: Any = editor.get(reverse("suitability_answers"))
    tables = dict(page.context["tables"])
    assert dict(tables["By category"]) == {"Ceramics": 6, "Online course": 1}
    assert dict(tables["By market"]) == {"European Union": 3, "Japan": 4}
    assert dict(tables["By verdict"]) == {"Conditional": 6, "Strong": 1}
    assert [entry["number"] for entry in page.context["months"]] == [1, 6]
    page = editor.get(reverse("suitability_answers") + "?start=2026-03-01&end=2026-03-31")
    assert page.context["total"] == 1
    assert (
        "No answer was saved in this period."
        in editor.get(reverse("suitability_answers") + "?end=2020-01-01").content.decode()
    )
    assert (
        "before the first day"
        in editor.get(reverse("suitability_answers") + "?start=2026-03-01&end=2025-01-01").content.decode()
    )
    assert editor.get(reverse("suitability_answers") + "?start=x&end=\x00").status_code in (200, 400)


def test_the_counts_come_as_csv(browser: Client) -> None:
    save(browser, CERAMICS)
    response = client_of("Editors").get(reverse("suitability_answers") + "?export=csv")
    rows = response.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Month,Category,Market,Verdict,Number"
    assert len(rows) == 3
    assert rows[1].endswith("Ceramics,European Union,Conditional,1")
