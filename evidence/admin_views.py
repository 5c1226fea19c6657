"""The report on how old the evidence is."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from evidence.chooser import edit_url
from evidence.freshness import Finding, Reason, findings
from pages.filters import Filter
from pages.languages import full_languages
from pages.spreadsheets import csv_download

PAGE_SIZE = 50
COLUMNS = ("key", "statement", "reasons", "status", "as_of", "review_by", "sources", "cited_by")


class FreshnessView(WagtailAdminTemplateMixin, TemplateView):
    """The records that need a look: overdue, due soon, without a source, disputed, uncited, untranslated."""

    template_name = "evidence/admin/freshness.html"
    page_title = gettext_lazy("Freshness of evidence")
    header_icon = "order"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("evidence.change_figure"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.language = Filter("language", _("Language"), full_languages(), request.GET)
        self.reason = Filter("reason", _("Reason"), [(one.value, str(one.label)) for one in Reason], request.GET)
        chosen = self.language.value if self.language.is_known else ""
        found = findings(chosen)
        self.counts = [(reason.label, sum(reason in one.reasons for one in found)) for reason in Reason]
        self.found = [one for one in found if self.reason.value in ("", *one.reasons)]
        return self._as_csv() if request.GET.get("export") == "csv" else super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paged = Paginator(self.found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        export = self.request.GET.copy()
        export["export"] = "csv"
        return super().get_context_data(**kwargs) | {
            "filters": [self.language, self.reason],
            "counts": self.counts,
            "findings": paged,
            "rows": [(finding, edit_url(finding.entry.code)) for finding in paged],
            "export_query": export.urlencode(),
            "today": timezone.localdate(),
        }

    def _as_csv(self) -> HttpResponse:
        return csv_download("crosscast-freshness.csv", [COLUMNS, *map(_cells, self.found)])


def _cells(finding: Finding) -> list[str]:
    entry = finding.entry
    return [
        str(entry.code),
        entry.name,
        ", ".join(str(reason.label) for reason in finding.reasons),
        str(entry.status.label),
        entry.as_of,
        entry.review_by.isoformat(),
        "; ".join(source.title for source in entry.sources),
        "; ".join(use.title for use in finding.uses),
    ]
