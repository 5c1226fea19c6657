"""A reader, a seller and an editor, each from the first page to what they came for, in each language."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from guides.models import GuidePage
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import LANGUAGES, client_of, page_at

NEXT = {"en": "zh-hans", "zh-hans": "ja", "ja": "en"}
TAGS = {"en": "en", "zh-hans": "zh-Hans", "ja": "ja"}


def follow(page: Page, selector: str) -> None:
    """Clicks the first such link and waits until the page it leads to stands."""
    link = page.locator(selector).first
    expect(link).to_be_visible()
    link.click()
    page.wait_for_load_state()


def open_menu(page: Page) -> None:
    """On a phone, opens what holds the sections and languages; elsewhere they are in sight."""
    if page.locator(".menu-button").is_visible():
        page.locator(".menu-button").click()


def switch(page: Page, language: str) -> None:
    open_menu(page)
    follow(page, f".languages a[hreflang={TAGS[language]}]")
    expect(page.locator("html")).to_have_attribute("lang", TAGS[language])


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_comes_for_payments_and_leaves_with_a_case(visit: Visit, language: str) -> None:
    page = visit.page
    page.goto(f"/{language}/")
    follow(page, "main a[href$='/guide/']")
    follow(page, "main a[href$='/guide/payments/']")
    entry = page.locator(".contents a").nth(1)
    heading = page.locator(str(entry.get_attribute("href")))
    entry.click()
    expect(heading).to_be_in_viewport()

    number = page.locator(".prose .cite__mark a").first
    number.click()
    note = page.locator(".notes li:target")
    expect(note).to_be_in_viewport()
    note.locator(".notes__statement a").click()
    page.wait_for_url("**/evidence/**")
    expect(page.locator("main .facts .status")).to_be_visible()
    page.go_back()
    expect(note).to_be_in_viewport()
    note.locator("[role=doc-backlink]").first.click()
    expect(number).to_be_in_viewport()

    switch(page, NEXT[language])
    assert page.url.endswith(f"/{NEXT[language]}/guide/payments/")
    switch(page, language)
    follow(page, ".related a[href*='/faq/#']")
    expect(page.locator(".question__answer:target")).to_be_visible()
    open_menu(page)
    follow(page, "header a[href$='/cases/']")
    follow(page, "main a[href$='/cases/shein/']")
    expect(page.locator("h1")).to_be_visible()
    assert visit.fits


BUTTONS = {
    "en": ("Fill in the usual answers", "Show the answer"),
    "zh-hans": ("填入常见答案", "查看结果"),
    "ja": ("よくある回答を入れる", "結果を見る"),
}


@pytest.mark.any_database
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_seller_is_asked_one_question_after_another(visit: Visit, language: str) -> None:
    page = visit.page
    page.goto(f"/{language}/suitability/")
    questions = page.locator(".ask")
    for number in range(9):
        question = questions.nth(number)
        if not visit.has_script and number:
            question.locator("summary").click()
        expect(page.locator(".ask[open]")).to_have_count(1 if visit.has_script else number + 1)
        expect(question).to_have_attribute("open", "")
        choice = question.locator(".choice").nth(number % 5)
        choice.click()
        if visit.has_script and number < 8:
            expect(questions.nth(number + 1)).to_be_in_viewport()
            expect(question.locator(".ask__answer")).not_to_be_empty()
    visit.settle(BUTTONS[language][1])
    expect(page.locator(".ask[open]")).to_have_count(0 if not visit.has_script else 1)
    expect(page.locator(".ask__answer:not(:empty)")).to_have_count(9)
    expect(page.locator("#answer .score-table")).to_be_visible()
    assert visit.fits


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_seller_scores_compares_keeps_and_deletes(visit: Visit, language: str) -> None:
    fill, show = BUTTONS[language]
    page = visit.page
    score = page.locator("#answer .score-table .number").nth(1)
    page.goto(f"/{language}/")
    follow(page, "main a[href$='/suitability/']")
    page.locator("[name=category]").select_option("ceramics")
    visit.send(fill)
    expect(score).to_have_text("53.5")
    page.locator("#id_robustness-field summary").click()
    page.locator("[name=robustness][value='2']").check()
    visit.send(show)
    expect(score).not_to_have_text("53.5")

    follow(page, "#answer .actions a")
    page.locator("[name=category]").select_option("online-course")
    visit.send(fill)
    expect(page.locator(".compare__table thead th")).to_have_count(2)
    expect(page.locator(".compare__table thead th").first).not_to_have_text(
        str(page.locator(".compare__table thead th").last.text_content())
    )
    assert visit.fits

    follow(page, "form[action$='/saved/'] button")
    page.wait_for_url("**/suitability/saved/**")
    expect(page.locator(".compare__table thead th")).to_have_count(2)
    shared = str(page.locator("a[href*='/s/']").get_attribute("href"))
    page.locator("details:has(form) summary").click()
    follow(page, "details form button")
    page.wait_for_url("**/saved/deleted/")
    assert page.request.get(shared).status == 404


# --- An editor needs JavaScript: Wagtail's screens do -----------------------------------------------------------------

CHAPTERS = {
    "en": ("A short chapter", "Before it was changed.", "Rewritten in a browser."),
    "zh-hans": ("短短一章", "修改之前的简介。", "在浏览器里重写的简介。"),
    "ja": ("短い章", "書き直す前の要約。", "ブラウザーで書き直した要約。"),
}
GREETINGS = {"en": "Sign in", "zh-hans": "登录", "ja": "ログイン"}


@pytest.fixture(params=LANGUAGES)
def chapter(request: pytest.FixtureRequest, server: str, django_db_blocker: Any) -> Iterator[GuidePage]:
    """A published chapter and a moderator, both of one language. The server sees them only outside of a transaction."""
    title, summary, _rewritten = CHAPTERS[request.param]
    with django_db_blocker.unblock():
        client_of("Moderators", request.param)
        body = json.dumps([{"type": "text", "value": f"<p>{summary}</p>"}])
        page = GuidePage(title=title, slug="short", summary=summary, body=body)
        page_at(f"/{request.param}/guide/").add_child(instance=page)
        page.save_revision().publish()
    yield page
    with django_db_blocker.unblock():
        GuidePage.objects.get(pk=page.pk).delete()
        User.objects.get(username="a-moderators").delete()


# The fixture `db` comes last: what stands in its transaction, the server does not see.
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_editor_changes_a_chapter_and_readers_see_it(
    chromium: Browser, chapter: GuidePage, server: str, size: Any, db: None
) -> None:
    language = chapter.locale.language_code
    _title, before, after = CHAPTERS[language]
    with (
        chromium.new_context(viewport=size, base_url=server, locale=TAGS[language], reduced_motion="reduce") as desk,
        chromium.new_context(viewport=size, base_url=server) as sofa,
    ):
        reader = sofa.new_page()
        reader.goto(f"/{language}/guide/short/")
        expect(reader.locator(".lead")).to_have_text(before)

        editor = desk.new_page()
        editor.goto(f"/admin/login/?next=/admin/pages/{chapter.pk}/edit/")
        expect(editor.locator("html")).to_have_attribute("lang", TAGS[language].lower())
        expect(editor.get_by_role("heading", level=1)).to_contain_text(GREETINGS[language])
        editor.locator("[name=username]").fill("a-moderators")
        editor.locator("[name=password]").fill("x")
        editor.locator("[type=submit]").click()
        editor.wait_for_url(f"**/admin/pages/{chapter.pk}/edit/")
        editor.wait_for_load_state("load")  # before that, the buttons do nothing
        editor.locator("[name=summary]").fill(after)
        editor.locator("[data-side-panel-toggle=preview]").click()
        expect(editor.frame_locator("#w-preview-iframe").locator(".lead")).to_have_text(after)
        reader.reload()
        expect(reader.locator(".lead")).to_have_text(before)
        editor.locator("[data-side-panel-toggle=preview]").click()
        editor.locator("footer [data-w-dropdown-target=toggle]").click()
        with editor.expect_navigation():
            editor.locator("[name=action-publish]").click()
        reader.reload()
        expect(reader.locator(".lead")).to_have_text(after)
