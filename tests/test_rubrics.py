"""The rubric: a draft that editors change, and versions that never change."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail_localize.models import StringTranslation

from pages.languages import in_source_language
from suitability.activation import IncompleteRubricError, activate, plan
from suitability.models import Market, ProductCategory, Rubric, RubricVersion
from suitability.rubrics import current, current_method
from tests.conftest import page_at

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def draft() -> Rubric:
    found: Rubric = in_source_language(Rubric).get()
    return found


def client_of(group: str) -> Client:
    user = User.objects.create_user(f"a-{group.lower()}", email=f"{group}@example.org", password="x")
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def change(rubric: Rubric, stream: str, name: str, value: Any, row: int = 0) -> None:
    """Changes one entry of one row of the draft, as saving it in the admin does."""
    data = [dict(block) for block in getattr(rubric, stream).raw_data]
    data[row] = {**data[row], "value": {**data[row]["value"], name: value}}
    setattr(rubric, stream, getattr(rubric, stream).stream_block.to_python(data))
    rubric.save()


def add_criterion(rubric: Rubric) -> None:
    (first, *rest) = rubric.criteria.raw_data
    new = {
        "type": "criterion",
        "id": "5b0c5a52-6c0e-4d0f-9a3b-6d1c5f0c7e11",
        "value": {**first["value"], "key": "beauty"},
    }
    new["value"]["name"] = "Beauty"
    rubric.criteria = rubric.criteria.stream_block.to_python([first, *rest, new])
    rubric.save()


def translate(rubric: Rubric, wording: str) -> None:
    """Translates what waits for it, as an editor would do segment by segment."""
    from wagtail_localize.models import TranslationSource

    source = TranslationSource.objects.get_for_instance(rubric)
    source.update_from_db()
    for translation in source.translations.all():
        for segment in source.stringsegment_set.all():
            StringTranslation.objects.get_or_create(
                translation_of=segment.string,
                locale=translation.target_locale,
                context=segment.context,
                defaults={"data": wording, "translation_type": "manual"},
            )


def test_a_new_site_has_the_loaded_rubric_in_force() -> None:
    version = RubricVersion.objects.get()
    assert version.key.endswith("-1")
    edition, method = current_method()  # type: ignore[misc]
    assert len(method.criteria) == 9
    assert method.markets == ("eu", "us", "uk", "jp")
    assert len(method.profiles) == 13
    assert edition.words("ja").criteria["carriage"].name != edition.words("en").criteria["carriage"].name


def test_changing_the_draft_changes_nothing_for_sellers(draft: Rubric) -> None:
    change(draft, "criteria", "weight", "99")
    assert current_method()[1].rubric.criteria[0].weight == 15  # type: ignore[index]


def test_activating_makes_the_draft_the_version_in_force(draft: Rubric) -> None:
    before = current()
    change(draft, "criteria", "weight", "30")
    version = activate(draft)
    assert current().key == version.key  # type: ignore[union-attr]
    assert current_method()[1].rubric.criteria[0].weight == 30  # type: ignore[index]
    assert before is not None
    assert before.data["criteria"][0]["weight"] == "15"


def test_a_version_never_changes() -> None:
    version = RubricVersion.objects.get()
    version.data = {}
    with pytest.raises(ValidationError):
        version.save()
    with pytest.raises(ValidationError):
        version.delete()


def test_the_editor_sees_which_verdicts_would_change_before_it_happens(draft: Rubric) -> None:
    draft.strong = 84
    draft.save()
    changes = {(found.category.slug, found.market): found for found in plan(draft).changes}
    assert ("software-licence", None) not in changes, "84.15 stays strong"
    craft = changes["folk-textile", None]
    assert (craft.before.verdict_low.key, craft.after.verdict_low.key) == ("strong", "promising")
    assert ("ceramics", "eu") not in changes
    assert RubricVersion.objects.count() == 1, "looking changes nothing"


def test_a_draft_without_changes_has_nothing_to_activate(draft: Rubric) -> None:
    assert not plan(draft).differs
    change(draft, "criteria", "weight", "15.00")
    assert not plan(draft).differs, "the same number, written in another way"


def test_a_text_that_is_not_translated_stands_in_the_way(draft: Rubric) -> None:
    change(draft, "criteria", "question", "How rare is it?")
    problems = plan(draft).problems
    assert [problem for problem in problems if problem.startswith("日本語: 1 ")]
    assert [problem for problem in problems if problem.startswith("简体中文: 1 ")]
    with pytest.raises(IncompleteRubricError):
        activate(draft)
    translate(draft, "Wie selten?")
    activate(draft)
    assert current().words("ja").criteria["distinctiveness"].question == "Wie selten?"  # type: ignore[union-attr]
    assert current().words("en").criteria["distinctiveness"].question == "How rare is it?"  # type: ignore[union-attr]


def test_a_new_criterion_counts_once_it_is_translated_and_is_unknown_to_categories(draft: Rubric) -> None:
    add_criterion(draft)
    assert any("are not translated yet" in problem for problem in plan(draft).problems)
    translate(draft, "美")
    found = plan(draft)
    assert not found.problems
    assert {change.category.slug for change in found.changes}, "an unknown widens verdicts to ranges"
    activate(draft)
    assert current_method()[1].criteria[-1] == "beauty"  # type: ignore[index]


@pytest.mark.parametrize(
    ("stream", "name", "value", "message"),
    [
        ("criteria", "weight", "0", "the weight must be above 0"),
        ("criteria", "pillar", "nowhere", "there is no pillar “nowhere”"),
        ("criteria", "key", "carriage", "The key “carriage” stands twice."),
        ("criteria", "level_2", "", "“distinctiveness” has no text for Level 2"),
        ("criteria", "advice", "", "“distinctiveness” has no text for How to get one level higher"),
        ("effects", "market", "mars", "names “mars”, which does not exist"),
        ("effects", "criterion", "beauty", "moves the criterion “beauty”, which does not exist"),
        ("knockouts", "category", "weapons", "names “weapons”, which does not exist"),
        ("pillars", "key", "charm", "No criterion belongs to the pillar “charm”."),
    ],
)
def test_what_does_not_fit_together_stands_in_the_way(
    draft: Rubric, stream: str, name: str, value: str, message: str
) -> None:
    change(draft, stream, name, value)
    assert [problem for problem in plan(draft).problems if message in problem]
    with pytest.raises(IncompleteRubricError):
        activate(draft)


def test_thresholds_must_rise(draft: Rubric) -> None:
    draft.promising = 80
    draft.save()
    assert any("thresholds" in problem for problem in plan(draft).problems)


def test_a_language_without_a_rubric_stands_in_the_way(draft: Rubric) -> None:
    draft.get_translations().get(locale__language_code="ja").delete()
    assert "日本語: the rubric has no translation." in plan(draft).problems


def test_numbers_of_a_translation_count_for_nothing(draft: Rubric) -> None:
    translated = draft.get_translations().get(locale__language_code="ja")
    change(translated, "criteria", "weight", "1")
    page = page_at("/ja/categories/ceramics/")
    page.levels = {"robustness": 4}
    page.save_revision().publish()
    assert current_method()[1].profiles["ceramics"].levels["robustness"] == 0  # type: ignore[index]


def test_a_market_or_category_that_is_added_can_be_scored_at_once() -> None:
    Market.objects.create(
        locale=in_source_language(Market).first().locale,  # type: ignore[union-attr]
        name="Canada",
        slug="ca",
        currency="CAD",
        languages="en, fr",
        time_zones="America/Toronto",
    )
    assert current_method()[1].markets[-1] == "ca"  # type: ignore[index]


def test_a_key_that_the_form_uses_itself_stands_in_the_way(draft: Rubric) -> None:
    change(draft, "criteria", "key", "market")
    assert any("“market” is taken by the form" in problem for problem in plan(draft).problems)


def test_activating_twice_makes_one_version(draft: Rubric) -> None:
    draft.strong = 80
    draft.save()
    assert activate(draft).key == activate(draft).key
    assert RubricVersion.objects.count() == 2


def test_what_is_activated_is_what_was_shown(draft: Rubric) -> None:
    draft.strong = 71
    draft.save()
    shown = plan(draft).digest
    draft.strong = 95
    draft.save()
    with pytest.raises(IncompleteRubricError, match="changed since you looked"):
        activate(draft, shown=shown)
    assert activate(draft, shown=plan(draft).digest).data["strong"] == 95


def test_a_category_can_have_levels_for_a_criterion_before_it_counts(draft: Rubric) -> None:
    from suitability.levels import LevelsWidget

    add_criterion(draft)
    assert "levels_beauty" in LevelsWidget().render("levels", {}, {})
    page = page_at("/en/categories/ceramics/")
    page.levels = {**page.levels, "beauty": 4}
    page.full_clean()
    page.levels = {**page.levels, "beuaty": 4}
    with pytest.raises(ValidationError, match="There is no criterion “beuaty”"):
        page.full_clean()


# --- In the admin -----------------------------------------------------------------------------------------------------


def test_a_moderator_checks_and_activates_in_the_admin(draft: Rubric) -> None:
    draft.strong = 80
    draft.save()
    moderator = client_of("Moderators")
    address = reverse("suitability_activate", args=[draft.pk])
    page = moderator.get(address).content.decode()
    assert "Folk textile craft" in page
    assert "Promising" in page
    response = moderator.post(address, follow=True)
    assert "-2 is in force." in response.content.decode()
    assert RubricVersion.objects.count() == 2
    shown = moderator.get(reverse("suitability_version", args=[RubricVersion.objects.first().key])).content.decode()  # type: ignore[union-attr]
    assert "<code>strong</code></td><td>70</td><td>80</td>" in shown


def test_an_incomplete_draft_is_refused_with_its_reasons(draft: Rubric) -> None:
    change(draft, "criteria", "weight", "0")
    moderator = client_of("Moderators")
    address = reverse("suitability_activate", args=[draft.pk])
    assert "the weight must be above 0" in moderator.get(address).content.decode()
    assert "the weight must be above 0" in moderator.post(address, follow=True).content.decode()
    assert RubricVersion.objects.count() == 1


def test_an_editor_sees_the_effect_and_leaves_activating_to_a_moderator(draft: Rubric) -> None:
    draft.strong = 80
    draft.save()
    editor = client_of("Editors")
    address = reverse("suitability_activate", args=[draft.pk])
    assert "A moderator can activate it." in editor.get(address).content.decode()
    assert editor.post(address).status_code == 302, "sent away"
    assert RubricVersion.objects.count() == 1


def test_the_way_from_a_translation_leads_to_the_draft_it_follows(draft: Rubric) -> None:
    translated = draft.get_translations().get(locale__language_code="ja")
    page = client_of("Moderators").get(reverse("suitability_activate", args=[translated.pk]))
    assert page.context["rubric"] == draft


@pytest.mark.parametrize("name", ["suitability_versions", "suitability_answers"])
def test_the_screens_are_for_those_who_may_change_the_rubric(name: str) -> None:
    user = User.objects.create_user("reader", password="x", is_staff=True)
    client = Client()
    client.force_login(user)
    assert client.get(reverse(name)).status_code in (302, 403)
    assert Client().get(reverse(name)).status_code == 302


def test_the_form_of_a_category_asks_for_each_level_in_words(draft: Rubric) -> None:
    moderator = client_of("Moderators")
    page = page_at("/en/categories/ceramics/")
    shown = moderator.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "levels_robustness" in shown
    assert "0 – Needs a crate, or a box within a box" in shown


def test_levels_are_saved_from_the_form_and_unknown_is_kept(draft: Rubric) -> None:
    from suitability.levels import LevelsWidget

    data = {f"levels_{key}": "3" for key in current_method()[1].criteria} | {"levels_carriage": ""}  # type: ignore[index]
    page: Any = page_at("/en/categories/ceramics/")
    form_class = page.get_edit_handler().get_form_class()
    form = form_class(data=data, instance=page)
    form.is_valid()
    assert form.cleaned_data["levels"]["robustness"] == 3
    assert form.cleaned_data["levels"]["carriage"] is None
    assert not LevelsWidget().value_omitted_from_data(data, {}, "levels")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"levels": {"carriage": 7}}, "A level is a whole number from 0 to 4."),
        ({"levels": {"carriage": True}}, "A level is a whole number from 0 to 4."),
        ({"levels": ["x"]}, "A level is a whole number from 0 to 4."),
        ({"group": "ceramics"}, "categories are two deep"),
        ({"group": "folk-textile"}, "categories are two deep"),
    ],
)
def test_a_category_with_a_wrong_profile_is_refused(changes: dict[str, Any], message: str) -> None:
    page = page_at("/en/categories/ceramics/")
    for name, value in changes.items():
        setattr(page, name, ProductCategory.objects.get(slug=value, locale=page.locale) if name == "group" else value)
    with pytest.raises(ValidationError, match=message):
        page.full_clean()


def test_a_group_with_members_cannot_go_into_another() -> None:
    page = page_at("/en/categories/craft-and-design/")
    page.group = page_at("/en/categories/digital-goods/")
    page.levels = {"carriage": 2}
    with pytest.raises(ValidationError, match="it is a group itself"):
        page.full_clean()


def test_the_address_of_a_category_and_the_key_of_a_market_never_change() -> None:
    page = page_at("/en/categories/prescription-medicines/")
    page.slug = "medicines"
    with pytest.raises(ValidationError, match="it never changes"):
        page.full_clean()
    market = in_source_language(Market).get(slug="eu")
    market.slug = "europe"
    with pytest.raises(ValidationError, match="it never changes"):
        market.full_clean()


def test_a_category_in_a_group_needs_levels() -> None:
    page = page_at("/en/categories/ceramics/")
    page.levels = {}
    with pytest.raises(ValidationError, match="only a group goes without"):
        page.full_clean()


def test_the_newest_version_is_the_one_marked_as_in_force(draft: Rubric) -> None:
    draft.strong = 80
    draft.save()
    activate(draft)
    page = client_of("Moderators").get(reverse("suitability_versions")).content.decode()
    assert page.index("-2</a> <span") < page.index("-1</a>")


def test_a_reference_that_is_gone_is_kept_when_something_else_is_saved() -> None:
    from suitability.blocks import EffectBlock

    block = EffectBlock()
    html = block.child_blocks["market"].field.widget.render("market", "atlantis")
    assert '<option value="atlantis" selected>atlantis (does not exist)</option>' in html
    assert block.child_blocks["market"].clean("atlantis") == "atlantis"


def test_there_is_one_rubric_which_is_neither_added_nor_deleted(draft: Rubric) -> None:
    moderator = client_of("Moderators")
    for name, args in (("add", []), ("delete", [draft.pk])):
        response = moderator.get(reverse(f"wagtailsnippets_suitability_rubric:{name}", args=args))
        assert response.status_code == 302, "sent away"
    assert moderator.get(reverse("wagtailsnippets_suitability_rubric:edit", args=[draft.pk])).status_code == 200


def test_a_market_in_use_cannot_be_deleted_and_another_takes_its_translations_along() -> None:
    moderator = client_of("Moderators")
    eu = in_source_language(Market).get(slug="eu")
    moderator.post(reverse("wagtailsnippets_suitability_market:delete", args=[eu.pk]))
    assert Market.objects.filter(slug="eu").count() == 3
    new = Market.objects.create(
        locale=eu.locale, name="Canada", slug="ca", currency="CAD", languages="en", time_zones="America/Toronto"
    )
    new.copy_for_translation(Market.objects.filter(locale__language_code="ja")[0].locale).save()
    moderator.post(reverse("wagtailsnippets_suitability_market:delete", args=[new.pk]))
    assert not Market.objects.filter(slug="ca").exists()


def test_markets_are_the_moderators_business() -> None:
    assert client_of("Editors").get(reverse("wagtailsnippets_suitability_market:list")).status_code == 302
    assert Client().get("/en/suitability/").status_code == 200


def test_the_preview_of_a_category_shows_the_levels_of_the_draft(draft: Rubric) -> None:
    page = page_at("/en/categories/ceramics/")
    page.levels = {**page.levels, "robustness": 4}
    page.save_revision()
    moderator = client_of("Moderators")
    shown = moderator.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert "Survives a drop" in shown
    assert "Survives a drop" not in Client().get("/en/categories/ceramics/").content.decode()


def test_the_loaded_rubric_can_be_gone_back_to(draft: Rubric) -> None:
    assert draft.latest_revision is not None


def test_a_translation_out_of_step_stands_in_the_way(draft: Rubric) -> None:
    from wagtail_localize.models import TranslationSource

    source = TranslationSource.objects.get_for_instance(draft)
    source.translations.filter(target_locale__language_code="ja").update(enabled=False)
    assert "日本語: the translation no longer follows its source." in plan(draft).problems


# --- From the command line --------------------------------------------------------------------------------------------


def test_the_command_says_what_changes_and_activates(draft: Rubric, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("activate_rubric")
    assert "in force already" in capsys.readouterr().out
    draft.strong = 80
    draft.save()
    call_command("activate_rubric", "--dry-run")
    assert "folk-textile, any market: Strong becomes Promising" not in capsys.readouterr().out, "81.56"
    assert RubricVersion.objects.count() == 1
    call_command("activate_rubric")
    shown = capsys.readouterr().out
    assert "folk-textile, eu: Strong becomes Promising" in shown
    assert RubricVersion.objects.count() == 2


def test_the_command_refuses_an_incomplete_draft(draft: Rubric) -> None:
    change(draft, "criteria", "weight", "0")
    with pytest.raises(CommandError, match="the weight must be above 0"):
        call_command("activate_rubric")
