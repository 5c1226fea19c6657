"""The evidence in the admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, LocaleColumn, UpdatedAtColumn
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, SnippetViewSetGroup

from evidence import rich_text
from evidence.admin_views import FreshnessView
from evidence.chooser import citation_chooser
from evidence.effect import effect_of
from evidence.models import Evidence, Figure, Rule, Source
from evidence.use import all_uses, records_naming, use_of

SEEN = "effect-seen"


class EffectEditView(EditView):
    """Shows what publishing a changed record would change, and asks once more. Nothing typed is lost on the way."""

    def form_valid(self, form: Any) -> HttpResponse:
        if self.action == "publish" and SEEN not in self.request.POST:
            effect = effect_of(form.save(commit=False))
            if effect.changes and effect.uses:
                fields = [(name, value) for name, values in self.request.POST.lists() for value in values]
                context = {
                    "effect": effect,
                    "object": form.instance,
                    "fields": [(name, value) for name, value in fields if not name.startswith("action-")],
                    "seen": SEEN,
                }
                return render(self.request, "evidence/admin/confirm.html", context)
        response: HttpResponse = super().form_valid(form)
        return response


class RecordViewSet(SnippetViewSet):
    """What the lists of figures and rules share."""

    edit_view_class = EffectEditView
    list_per_page = 50


class FigureViewSet(RecordViewSet):
    """The figures."""

    model = Figure
    icon = "order"
    menu_label = _("Figures")
    list_display = (
        "__str__", Column("value_text", label=_("Value")), "status", "as_of", "review_by", LocaleColumn(),
        LiveStatusTagColumn(),
    )  # fmt: skip
    list_filter = ("locale", "status", "topic", "region", "live")


class RuleViewSet(RecordViewSet):
    """The rules."""

    model = Rule
    icon = "calendar-alt"
    menu_label = _("Rules")
    list_display = (
        "__str__", "starts", "ends", "status", "review_by", LocaleColumn(), LiveStatusTagColumn(),
    )  # fmt: skip
    list_filter = ("locale", "status", "topic", "market", "live")


class SourceViewSet(SnippetViewSet):
    """The sources."""

    model = Source
    icon = "doc-full"
    menu_label = _("Sources")
    list_display = ("title", "publisher", "kind", "published", LocaleColumn(), UpdatedAtColumn())
    list_filter = ("locale", "kind")


class EvidenceGroup(SnippetViewSetGroup):
    """The evidence's own part of the menu."""

    items = (FigureViewSet, RuleViewSet, SourceViewSet)
    menu_label = _("Evidence")
    menu_icon = "order"
    menu_order = 225


register_snippet(EvidenceGroup)


@hooks.register("register_rich_text_features")
def citations(features: FeatureRegistry) -> None:
    rich_text.register(features)


@hooks.register("register_admin_viewset")
def chooser() -> Any:
    return citation_chooser


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [
        path("reports/evidence/", FreshnessView.as_view(), name="evidence_report"),
    ]


class ReportMenuItem(MenuItem):
    """The report, for those who may change evidence."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("evidence.change_figure"))


@hooks.register("register_reports_menu_item")
def report_in_menu() -> MenuItem:
    return ReportMenuItem(_("Freshness of evidence"), reverse("evidence_report"), icon_name="order", order=900)


@hooks.register("before_delete_snippet")
def refuse_to_delete(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    return _refusal(request, instances)


@hooks.register("before_unpublish")
def refuse_to_unpublish(request: HttpRequest, instance: Any) -> HttpResponse | None:
    return _refusal(request, [instance])


def _refusal(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """The page that says what cites the records, where something does."""
    for instance in instances:
        uses = []
        if isinstance(instance, Evidence) and instance.is_source:
            uses = all_uses(instance.code)
        elif isinstance(instance, Source):
            uses = [use_of(record) for record in records_naming(instance)]
        if uses:
            return render(request, "evidence/admin/in_use.html", {"object": instance, "uses": uses}, status=409)
    return None
