"""Figures and rules: recorded once, cited everywhere, known to be stale before a reader finds out."""

import datetime
import random
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Locale, ReferenceIndex
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from evidence.citations import cite_text
from evidence.codes import Code, codes_in
from evidence.dates import date_text, first_day, last_day
from evidence.models import Figure, Rule, Source
from evidence.prose import Known, repeated_numbers
from evidence.records import records
from evidence.repeats import repeats
from evidence.units import Unit
from evidence.use import all_uses
from guides.models import Question
from pages.links import stream_html
from tests.conftest import LANGUAGES, client_of, page_at
from tests.documents import read
from tests.records import figure, publish

pytestmark = pytest.mark.usefixtures("site")

KEYS_OF_THE_CHECK = {
    "periscope-history", "shop-module", "live-eligibility", "live-resolution", "auto-translation", "stripe-checkout",
    "spaces", "hashtags", "ecommerce-loop", "market-size-2023", "chargebacks", "delivery-days", "return-cost",
    "live-conversion", "seven-day-tail", "own-site-conversion", "shein-live", "komorebi",
}  # fmt: skip
RULES_OF_THE_CHECK = {
    "eu-withdrawal", "eu-gpsr", "eu-duty", "eu-vat", "us-de-minimis", "us-disclosure", "uk-cancel", "jp-returns",
    "jp-consumption-tax", "x-paid-partnership", "cn-export",
}  # fmt: skip


# --- Numbers and dates in the reader's language ---------------------------------------------------------------------


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("unit", "low", "high", "bound", "en", "zh", "ja"),
    [
        ("percent", "3", "5", "", "3–5%", "3%–5%", "3～5%"),
        ("percent", "0.046", None, "", "0.046%", "0.046%", "0.046%"),
        ("percent", "19", None, "about", "about 19%", "约 19%", "約19%"),
        ("usd-billion", "500", None, "over", "over US$500 bn", "超过 5000 亿美元", "5,000億ドル超"),
        ("usd-billion", "682.5", None, "", "US$682.5 bn", "6825 亿美元", "6,825億ドル"),
        ("usd-billion", "1", "128", "", "US$1 bn–US$128 bn", "10 亿–1280 亿美元", "10億～1,280億ドル"),
        ("usd-billion", "1234", None, "", "US$1,234 bn", "12,340 亿美元", "1兆2,340億ドル"),
        ("usd-billion", "0.05", None, "", "US$0.05 bn", "5000 万美元", "5,000万ドル"),
        ("eur", "150", None, "", "€150", "150 欧元", "150ユーロ"),
        ("eur", "3", "5", "", "€3–€5", "3–5 欧元", "3～5ユーロ"),
        ("gbp", "135", None, "", "£135", "135 英镑", "135ポンド"),
        ("jpy", "10000", None, "", "¥10,000", "1 万日元", "1万円"),
        ("days", "7", "20", "", "7–20 days", "7–20 天", "7～20日"),
        ("days", "0", "1", "", "0–1 days", "0–1 天", "0～1日"),
        ("people", "120000", None, "", "120,000 people", "12 万人", "12万人"),
        ("people", "120000000", None, "", "120,000,000 people", "1.2 亿人", "1億2,000万人"),
        ("lines", "720", "10800", "", "720p–10800p", "720p–10800p", "720p～10800p"),
        ("lines", "1080", None, "", "1080p", "1080p", "1080p"),
        ("times", "3", "5", "", "3–5 times", "3–5 倍", "3～5倍"),
    ],
)
def test_a_value_is_written_as_its_reader_writes_it(
    unit: str, low: str, high: str | None, bound: str, en: str, zh: str, ja: str
) -> None:
    for language, text in zip(LANGUAGES, (en, zh, ja), strict=True):
        with override(language):
            assert Unit(unit).text(Decimal(low), Decimal(high) if high else None, bound) == text


AS_NUMBERS = re.compile(r"(\d[\d,.]*) ?(万亿|[万亿億兆])?")
SIZES = {"": 1, "万": 10**4, "億": 10**8, "亿": 10**8, "万亿": 10**12, "兆": 10**12}
COUNTS = {
    "en": (
        "percent %, usd-billion US$, eur €, gbp £, jpy ¥, days day, months month, people pe, orders order, shows show"
    ),
    "zh-hans": "percent %, usd-billion 美元, eur 欧元, gbp 英镑, jpy 日元, days 天, months 个月, people 人, orders 单, shows 场",
    "ja": "percent %, usd-billion ドル, eur ユーロ, gbp ポンド, jpy 円, days 日, months か月, people 人, orders 件, shows 回",
}


def read_back(text: str) -> list[Decimal]:
    """The numbers that a reader takes from a value: 2万3,000 is one, 3–5 are two."""
    ends = [AS_NUMBERS.findall(end) for end in re.split("[–～]", text)]
    return [sum((Decimal(n.replace(",", "")) * SIZES[size] for n, size in end), Decimal(0)) for end in ends]


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_recorded_is_written_without_loss(language: str) -> None:
    chance = random.Random(4)  # noqa: S311 - the same numbers each time
    words = dict(pair.split(" ") for pair in COUNTS[language].split(", "))
    numbers = [Decimal(0), Decimal("0.0001"), Decimal(1), Decimal(10) ** 11 - 1, Decimal(10) ** 15]
    numbers += [
        Decimal(chance.randrange(10 ** chance.randint(1, 15))).scaleb(-chance.randint(0, 4)) for _ in range(300)
    ]
    with override(language):
        for unit in Unit:
            for low, other in zip(numbers, chance.sample(numbers, len(numbers)), strict=True):
                low, high = sorted((low, other))
                scale = 10**9 if unit == Unit.USD_BILLION and language != "en" else 1
                for text, ends in ((unit.text(low), [low]), (unit.text(low, high), sorted({low, high}))):
                    assert read_back(text) == [end * scale for end in ends], text
                    assert words.get(unit.value, "") in text
                    assert text == " ".join(text.split())
                    assert "E" not in text.replace("EUR", "")
                assert unit.text(low, low) == unit.text(low)
                assert read_back(unit.number(low, high)) == [end * scale for end in sorted({low, high})]


def test_a_date_is_as_exact_as_it_is_known() -> None:
    assert (first_day("2028-04"), last_day("2028-02")) == (datetime.date(2028, 4, 1), datetime.date(2028, 2, 29))
    for language, texts in (
        ("en", "1 July 2026|April 2028|2024"),
        ("zh-hans", "2026 年 7 月 1 日|2028 年 4 月|2024 年"),
    ):
        with override(language):
            assert "|".join(date_text(date) for date in ("2026-07-01", "2028-04", "2024")) == texts
    with pytest.raises(ValueError, match="month"):
        first_day("2026-13")


def test_all_rows_of_the_check_are_loaded_in_three_languages() -> None:
    for language in LANGUAGES:
        known = records(language)
        assert known.figures.keys() >= KEYS_OF_THE_CHECK
        assert known.rules.keys() >= RULES_OF_THE_CHECK
        with override(language):
            assert all(entry.lang == language for entry in known.entries), "each has wording of its own"
            assert all(source.lang == language for entry in known.entries for source in entry.sources)


# --- Citing -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["guide/payments/", "cases/shein/", "faq/", "categories/cosmetics/"])
def test_every_citation_has_a_note_and_every_note_leads_back(language: str, address: str, browser: Client) -> None:
    page = read(browser.get(f"/{language}/{address}"))
    references = page.all("a", role="doc-noteref")
    backlinks = page.all("a", role="doc-backlink")
    assert references
    assert all(link["href"].removeprefix("#") in page.ids for link in (*references, *backlinks))
    assert {link["id"] for link in references} == {link["href"].removeprefix("#") for link in backlinks}
    assert all(re.match(r"\S+.*\d", link["aria-label"]) for link in references)
    assert len(page.ids) == len(set(page.ids))
    assert page.one("section", role="doc-endnotes")["aria-labelledby"] == "notes"
    numbers = [int(re.sub(r"\D", "", link["href"])) for link in references]
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1)), "numbered in the order of the text"
    firsts = [number for place, number in enumerate(numbers) if number not in numbers[:place]]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_shows_value_and_status_without_colour(language: str, browser: Client) -> None:
    text = read(browser.get(f"/{language}/guide/payments/")).text
    value = {"en": "3–5%", "zh-hans": "3%–5%", "ja": "3～5%"}[language]
    assert re.search(rf'<bdi class="cite__value">{value}</bdi>&#8288;<sup[^>]*><a [^>]*>≠\[\d', text)
    assert "cite--missing" not in text


def test_a_changed_figure_is_seen_in_all_languages_also_by_who_has_kept_the_page(browser: Client) -> None:
    before = {language: browser.get(f"/{language}/guide/payments/") for language in LANGUAGES}
    publish(figure(), high=Decimal("1.2"))
    for language, texts in {"en": "0.5–1.2%", "zh-hans": "0.5%–1.2%", "ja": "0.5～1.2%"}.items():
        answer = browser.get(
            f"/{language}/guide/payments/", headers={"If-None-Match": before[language].headers["ETag"]}
        )
        assert answer.status_code == 200, "what a browser kept is no longer valid"
        assert texts in answer.content.decode()
        assert texts in browser.get(f"/{language}/faq/").content.decode()
        assert texts not in before[language].content.decode()


@override_settings(
    WAGTAILFRONTENDCACHE={"front": {"BACKEND": "wagtail.contrib.frontend_cache.backends.dummy.DummyBackend"}}
)
def test_a_cache_in_front_of_the_site_is_told_which_pages_changed(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    purged: set[str] = set()
    monkeypatch.setattr("evidence.signals.purge_url_from_cache", purged.add)
    with django_capture_on_commit_callbacks(execute=True):
        publish(figure(), high=Decimal("1.2"))
    paths = {re.sub(r"^https?://[^/]+", "", address) for address in purged}
    for language in LANGUAGES:
        assert {f"/{language}/guide/payments/", f"/{language}/faq/", f"/{language}/evidence/"} <= paths
        assert f"/{language}/evidence/figures/chargebacks/" in paths


def test_search_finds_a_page_by_the_value_of_its_figures() -> None:
    page = page_at("/zh-hans/guide/payments/")
    assert "3%–5%" in page.searchable_text()
    assert "figure:" not in page.searchable_text()
    question = Question.objects.get(slug="returns-eu", locale__language_code="ja")
    assert "14日" in question.searchable_text()
    assert "figure:" not in question.searchable_text()


def test_citations_survive_a_copy_a_translation_and_the_content_loader(browser: Client) -> None:
    page = page_at("/en/guide/payments/")
    copied = page.copy(update_attrs={"slug": "payments-copy"}, keep_live=True)
    assert "0.5–1%" in browser.get(copied.url).content.decode()
    assert str(copied.pk) in {found.object_id for found in ReferenceIndex.get_references_to(figure())}
    call_command("load_content", verbosity=0)
    for language in LANGUAGES:
        codes = codes_in(stream_html(page_at(f"/{language}/guide/payments/").body))
        assert Code("figure", "chargebacks", "article") in codes


def test_a_translator_who_loses_a_citation_is_told(site: None) -> None:
    page = page_at("/en/guide/payments/")
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation = Translation.objects.get(source=source, target_locale__language_code="ja")
    segment = next(
        one for one in source.stringsegment_set.select_related("string") if "figure:chargebacks" in one.string.data
    )
    string = StringTranslation.objects.get(
        translation_of=segment.string, locale=translation.target_locale, context=segment.context
    )
    string.data = "引用のない文です。"
    string.save()
    string.refresh_from_db()
    assert string.has_error
    assert "figure:chargebacks" in string.get_error()


def test_a_figure_without_a_number_shows_its_note_alone_and_a_lost_one_says_so(browser: Client) -> None:
    question = Question.objects.get(slug="kpis", locale__language_code="en")
    question.answer = (
        '<p>Posts are translated<a linktype="figure" key="auto-translation">figure:auto-translation</a>. '
        'Lost: <a linktype="figure" key="nothing">figure:nothing</a>.</p>'
    )
    question.save_revision().publish()
    text = browser.get("/en/faq/").content.decode()
    assert re.search(
        r'translated<span class="cite">(&#8288;|\u2060)<sup class="cite__mark"><a [^>]*>✓\[\d+\]</a></sup></span>\.',
        text,
    )
    assert "[figure not available]" in text


def test_a_code_is_read_where_plain_text_runs_a_word_into_it() -> None:
    assert cite_text("Since October 2021figure:spaces-launch/note.") == "Since October 2021."
    assert [str(code) for code in codes_in("Premiumrule:eu-duty 付费figure:chargebacks。")] == [
        "rule:eu-duty",
        "figure:chargebacks",
    ]


def test_citations_cost_no_queries(browser: Client) -> None:
    def queries() -> int:
        browser.get("/en/guide/payments/")
        with CaptureQueriesContext(connection) as captured:
            browser.get("/en/guide/payments/")
        return len(captured)

    before = queries()
    page = page_at("/en/guide/payments/")
    cited = "".join(
        f'<p><a linktype="{entry.kind}" key="{entry.key}">{entry.code}</a></p>' for entry in records("en").entries
    )
    page.body = page.body.stream_block.to_python([*page.body.raw_data, {"type": "text", "value": cited}])
    page.save_revision().publish()
    assert len(read(browser.get("/en/guide/payments/")).all("a", role="doc-noteref")) > 60
    assert queries() == before


def test_a_page_with_an_overdue_figure_says_so_at_its_top(browser: Client) -> None:
    for language in LANGUAGES:
        assert 'class="callout callout--warning overdue"' not in browser.get(f"/{language}/faq/").content.decode()
    publish(figure(), review_by=datetime.date(2026, 1, 31))
    for language, words in {"en": "overdue for review", "zh-hans": "已过复核期限", "ja": "見直しの期限"}.items():
        text = browser.get(f"/{language}/faq/").content.decode()
        assert words in text
        assert text.index(words) < text.index('class="question"')


def test_an_answer_that_rests_on_an_overdue_rule_says_so(browser: Client) -> None:
    address = "/en/suitability/?category=ceramics&filled=ceramics&market=eu"
    assert "overdue for review" not in browser.get(address, follow=True).content.decode()
    publish(Rule.objects.get(slug="eu-gpsr", locale__language_code="en"), review_by=datetime.date(2026, 1, 31))
    text = browser.get(address, follow=True).content.decode()
    assert text.index("overdue for review") < text.index('class="score-table"')


def test_an_answer_cites_the_records_it_rests_on(browser: Client) -> None:
    page = read(browser.get("/ja/suitability/?category=cosmetics&filled=cosmetics&market=eu", follow=True))
    linked = {link["href"] for link in page.all("a")}
    for key in ("eu-withdrawal", "eu-gpsr", "eu-duty", "eu-cosmetics"):
        assert f"/ja/evidence/rules/{key}/" in linked
    assert page.all("a", role="doc-noteref")
    references = [link["href"].removeprefix("#") for link in page.all("a", role="doc-noteref")]
    assert set(references) <= set(page.ids)


# --- Not to be taken away ----------------------------------------------------------------------------------------------


def test_a_cited_record_can_neither_be_deleted_nor_unpublished() -> None:
    for record in (figure(), Rule.objects.get(slug="eu-gpsr", locale__language_code="en")):
        with pytest.raises(ProtectedError, match="cited"):
            record.delete()
        with pytest.raises(ProtectedError):
            record.unpublish()
        assert type(record).objects.filter(pk=record.pk, live=True).exists()
    with pytest.raises(ProtectedError):
        Source.objects.get(slug="article", locale__language_code="en").delete()


def test_the_admin_refuses_with_the_list_of_pages() -> None:
    moderator = client_of("Moderators")
    for view in ("delete", "unpublish"):
        answer = moderator.post(reverse(f"wagtailsnippets_evidence_figure:{view}", args=[figure().pk]))
        assert answer.status_code == 409
        text = answer.content.decode()
        assert page_at("/en/guide/payments/").title in text
        assert page_at("/ja/guide/payments/").title in text
        assert reverse("wagtailadmin_pages:edit", args=[page_at("/en/guide/payments/").pk]) in text
    assert figure().live


def test_a_record_that_only_a_draft_cites_is_kept_as_well() -> None:
    spare = Figure(
        locale=Locale.objects.get(language_code="en"), slug="spare", statement="Spare", topic="platform",
        status="assumption", as_of="2026", review_by=datetime.date(2027, 1, 1),
    )  # fmt: skip
    spare.save()
    spare.save_revision().publish()
    question = Question.objects.get(slug="kpis", locale__language_code="en")
    question.answer = '<p><a linktype="figure" key="spare">figure:spare</a></p>'
    question.save_revision()
    (use,) = all_uses(spare.code)
    assert use.is_draft
    with pytest.raises(ProtectedError):
        spare.delete()
    question.get_latest_revision().delete()
    Question.objects.filter(pk=question.pk).update(latest_revision=None, has_unpublished_changes=False)
    spare.delete()


def test_the_score_keeps_its_records_as_well() -> None:
    uses = all_uses(Code("rule", "eu-medicines"))
    assert any("Suitability score" in use.title for use in uses)


def test_a_cited_record_that_expires_stays_and_does_not_stop_the_timer() -> None:
    publish(figure(), expire_at=timezone.now() - datetime.timedelta(minutes=1))
    call_command("publish_scheduled")
    assert figure().live


# --- Prose ----------------------------------------------------------------------------------------------------------------

PERCENT = Known("percent", Decimal(3), Decimal(5), "figure:a")
DAYS = Known("days", Decimal(14), Decimal(14), "figure:b")
PEOPLE = Known("people", Decimal(23000), Decimal(23000), "figure:c")
EURO = Known("eur", Decimal(150), Decimal(150), "figure:d")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Some 3–5% of cards", ["figure:a"]),
        ("有 3%–5% 的卡", ["figure:a"]),
        ("カードの3～5%", ["figure:a"]),
        ("a 14-day period and 14 days", ["figure:b", "figure:b"]),
        ("14 天内", ["figure:b"]),
        ("14日以内", ["figure:b"]),
        ("7月14日", []),
        ("14 % of them", []),
        ("114 days", []),
        ("at 3%", []),
        ("2.3 万人", ["figure:c"]),
        ("2万3,000人", ["figure:c"]),
        ("23,000 people", ["figure:c"]),
        ("150 EUR, €150, 150 欧元, 150ユーロ", ["figure:d"] * 4),
        ("from 13 December 2024", ["rule:e/from"]),
    ],
)
def test_a_number_typed_in_prose_is_told_from_others(text: str, codes: list[str]) -> None:
    found = repeated_numbers(text, [PERCENT, DAYS, PEOPLE, EURO], [("13 December 2024", "rule:e/from")])
    assert [one.code for one in found] == codes


def test_no_shipped_text_types_a_recorded_number_and_one_that_does_is_found() -> None:
    assert not list(repeats())
    page = page_at("/zh-hans/guide/payments/")
    page.summary = "国际信用卡有 3%–5% 会被拒付。"
    page.save_revision().publish()
    (found,) = repeats()
    assert (found.text, found.code, found.use.language) == ("3%–5%", "figure:chargebacks/article", "zh-hans")
