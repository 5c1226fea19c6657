"""What editors do with figures and rules: see their effect, keep them fresh, choose them, be told of mistakes."""

import csv
import datetime
import io
import json
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Locale

from evidence.codes import Code
from evidence.effect import effect_of
from evidence.freshness import Reason, findings
from evidence.models import Figure, FigureSource, Rule
from evidence.records import records
from evidence.units import Bound, Unit
from evidence.use import live_uses
from suitability.models import Market
from tests.conftest import client_of, page_at
from tests.records import figure, publish

pytestmark = pytest.mark.usefixtures("site")

SHIPPED = datetime.date(2026, 11, 26)


def form_data(record: Figure, **changed: str) -> dict[str, str]:
    """What the edit form of a figure posts."""
    names = (
        "statement",
        "unit",
        "bound",
        "note",
        "topic",
        "region",
        "status",
        "as_of",
        "article",
        "article_bound",
        "slug",
    )
    data = {name: str(getattr(record, name)) for name in names}
    for name in ("low", "high", "article_low", "article_high"):
        value = getattr(record, name)
        data[name] = "" if value is None else str(value)
    data["review_by"] = record.review_by.isoformat()
    rows = list(record.figure_sources.all())
    data |= {
        "figure_sources-TOTAL_FORMS": str(len(rows)),
        "figure_sources-INITIAL_FORMS": str(len(rows)),
        "figure_sources-MIN_NUM_FORMS": "0",
        "figure_sources-MAX_NUM_FORMS": "1000",
    }
    for number, row in enumerate(rows):
        prefix = f"figure_sources-{number}"
        data |= {
            f"{prefix}-id": str(row.pk),
            f"{prefix}-source": str(row.source_id),
            f"{prefix}-ORDER": str(number + 1),
        }
    return data | changed


def test_what_shipped_is_in_order_on_the_day_it_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_evidence", "--on", SHIPPED.isoformat())
    assert "in order" in capsys.readouterr().out


def test_the_check_exits_with_a_list_of_what_is_overdue_unsourced_or_uncited(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spare = Figure(
        locale=Locale.objects.get(language_code="en"), slug="spare", statement="Spare", topic="platform",
        status="assumption", as_of="2026", review_by=datetime.date(2026, 1, 1),
    )  # fmt: skip
    spare.save()
    with pytest.raises(CommandError, match="1 problem"):
        call_command("check_evidence", "--on", SHIPPED.isoformat())
    assert "figure:spare: overdue, without a source, cited by nothing" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("check_evidence", "--on", "2030-01-01")


def test_the_freshness_report_names_each_reason_by_language() -> None:
    publish(figure(), review_by=SHIPPED - datetime.timedelta(days=1))
    publish(figure("spaces"), review_by=SHIPPED + datetime.timedelta(days=60))
    FigureSource.objects.filter(figure=figure("hashtags")).delete()
    figure("spaces", "ja").delete()
    found = {one.entry.key: one for one in findings("ja", SHIPPED)}
    assert found["chargebacks"].reasons == (Reason.OVERDUE, Reason.DISPUTED)
    assert found["spaces"].reasons == (Reason.DUE_SOON, Reason.UNTRANSLATED)
    assert found["hashtags"].reasons == (Reason.UNSOURCED,)
    assert {use.language for use in found["chargebacks"].uses} == {"ja"}
    everywhere = {one.entry.key: one for one in findings(day=SHIPPED)}
    assert everywhere["spaces"].reasons == (Reason.DUE_SOON, Reason.UNTRANSLATED), "in one of the languages"
    assert "en" in {use.language for use in everywhere["chargebacks"].uses}
    assert Reason.UNTRANSLATED not in {one.entry.key: one for one in findings("zh-hans", SHIPPED)}["spaces"].reasons
    assert next(iter(findings("ja", SHIPPED))).entry.key == "chargebacks", "the most urgent first"


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_the_report_is_read_narrowed_and_taken_away(group: str) -> None:
    client = client_of(group)
    publish(figure(), review_by=datetime.date(2026, 1, 1))
    address = reverse("evidence_report")
    text = client.get(address).content.decode()
    assert "Share of card payments that are charged back" in text
    assert page_at("/en/guide/payments/").title in text
    assert "Share of card payments" not in client.get(f"{address}?reason=unsourced").content.decode()
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"{address}?reason=overdue&export=csv").content.decode("utf-8-sig")))
    )
    assert [row["key"] for row in rows] == ["figure:chargebacks"]
    assert Client().get(address).status_code == 302


def test_the_page_editor_lists_its_figures_and_the_numbers_it_types() -> None:
    client = client_of("Editors")
    page = page_at("/en/guide/payments/")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    text = client.get(address).content.decode()
    assert reverse("wagtailsnippets_evidence_figure:edit", args=[figure().pk]) in text
    assert "0.5–1%" in text
    assert "figure:chargebacks/article</code>" not in text
    page.summary = "Some 3–5% of payments fail."
    page.save_revision().publish()
    assert "figure:chargebacks/article</code>" in client.get(address).content.decode()


def test_the_editor_of_a_translation_lists_its_figures_and_the_numbers_it_types() -> None:
    client = client_of("Editors")
    page = page_at("/ja/guide/payments/")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    text = client.get(address).content.decode()
    assert "js-translation-editor" in text
    assert reverse("wagtailsnippets_evidence_figure:edit", args=[figure().pk]) in text
    assert "0.5～1%" in text
    page.summary = "カードの3～5%が失敗します。"
    page.save_revision().publish()
    assert "figure:chargebacks/article</code>" in client.get(address).content.decode()
    market = Market.objects.get(slug="eu", locale__language_code="ja")
    assert client_of("Moderators").get(AdminURLFinder().get_edit_url(market)).status_code == 200, "it cites nothing"


def test_publishing_a_changed_figure_shows_its_effect_first_and_loses_nothing() -> None:
    moderator = client_of("Moderators")
    address = reverse("wagtailsnippets_evidence_figure:edit", args=[figure().pk])
    data = form_data(figure(), high="1.2", **{"action-publish": "action-publish"})
    answer = moderator.post(address, data)
    text = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("0.5–1.2%", "0.5%–1.2%", "0.5～1.2%", "0.5–1%", page_at("/ja/guide/payments/").title):
        assert shown in text, shown
    assert figure().high == 1, "nothing is published yet"
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))
    assert hidden["high"] == "1.2"
    assert moderator.post(address, hidden | {"action-publish": "action-publish"}).status_code == 302
    assert figure().high == Decimal("1.2")


def test_an_editor_submits_and_a_moderator_approves_after_seeing_the_effect() -> None:
    editor, moderator = client_of("Editors"), client_of("Moderators")
    address = reverse("wagtailsnippets_evidence_figure:edit", args=[figure().pk])
    editor.post(address, form_data(figure(), high="1.2", **{"action-submit": "action-submit"}))
    record = figure()
    assert record.workflow_in_progress
    assert record.high == 1
    state = record.current_workflow_task_state
    names = {
        name
        for name, _label, modal in state.task.specific.get_actions(record, User.objects.get(username="a-moderators"))
        if not modal
    }
    assert "approve" not in names, "there is no way round the dialog"
    form = reverse("wagtailsnippets_evidence_figure:workflow_action", args=[record.pk, "approve", state.pk])
    text = json.loads(moderator.get(form).content)["html"]
    assert "0.5–1.2%" in text
    assert "sentences that would read differently" in text
    moderator.post(form, {"comment": ""})
    assert figure().high == Decimal("1.2")


def test_the_effect_compares_every_sentence_that_prints_the_value() -> None:
    record = figure()
    record.high = Decimal("1.2")
    record.status = "supported"
    effect = effect_of(record)
    assert ("Value", "English", "0.5–1%", "0.5–1.2%") in {
        (one.label, one.language, one.before, one.after) for one in effect.changes
    }
    assert any("0.5%–1%" in place.before and "0.5%–1.2%" in place.after for place in effect.places)
    assert effect_of(figure()).changes == []


def test_a_key_never_changes_and_is_unique_over_figures_and_rules() -> None:
    from django.core.exceptions import ValidationError

    record = figure()
    record.slug = "other"
    with pytest.raises(ValidationError, match="never changes"):
        record.clean()
    rule = Rule.objects.get(slug="eu-gpsr", locale__language_code="en")
    rule.slug, rule.pk = "chargebacks", None
    with pytest.raises(ValidationError, match="choose another"):
        rule.clean()


def test_wrong_figures_are_refused_in_words() -> None:
    from django.core.exceptions import ValidationError

    record = figure()
    record.low, record.high = Decimal(5), Decimal(3)
    with pytest.raises(ValidationError, match="lower end"):
        record.full_clean()
    record = figure()
    record.as_of = "2026-02-30"
    with pytest.raises(ValidationError, match="2028-04"):
        record.full_clean()
    record = figure()
    record.unit = ""
    with pytest.raises(ValidationError, match="what the number counts"):
        record.full_clean()


def test_old_values_of_a_figure_can_be_seen_and_compared() -> None:
    moderator = client_of("Moderators")
    publish(figure(), high=Decimal("1.2"))
    history = moderator.get(reverse("wagtailsnippets_evidence_figure:history", args=[figure().pk]))
    assert history.status_code == 200
    first, last = figure().revisions.order_by("pk").first(), figure().latest_revision
    compare = reverse("wagtailsnippets_evidence_figure:revisions_compare", args=[figure().pk, first.pk, last.pk])
    text = moderator.get(compare).content.decode()
    assert "1.2" in text


@pytest.mark.parametrize(("query", "found"), [("chargebacks", True), ("0.5–1%", True), ("zebra", False)])
def test_the_chooser_finds_a_record_by_words_numbers_and_key(query: str, found: bool) -> None:
    client = client_of("Editors")
    answer = client.get(reverse("citation_chooser:choose_results"), {"q": query, "kind": "figure"})
    assert answer.status_code == 200
    assert ("figure_3Achargebacks" in answer.content.decode()) is found


def test_the_chooser_answers_with_the_code_and_what_the_editor_shows() -> None:
    client = client_of("Editors")
    answer = client.get(reverse("citation_chooser:chosen", args=["figure_3Achargebacks_2Farticle"]))
    result = json.loads(answer.content)["result"]
    assert (result["id"], result["key"], result["value"]) == (
        "figure:chargebacks/article",
        "chargebacks/article",
        "3–5%",
    )
    assert client.get(reverse("citation_chooser:chosen", args=["figure_3Anothing"])).status_code != 200


def test_a_record_can_be_previewed_as_readers_see_it_and_with_its_effect() -> None:
    record = figure("chargebacks", "ja")
    for mode, words in (("", "カード決済に占める"), ("effect", "引用")):
        response = record.make_preview_request(preview_mode=mode)
        assert words in response.content.decode()


def test_evidence_is_never_stale_in_a_process_that_has_read_it_before() -> None:
    with override("ja"):
        before = records().figures["chargebacks"]
        publish(figure(), status="supported")
        assert records().figures["chargebacks"].status == "supported"
        assert before.status == "disputed"
        with CaptureQueriesContext(connection) as captured:
            records()
        assert len(captured) == 1


def test_live_uses_are_those_of_the_readers_language() -> None:
    with override("ja"):
        (uses,) = live_uses([Code("figure", "chargebacks")]).values()
    assert uses
    assert all(use.url.startswith("/ja/") for use in uses)


def test_bounds_are_the_words_editors_choose() -> None:
    assert [Unit.PERCENT.text(Decimal(2), None, bound) for bound in Bound] == ["about 2%", "over 2%", "under 2%"]
