"""The admin, as editors and moderators meet it."""

import datetime
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image as PillowImage
from wagtail.blocks import StreamValue
from wagtail.models import Locale, Page, PageViewRestriction, Task, TaskState, WorkflowState

from casestudies.models import CaseIndexPage, CaseStudyPage, MetricBlocks
from evidence.models import EvidencePage
from guides.models import FAQPage, GuideIndexPage, GuidePage, Question
from pages.blocks import BodyBlocks, ChartRowBlock, HomeBlocks, TableBlock
from pages.models import ContentImage, HomePage, Tag
from suitability.models import CategoryIndexPage, ProductCategory, SuitabilityPage
from tests.conftest import client_of, page_at

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def editor() -> Client:
    return client_of("Editors")


@pytest.fixture
def moderator() -> Client:
    return client_of("Moderators")


# --- Who may do what --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_both_groups_reach_all_that_they_write(group: str) -> None:
    client = client_of(group)
    of_each_type = {page.content_type_id: page.pk for page in Page.objects.filter(locale_id=1, depth__gt=1)}
    addresses = [reverse("wagtailadmin_pages:edit", args=[pk]) for pk in of_each_type.values()]
    addresses += [reverse(f"wagtailsnippets_{name}:list") for name in ("guides_question", "pages_tag")]
    addresses += [reverse("wagtailimages:index"), reverse("wagtailadmin_home")]
    question = Question.objects.filter(locale_id=1).first()
    assert question
    addresses.append(reverse("wagtailsnippets_guides_question:edit", args=[question.pk]))
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_editors_submit_and_moderators_publish(editor: Client, moderator: Client) -> None:
    question = Question.objects.get(slug="kpis", locale__language_code="en")
    edit = reverse("wagtailsnippets_guides_question:edit", args=[question.pk])
    data = {
        "question": "A better question?",
        "answer": '{"blocks":[{"key":"a1","type":"unstyled","depth":0,"text":"An answer.","inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}',
        "topic": question.topic,
        "position": question.position,
        "slug": question.slug,
    }
    editor.post(edit, data | {"action-publish": "Publish"})
    question.refresh_from_db()
    assert question.question != "A better question?", "an editor may not publish"
    editor.post(edit, data | {"action-submit": "Submit"})
    state = WorkflowState.objects.for_instance(question).get()
    assert state.status == WorkflowState.STATUS_IN_PROGRESS
    task: TaskState = state.current_task_state
    address = reverse("wagtailsnippets_guides_question:workflow_action", args=[question.pk, "approve", task.pk])
    assert editor.post(address).status_code in (302, 403)
    question.refresh_from_db()
    assert question.question != "A better question?", "an editor may not approve"
    moderator.post(address, {"comment": ""})
    question.refresh_from_db()
    assert question.question == "A better question?"
    assert Task.objects.exists()


def test_a_page_goes_through_the_workflow(moderator: Client) -> None:
    page = page_at("/en/guide/trends/")
    author = User.objects.create_user("author", password="x")
    page.title = "A changed title"
    page.save_revision(user=author)
    workflow = page.get_workflow()
    assert workflow is not None
    state = workflow.start(page, author)
    moderator.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.current_task_state.pk]),
        {"comment": ""},
    )
    assert page_at("/en/guide/trends/").title == "A changed title"


@pytest.mark.parametrize(("language", "word"), [("en", "Case studies"), ("zh-hans", "案例"), ("ja", "事例")])
def test_the_admin_speaks_the_editors_language(language: str, word: str) -> None:
    client = client_of("Editors", language)
    response = client.get(reverse("wagtailadmin_pages:add_subpage", args=[page_at("/en/").pk]), follow=True)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[page_at("/en/cases/shein/").pk])).content.decode()
    assert f'lang="{language}' in page.replace("zh-Hans", "zh-hans")
    with translation.override(language):
        assert str(CaseStudyPage._meta.get_field("lesson").verbose_name).lower() in page.lower()
        assert word in page
    assert response.status_code == 200


# --- What may stand where -------------------------------------------------------------------------------------------------


def test_each_page_type_has_only_sensible_parents_and_children() -> None:
    allowed = {
        model: set(model.allowed_subpage_models())
        for model in (
            HomePage,
            GuideIndexPage,
            GuidePage,
            FAQPage,
            CaseIndexPage,
            CaseStudyPage,
            SuitabilityPage,
            CategoryIndexPage,
            ProductCategory,
            EvidencePage,
        )
    }
    assert allowed == {
        HomePage: {GuideIndexPage, FAQPage, CaseIndexPage, SuitabilityPage, CategoryIndexPage, EvidencePage},
        EvidencePage: set(),
        GuideIndexPage: {GuidePage},
        GuidePage: set(),
        FAQPage: set(),
        CaseIndexPage: {CaseStudyPage},
        CaseStudyPage: set(),
        SuitabilityPage: set(),
        CategoryIndexPage: {ProductCategory},
        ProductCategory: set(),
    }
    assert not GuideIndexPage.can_create_at(page_at("/en/")), "there is one guide in a language"
    assert not HomePage.can_create_at(Page.get_first_root_node()), "each language has its home page"


def test_a_cover_needs_words_for_readers_who_cannot_see_it() -> None:
    page = page_at("/en/guide/trends/")
    page.cover_alt = ""
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    assert caught.value.message_dict["cover_alt"] == ["Say in a few words what the cover shows."]


def picture(kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    PillowImage.new("RGB", (64, 36), "navy").save(data, kind)
    return data.getvalue()


def test_an_image_needs_a_description_and_must_be_one(moderator: Client) -> None:
    add = reverse("wagtailimages:add")
    collection = 1
    fields = {"title": "A picture", "collection": collection, "tags": "", "credit": "Us"}
    before = ContentImage.objects.count()
    moderator.post(add, fields | {"description": "", "file": SimpleUploadedFile("a.png", picture(), "image/png")})
    assert ContentImage.objects.count() == before, "an image without a description is refused"
    fake = SimpleUploadedFile("a.png", b"<script>alert(1)</script>", "image/png")
    moderator.post(add, fields | {"description": "x", "file": fake})
    svg = SimpleUploadedFile("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")
    moderator.post(add, fields | {"description": "x", "file": svg})
    disguised = SimpleUploadedFile("a.png", picture("TIFF"), "image/png")
    moderator.post(add, fields | {"description": "x", "file": disguised})
    assert ContentImage.objects.count() == before, "what is not an image of an accepted kind is refused"
    moderator.post(
        add, fields | {"description": "A navy field.", "file": SimpleUploadedFile("a.png", picture(), "image/png")}
    )
    assert ContentImage.objects.count() == before + 1


def test_two_questions_of_a_language_cannot_share_an_anchor(moderator: Client) -> None:
    data = {"question": "Another?", "answer": "null", "topic": "law", "position": 1, "slug": "permission"}
    response = moderator.post(reverse("wagtailsnippets_guides_question:add"), data)
    assert response.status_code == 200
    assert "slug" in response.context["form"].errors
    tag = {"name": "Again", "slug": "obs"}
    response = moderator.post(reverse("wagtailsnippets_pages_tag:add"), tag)
    assert "slug" in response.context["form"].errors


# --- Blocks -----------------------------------------------------------------------------------------------------------


def every_block() -> list[Any]:
    streams = (BodyBlocks(), HomeBlocks(), MetricBlocks())
    return [block for stream in streams for block in stream.child_blocks.values()]


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja"])
def test_every_block_has_a_label_a_description_and_a_preview(language: str, moderator: Client) -> None:
    with translation.override(language):
        for block in every_block():
            assert str(block.label)
            assert len(block.get_description()) > 8, block.name
            assert block.is_previewable, block.name
            response = moderator.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
            assert response.status_code == 200, block.name
            assert len(re.sub(r"<[^>]+>|\s", "", response.content.decode())) > 10, block.name


def stream(blocks: list[dict[str, Any]]) -> StreamValue:
    return BodyBlocks().to_python(blocks)


def refusal(blocks: list[dict[str, Any]]) -> str:
    from contentfiles.blocks import messages_of

    with translation.override("en"), pytest.raises(ValidationError) as caught:
        BodyBlocks().clean(stream(blocks))
    return "; ".join(messages_of(caught.value))


def test_a_refused_block_says_how_to_mend_it() -> None:
    heading = {"type": "heading", "value": {"text": "A", "anchor": "Not An Anchor"}}
    assert "Use small letters a–z, digits and single hyphens only" in refusal([heading])
    twice = {"type": "heading", "value": {"text": "A", "anchor": "a"}}
    assert "Another section already has the anchor “a”: choose another" in refusal([twice, twice])
    table = {"title": "T", "columns": ["A", "B"], "rows": [["1", "2"], ["3"]]}
    assert "Row 2 has 1 cell, but the table has 2 columns" in refusal([{"type": "table", "value": table}])
    rows = [{"label": "x", "figure": figure} for figure in ("figure:delivery-days", "figure:return-cost")]
    chart = {"title": "T", "summary": "S", "rows": rows, "note": ""}
    assert "choose figures of one unit" in refusal([{"type": "chart", "value": chart}])
    assert ChartRowBlock().clean(rows[0])["figure"] == "figure:delivery-days"
    claim = {"claim": "<p>C</p>", "finding": "<p>F</p>", "evidence": "", "status": ""}
    claims = {"title": "T", "items": [claim]}
    assert "Choose either a figure or rule" in refusal([{"type": "claims", "value": claims}])
    assert TableBlock().clean(TableBlock().to_python(table | {"rows": [["1", "2"]]}))["columns"]


def test_what_editors_write_is_escaped(browser: Client) -> None:
    page = page_at("/en/guide/trends/")
    evil = "<script>alert(1)</script>"
    page.title = evil
    page.body = stream(
        [{"type": "heading", "value": {"text": evil, "anchor": "a"}}, {"type": "text", "value": "<p>x</p>"}]
    )
    page.save_revision().publish()
    assert evil not in browser.get("/en/guide/trends/").content.decode()


# --- The life of a page -------------------------------------------------------------------------------------------------


def test_a_changed_sentence_is_seen_once_published(moderator: Client, browser: Client) -> None:
    page = page_at("/en/cases/komorebi/")
    page.summary = "A changed sentence."
    page.save_revision()
    assert "A changed sentence." not in browser.get(page.url).content.decode()
    page.get_latest_revision().publish()
    assert "A changed sentence." in browser.get(page.url).content.decode()


@pytest.mark.parametrize(
    "address", ["/en/", "/ja/guide/", "/en/guide/trends/", "/zh-hans/faq/", "/en/cases/", "/ja/cases/shein/"]
)
def test_a_page_can_be_previewed_before_it_is_saved(address: str) -> None:
    page = page_at(address)
    page.title = "Only a draft"
    response = page.make_preview_request(preview_mode=page.default_preview_mode)
    assert response.status_code == 200
    assert "Only a draft" in response.content.decode()


def test_only_the_admin_may_be_framed_and_only_by_itself(moderator: Client, browser: Client) -> None:
    assert moderator.get(reverse("wagtailadmin_home")).headers["X-Frame-Options"] == "SAMEORIGIN"
    assert browser.get("/en/").headers["X-Frame-Options"] == "DENY"
    preview = page_at("/en/guide/trends/").make_preview_request()
    for response in (browser.get("/en/"), preview):
        assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]


def test_a_question_can_be_previewed_in_its_language() -> None:
    question = Question.objects.get(slug="permission", locale__language_code="ja")
    page = question.make_preview_request().content.decode()
    assert question.question in page
    assert '<html lang="ja"' in page


def test_an_unfinished_draft_can_be_previewed() -> None:
    page = page_at("/en/guide/trends/")
    row = {"label": "", "low": None, "high": None, "status": ""}
    unfinished: list[dict[str, Any]] = [
        {"type": "chart", "value": {"title": "", "summary": "", "unit": "", "rows": [row], "note": ""}},
        {"type": "chart", "value": {"title": "A", "summary": "", "unit": "days", "rows": [row], "note": ""}},
        {"type": "claims", "value": {"title": "", "items": [{"claim": "", "status": "", "finding": ""}]}},
        {"type": "table", "value": {"title": "", "columns": [], "rows": []}},
        {"type": "image", "value": {"image": None, "alt": "", "caption": ""}},
    ]
    page.body = stream(unfinished)
    assert page.make_preview_request().status_code == 200
    case = page_at("/en/cases/shein/")
    case.verification, case.category, case.cover, case.reviewed = "", "", None, None
    metric = {"label": "", "value": None, "high": None, "unit": "", "period": "", "status": "", "note": ""}
    case.metrics = MetricBlocks().to_python([{"type": "metric", "value": metric}])
    assert case.make_preview_request().status_code == 200


def test_a_home_page_outside_the_site_can_be_previewed() -> None:
    home = page_at("/en/").copy(
        update_attrs={"slug": "another", "locale": Locale.objects.get(language_code="en")},
        to=Page.get_first_root_node(),
    )
    assert home.specific.make_preview_request().status_code == 200


def test_tags_and_markets_can_be_put_in_another_order() -> None:
    page = page_at("/en/guide/payments/")
    first, second = page.page_tags.all()[:2]
    first.tag, second.tag = second.tag, first.tag
    page.page_tags = [first, second]
    page.save_revision().publish()
    assert len(page_at("/en/guide/payments/").tags) == 2
    case = page_at("/en/cases/shein/")
    one, two = case.markets.all()
    one.code, two.code = two.code, one.code
    case.markets = [one, two]
    case.save_revision().publish()
    assert [market.code for market in page_at("/en/cases/shein/").markets.all()] == ["us", "eu"]


def test_a_private_page_asks_for_its_password_and_then_opens(browser: Client) -> None:
    page = page_at("/ja/guide/trends/")
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="sesame")
    asked = browser.get(page.url)
    assert asked.status_code == 200
    assert page.contents[0]["text"] not in asked.content.decode()
    assert "no-cache" in asked.headers["Cache-Control"]
    action = re.search(r'action="([^"]+)"', asked.content.decode())
    assert action
    opened = browser.post(action[1], {"password": "sesame", "return_url": page.url}, follow=True)
    assert opened.status_code == 200
    assert page.contents[0]["text"] in opened.content.decode()


def test_a_tag_that_changes_its_address_still_narrows_lists(browser: Client) -> None:
    Tag.objects.filter(slug="insurance", locale__language_code="en").update(slug="cover")
    assert browser.get("/en/guide/?tag=cover").context["chapters"].object_list
    assert browser.get("/ja/guide/?tag=insurance").context["chapters"].object_list


def test_a_copied_page_keeps_its_tags_and_relations() -> None:
    page = page_at("/en/guide/payments/")
    twin = page.copy(update_attrs={"slug": "payments-copy"})
    assert [tag.slug for tag in twin.specific.tags] == [tag.slug for tag in page.tags]
    assert [case.slug for case in twin.specific.related] == [case.slug for case in page.related]


def test_scheduled_publishing_works_by_its_command(browser: Client) -> None:
    page = page_at("/en/cases/komorebi/")
    page.summary = "Published by the clock."
    page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    page.save_revision().publish()
    call_command("publish_scheduled")
    assert "Published by the clock." not in browser.get(page.url).content.decode()
    from wagtail.models import Revision

    past = timezone.now() - datetime.timedelta(minutes=1)
    revision = Revision.objects.for_instance(page).exclude(approved_go_live_at=None).get()
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled")
    assert "Published by the clock." in browser.get(page.url).content.decode()


def test_a_renamed_page_keeps_its_old_address_working(browser: Client, django_capture_on_commit_callbacks: Any) -> None:
    page = page_at("/en/cases/komorebi/")
    page.slug = "pottery"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert browser.get("/en/cases/pottery/").status_code == 200
    response = browser.get("/en/cases/komorebi/")
    assert response.status_code == 301
    assert response.url == "/en/cases/pottery/"


def test_a_translator_fills_in_a_changed_sentence_only() -> None:
    from wagtail_localize.models import TranslationSource

    page = page_at("/en/guide/trends/")
    page.summary = "A new summary that nobody has translated."
    page.save_revision().publish()
    source = TranslationSource.objects.get_for_instance(page)
    source.update_from_db()
    translation_of_page = source.translations.get(target_locale=Locale.objects.get(language_code="ja"))
    total, done = translation_of_page.get_progress()
    assert total - done == 1


def test_deleting_an_image_that_a_page_shows_is_refused() -> None:
    from django.db.models import ProtectedError

    page = page_at("/en/guide/trends/")
    with pytest.raises(ProtectedError):
        page.cover.delete()


def test_a_tag_is_the_same_in_every_language() -> None:
    slugs = {
        language: set(Tag.objects.filter(locale__language_code=language).values_list("slug", flat=True))
        for language in ("en", "zh-hans", "ja")
    }
    assert slugs["en"] == slugs["zh-hans"] == slugs["ja"]


def test_uploaded_images_are_served_and_may_be_kept(browser: Client) -> None:
    image = ContentImage.objects.create(title="x", description="x", file=ImageFile(io.BytesIO(picture()), "x.png"))
    response = browser.get(image.get_rendition("width-32").url)
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    (Path(settings.MEDIA_ROOT) / "documents").mkdir(exist_ok=True)
    (Path(settings.MEDIA_ROOT) / "documents/secret.pdf").write_text("secret")
    for address in ("documents/secret.pdf", "images/../documents/secret.pdf", "images/%2e%2e/documents/secret.pdf"):
        assert browser.get(f"/media/{address}").status_code == 404
    assert browser.get("/media/images/nothing.png").status_code == 404


def test_an_editor_cannot_turn_a_live_translation_into_english(editor: Client, moderator: Client) -> None:
    page = page_at("/ja/cases/komorebi/")
    address = reverse("wagtail_localize:convert_to_alias", args=[page.pk])
    editor.post(address)
    assert page_at("/ja/cases/komorebi/").alias_of is None
    moderator.post(address)
    assert page_at("/ja/cases/komorebi/").alias_of == page_at("/en/cases/komorebi/").page_ptr


@pytest.mark.parametrize(("group", "published"), [("Editors", False), ("Moderators", True)])
def test_only_who_may_publish_publishes_while_updating_translations(
    group: str, published: bool, django_capture_on_commit_callbacks: Any
) -> None:
    from wagtail_localize.models import TranslationSource

    page = page_at("/en/cases/komorebi/")
    page.reviewed = datetime.date(2026, 1, 2)
    page.save_revision().publish()
    source = TranslationSource.objects.get_for_instance(page)
    before = page_at("/ja/cases/komorebi/").live_revision_id
    with django_capture_on_commit_callbacks(execute=True):
        client_of(group).post(
            reverse("wagtail_localize:update_translations", args=[source.pk]), {"publish_translations": "on"}
        )
    assert (page_at("/ja/cases/komorebi/").live_revision_id != before) is published


@pytest.mark.parametrize(("group", "allowed"), [("Editors", False), ("Moderators", True)])
def test_the_same_holds_for_questions(group: str, allowed: bool) -> None:
    from wagtail_localize.models import TranslationSource

    source = TranslationSource.objects.get_for_instance(Question.objects.get(slug="kpis", locale__language_code="en"))
    page = client_of(group).get(reverse("wagtail_localize:update_translations", args=[source.pk]))
    assert page.context["form"].fields["publish_translations"].disabled is not allowed
