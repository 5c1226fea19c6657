"""Where every translation stands, for editors; and what a reader of an outdated one is told."""

import csv
import datetime
import io
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationSource

from evidence.models import Figure
from guides.models import Question
from pages.models import Tag
from suitability.models import Market
from tests.conftest import client_of, page_at
from translation.models import Basis

pytestmark = pytest.mark.usefixtures("site")

CHAPTER = "guide/trends/"
STRANGE_WORD = "A sentence that nobody has translated yet."


@pytest.fixture
def moderator() -> Client:
    return client_of("Moderators")


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """What waits for the end of a transaction is done at the end of the block: wagtail-localize publishes then."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def report(client: Client, **query: str) -> Any:
    response = client.get(reverse("translation_status"), query)
    assert response.status_code == 200
    return response


def cell(client: Client, instance: Any, language: str = "ja") -> tuple[str, int, str]:
    """State, waiting sentences and link of a page or snippet in the source language, as the table shows them."""
    kind = type(instance)._meta.label_lower
    for number in range(1, 9):
        context = report(client, kind=kind, language=language, page=str(number)).context
        for row, _url, [(found, link)] in context["table"]:
            if row.source.pk == instance.pk:
                return found.state.value, found.waiting, link
    raise LookupError(instance)


def change(page: Any, **fields: Any) -> Any:
    """Publishes the source with other content."""
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def question(language: str = "en", slug: str = "kpis") -> Question:
    return Question.objects.get(slug=slug, locale__language_code=language)


def work_on(instance: Any, language: str = "ja") -> Translation:
    return Translation.objects.get(source__object_id=instance.translation_key, target_locale__language_code=language)


def sync(client: Client, instance: Any) -> None:
    source = TranslationSource.objects.get(object_id=instance.translation_key)
    assert client.post(reverse("wagtail_localize:update_translations", args=[source.pk])).status_code == 302


def translate(client: Client, instance: Any, text: str, language: str = "ja") -> None:
    """Types the translation of the first sentence that waits, on the translators' screen."""
    work = work_on(instance, language)
    segments = work.source.stringsegment_set.annotate_translation(work.target_locale)
    waiting = segments.filter(translation=None).first()
    assert waiting
    address = reverse("wagtail_localize:edit_string_translation", args=[work.pk, waiting.pk])
    data = encode_multipart(BOUNDARY, {"value": text})
    assert client.put(address, data, content_type=MULTIPART_CONTENT).status_code == 201


def publish(client: Client, instance: Any, on_commit: Any, language: str = "ja") -> None:
    """Presses “Publish in 日本語”."""
    address = work_on(instance, language).get_target_instance_edit_url()
    with on_commit():
        assert client.post(address, {"action": "publish"}).status_code == 302


def notice(address: str) -> str:
    """The notice that a translation is behind, with its link; "" where there is none."""
    found = re.search(r'<div class="outdated".*?</div>', Client().get(address).content.decode(), re.DOTALL)
    return found[0] if found else ""


# --- The table --------------------------------------------------------------------------------------------------------


def test_what_the_content_files_hold_is_translated(moderator: Client) -> None:
    context = report(moderator).context
    assert [(share.name, share.percent) for share in context["shares"]] == [("简体中文", 100), ("日本語", 100)]
    assert not report(moderator, state="changed").context["table"]
    originals = Page.objects.filter(locale__language_code="en", depth__gt=1).count()
    originals += sum(
        kind.objects.filter(locale__language_code="en").count() for kind in {Figure, Question, Tag, Market}
    )
    assert context["counted"] > originals, "rules, sources and the rubric come on top"


def test_pages_stand_in_the_order_of_the_tree(moderator: Client) -> None:
    rows = [row for row, _url, _cells in report(moderator).context["table"]]
    assert [(row.depth, row.section) for row in rows[:3]] == [
        (0, ""),
        (1, page_at("/en/").title),
        (2, page_at("/en/guide/").title),
    ]


def test_a_change_is_followed_from_the_source_to_the_published_translation(moderator: Client, on_commit: Any) -> None:
    page = page_at(f"/en/{CHAPTER}")
    assert cell(moderator, page)[0] == "translated"

    page.title, page.summary = "Trends, again", STRANGE_WORD
    page.save_revision()
    assert cell(moderator, page)[0] == "translated", "a draft of the source changes nothing for readers"

    page.get_latest_revision().publish()
    state, waiting, link = cell(moderator, page)
    assert (state, waiting) == ("changed", 2)
    assert link.startswith(reverse("wagtail_localize:update_translations", args=[work_on(page).source_id]))

    sync(moderator, page)
    edit = reverse("wagtailadmin_pages:edit", args=[page_at(f"/ja/{CHAPTER}").pk])
    assert cell(moderator, page) == ("changed", 2, edit)
    translate(moderator, page, "動向")
    assert cell(moderator, page) == ("changed", 1, edit)
    assert cell(moderator, page, "zh-hans")[:2] == ("changed", 2)
    translate(moderator, page, "まだ訳されていない文。")
    assert cell(moderator, page) == ("draft", 0, edit), "all is translated, but readers do not have it yet"
    publish(moderator, page, on_commit)
    assert cell(moderator, page) == ("translated", 0, edit)
    assert cell(moderator, page, "zh-hans")[0] == "changed"

    shares = {
        share.name: {state.value: number for state, number, _query in share.counts}
        for share in report(moderator).context["shares"]
    }
    assert [(counts["changed"], counts["draft"], counts["missing"]) for counts in shares.values()] == [
        (1, 0, 0),
        (0, 0, 0),
    ]
    assert report(moderator).context["shares"][0].percent == 99, "rounded down: 100 means all"


def test_a_question_is_followed_as_well(moderator: Client, on_commit: Any) -> None:
    original = change(question(), question="Which numbers, then?")
    assert cell(moderator, original)[:2] == ("changed", 1)
    sync(moderator, original)
    translate(moderator, original, "では、どの数字ですか？")
    publish(moderator, original, on_commit)
    edit = reverse("wagtailsnippets_guides_question:edit", args=[question("ja").pk])
    assert cell(moderator, original) == ("translated", 0, edit)


def test_what_has_no_drafts_changes_as_it_is_saved(moderator: Client, on_commit: Any) -> None:
    tag = Tag.objects.get(slug="insurance", locale__language_code="en")
    tag.name = "Cover"
    tag.save()
    assert cell(moderator, tag)[:2] == ("changed", 1)
    sync(moderator, tag)
    translate(moderator, tag, "補償")
    assert cell(moderator, tag)[0] == "draft"
    publish(moderator, tag, on_commit)
    assert cell(moderator, tag)[0] == "translated"


def test_a_changed_date_waits_for_the_sync_only(moderator: Client, on_commit: Any) -> None:
    page = change(page_at(f"/en/{CHAPTER}"), reviewed=datetime.date(2026, 1, 2))
    assert cell(moderator, page)[:2] == ("changed", 0)
    assert not notice(f"/ja/{CHAPTER}"), "no words differ"
    sync(moderator, page)
    assert cell(moderator, page)[0] == "draft"
    publish(moderator, page, on_commit)
    assert cell(moderator, page)[0] == "translated"
    assert page_at(f"/ja/{CHAPTER}").reviewed == page.reviewed


def test_what_is_read_from_the_source_anyway_never_waits(moderator: Client) -> None:
    figure = Figure.objects.get(slug="chargebacks", locale__language_code="en")
    change(figure, review_by=datetime.date(2031, 1, 1))
    assert cell(moderator, figure)[0] == "translated"
    change(figure, statement="Said in other words.")
    assert cell(moderator, figure)[:2] == ("changed", 1)


def test_publishing_without_a_change_changes_nothing(moderator: Client) -> None:
    for instance in (page_at("/en/guide/payments/"), page_at("/en/cases/shein/"), question()):
        change(instance)
        assert cell(moderator, instance)[0] == "translated"


def test_a_translation_that_is_not_published_is_a_draft(moderator: Client) -> None:
    version = page_at("/ja/cases/komorebi/")
    version.unpublish()
    edit = reverse("wagtailadmin_pages:edit", args=[version.pk])
    assert cell(moderator, page_at("/en/cases/komorebi/")) == ("draft", 0, edit)


def test_a_missing_translation_leads_to_where_it_is_submitted(moderator: Client) -> None:
    page, original = page_at("/en/cases/komorebi/"), question()
    page_at("/ja/cases/komorebi/").delete()
    question("ja").delete()
    submit = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    assert cell(moderator, page) == ("missing", 0, f"{submit}?select_locale=ja")
    submit = reverse("wagtail_localize:submit_snippet_translation", args=["guides", "question", original.pk])
    assert cell(moderator, original) == ("missing", 0, f"{submit}?select_locale=ja")
    ja = Locale.objects.get(language_code="ja")
    moderator.post(reverse("wagtail_localize:submit_page_translation", args=[page.pk]), {"locales": [ja.pk]})
    state, waiting, _link = cell(moderator, page)
    assert state == "draft"
    assert waiting > 10


def test_a_page_that_shows_its_source_is_missing(moderator: Client) -> None:
    page = page_at("/en/cases/komorebi/")
    moderator.post(reverse("wagtail_localize:convert_to_alias", args=[page_at("/ja/cases/komorebi/").pk]))
    assert cell(moderator, page)[0] == "missing"
    change(page, summary=STRANGE_WORD)
    assert cell(moderator, page)[0] == "missing"
    assert STRANGE_WORD in Client().get("/ja/cases/komorebi/").content.decode()
    assert not notice("/ja/cases/komorebi/")


@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_translation_made_by_hand_is_compared_from_when_it_was_published(is_stopped: bool, moderator: Client) -> None:
    page = page_at(f"/en/{CHAPTER}")
    if is_stopped:
        moderator.post(reverse("wagtail_localize:stop_translation", args=[work_on(page).pk]))
    else:
        TranslationSource.objects.get(object_id=page.translation_key).delete()
        Basis.objects.filter(translation_key=page.translation_key).delete()
        change(page_at(f"/ja/{CHAPTER}"))
    assert cell(moderator, page)[0] == "translated"
    change(page, summary=STRANGE_WORD)
    edit = reverse("wagtailadmin_pages:edit", args=[page_at(f"/ja/{CHAPTER}").pk])
    assert cell(moderator, page) == ("changed", 0, edit)
    assert notice(f"/ja/{CHAPTER}")
    change(page_at(f"/ja/{CHAPTER}"), summary="手で訳した文。")
    assert cell(moderator, page)[0] == "translated"
    assert not notice(f"/ja/{CHAPTER}")


def test_what_is_not_published_counts_for_no_percentage(moderator: Client) -> None:
    before = report(moderator).context["counted"]
    page = page_at("/en/cases/komorebi/")
    page_at("/ja/cases/komorebi/").delete()
    page.unpublish()
    context = report(moderator, kind="casestudies.casestudypage").context
    assert context["counted"] == before - 1
    assert [share.percent for share in context["shares"]] == [100, 100]
    assert cell(moderator, page)[0] == "missing"


def test_every_link_of_the_table_leads_to_a_screen(moderator: Client) -> None:
    change(page_at(f"/en/{CHAPTER}"), summary=STRANGE_WORD)
    page_at("/ja/cases/komorebi/").delete()
    Tag.objects.filter(slug="insurance", locale__language_code="ja").delete()
    links: dict[str, str] = {}
    for state in ("changed", "missing"):
        for row, url, cells in report(moderator, state=state).context["table"]:
            links |= {url: row.title} | {link: row.title for _cell, link in cells}
    kinds = {kind for kind, _name in report(moderator).context["filters"][1].pairs}
    for kind in kinds:
        row, url, cells = report(moderator, kind=kind).context["table"][0]
        links |= {url: row.title} | {link: row.title for _cell, link in cells}
    assert len(links) > 40
    for link, title in links.items():
        assert moderator.get(link).status_code == 200, (title, link)


def test_the_table_is_narrowed_by_language_kind_and_state(moderator: Client) -> None:
    page = change(page_at(f"/en/{CHAPTER}"), summary=STRANGE_WORD)
    original = change(question(), question="Which numbers, then?")
    context = report(moderator, state="changed").context
    assert [row.title for row, _url, _cells in context["table"]] == [page.title, original.question]
    context = report(moderator, state="changed", kind="guides.question", language="ja").context
    assert [row.title for row, _url, _cells in context["table"]] == [original.question]
    assert context["languages"] == ["日本語"]
    assert not report(moderator, kind="nothing").context["table"]
    assert not report(moderator, state="nothing").context["table"]
    assert not report(moderator, language="nothing").context["table"]


def table_as_csv(client: Client, **query: str) -> list[dict[str, str]]:
    response = report(client, export="csv", **query)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_table_can_be_taken_away_as_csv(moderator: Client) -> None:
    page = change(page_at(f"/en/{CHAPTER}"), title="=1+1", summary=STRANGE_WORD)
    rows = table_as_csv(moderator)
    assert len(rows) == len({(row["kind"], row["section"], row["title"]) for row in rows}) > 150
    [row] = [row for row in rows if row["ja"] == "Changed since"]
    assert row == {
        "kind": "Chapter",
        "section": page.get_parent().title,
        "title": "'=1+1",
        "published": "Yes",
        "zh-hans": "Changed since",
        "zh-hans_waiting": "2",
        "ja": "Changed since",
        "ja_waiting": "2",
    }
    [row] = table_as_csv(moderator, state="changed", language="ja")
    assert "zh-hans" not in row


def test_only_who_may_translate_sees_the_table() -> None:
    address = reverse("translation_status")
    assert Client().get(address).status_code == 302
    user = User.objects.create_user("a-photographer", password="x")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    stranger, home = Client(), reverse("wagtailadmin_home")
    stranger.force_login(user)
    assert stranger.get(address).url == home
    assert address not in stranger.get(home).content.decode()
    editor = client_of("Editors")
    assert address in editor.get(home).content.decode()
    market = Market.objects.filter(locale__language_code="en").first()
    assert market
    assert cell(editor, market) == ("translated", 0, ""), "markets are the moderators' business"
    assert cell(editor, page_at(f"/en/{CHAPTER}"))[2]


def test_a_larger_site_costs_no_more_queries(moderator: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            report(moderator)
        return len(captured)

    report(moderator)
    before = queries()
    for number in range(20):
        page_at("/en/guide/trends/").copy(update_attrs={"slug": f"t-{number}"}, keep_live=True)
        Tag.objects.create(name=f"tag {number}", slug=f"tag-{number}", locale=Locale.objects.get(language_code="en"))
    change(page_at("/en/guide/payments/"), summary=STRANGE_WORD)
    assert queries() == before


# --- What readers are told --------------------------------------------------------------------------------------------


def test_a_reader_of_an_outdated_page_is_told_until_the_translation_has_caught_up(
    moderator: Client, on_commit: Any
) -> None:
    page = page_at(f"/en/{CHAPTER}")
    page.summary = STRANGE_WORD
    page.save_revision()
    assert not notice(f"/ja/{CHAPTER}"), "a draft is no news"
    page.get_latest_revision().publish()
    told = notice(f"/ja/{CHAPTER}")
    assert "原文の最新の変更がまだ反映されていません" in told
    assert f'<a href="/en/{CHAPTER}" hreflang="en" lang="en" dir="ltr">{page.title} (English)</a>' in told
    assert "英文版的最新改动" in notice(f"/zh-hans/{CHAPTER}")
    assert not notice(f"/en/{CHAPTER}")
    assert not notice("/ja/guide/payments/")
    sync(moderator, page)
    assert notice(f"/ja/{CHAPTER}")
    publish(moderator, page, on_commit)
    assert notice(f"/ja/{CHAPTER}"), "published with an English sentence"
    translate(moderator, page, "まだ訳されていない文。")
    assert notice(f"/ja/{CHAPTER}")
    publish(moderator, page, on_commit)
    assert not notice(f"/ja/{CHAPTER}")
    assert notice(f"/zh-hans/{CHAPTER}")


def test_a_reader_of_an_outdated_answer_is_told_at_the_question(moderator: Client, on_commit: Any) -> None:
    original = change(question(), answer="<p>A new answer.</p>")
    told = notice("/ja/faq/")
    assert f'<a href="/en/faq/#kpis" hreflang="en" lang="en" dir="ltr">{original.question} (English)</a>' in told
    assert Client().get("/ja/faq/").content.decode().count('class="outdated"') == 1
    sync(moderator, original)
    translate(moderator, original, "新しい答え。")
    publish(moderator, original, on_commit)
    assert not notice("/ja/faq/")


def test_a_reader_of_an_outdated_figure_is_told(moderator: Client, on_commit: Any) -> None:
    figure = Figure.objects.get(slug="chargebacks", locale__language_code="en")
    address = "evidence/figures/chargebacks/"
    assert not notice(f"/ja/{address}")
    change(figure, statement="Said in other words.")
    assert f'<a href="/en/{address}" hreflang="en" lang="en" dir="ltr">Said in other words. (English)</a>' in notice(
        f"/ja/{address}"
    )
    assert not notice(f"/en/{address}")
    sync(moderator, figure)
    translate(moderator, figure, "別の言い方。")
    publish(moderator, figure, on_commit)
    assert not notice(f"/ja/{address}")


@pytest.mark.parametrize("address", ["", "guide/", "cases/", "cases/shein/", "categories/", "categories/ceramics/",
                                     "suitability/", "faq/", "evidence/"])  # fmt: skip
def test_every_kind_of_page_can_tell(address: str) -> None:
    change(page_at(f"/en/{address}"), summary=STRANGE_WORD)
    assert f'href="/en/{address}"' in notice(f"/ja/{address}")


def test_a_language_with_a_home_page_only_tells_as_well() -> None:
    page = change(page_at("/en/"), summary=STRANGE_WORD)
    told = notice("/ar/")
    assert "لا تتضمن هذه الترجمة آخر تعديلات الأصل" in told
    assert f'<a href="/en/" hreflang="en" lang="en" dir="ltr">{page.title} (English)</a>' in told


def test_taking_a_change_back_takes_the_notice_back(moderator: Client) -> None:
    page = page_at(f"/en/{CHAPTER}")
    before = page.summary
    change(page, summary=STRANGE_WORD)
    assert notice(f"/ja/{CHAPTER}")
    change(page, summary=before)
    assert not notice(f"/ja/{CHAPTER}")
    assert cell(moderator, page)[0] == "translated"


def test_a_removed_paragraph_is_a_change_too(moderator: Client, on_commit: Any) -> None:
    page = page_at(f"/en/{CHAPTER}")
    page.body = page.body.stream_block.to_python(list(page.body.raw_data)[:-1])
    change(page)
    assert notice(f"/ja/{CHAPTER}")
    assert cell(moderator, page)[:2] == ("changed", 0)
    sync(moderator, page)
    publish(moderator, page, on_commit)
    assert not notice(f"/ja/{CHAPTER}")


def test_nobody_is_sent_to_a_source_that_is_not_published() -> None:
    page, original = page_at(f"/en/{CHAPTER}"), question()
    change(page, summary=STRANGE_WORD).unpublish()
    change(original, answer="<p>A new answer.</p>").unpublish()
    assert not notice(f"/ja/{CHAPTER}")
    assert not notice("/ja/faq/")


def test_an_older_state_of_a_translation_brings_no_quiet(moderator: Client) -> None:
    version = page_at(f"/ja/{CHAPTER}")
    older = version.get_latest_revision()
    page = change(page_at(f"/en/{CHAPTER}"), summary=STRANGE_WORD)
    sync(moderator, page)
    translate(moderator, page, "まだ訳されていない文。")
    older.publish()
    assert notice(f"/ja/{CHAPTER}")


@override_settings(
    WAGTAILFRONTENDCACHE={"front": {"BACKEND": "wagtail.contrib.frontend_cache.backends.dummy.DummyBackend"}}
)
def test_a_cache_in_front_of_the_site_is_told(monkeypatch: pytest.MonkeyPatch, on_commit: Any) -> None:
    purged: list[str] = []
    monkeypatch.setattr("translation.outdated.purge_url_from_cache", purged.append)
    with on_commit():
        change(page_at(f"/en/{CHAPTER}"), summary=STRANGE_WORD)
        change(question(), answer="<p>A new answer.</p>")
    paths = {re.sub(r"^https?://[^/]+", "", address) for address in purged}
    assert paths == {f"/{language}/{path}" for language in ("ja", "zh-hans") for path in (CHAPTER, "faq/")}


def test_the_notice_costs_no_query() -> None:
    def queries(address: str) -> int:
        Client().get(address)
        with CaptureQueriesContext(connection) as captured:
            Client().get(address)
        return len(captured)

    addresses = ("/ja/", f"/ja/{CHAPTER}", "/ja/faq/")
    before = [queries(address) for address in addresses]
    for address in ("", CHAPTER):
        change(page_at(f"/en/{address}"), summary=STRANGE_WORD)
    for slug in ("kpis", "permission"):
        change(question(slug=slug), answer="<p>A new answer.</p>")
    assert all(notice(address) for address in addresses)
    assert [queries(address) for address in addresses] == before


def test_a_deleted_original_leaves_nothing_behind() -> None:
    page = change(page_at(f"/en/{CHAPTER}"), summary=STRANGE_WORD)
    key = page.translation_key
    assert Basis.objects.filter(translation_key=key).count() == 2
    page.delete()
    assert not Basis.objects.filter(translation_key=key).exists()
