"""A Japanese editor translates a chapter, from submission to readers; a moderator approves it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, expect
from wagtail.models import Page, WorkflowState

from guides.models import GuidePage
from tests.conftest import client_of, page_at

SENTENCES = {"A new chapter": "新しい章", "It says something new.": "新しいことが書いてあります。"}


@pytest.fixture
def chapter(django_db_setup: None, django_db_blocker: Any) -> Iterator[GuidePage]:
    """A published English chapter that nobody has translated. The server sees it only outside of a transaction."""
    with django_db_blocker.unblock():
        guide = page_at("/en/guide/")
        page = GuidePage(title="A new chapter", slug="a-new-chapter", summary="It says something new.")
        guide.add_child(instance=page)
        page.save_revision().publish()
    yield page
    with django_db_blocker.unblock():
        WorkflowState.objects.all().delete()
        for version in Page.objects.filter(slug="a-new-chapter"):
            version.specific.delete()


@pytest.fixture
def people(chromium: Browser, server: str, chapter: GuidePage, django_db_blocker: Any) -> Iterator[tuple[Any, Any]]:
    """The desks of an editor and of a moderator, signed in, with screens in Japanese."""
    with django_db_blocker.unblock():
        sessions = [client_of(group, "ja").cookies["sessionid"].value for group in ("Editors", "Moderators")]
    contexts = [chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=server) for _ in sessions]
    for context, session in zip(contexts, sessions, strict=True):
        context.add_cookies([{"name": "sessionid", "value": session, "url": server}])
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()
    with django_db_blocker.unblock():
        User.objects.filter(username__in=["a-editors", "a-moderators"]).delete()


# The fixture `db` comes last: what stands in its transaction, the server does not see.
def test_a_chapter_is_translated_reviewed_and_read(
    chapter: GuidePage, people: tuple[Any, Any], server: str, db: None
) -> None:
    editor, moderator = people
    editor.goto(f"/admin/pages/{chapter.pk}/edit/")
    editor.get_by_role("button", name="操作").first.click()
    editor.get_by_role("link", name="このページを翻訳").click()
    editor.get_by_label("日本語").check()
    editor.get_by_role("button", name="実行").click()
    expect(editor.get_by_text("の翻訳を始められます")).to_be_visible()

    expect(editor.get_by_role("button", name="原文との同期を止める")).to_be_hidden()
    editor.get_by_role("button", name="確認を依頼").click()
    expect(editor.get_by_text("未訳の文が 2 件ある")).to_be_visible()
    for english, japanese in SENTENCES.items():
        sentence = editor.locator("li", has_text=english).filter(has=editor.get_by_role("button", name="翻訳")).last
        sentence.get_by_role("button", name="翻訳").click()
        editor.locator("textarea").fill(japanese)
        editor.get_by_role("button", name="保存", exact=True).click()
        expect(editor.get_by_text("手作業で翻訳").nth(list(SENTENCES).index(english))).to_be_visible()
    editor.get_by_role("button", name="確認を依頼").click()
    expect(editor.get_by_text("モデレーターに翻訳の確認を依頼しました。")).to_be_visible()
    expect(editor.get_by_text("確認が済むまで変更できません。")).to_be_visible()
    assert editor.request.get(f"{server}/ja/guide/a-new-chapter/").status == 404

    moderator.goto("/admin/")
    moderator.get_by_role("link", name="新しい章").first.click()
    expect(moderator.get_by_text("この翻訳は確認待ちです。")).to_be_visible()
    moderator.wait_for_load_state("load")  # before that, the buttons do nothing
    with moderator.expect_navigation():
        moderator.get_by_role("button", name="承認して公開").first.click()
    moderator.goto("/ja/guide/a-new-chapter/")
    expect(moderator.get_by_role("heading", name="新しい章")).to_be_visible()
    expect(moderator.get_by_text("新しいことが書いてあります。").first).to_be_visible()
