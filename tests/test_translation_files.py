"""Translations as PO files: out, filled in, and back, for everything that is translated."""

from typing import Any

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail_localize.models import StringTranslation, Translation

from tests import translations as by
from tests.conftest import client_of, page_at
from tests.translations import each_model, in_japanese, press_publish, source_of, told, translation_into

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def moderator() -> Client:
    return client_of("Moderators")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """Runs what waits for the end of a transaction, which never comes in a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def chapter(committed: Any) -> Any:
    """A chapter with one sentence that waits for its Japanese."""
    page = page_at("/en/guide/trends/")
    with committed():
        by.save(page, summary="A sentence to translate.")
    return page


def download(client: Client, translation: Translation) -> polib.POFile:
    response = client.get(reverse("wagtail_localize:download_pofile", args=[translation.pk]))
    assert response.status_code == 200
    assert ".po" in response["Content-Disposition"]
    return polib.pofile(response.content.decode())


def upload(client: Client, translation: Translation, content: str | bytes) -> list[str]:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("translation.po", data, "text/x-gettext-translation")
    return told(client.post(reverse("wagtail_localize:upload_pofile", args=[translation.pk]), {"file": file}))


def memory(translation: Translation) -> set[tuple[str, str, bool]]:
    """All that is translated, to see whether anything has changed."""
    found = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale
    )
    return set(found.values_list("context__path", "data", "has_error"))


@each_model
def test_a_file_goes_out_is_translated_and_comes_back(name: str, moderator: Client, committed: Any) -> None:
    source, field = source_of(name), by.words_of(name)
    with committed():
        by.save(source, **{field: "Something “new” & <other>"})
    translation = translation_into(source)
    before = memory(translation)
    po = download(moderator, translation)
    waiting = [entry for entry in po if not entry.msgstr and not entry.obsolete]
    assert len(waiting) == 1, "what is translated is in the file already"
    waiting[0].msgstr = "訳した新しい文"
    assert "1" not in upload(moderator, translation, str(po))[1:], "nothing waits and nothing is wrong"
    assert memory(translation) - before == {(waiting[0].msgctxt, "訳した新しい文", False)}
    with committed():
        press_publish(moderator, in_japanese(source))
    assert getattr(in_japanese(source), field) == "訳した新しい文"


@each_model
def test_a_file_read_back_as_it_is_changes_nothing(name: str, moderator: Client) -> None:
    translation = translation_into(source_of(name))
    before = memory(translation)
    upload(moderator, translation, str(download(moderator, translation)))
    assert memory(translation) == before


@each_model
def test_a_file_of_another_object_or_language_is_refused_by_name(name: str, moderator: Client) -> None:
    other = source_of("guides.GuidePage" if name != "guides.GuidePage" else "guides.Question")
    translation = translation_into(source_of(name))
    before = memory(translation)
    said = upload(moderator, translation, str(download(moderator, translation_into(other))))
    assert said == [f"Nothing was imported. The file belongs to “{other}” in 日本語."]
    chinese = download(moderator, translation_into(source_of(name), "zh-hans"))
    assert "in 简体中文" in upload(moderator, translation, str(chinese))[0]
    assert memory(translation) == before


BROKEN = {
    "empty": (b"", "nothing in the file"),
    "blank": (b"\n\n", "nothing in the file"),
    "no-po": (b"Dear translator, here is the text you asked for.", "not a PO file"),
    "broken": (b'msgid "a\nmsgstr "b"\n', "not a PO file"),
    "binary": (bytes(range(32)) * 40, "not a PO file"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "UTF-8"),
    "utf-16": ('msgid "a"\nmsgstr "b"\n'.encode("utf-16"), "UTF-8"),
    "shift-jis": ('msgid "a"\nmsgstr "日本語の訳"\n'.encode("shift_jis"), "UTF-8"),
    "huge": (b"# x\n" * 2_000_000, "larger than 5 MB"),
    "name-of-a-file": (b"/etc/passwd", "not a PO file"),
    "without-header": (b'msgid "a"\nmsgstr "b"\n', "names no translation"),
    "other-site": (
        b'msgid ""\nmsgstr "X-WagtailLocalize-TranslationID: 0fa868fa-7c42-494d-874b-f57ef79ac184\\n"\n\n'
        b'msgid "a"\nmsgstr "b"\n',
        "another site",
    ),
    "odd-header": (
        b'msgid ""\nmsgstr "X-WagtailLocalize-TranslationID: none\\n"\n\nmsgid "a"\nmsgstr "b"\n',
        "another site",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_file_of_this_translation_is_refused_with_a_reason(name: str, moderator: Client) -> None:
    translation = translation_into(page_at("/en/guide/trends/"))
    before = memory(translation)
    content, reason = BROKEN[name]
    said = upload(moderator, translation, content)
    assert said[0].startswith("Nothing was imported.")
    assert reason in said[0]
    assert len(said) == 1
    assert memory(translation) == before


def test_no_file_at_all_is_told_too(moderator: Client) -> None:
    translation = translation_into(page_at("/en/guide/trends/"))
    said = told(moderator.post(reverse("wagtail_localize:upload_pofile", args=[translation.pk])))
    assert said == ["Nothing was imported. No file was chosen."]


def test_a_file_with_the_mark_of_windows_is_read(chapter: Any, moderator: Client) -> None:
    translation = translation_into(chapter)
    po = download(moderator, translation)
    next(entry for entry in po if entry.msgctxt == "summary" and not entry.obsolete).msgstr = "訳した文"
    said = upload(moderator, translation, b"\xef\xbb\xbf" + str(po).replace("\n", "\r\n").encode())
    assert "were read" in said[0]
    assert ("summary", "訳した文", False) in memory(translation)


def test_what_a_file_leaves_out_is_kept(chapter: Any, moderator: Client) -> None:
    translation = translation_into(chapter)
    po = download(moderator, translation)
    before = memory(translation)
    for entry in list(po):
        if entry.msgctxt != "summary":
            po.remove(entry)
        elif not entry.obsolete:
            entry.msgstr = "訳した文"
    assert upload(moderator, translation, str(po)) == ["1 translated sentence was read."]
    assert memory(translation) == before | {("summary", "訳した文", False)}


def test_what_is_marked_as_unsure_is_left_out(chapter: Any, moderator: Client) -> None:
    translation = translation_into(chapter)
    po = download(moderator, translation)
    entry = next(entry for entry in po if entry.msgctxt == "summary" and not entry.obsolete)
    entry.msgstr = "たぶんこういう意味"
    entry.flags.append("fuzzy")
    said = upload(moderator, translation, str(po))
    assert "marked as unsure" in said[1]
    assert "1 sentence still waits for its translation." in said
    assert ("summary", "たぶんこういう意味", False) not in memory(translation)


def test_sentences_that_the_source_no_longer_holds_are_counted(chapter: Any, moderator: Client, committed: Any) -> None:
    translation = translation_into(chapter)
    po = download(moderator, translation)
    entry = next(entry for entry in po if entry.msgctxt == "summary" and not entry.obsolete)
    entry.msgid, entry.msgstr = "A sentence that never was.", "なかった文"
    said = upload(moderator, translation, str(po))
    assert "1 sentence was left out" in said[1]


def with_link(committed: Any) -> Any:
    page = page_at("/en/guide/trends/")
    page.body.append(("text", '<p data-block-key="k1">See <a href="https://example.org/">the list</a> of all.</p>'))
    with committed():
        by.save(page)
    return page


@pytest.mark.parametrize(
    "text",
    [
        "一覧を見る。",
        '<a id="a1">一覧</a>と<a id="a1">一覧</a>。',
        '<a id="a2">一覧</a>。',
        '<a id="a1">一覧。',
        "<script>alert(1)</script>",
        '<a id="a1" onclick="x()">一覧</a>',
    ],
)
def test_a_sentence_whose_marks_are_lost_is_marked_red_and_not_published(
    text: str, moderator: Client, committed: Any
) -> None:
    page = with_link(committed)
    translation = translation_into(page)
    po = download(moderator, translation)
    next(entry for entry in po if not entry.msgstr and not entry.obsolete).msgstr = text
    said = upload(moderator, translation, str(po))
    assert "1 sentence is marked red" in said[1]
    assert "1 sentence waits" in press_publish(moderator, in_japanese(page))[0]


def test_a_lost_citation_is_marked_red(moderator: Client) -> None:
    segment = (
        StringTranslation.objects.filter(data__contains=">figure:", locale__language_code="ja")
        .select_related("context", "translation_of")
        .first()
    )
    assert segment
    translation = Translation.objects.get(
        source__object_id=segment.context.object_id, target_locale__language_code="ja"
    )
    po = download(moderator, translation)
    entry = next(one for one in po if one.msgctxt == segment.context.path and one.msgid == segment.translation_of.data)
    entry.msgstr = "数字のない文。"
    said = upload(moderator, translation, str(po))
    assert any("marked red" in text for text in said)
    segment.refresh_from_db()
    assert "citations differ" in segment.get_error()


def test_only_who_may_edit_the_translation_imports(moderator: Client) -> None:
    translation = translation_into(page_at("/en/guide/trends/"))
    address = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
    assert Client().post(address).status_code == 302, "to the sign-in"
    assert moderator.get(address).status_code == 405
