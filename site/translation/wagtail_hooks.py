"""What the admin is told about translating."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.models import TranslatableMixin
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_localize.models import Translation

from translation.glossary_report import GlossaryReport
from translation.guards import guarded_urls
from translation.harvest import StructureDiffersError, fields_to_follow, harvest
from translation.models import Term
from translation.publishing import edit_url, publish_from_editor
from translation.rights import may_publish
from translation.status_report import TRANSLATE, TranslationStatusView

FOR_PUBLISHERS = {"localize-restart-translation", "localize-convert-to-alias"}

hooks.register("register_admin_urls", guarded_urls, order=-1)  # before wagtail-localize's own


@hooks.register("before_edit_page", order=-1)
@hooks.register("before_edit_snippet", order=-1)
def before_editing(request: HttpRequest, obj: Any) -> HttpResponse | None:
    """What happens to a translation before wagtail-localize opens its editor."""
    if not isinstance(obj, TranslatableMixin):
        return None
    return publish_from_editor(request, obj) or restart(request, obj)


def restart(request: HttpRequest, obj: Any) -> HttpResponse | None:
    """The button “Start Synced translation”: keeps what was changed by hand, and says what is going to be replaced."""
    if request.method != "POST" or "localize-restart-translation" not in request.POST:
        return None
    if not may_publish(request.user, obj):
        raise PermissionDenied
    found = Translation.objects.filter(
        source__object_id=obj.translation_key, target_locale_id=obj.locale_id, enabled=False
    )
    translation = found.select_related("source", "target_locale").first()
    if translation is None:
        return None
    try:
        kept = harvest(translation, request.user)
    except StructureDiffersError as error:
        messages.error(request, error.text)
        return redirect(edit_url(obj))
    replaced = fields_to_follow(translation)
    translation.enabled = True
    translation.save(update_fields=["enabled"])
    messages.success(
        request,
        _("The translation follows its source again. Sentences kept that were changed by hand: %(number)s.")
        % {"number": kept},
    )
    if replaced:
        text = _(
            "When the translation is published, these fields follow the source: %(fields)s. The history keeps yours."
        )
        messages.warning(request, text % {"fields": ", ".join(replaced)})
    return redirect(edit_url(obj))


@hooks.register("construct_page_action_menu")
@hooks.register("construct_snippet_action_menu")
def only_what_the_user_may_do(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Takes the buttons of wagtail-localize out of the menus of those who may not publish."""
    obj = context.get("page") or context.get("instance")
    if obj is not None and not may_publish(request.user, obj):
        items[:] = [item for item in items if item.name not in FOR_PUBLISHERS]


def wordings(term: Term) -> str:
    """The preferred wordings, for the list."""
    return " · ".join(wording.preferred for wording in term.wordings.all())


class TermViewSet(SnippetViewSet):
    """The glossary."""

    model = Term
    icon = "openquote"
    menu_label = _("Glossary")
    menu_order = 230
    add_to_admin_menu = True
    list_display = ("name", Column("wordings", label=_("Wordings"), accessor=wordings), "note")
    search_fields = ("name", "also")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Term]:
        return Term.objects.prefetch_related("wordings")


register_snippet(TermViewSet)


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [
        path("reports/translation-status/", TranslationStatusView.as_view(), name="translation_status"),
        path("reports/glossary/", GlossaryReport.as_view(), name="glossary_report"),
    ]


class ReportMenuItem(MenuItem):
    """A report, shown to the users for whom `shown_to` is true."""

    def __init__(self, *args: Any, shown_to: Callable[[Any], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_to = shown_to

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self.shown_to(request.user))


@hooks.register("register_reports_menu_item")
def status_in_menu() -> MenuItem:
    return ReportMenuItem(
        _("Translation status"),
        reverse("translation_status"),
        icon_name="wagtail-localize-language",
        order=890,
        shown_to=lambda user: user.has_perm(TRANSLATE),
    )


@hooks.register("register_reports_menu_item")
def glossary_in_menu() -> MenuItem:
    return ReportMenuItem(
        _("Glossary in translations"),
        reverse("glossary_report"),
        icon_name="openquote",
        order=905,
        shown_to=user_has_any_page_permission,
    )
