"""The field's terms: edited in the admin, and compared with what translators write."""

import csv
import io
import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail_localize.models import StringTranslation, Translation

from tests.conftest import client_of, page_at
from translation.glossary import Fault, Glossary, singular
from translation.hints import published_findings
from translation.models import Term, TermWording

pytestmark = pytest.mark.usefixtures("site")

PAGE = "/ja/guide/payments/"


def add_term(name: str, preferred: str, accepted: str = "", forbidden: str = "", also: str = "") -> Term:
    term = Term.objects.create(name=name, also=also)
    TermWording.objects.create(term=term, language="ja", preferred=preferred, accepted=accepted, forbidden=forbidden)
    return term


def faults(source: str, target: str, term: str, language: str = "ja") -> list[tuple[Fault, str]]:
    hints = Glossary(language).check(source, target)
    return [(hint.fault, hint.found) for hint in hints if hint.term == term]


def translated(match: str, address: str = PAGE) -> tuple[Translation, Any, StringTranslation]:
    """A translation, one segment of it whose source matches, and its sentence."""
    page = page_at(address)
    found = Translation.objects.get(source__object_id=page.translation_key, target_locale=page.locale)
    segments = found.source.stringsegment_set.select_related("string").order_by("order")
    segment = next(one for one in segments if re.search(match, one.string.data))
    sentence = StringTranslation.objects.get(translation_of=segment.string, context=segment.context, locale=page.locale)
    return found, segment, sentence


def edit_address() -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_at(PAGE).pk])


# --- Comparing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("Keep gizmos cheap.", "ギズモは安く。", []),
        ("Keep GIZMOS cheap.", "ｷﾞｽﾞﾓは安く。", []),  # half-width kana
        ("Keep the <b>gizmo</b> cheap.", "ギ\nズモは安く。", []),
        ("The doohickey", "ギズモ", []),  # another spelling of the source
        ("Keep gizmos cheap.", "装置は安く。", []),  # accepted
        ("Keep gizmos cheap.", "それは安く。", [(Fault.MISSING, "")]),
        ("Keep gizmos cheap.", "ガラクタは安く。", [(Fault.FORBIDDEN, "ガラクタ")]),
        ("Keep it cheap.", "ガラクタは安く。", [(Fault.FORBIDDEN, "ガラクタ")]),
        ("Keep gizmos cheap.", "ギズモはガラクタ。", [(Fault.FORBIDDEN, "ガラクタ")]),
        ("Keep it cheap.", "脱ギズモ安く。", []),  # forbidden within what is wanted is not forbidden
        ("gizmology", "学問", []),
        ('See <a id="a1">figure:gizmo</a>.', '<a id="a1">figure:gizmo</a>参照。', []),  # a code is no word
    ],
)
def test_a_translation_is_compared_word_by_word(source: str, target: str, found: list[tuple[Fault, str]]) -> None:
    add_term("gizmo", "ギズモ", "装置", "ガラクタ\nズモ", also="doohickey")
    assert faults(source, target, "gizmo") == found


def test_the_longest_term_counts() -> None:
    add_term("gizmo", "ギズモ")
    add_term("gizmo rate", "装置率")
    assert faults("The gizmo rate", "装置率", "gizmo") == []
    assert faults("The gizmo rate", "割合", "gizmo rate") == [(Fault.MISSING, "")]
    assert faults("A gizmo and its gizmo rate", "装置率", "gizmo") == [(Fault.MISSING, "")]


def test_a_language_with_spaces_is_compared_by_words() -> None:
    term = add_term("gizmo", "ギズモ")
    TermWording.objects.create(term=term, language="zh-hans", preferred="Gizmo", forbidden="art")
    assert faults("gizmo", "这是 gizmos。", "gizmo", "zh-hans") == []
    assert faults("gizmo", "这是gizmo的part。", "gizmo", "zh-hans") == []
    assert faults("gizmo", "Gizmo art", "gizmo", "zh-hans") == [(Fault.FORBIDDEN, "art")]


@pytest.mark.parametrize(
    ("plural", "one"),
    [("duties", "duty"), ("taxes", "tax"), ("chargebacks", "chargeback"), ("losses", "loss"), ("customers", "customer"),
     ("status", "status"), ("basis", "basis"), ("us", "us"), ("class", "class")],
)  # fmt: skip
def test_plurals_are_found_and_nothing_further(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_the_shipped_terms_are_those_of_the_published_text() -> None:
    assert 20 <= Term.objects.count() <= 30
    assert all(term.wordings.count() == 2 for term in Term.objects.all())
    found = list(published_findings())
    assert [one.remark for one in found if one.remark.hint.fault is Fault.FORBIDDEN] == []
    assert len(found) < 10  # sentences that do without a term


# --- In the translation editor -------------------------------------------------------------------------------------------


def test_the_editor_shows_hints_that_stop_nothing() -> None:
    found, segment, sentence = translated("^[^<]*[Cc]hargeback")
    StringTranslation.objects.filter(pk=sentence.pk).update(data=sentence.data.replace("チャージバック", "支払い拒否"))
    answer = client_of("Editors").get(edit_address())
    html = answer.content.decode()
    props = re.search('data-props="([^"]*)"', html)
    assert props
    entries = json.loads(unescape(props[1]))["initialStringTranslations"]
    entry = next(one for one in entries if one["segment_id"] == segment.pk)
    assert entry["error"] is None
    assert "Glossary: write “チャージバック”, not “支払い拒否” (chargeback)" in entry["comment"]
    assert "The glossary has" in html
    assert "write “チャージバック”, not “支払い拒否”" in html
    sentence.refresh_from_db()
    assert not sentence.has_error
    total, done = found.get_progress()
    assert total == done


def test_saving_a_sentence_answers_with_its_hints() -> None:
    found, segment, sentence = translated("^[^<]*[Cc]hargeback")
    client = client_of("Editors")
    address = reverse("wagtail_localize:edit_string_translation", args=[found.pk, segment.pk])

    def save(text: str) -> Any:
        return client.put(address, urlencode({"value": text}), content_type="application/x-www-form-urlencoded").json()

    wrong = save(sentence.data.replace("チャージバック", "支払拒否"))
    assert wrong["error"] is None
    assert "write “チャージバック”, not “支払拒否”" in wrong["comment"]
    assert "Glossary" not in save(sentence.data)["comment"]
    lost = save(re.sub("<a .*?</a>", "", sentence.data.replace("チャージバック", "支払拒否")))
    assert "write “チャージバック”, not “支払拒否”" in (lost["error"] or lost["comment"])
    assert client.delete(address).status_code in (200, 404)


def test_a_translation_that_keeps_to_the_glossary_has_no_notes() -> None:
    assert "translation-notes" not in client_of("Editors").get(edit_address()).content.decode()


# --- The report ------------------------------------------------------------------------------------------------------------


def test_the_report_lists_every_violation_of_what_is_published_with_a_link() -> None:
    _found, _segment, sentence = translated("^[^<]*[Cc]hargeback")
    StringTranslation.objects.filter(pk=sentence.pk).update(data=sentence.data.replace("チャージバック", "支払拒否"))
    client = client_of("Editors")
    html = client.get(reverse("glossary_report"), {"language": "ja", "fault": "forbidden"}).content.decode()
    assert html.count("write “チャージバック”, not “支払拒否” (chargeback)") == 1
    assert edit_address() in html
    assert "Every published translation keeps to the glossary" in client.get(
        reverse("glossary_report"), {"language": "zh-hans", "fault": "forbidden"}
    ).content.decode().replace("\n", " ")
    page_at(PAGE).unpublish()
    html = client.get(reverse("glossary_report"), {"language": "ja", "fault": "forbidden"}).content.decode()
    assert "write “チャージバック”" not in html


def test_the_report_can_be_taken_away() -> None:
    answer = client_of("Editors").get(reverse("glossary_report"), {"export": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["fault"] for row in rows} == {"missing"}
    assert {row["language"] for row in rows} == {"ja", "zh-hans"}


@pytest.mark.parametrize("query", [{"language": "xx"}, {"fault": "\x00"}, {"page": "9" * 30}, {"language": "en"}])
def test_the_report_bears_any_address(query: dict[str, str]) -> None:
    assert client_of("Editors").get(reverse("glossary_report"), query).status_code in (200, 400)


def test_the_report_is_for_who_edits_pages() -> None:
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", password="x"))
    assert stranger.get(reverse("glossary_report")).status_code in (302, 403)


# --- Editing the terms -------------------------------------------------------------------------------------------------------


def form_of(name: str, *rows: tuple[str, str, str]) -> dict[str, str]:
    data = {"name": name, "also": "", "note": ""}
    data |= {"wordings-TOTAL_FORMS": str(len(rows)), "wordings-INITIAL_FORMS": "0"}
    data |= {"wordings-MIN_NUM_FORMS": "0", "wordings-MAX_NUM_FORMS": "1000"}
    for number, (language, preferred, forbidden) in enumerate(rows):
        prefix = f"wordings-{number}"
        data |= {f"{prefix}-language": language, f"{prefix}-preferred": preferred, f"{prefix}-id": ""}
        data |= {f"{prefix}-accepted": "", f"{prefix}-forbidden": forbidden, f"{prefix}-DELETE": ""}
    return data


def test_an_editor_adds_a_term_with_its_wordings() -> None:
    client = client_of("Editors")
    address = reverse("wagtailsnippets_translation_term:add")
    assert client.get(address).status_code == 200
    client.post(address, form_of("gizmo", ("ja", "ギズモ", "ガラクタ\n 道具 "), ("zh-hans", "小玩意", "")))
    term = Term.objects.get(name="gizmo")
    assert [(row.language, row.preferred, row.bad) for row in term.wordings.all()] == [
        ("ja", "ギズモ", ["ガラクタ", "道具"]),
        ("zh-hans", "小玩意", []),
    ]
    listed = client.get(reverse("wagtailsnippets_translation_term:list"), {"q": "gizmo"}).content.decode()
    assert "ギズモ · 小玩意" in listed


@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [
        ("gizmo", [("ja", "ギズモ", "ギズモ")], "cannot be wanted and forbidden at once"),
        ("gizmo", [("ja", "ギズモ", ""), ("ja", "装置", "")], "duplicate"),
        ("gizmo", [("en", "gizmo", "")], "not one of the available choices"),
        ("Chargeback", [("ja", "チャージバック", "")], "has this term already"),
    ],
)
def test_what_contradicts_itself_is_refused_in_words(name: str, rows: list[tuple[str, str, str]], said: str) -> None:
    answer = client_of("Editors").post(reverse("wagtailsnippets_translation_term:add"), form_of(name, *rows))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Term.objects.filter(name=name).count() == 0


def test_the_list_of_terms_needs_no_query_for_each() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of("Editors")
    address = reverse("wagtailsnippets_translation_term:list")
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    for number in range(5):
        add_term(f"gizmo {number}", "ギズモ")
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(after) <= len(before)
