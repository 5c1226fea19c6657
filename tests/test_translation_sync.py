"""Numbers, levels, dates and links follow the source on their own; what was edited by hand is kept."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation

from evidence.models import Figure
from guides.models import GuidePage
from suitability.models import Market, ProductCategory, Rubric
from tests import translations as by
from tests.conftest import client_of, page_at
from tests.translations import in_japanese, press_publish, source_of, sync, told, translate, translation_into
from translation.publishing import edit_url

pytestmark = pytest.mark.usefixtures("site")

RESTART = {"localize-restart-translation": "1"}


@pytest.fixture
def moderator() -> Client:
    return client_of("Moderators")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """Runs what waits for the end of a transaction, which never comes in a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


# --- What has no words follows ----------------------------------------------------------------------------------------


def test_a_chapters_dates_and_notices_follow_when_it_is_published(committed: Any) -> None:
    chapter = page_at("/en/guide/trends/")
    with committed():
        by.save(chapter, reviewed=datetime.date(2026, 3, 4), legal_notice=not chapter.legal_notice)
    for language in ("ja", "zh-hans"):
        page = page_at(f"/{language}/guide/trends/")
        assert page.reviewed == datetime.date(2026, 3, 4)
        assert page.legal_notice is chapter.legal_notice
        assert not page.has_unpublished_changes


def test_a_categorys_levels_follow(committed: Any) -> None:
    category = (
        ProductCategory.objects.filter(locale__language_code="en", levels__isnull=False).exclude(levels={}).first()
    )
    assert category
    key = next(iter(category.levels))
    with committed():
        by.save(category, levels={**category.levels, key: 0})
    assert in_japanese(category).levels[key] == 0


def test_a_rubrics_weights_and_thresholds_follow(committed: Any) -> None:
    rubric = Rubric.objects.get(locale__language_code="en")
    rubric.criteria[0].value["weight"] = 77
    with committed():
        by.save(rubric, strong=91)
    japanese = in_japanese(rubric)
    assert japanese.strong == 91
    assert japanese.criteria[0].value["weight"] == 77
    assert japanese.criteria[0].value["name"] != rubric.criteria[0].value["name"], "its words stay"


def test_a_figures_numbers_and_dates_follow(committed: Any) -> None:
    figure = Figure.objects.get(slug="chargebacks", locale__language_code="en")
    with committed():
        by.save(figure, low=Decimal("0.4"), as_of="2026-02")
    assert float(in_japanese(figure).low) == 0.4
    assert in_japanese(figure).as_of == "2026-02"


def test_a_markets_currency_follows(committed: Any) -> None:
    market = source_of("suitability.Market")
    with committed():
        by.save(market, currency="CHF", position=9)
    assert (in_japanese(market).currency, in_japanese(market).position) == ("CHF", 9)


def test_a_link_in_a_text_follows(committed: Any) -> None:
    chapter = page_at("/en/guide/trends/")
    block = next(block for block in chapter.body if block.block_type == "text" and "<a " not in block.value.source)
    first, rest = block.value.source.split("</p>", 1)
    block.value.source = f'{first} <a href="https://example.org/old">More</a></p>{rest}'
    with committed():
        by.save(chapter)
    translation = translation_into(chapter)
    segment = translation.source.stringsegment_set.get(string__data__contains='<a id="a1">More</a>')
    for one in chapter.get_translations():
        StringTranslation.objects.create(
            translation_of=segment.string, locale=one.locale, context=segment.context, data='本文 <a id="a1">続き</a>'
        )
    with committed():
        press_publish(client_of("Moderators"), in_japanese(chapter))
    assert "https://example.org/old" in str(in_japanese(chapter).body)
    chapter = page_at("/en/guide/trends/")
    block = next(block for block in chapter.body if "example.org/old" in str(block.value))
    block.value.source = block.value.source.replace("example.org/old", "example.org/new")
    with committed():
        by.save(chapter)
    assert "https://example.org/new" in str(in_japanese(chapter).body)


def test_a_time_of_day_in_a_table_asks_nobody_for_work(committed: Any) -> None:
    chapter = page_at("/en/guide/trends/")
    chapter.body.append(("text", '<p data-block-key="k1">20:00</p>'))
    with committed():
        by.save(chapter)
    translation = translation_into(chapter)
    assert translation.get_progress()[0] == translation.get_progress()[1]
    assert in_japanese(chapter).body[-1].value.source == '<p data-block-key="k1">20:00</p>'


def test_a_removed_paragraph_leaves_the_translations(committed: Any) -> None:
    chapter = page_at("/en/guide/trends/")
    before = len(chapter.body)
    del chapter.body[-1]
    with committed():
        by.save(chapter)
    assert len(in_japanese(chapter).body) == before - 1


def test_a_text_that_is_emptied_in_the_source_leaves_the_translations(committed: Any) -> None:
    market = Market.objects.filter(locale__language_code="en").exclude(note="").first()
    assert market
    with committed():
        by.save(market, note="")
    assert in_japanese(market).note == ""


def test_only_changed_sentences_ask_for_work_and_the_rest_waits_with_them(moderator: Client, committed: Any) -> None:
    chapter = page_at("/en/guide/trends/")
    before = in_japanese(chapter)
    with committed():
        by.save(chapter, summary="A new summary.", reviewed=datetime.date(2026, 3, 4))
    total, done = translation_into(chapter).get_progress()
    assert total - done == 1
    assert in_japanese(chapter).reviewed == before.reviewed, "the old text keeps its date"
    translate(chapter)
    assert in_japanese(chapter).summary == before.summary, "nobody has published the new words"
    with committed():
        press_publish(moderator, in_japanese(chapter))
    assert in_japanese(chapter).reviewed == datetime.date(2026, 3, 4)


def test_words_that_nobody_has_published_are_not_published_with_a_number(committed: Any) -> None:
    chapter = page_at("/en/guide/trends/")
    title = translation_into(chapter).source.stringsegment_set.get(context__path="title")
    japanese = Locale.objects.get(language_code="ja")
    StringTranslation.objects.filter(context=title.context, locale=japanese).update(data="まだ見ていない題名")
    with committed():
        by.save(chapter, reviewed=datetime.date(2026, 3, 4))
    assert in_japanese(chapter).title != "まだ見ていない題名"
    assert page_at("/zh-hans/guide/trends/").reviewed == datetime.date(2026, 3, 4)


def test_a_translation_that_is_not_published_stays_a_draft(committed: Any) -> None:
    chapter = page_at("/en/guide/trends/")
    in_japanese(chapter).unpublish()
    with committed():
        by.save(chapter, reviewed=datetime.date(2026, 3, 4))
    assert not in_japanese(chapter).live


# --- Edited by hand, then followed again ------------------------------------------------------------------------------


def stopped(moderator: Client, source: Any) -> Any:
    """The Japanese version, taken out of the synchronisation."""
    moderator.post(reverse("wagtail_localize:stop_translation", args=[translation_into(source).pk]))
    assert not translation_into(source).enabled
    return in_japanese(source)


def test_what_was_edited_by_hand_is_there_after_sync_was_turned_on_again(moderator: Client, committed: Any) -> None:
    chapter = page_at("/en/guide/trends/")
    page = stopped(moderator, chapter)
    text = next(block for block in page.body if block.block_type == "text")
    text.value.source = text.value.source.replace("</p>", "手で書き足した文。</p>", 1)
    page.summary = "手で書いた要約"
    page.save_revision().publish()
    said = told(moderator.post(edit_url(page), RESTART))
    assert "changed by hand: 2" in said[0], said
    with committed():
        by.save(chapter, reviewed=datetime.date(2026, 3, 4))
    with committed():
        sync(moderator, chapter, publish=True)
    page = in_japanese(chapter)
    assert page.reviewed == datetime.date(2026, 3, 4)
    assert page.summary == "手で書いた要約"
    assert "手で書き足した文。" in str(page.body)


@by.each_model
def test_every_model_keeps_what_was_edited_by_hand(name: str, moderator: Client, committed: Any) -> None:
    source, field = source_of(name), by.words_of(name)
    obj = stopped(moderator, source)
    by.save(obj, **{field: "手で書いた"})
    moderator.post(edit_url(obj), RESTART)
    assert translation_into(source).enabled
    with committed():
        sync(moderator, source, publish=True)
    assert getattr(in_japanese(source), field) == "手で書いた"


def test_what_the_source_has_no_place_for_is_refused_and_nothing_changes(moderator: Client) -> None:
    chapter = page_at("/en/guide/trends/")
    page = stopped(moderator, chapter)
    page.body.append(("text", '<p data-block-key="k1">日本だけの段落</p>'))
    page.save_revision().publish()
    said = told(moderator.post(edit_url(page), RESTART))
    assert "日本だけの段落" in said[0]
    assert not translation_into(chapter).enabled
    assert "日本だけの段落" in str(in_japanese(chapter).body)


def test_an_edit_whose_source_has_changed_is_kept_for_a_translator_to_look_at(
    moderator: Client, committed: Any
) -> None:
    chapter = page_at("/en/guide/trends/")
    page = stopped(moderator, chapter)
    page.summary = "手で書いた要約"
    page.save_revision().publish()
    with committed():
        by.save(chapter, summary="Something else altogether.")
    moderator.post(edit_url(page), RESTART)
    kept = StringTranslation.objects.get(data="手で書いた要約")
    assert kept.has_error
    assert "check it" in kept.get_error()
    with committed():
        said = press_publish(moderator, page)
    assert "1 sentence waits" in said[0]
    assert in_japanese(chapter).summary == "手で書いた要約"


def test_a_field_that_follows_again_is_named(moderator: Client) -> None:
    chapter = page_at("/en/guide/trends/")
    page = stopped(moderator, chapter)
    page.reviewed = datetime.date(2020, 1, 1)
    page.save_revision().publish()
    said = told(moderator.post(edit_url(page), RESTART))
    assert "Last reviewed" in said[1]


def test_only_moderators_stop_and_start_the_synchronisation(moderator: Client) -> None:
    editor, chapter = client_of("Editors"), page_at("/en/guide/trends/")
    translation = translation_into(chapter)
    assert editor.post(reverse("wagtail_localize:stop_translation", args=[translation.pk])).status_code in (302, 403)
    assert translation_into(chapter).enabled
    page = stopped(moderator, chapter)
    editor.post(edit_url(page), RESTART)
    assert not translation_into(chapter).enabled
    assert "localize-restart-translation" not in editor.get(edit_url(page)).content.decode()
    assert "localize-convert-to-alias" not in editor.get(edit_url(page)).content.decode()
    assert "localize-restart-translation" in moderator.get(edit_url(page)).content.decode()


# --- Trees ------------------------------------------------------------------------------------------------------------


def slugs_below(page: Page) -> list[str]:
    return list(Page.objects.child_of(page).order_by("path").values_list("slug", flat=True))


def test_a_subtree_keeps_its_order_and_its_addresses(moderator: Client, committed: Any) -> None:
    guide = page_at("/en/guide/")
    in_japanese(guide).delete()
    with committed():
        by.submit(moderator, guide, "ja", subtree=True)
    japanese = in_japanese(guide)
    assert japanese.url_path.endswith("/guide/")
    assert japanese.get_parent().specific == in_japanese(page_at("/en/"))
    assert slugs_below(japanese) == slugs_below(guide)
    assert not japanese.live, "all are drafts until they are translated"
    assert not japanese.get_children().live().exists()
    chapter = page_at("/en/guide/trends/")
    with committed():
        translate(guide)
        translate(chapter)
        press_publish(moderator, japanese)
        press_publish(moderator, in_japanese(chapter))
    assert [page.slug for page in in_japanese(guide).get_children().live()] == ["trends"]


def test_a_chapter_that_is_translated_first_takes_its_parents_along_as_drafts(moderator: Client) -> None:
    guide = page_at("/en/guide/")
    in_japanese(guide).delete()
    by.submit(moderator, page_at("/en/guide/trends/"), "ja")
    assert not in_japanese(guide).live or in_japanese(guide).alias_of is not None
    assert slugs_below(in_japanese(guide)) == ["trends"]


def test_a_subtree_keeps_the_chapters_that_are_translated_and_edited_already(moderator: Client, committed: Any) -> None:
    guide, chapter = page_at("/en/guide/"), page_at("/en/guide/trends/")
    page = stopped(moderator, chapter)
    by.save(page, summary="手で書いた要約")
    before = slugs_below(in_japanese(guide))
    moderator.post(reverse("wagtail_localize:convert_to_alias", args=[in_japanese(guide).pk]))
    with committed():
        by.submit(moderator, guide, "ja", subtree=True)
    page = in_japanese(chapter)
    assert translation_into(chapter).enabled
    assert page.live
    assert page.summary == "手で書いた要約"
    assert slugs_below(in_japanese(guide)) == before


def test_a_page_translated_by_hand_is_not_overwritten_by_its_first_sync(moderator: Client, committed: Any) -> None:
    guide = page_at("/en/guide/")
    chapter = GuidePage(title="A new chapter", slug="new", summary="It says.")
    guide.add_child(instance=chapter)
    chapter.save_revision().publish()
    twin = chapter.copy_for_translation(Locale.objects.get(language_code="ja"))
    by.save(twin, title="手で訳した章", summary="手で訳した要約")
    moderator.post(reverse("wagtail_localize:convert_to_alias", args=[in_japanese(guide).pk]))
    with committed():
        by.submit(moderator, guide, "ja", subtree=True)
    page = in_japanese(chapter)
    assert (page.title, page.summary, page.live) == ("手で訳した章", "手で訳した要約", True)
    assert translation_into(chapter).get_progress() == (2, 2)
