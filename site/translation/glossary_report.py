"""The report on published translations that do not keep to the glossary."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from pages.filters import Filter
from pages.spreadsheets import csv_download
from translation.glossary import Fault
from translation.hints import Finding, published_findings
from translation.models.glossary import target_languages

PAGE_SIZE = 50
COLUMNS = ("language", "translation", "term", "fault", "preferred", "found", "source", "target")


class GlossaryReport(WagtailAdminTemplateMixin, TemplateView):
    """For everyone who edits pages: each remark with its sentence and a link, by language and fault, and as CSV."""

    template_name = "translation/admin/glossary_report.html"
    page_title = gettext_lazy("Glossary in translations")
    header_icon = "openquote"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_has_any_page_permission(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        faults = [(Fault.FORBIDDEN.value, _("forbidden")), (Fault.MISSING.value, _("missing"))]
        self.language = Filter("language", _("Language"), target_languages(), request.GET)
        self.fault = Filter("fault", _("Wording"), faults, request.GET)
        found = published_findings(self.language.value)
        self.found = [one for one in found if self.fault.value in ("", one.remark.hint.fault.value)]
        return self._as_csv() if request.GET.get("export") == "csv" else super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        export = self.request.GET.copy()
        export["export"] = "csv"
        return super().get_context_data(**kwargs) | {
            "filters": [self.language, self.fault],
            "findings": Paginator(self.found, PAGE_SIZE).get_page(self.request.GET.get("page")),
            "export_query": export.urlencode(),
        }

    def _as_csv(self) -> HttpResponse:
        return csv_download("crosscast-glossary.csv", [COLUMNS, *map(_cells, self.found)])


def _cells(finding: Finding) -> list[str]:
    remark, hint = finding.remark, finding.remark.hint
    return [
        finding.language,
        finding.title,
        hint.term,
        hint.fault.value,
        hint.preferred,
        hint.found,
        remark.source,
        remark.target,
    ]
