"""What readers see of the evidence beside citations: lists, history, downloads, the timeline and its calendars."""

import csv
import datetime
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar
from wagtail.models import Locale

from evidence.models import Figure, FigureSource, Source
from evidence.records import records
from evidence.units import Unit
from tests.conftest import LANGUAGES
from tests.records import figure, publish

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_is_narrowed_by_status_topic_and_market(language: str, browser: Client) -> None:
    known = records(language)
    all_of_them = []
    for number in range(1, len(known.figures) // 15 + 2):
        page = browser.get(f"/{language}/evidence/?page={number}")
        all_of_them += re.findall(r'id="figure-([a-z0-9-]+)"', page.content.decode())
    assert sorted(all_of_them) == sorted(known.figures)
    text = browser.get(f"/{language}/evidence/?status=disputed&topic=payments").content.decode()
    assert sorted(re.findall(r'id="figure-([a-z0-9-]+)"', text)) == ["card-declines", "chargeback-limit", "chargebacks"]
    assert 'content="noindex' in text
    text = browser.get(f"/{language}/evidence/?market=uk").content.decode()
    assert sorted(re.findall(r'id="figure-([a-z0-9-]+)"', text)) == ["uk-cancel-days", "uk-duty-limit"]
    empty = browser.get(f"/{language}/evidence/?market=nowhere")
    assert empty.status_code == 200
    assert "figure-card" not in empty.content.decode()


def test_a_figure_shows_its_history_and_the_pages_that_use_it(browser: Client) -> None:
    publish(figure(), high=Decimal("1.2"))
    for language in LANGUAGES:
        text = browser.get(f"/{language}/evidence/figures/chargebacks/").content.decode()
        with override(language):
            now, then = (Unit.PERCENT.text(Decimal("0.5"), Decimal(high)) for high in ("1.2", "1"))
        assert text.index(f"<td>{now}</td>") < text.index(f"<td>{then}</td>")
        assert f'href="/{language}/guide/payments/"' in text
        assert f'href="/{language}/faq/#chargeback-vs-decline"' in text
    assert browser.get("/en/evidence/figures/nothing/").status_code == 404


def test_publishing_the_same_again_adds_nothing_to_the_history() -> None:
    before = figure().published_values.count()
    publish(figure(), note="Another note.")
    assert figure().published_values.count() == before


def test_the_downloads_hold_every_figure_with_exact_numbers(browser: Client) -> None:
    data = json.loads(browser.get("/ja/evidence/figures.json").content)
    by_key = {row["key"]: row for row in data["figures"]}
    assert data["language"] == "ja"
    assert by_key.keys() == records("ja").figures.keys()
    assert (by_key["chargebacks"]["low"], by_key["chargebacks"]["high"], by_key["chargebacks"]["value"]) == (
        "0.5",
        "1",
        "0.5～1%",
    )
    assert (
        by_key["nrf" if "nrf" in by_key else "return-rate-online"]["sources"][0]["publisher"] == "全米小売業協会（NRF）"
    )
    answer = browser.get("/en/evidence/figures.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["key"] for row in rows] == list(records("en").figures)
    assert "attachment" in answer.headers["Content-Disposition"]
    publish(figure("spaces"), statement="=HYPERLINK(1)")
    rows = list(csv.DictReader(io.StringIO(browser.get("/en/evidence/figures.csv").content.decode("utf-8-sig"))))
    assert next(row["statement"] for row in rows if row["key"] == "spaces") == "'=HYPERLINK(1)"


def test_the_timeline_tells_what_is_coming_from_what_has_changed(browser: Client) -> None:
    text = browser.get("/en/evidence/rules/").content.decode()
    coming, past = text.index('id="coming"'), text.index('id="past"')
    assert coming < text.index("April 2028") < past
    assert past < text.index("13 December 2024")
    assert past < text.index("19 June 2026") < text.index("29 August 2025"), "the latest first"
    assert re.search(r'class="cite__value">14 days</bdi>', text)
    only = browser.get("/en/evidence/rules/?market=jp").content.decode()
    assert "April 2028" in only
    assert "13 December 2024" not in only


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_standard_parser_opens_the_calendar(language: str, browser: Client) -> None:
    answer = browser.get(f"/{language}/evidence/rules/eu.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert len(events) == 5
    duty = events[f"eu-duty-from-{language}@crosscast"]
    assert duty["dtstart"].dt == datetime.date(2026, 7, 1)
    assert duty["dtend"].dt == datetime.date(2026, 7, 2)
    with override(language):
        assert Unit.EUR.text(Decimal(3)) in str(duty["description"])
    assert str(duty["url"]).endswith(f"/{language}/evidence/rules/eu-duty/")
    month = next(
        event
        for event in Calendar.from_ical(browser.get(f"/{language}/evidence/rules/jp.ics").content).walk("VEVENT")
        if "consumption" in event["uid"]
    )
    assert (month["dtstart"].dt, month["dtend"].dt) == (datetime.date(2028, 4, 1), datetime.date(2028, 5, 1))
    everything = Calendar.from_ical(browser.get(f"/{language}/evidence/rules.ics").content)
    assert len(everything.walk("VEVENT")) == sum(
        bool(rule.starts) + bool(rule.ends) for rule in records(language).rules.values()
    )
    assert browser.get(f"/{language}/evidence/rules/nowhere.ics").status_code == 404


def test_a_calendar_says_when_each_event_changed_and_else_stays_as_it_is(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def event(answer: HttpResponse) -> Any:
        found = {str(one["uid"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}
        return found["eu-duty-from-ja@crosscast"]

    first = browser.get("/ja/evidence/rules/eu.ics")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: tomorrow)
        later = browser.get("/ja/evidence/rules/eu.ics", headers={"If-None-Match": first.headers["ETag"]})
        assert later.status_code == 304, "programs ask every day"
        publish(figure("eu-duty-amount"), low=Decimal(4))
        changed = browser.get("/ja/evidence/rules/eu.ics", headers={"If-None-Match": first.headers["ETag"]})
    before, after = event(first), event(changed)
    assert "4ユーロ" in str(after["description"])
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt == after["dtstamp"].dt == tomorrow.replace(microsecond=0)
    assert all(len(line) <= 75 for line in first.content.split(b"\r\n"))
    first.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_record_stands_in_the_sitemap(language: str, browser: Client) -> None:
    listing = browser.get(f"/{language}/sitemap.xml").content.decode()
    addresses = re.findall(r"<loc>[a-z]+://[^/]+([^<]+)</loc>", listing)
    with override(language):
        wanted = {entry.url for entry in records(language).entries} | {f"/{language}/evidence/rules/"}
    assert wanted <= set(addresses)
    assert len(addresses) == len(set(addresses))
    page = browser.get(f"/{language}/evidence/figures/chargebacks/").content.decode()
    for other in LANGUAGES:
        assert re.search(
            f'rel="alternate" hreflang="[a-zA-Z-]+" href="[^"]+/{other}/evidence/figures/chargebacks/"', page
        )


def test_lists_cost_the_same_queries_however_much_is_recorded(browser: Client) -> None:
    def queries(address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        return len(captured)

    addresses = ("/en/evidence/", "/en/evidence/rules/", "/en/evidence/figures/chargebacks/", "/en/faq/")
    before = [queries(address) for address in addresses]
    for number in range(30):
        more = Figure(
            locale=Locale.objects.get(language_code="en"), slug=f"more-{number}", statement=f"More {number}",
            topic="platform", status="assumption", as_of="2026", review_by=datetime.date(2027, 1, 1),
        )  # fmt: skip
        more.save()
        FigureSource.objects.create(figure=more, source=Source.objects.get(slug="article", locale=more.locale))
        more.save_revision().publish()
    assert [queries(address) for address in addresses] == before
