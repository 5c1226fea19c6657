"""What the admin is told about translating."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from translation.glossary_report import GlossaryReport
from translation.guards import guarded_urls, refuse_unread
from translation.models import Term
from translation.status_report import TRANSLATE, TranslationStatusView

hooks.register("register_admin_urls", guarded_urls, order=-1)  # before wagtail-localize's own
hooks.register("before_edit_page", refuse_unread, order=-1)
hooks.register("before_edit_snippet", refuse_unread, order=-1)


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
