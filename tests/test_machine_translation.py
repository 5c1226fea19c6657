"""A service drafts translations; readers see nothing of it until somebody has read it."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core import checks
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from contentfiles.records import work_in_progress
from tests.conftest import client_of, page_at
from tests.translation_service import Answer, Request, TranslationService, ok, said, translation_service
from translation.choice import machine_translator, problems_of
from translation.completeness import IncompleteTranslationError
from translation.markup import UnfitAnswerError, fitting

pytestmark = pytest.mark.usefixtures("site")

PAGE = "/ja/guide/payments/"
CHARGEBACK = "^[^<]*[Cc]hargeback[^<]*$"
CHOICE = {"SERVICE": "openai", "KEY": "", "MODEL": "a-model", "ENDPOINT": "", "TIMEOUT": "20"}


@pytest.fixture
def service(settings: LazySettings) -> Iterator[TranslationService]:
    """A running service that the settings choose."""
    with translation_service() as running:
        choose(settings, "openai", running.url)
        yield running


def choose(settings: LazySettings, name: str, url: str, **changed: str) -> None:
    chosen = CHOICE | {"SERVICE": name, "KEY": "a-key", "ENDPOINT": url} | changed
    settings.MACHINE_TRANSLATION = chosen
    settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_translator(chosen)


def translation_of(address: str) -> Translation:
    page = page_at(address)
    return Translation.objects.get(source__object_id=page.translation_key, target_locale=page.locale)


def segments_of(translation: Translation) -> list[StringSegment]:
    return list(translation.source.stringsegment_set.select_related("string", "context").order_by("order"))


def waiting(count: int = 3, address: str = PAGE, match: str = "") -> list[StringSegment]:
    """Takes the translation away from some sentences of a page, and gives the sentences."""
    translation = translation_of(address)
    # The source may say one sentence twice; each is taken once.
    found = {one.string_id: one for one in segments_of(translation) if re.search(match, one.string.data)}
    chosen = [one for one in found.values() if one.context.path.startswith("body")][:count]
    assert len(chosen) == count
    for segment in chosen:
        sentences(segment, translation.target_locale.language_code).delete()
    return chosen


def sentences(segment: StringSegment, language: str = "ja") -> Any:
    return StringTranslation.objects.filter(
        translation_of=segment.string, context__object_id=segment.context.object_id, locale__language_code=language
    )


def sentence(segment: StringSegment) -> StringTranslation:
    found: StringTranslation = sentences(segment).get(context=segment.context)
    return found


def edit_address(address: str = PAGE) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_at(address).pk])


def press(client: Client, address: str = PAGE) -> str:
    """Presses “Translate with …” and gives the screen that follows."""
    pressed = reverse("wagtail_localize:machine_translate", args=[translation_of(address).pk])
    answer = client.post(pressed, {"next": edit_address(address)}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def shown_drafts(html: str) -> list[str]:
    return re.findall(r'name="shown" value="(\d+)"', html)


def confirm(client: Client, numbers: list[str], address: str = PAGE) -> Any:
    confirmed = reverse("confirm_drafts", args=[translation_of(address).pk])
    return client.post(confirmed, {"next": edit_address(address), "shown": numbers}, follow=True)


# --- Off ---------------------------------------------------------------------------------------------------------------


def test_without_a_service_there_is_no_button_and_no_address_behind_it() -> None:
    client = client_of("Moderators")
    page = client.get(edit_address())
    assert '"machineTranslator": null' in page.context["props"]
    translation = translation_of(PAGE)
    assert (
        client.post(reverse("wagtail_localize:machine_translate", args=[translation.pk]), follow=True).status_code
        == 404
    )
    sync = client.get(reverse("wagtail_localize:update_translations", args=[translation.source_id]))
    assert sync.status_code == 200
    assert "use_machine_translation" not in sync.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SERVICE": "babelfish"}, "Known: deepl, google, openai"),
        ({"SERVICE": "deepl"}, "needs MACHINE_TRANSLATION_KEY"),
        ({"SERVICE": "google", "ENDPOINT": "https://example.org"}, "needs MACHINE_TRANSLATION_KEY"),
        ({}, "needs MACHINE_TRANSLATION_KEY"),
        ({"KEY": "x", "MODEL": ""}, "needs MACHINE_TRANSLATION_MODEL"),
        ({"KEY": "x", "ENDPOINT": "localhost:1234"}, "MACHINE_TRANSLATION_ENDPOINT should be an address"),
        ({"KEY": "x", "ENDPOINT": "http://[half"}, "MACHINE_TRANSLATION_ENDPOINT should be an address"),
        ({"KEY": "schlüssel"}, "holds characters that no key has"),
        ({"KEY": "x", "TIMEOUT": "soon"}, "should be a number of seconds"),
    ],
)
def test_a_wrong_setting_is_a_warning_in_words_and_switches_the_buttons_off(
    settings: LazySettings, changed: dict[str, str], said: str
) -> None:
    settings.MACHINE_TRANSLATION = CHOICE | changed
    warnings = [found for found in checks.run_checks() if found.id == "translation.W001"]
    assert said in "\n".join(str(warning.msg) for warning in warnings)
    assert machine_translator(settings.MACHINE_TRANSLATION) is None


def test_nothing_chosen_and_a_local_server_without_a_key_are_both_in_order() -> None:
    assert problems_of(CHOICE | {"SERVICE": ""}) == []
    assert problems_of(CHOICE | {"ENDPOINT": "http://localhost:11434/v1"}) == []


# --- Drafts ------------------------------------------------------------------------------------------------------------


def test_the_button_drafts_what_is_missing_and_nothing_else(service: TranslationService) -> None:
    missing = waiting(3)
    before = StringTranslation.objects.count()
    client = client_of("Moderators")
    assert "a-model" in client.get(edit_address()).context["props"]
    html = press(client)
    assert "3 texts drafted by a-model" in html
    assert sorted(sent for request in service.requests for sent in request.texts) == sorted(
        segment.string.data for segment in missing
    )
    assert StringTranslation.objects.count() == before + sum(sentences(segment).count() for segment in missing)
    for segment in missing:
        drafted = sentence(segment)
        assert drafted.data.startswith("訳：")
        assert (drafted.translation_type, drafted.tool_name, drafted.has_error) == ("machine", "a-model", True)
    assert "wait to be read" in html
    assert "By a-model, read by nobody yet" in client.get(edit_address()).context["props"]


def test_a_draft_reaches_no_page_by_any_way_of_saving(service: TranslationService) -> None:
    waiting(2)
    press(client_of("Moderators"))
    translation = translation_of(PAGE)
    for publish in (False, True):  # both would change what is published
        with pytest.raises(IncompleteTranslationError):
            translation.save_target(publish=publish)
    page = page_at(PAGE)
    assert "訳：" not in str(page.body.raw_data)
    assert "訳：" not in str(page.get_latest_revision_as_object().body.raw_data)


def test_publishing_with_unread_drafts_is_refused_and_names_them(service: TranslationService) -> None:
    missing = waiting(2)
    client = client_of("Moderators")
    press(client)
    before = page_at(PAGE).latest_revision_id
    answer = client.post(edit_address(), {"action": "publish"}, follow=True)
    html = answer.content.decode()
    assert "machine translations that nobody has read: 2" in html
    first = re.sub("<[^>]*>", "", missing[0].string.data)[:40]
    assert first in str(answer.content.decode()).replace("&#x27;", "'").replace("&quot;", '"')
    assert page_at(PAGE).latest_revision_id == before


def test_saving_a_draft_is_reading_it(service: TranslationService, django_capture_on_commit_callbacks: Any) -> None:
    segment = waiting(1)[0]
    client = client_of("Moderators")
    press(client)
    address = reverse("wagtail_localize:edit_string_translation", args=[translation_of(PAGE).pk, segment.pk])
    answer = client.put(
        address, urlencode({"value": sentence(segment).data}), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert answer.json()["error"] is None
    assert not sentence(segment).has_error
    with django_capture_on_commit_callbacks(execute=True):
        published = client.post(edit_address(), {"action": "publish"}, follow=True)
    assert "machine translations that nobody has read" not in published.content.decode()
    assert "訳：" in str(page_at(PAGE).body.raw_data)


def test_all_drafts_that_were_shown_are_confirmed_at_once(service: TranslationService) -> None:
    missing = waiting(3)
    client = client_of("Moderators")
    numbers = shown_drafts(press(client))
    assert len(numbers) == 3
    assert "3 machine translations are confirmed" in confirm(client, numbers).content.decode()
    assert [(sentence(one).translation_type, sentence(one).has_error) for one in missing] == [("manual", False)] * 3
    assert not shown_drafts(client.get(edit_address()).content.decode())


def test_a_draft_that_came_after_the_screen_is_not_confirmed_with_it(service: TranslationService) -> None:
    first = waiting(1)[0]
    client = client_of("Moderators")
    numbers = shown_drafts(press(client))
    later = next(one for one in waiting(2) if one.pk != first.pk)
    press(client)
    confirm(client, [*numbers, "x", "9" * 30])
    assert sentence(later).has_error


def test_confirming_does_not_hide_what_another_check_says(service: TranslationService) -> None:
    segment = waiting(1, match=r'<a id="a1">figure:')[0]
    client = client_of("Moderators")
    numbers = shown_drafts(press(client))
    drafted = sentence(segment)
    StringTranslation.objects.filter(pk=drafted.pk).update(data="出典がない。")
    confirm(client, numbers)
    assert "The citations differ" in sentence(segment).field_error


def test_only_who_may_edit_a_translation_may_draft_and_confirm(service: TranslationService) -> None:
    waiting(1)
    translation = translation_of(PAGE)
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", password="x"))
    for name in ("wagtail_localize:machine_translate", "confirm_drafts"):
        for client in (Client(), stranger):
            assert client.post(reverse(name, args=[translation.pk])).status_code in (302, 403)
            assert client.get(reverse(name, args=[translation.pk])).status_code in (302, 403, 405)
    assert not service.requests


def test_loading_content_files_leaves_a_drafted_translation_alone(service: TranslationService) -> None:
    waiting(1)
    press(client_of("Moderators"))
    translation = translation_of(PAGE)
    assert work_in_progress(translation.source.get_source_instance(), translation.target_locale)


# --- Bringing translations in line -------------------------------------------------------------------------------------


def sync(client: Client, **fields: str) -> str:
    answer = client.post(
        reverse("wagtail_localize:update_translations", args=[translation_of(PAGE).source_id]), fields, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_sync_drafts_in_every_language_and_publishes_nothing_of_it(service: TranslationService) -> None:
    missing = waiting(2)
    html = sync(client_of("Moderators"), use_machine_translation="on")
    assert "2 texts drafted by a-model" in html
    assert "there is nothing left to translate" in html  # Chinese
    assert all(sentence(segment).has_error for segment in missing)


def test_sync_does_not_publish_what_a_machine_is_about_to_write(service: TranslationService) -> None:
    waiting(1)
    html = sync(client_of("Moderators"), use_machine_translation="on", publish_translations="on")
    assert "choose one" in html
    assert not service.requests


def test_sync_does_not_publish_a_language_with_unread_drafts(service: TranslationService) -> None:
    waiting(1)
    client = client_of("Moderators")
    press(client)
    before = page_at(PAGE).latest_revision_id
    assert "nobody has read: 1" in sync(client, publish_translations="on")
    assert page_at(PAGE).latest_revision_id == before


# --- What is sent ------------------------------------------------------------------------------------------------------


def test_the_terms_in_the_texts_go_along_and_no_others(service: TranslationService) -> None:
    waiting(1, match=CHARGEBACK)
    press(client_of("Moderators"))
    instructions = service.requests[0].body["messages"][0]["content"]
    assert service.requests[0].path == "/chat/completions"
    assert service.requests[0].headers["Authorization"] == "Bearer a-key"
    assert "from English to Japanese" in instructions
    assert "- chargeback: チャージバック; never 支払い拒否, 支払拒否" in instructions
    assert "hashtag" not in instructions


def test_a_long_page_is_sent_in_small_batches(service: TranslationService) -> None:
    missing = waiting(25)
    press(client_of("Moderators"))
    assert len(service.requests) > 2
    assert max(len(request.texts) for request in service.requests) <= 10
    assert all(sentence(segment).data.startswith("訳：") for segment in missing)


def test_deepl_is_asked_in_its_own_form(service: TranslationService, settings: LazySettings) -> None:
    choose(settings, "deepl", service.url)
    segment = waiting(1, match=CHARGEBACK)[0]
    assert "drafted by DeepL" in press(client_of("Moderators"))
    request = service.requests[0]
    assert (request.path, request.headers["Authorization"]) == ("/v2/translate", "DeepL-Auth-Key a-key")
    assert (request.body["source_lang"], request.body["target_lang"]) == ("EN", "JA")
    assert request.body["tag_handling"] == "xml"
    assert "Translate “chargeback” as “チャージバック”." in " ".join(request.body["custom_instructions"])
    assert sentence(segment).data.startswith("訳：")


def test_deepl_without_instructions_in_its_plan_translates_all_the_same(
    service: TranslationService, settings: LazySettings
) -> None:
    choose(settings, "deepl", service.url)
    service.answer = lambda request: (
        (400, b"{}") if "custom_instructions" in request.body else ok(service.form(request, ["訳。"]))
    )
    segment = waiting(1, match=CHARGEBACK)[0]
    press(client_of("Moderators"))
    assert sentence(segment).data == "訳。"


def test_google_is_asked_in_its_own_form(service: TranslationService, settings: LazySettings) -> None:
    choose(settings, "google", service.url)
    segment = waiting(1, "/zh-hans/guide/payments/")[0]
    press(client_of("Moderators"), "/zh-hans/guide/payments/")
    request = service.requests[0]
    assert (request.path, request.headers["X-Goog-Api-Key"]) == ("/language/translate/v2", "a-key")
    assert (request.body["source"], request.body["target"], request.body["format"]) == ("en", "zh-CN", "html")
    assert sentences(segment, "zh-hans").get(context=segment.context).data.startswith("訳：")


# --- What comes back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "answer", "why"),
    [
        ("a <b>bold</b> word", "ただの語", "lost <b>"),
        ("a word", "<b>語</b>", "added <b>"),
        ('see <a id="a1">this</a>', '<a id="a2">これ</a>', 'lost <a id="a1">'),
        ('see <a id="a1">this</a>', '<a id="a1">これ</a><a id="a1">も</a>', 'added <a id="a1">'),
        ('see <a id="a1">this</a>', '<a id="a1" href="https://example.org">これ</a>', "lost"),
        ("a word", "<script>1</script>語", "added <script>"),
        ("a word", "語<!-- note -->", "added <!>"),
        ("a word", "語<![CDATA[x]]>", "added <!>"),
        ("a word", "  ", "no answer"),
        ("a word", None, "no answer"),
        ("a word", {"text": "語"}, "no answer"),
        ("a word", "語" * 400, "far longer"),
        ("a word", "語\x00", "cannot be stored"),
        ("a word", "語\ud800", "cannot be stored"),
        ("a <b>word</b>", "<b></b>", "no answer"),
    ],
)
def test_an_answer_that_lost_or_gained_marks_is_not_taken_over(source: str, answer: object, why: str) -> None:
    with pytest.raises(UnfitAnswerError, match=re.escape(why)):
        fitting(source, answer)


@pytest.mark.parametrize(
    ("source", "answer", "taken"),
    [
        ("a <b>bold</b> word", " <b>太い</b>語 ", "<b>太い</b>語"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        (
            '<a id="a2">x</a> <a id="a1">y</a>',
            '<a id="a1">イ</a><a id="a2">ロ</a>',
            '<a id="a1">イ</a><a id="a2">ロ</a>',
        ),
        ("one<br/>two", "一<br>二", "一<br/>二"),
        ('over <a id="a1">figure:x-y/number</a>', '<a id="a1">図：x-y</a>超', '<a id="a1">figure:x-y/number</a>超'),
    ],
)
def test_a_fitting_answer_is_taken_over_with_its_codes_as_they_were(source: str, answer: str, taken: str) -> None:
    assert fitting(source, answer) == taken


def test_a_refused_answer_is_named_and_the_others_are_kept(service: TranslationService) -> None:
    broken = waiting(1, match="<b>")[0]
    good = next(one for one in waiting(3) if one.pk != broken.pk and "<" not in one.string.data)
    service.translate = lambda text: "訳。" if "<b>" in text else f"訳：{text}"
    html = press(client_of("Moderators"))
    assert "not taken over" in html
    assert "the answer lost &lt;b&gt;" in html
    assert not sentences(broken).filter(context=broken.context).exists()
    assert sentence(good).data.startswith("訳：")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, b"{}"), "does not accept the key (401)"),
        ((429, b"slow down"), "takes no more for now"),
        ((500, b"<html>"), "has a fault of its own (500)"),
        ((404, b""), "refused the request (404)"),
        ((302, b""), "refused the request (302)"),
        ((200, b"not json"), "could not be read"),
        ((200, b"[" * 100_000), "could not be read"),
        ((200, b"\xff\xfe"), "could not be read"),
        (ok({}), "could not be read"),
        (ok(said("I cannot do that.")), "could not be read"),
        (ok(said('["a", "list"]')), "could not be read"),
        (ok({"choices": [{"message": {"content": None}}]}), "could not be read"),
        ((200, b" " * 3_000_000), "could not be read"),
    ],
)
def test_a_failing_service_is_reported_in_words_and_changes_nothing(
    service: TranslationService, answer: Answer, message: str
) -> None:
    missing = waiting(2)
    service.answer = lambda request: answer
    html = press(client_of("Moderators"))
    assert message in html
    assert not any(sentences(segment).exists() for segment in missing)


def test_a_service_that_is_not_there_is_reported(service: TranslationService, settings: LazySettings) -> None:
    waiting(1)
    choose(settings, "openai", "http://127.0.0.1:9")
    assert "could not be reached" in press(client_of("Moderators"))


def test_a_service_that_keeps_silent_is_given_up(service: TranslationService, settings: LazySettings) -> None:
    missing = waiting(1)
    choose(settings, "openai", service.url, TIMEOUT="1")

    def silent(request: Request) -> Answer:
        time.sleep(2)
        return ok({})

    service.answer = silent
    assert "did not answer in time" in press(client_of("Moderators"))
    assert not sentences(missing[0]).exists()


def test_one_failing_batch_takes_none_of_the_others_with_it(service: TranslationService) -> None:
    missing = waiting(25)
    translated = service.form
    service.answer = lambda request: (
        (500, b"") if len(service.requests) == 1 else ok(translated(request, [f"訳：{text}" for text in request.texts]))
    )
    html = press(client_of("Moderators"))
    assert "has a fault of its own (500)" in html
    kept = [segment for segment in missing if sentences(segment).filter(context=segment.context).exists()]
    assert 10 <= len(kept) < 25


@pytest.mark.parametrize("name", ["deepl", "google"])
def test_answers_that_are_too_few_are_nobodys(service: TranslationService, settings: LazySettings, name: str) -> None:
    choose(settings, name, service.url)
    missing = waiting(3)
    service.answer = lambda request: ok(service.form(request, ["訳。"]))
    assert "texts and gave 1 answers" in press(client_of("Moderators"))
    assert not any(sentences(segment).exists() for segment in missing)


def test_a_language_model_may_miss_a_text_and_wrap_its_answer(service: TranslationService) -> None:
    missing = waiting(3, match="^[^<]*$")
    service.answer = lambda request: ok(said('Here it is:\n```json\n{"1": "訳。", "9": "余り"}\n```'))
    html = press(client_of("Moderators"))
    assert "1 text drafted" in html
    assert html.count("no answer came for it") == 2
    assert sum(sentences(segment).filter(context=segment.context).exists() for segment in missing) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["1", "2", "text", "data"]), inner, max_size=3)
    ),
    max_leaves=8,
)
MARKUP = st.text(st.sampled_from(list("<>/ab!-[]&;\"'=\x00\ud800訳 ")), max_size=40)


def forms_of(content: Any) -> list[Callable[[Request], Any]]:
    return [
        lambda request: content,
        lambda request: said(content if isinstance(content, str) else json.dumps(content)),
        lambda request: said(json.dumps({"1": content, "2": content})),
        lambda request: {"translations": [{"text": content} for _ in request.texts]},
        lambda request: {"data": {"translations": [{"translatedText": content} for _ in request.texts]}},
    ]


@pytest.mark.parametrize("name", ["openai", "deepl", "google"])
def test_no_answer_of_a_service_is_a_fault_of_ours(
    service: TranslationService, settings: LazySettings, name: str
) -> None:
    choose(settings, name, service.url)
    waiting(2)
    client = client_of("Moderators")
    client.raise_request_exception = False

    @hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(JSON | MARKUP, st.integers(0, 4), st.sampled_from([200, 200, 200, 204, 301, 400, 418, 503]))
    def answers(content: Any, form: int, status: int) -> None:
        service.answer = lambda request: (status, json.dumps(forms_of(content)[form](request)).encode())
        translation = translation_of(PAGE)
        address = reverse("wagtail_localize:machine_translate", args=[translation.pk])
        assert client.post(address, {"next": edit_address()}).status_code == 302
        for drafted in StringTranslation.objects.filter(translation_type="machine"):
            assert drafted.has_error
            assert drafted.data.strip()
        StringTranslation.objects.filter(translation_type="machine").delete()

    answers()
    assert client.get(edit_address()).status_code == 200
