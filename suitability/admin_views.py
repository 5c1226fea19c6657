"""The admin's own screens for the score: activate a draft, look at versions, count saved answers."""

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from pages.languages import in_source_language
from pages.spreadsheets import csv_download
from suitability.activation import IncompleteRubricError, activate, plan
from suitability.models import ProductCategory, Rubric, RubricVersion, SavedAnswer, SavedVerdict
from suitability.presentation import VerdictView, span
from suitability.rubrics import market_names
from suitability.saved import UNDECIDED
from suitability.scoring import Verdict

CHANGE = "suitability.change_rubric"
ACTIVATE = "suitability.publish_rubric"


class SuitabilityView(WagtailAdminTemplateMixin, TemplateView):
    """A screen under Suitability; 403 for users without `permission`."""

    permission = CHANGE
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


def market_label(key: str | None, names: dict[str, str]) -> str:
    """The name of a market; of the score without one."""
    return names.get(key, key) if key else _("Without a market")


class ActivateView(SuitabilityView):
    """Shows what a draft would change, and activates it when the editor confirms."""

    template_name = "suitability/admin/activate.html"
    page_title = gettext_lazy("Check and activate")
    header_icon = "check"

    @cached_property
    def rubric(self) -> Rubric:
        found = get_object_or_404(Rubric, pk=self.kwargs["pk"])
        source = in_source_language(Rubric).filter(translation_key=found.translation_key).first()
        if source is None:
            raise Http404
        return source

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = market_names()
        found = plan(self.rubric)
        return super().get_context_data(**kwargs) | {
            "rubric": self.rubric,
            "plan": found,
            "changes": [
                {
                    "category": change.category,
                    "market": market_label(change.market, names),
                    "before": _ends(change.before.verdict_low, change.before.verdict_high),
                    "after": _ends(change.after.verdict_low, change.after.verdict_high),
                    "score_before": span(change.before.low, change.before.high),
                    "score_after": span(change.after.low, change.after.high),
                }
                for change in found.changes
            ],
            "active": RubricVersion.objects.order_by("-pk").first(),
            "may_activate": self.request.user.has_perm(ACTIVATE),
            "edit_url": reverse("wagtailsnippets_suitability_rubric:edit", args=[self.rubric.pk]),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(ACTIVATE):
            raise PermissionDenied
        try:
            version = activate(self.rubric, request.user, request.POST.get("shown"))
        except IncompleteRubricError as error:
            messages.error(request, " ".join(error.problems))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("Version %(version)s is in force.") % {"version": version.key})
        return redirect("suitability_versions")


def _ends(low: Verdict, high: Verdict) -> list[VerdictView]:
    return [VerdictView(verdict) for verdict in dict.fromkeys([low, high])]


class VersionsView(SuitabilityView):
    """All versions, the one in force first."""

    template_name = "suitability/admin/versions.html"
    page_title = gettext_lazy("Rubric versions")
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = RubricVersion.objects.select_related("activated_by").defer("data")
        counted = versions.annotate(saved=Count("answers")).order_by("-pk")
        return super().get_context_data(**kwargs) | {"versions": counted}


class VersionView(SuitabilityView):
    """One version: its content, and how it differs from the one before."""

    template_name = "suitability/admin/version.html"
    header_icon = "history"

    @cached_property
    def version(self) -> RubricVersion:
        return get_object_or_404(RubricVersion, key=self.kwargs["key"])

    def get_page_title(self) -> str:
        return _("Version %(version)s") % {"version": self.version.key}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = RubricVersion.objects.filter(pk__lt=self.version.pk).order_by("-pk").first()
        differences = sorted(differences_of(before.data, self.version.data)) if before else []
        return super().get_context_data(**kwargs) | {
            "version": self.version,
            "before": before,
            "differences": differences,
            "content": sorted(flat(self.version.data)),
        }


def flat(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value in nested data with its path, rows by their key or id: `criteria.carriage.weight`."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from flat(value, f"{path}.{name}" if path else name)
    elif isinstance(data, list):
        for row in data:
            yield from flat(row, f"{path}.{row.get('key') or row.get('id')}")
    else:
        yield path, "" if data is None else str(data)


def differences_of(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    """The path, the old and the new value of everything that differs."""
    old, new = dict(flat(before)), dict(flat(after))
    for path in old.keys() | new.keys():
        if old.get(path) != new.get(path):
            yield path, old.get(path, ""), new.get(path, "")


class PeriodForm(forms.Form):
    """From when to when."""

    start = forms.DateField(required=False, label=gettext_lazy("From"), widget=AdminDateInput)
    end = forms.DateField(required=False, label=gettext_lazy("Until"), widget=AdminDateInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["start"] > data["end"]:
            self.add_error("end", _("This is before the first day."))
        return data


class SavedAnswersView(SuitabilityView):
    """How many answers were saved, by month, category, market and verdict; with a chart, and as CSV."""

    template_name = "suitability/admin/saved_answers.html"
    page_title = gettext_lazy("Saved answers")
    header_icon = "doc-full-inverse"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = PeriodForm(request.GET)
        if request.GET.get("export") == "csv":
            return self._csv()
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self._rows())
        months: Counter[datetime.date] = Counter()
        for row in rows:
            months[row["month"]] += row["number"]
        most = max(months.values(), default=1)
        query = self.request.GET.copy()
        query["export"] = "csv"
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "rows": rows,
            "total": sum(months.values()),
            "months": [
                {"month": month, "number": number, "width": round(100 * number / most, 2)}
                for month, number in sorted(months.items())
            ],
            "tables": [
                (_("By category"), _counted(rows, "category_name")),
                (_("By market"), _counted(rows, "market_name")),
                (_("By verdict"), _counted(rows, "verdict_name")),
            ],
            "export_query": query.urlencode(),
        }

    def _verdicts(self) -> QuerySet[SavedVerdict]:
        found = SavedVerdict.objects.filter(answer__in=SavedAnswer.kept())
        if not self.form.is_valid():
            return found.none()
        zone = timezone.get_current_timezone()
        start, end = self.form.cleaned_data["start"], self.form.cleaned_data["end"]
        if start:
            found = found.filter(answer__created_at__gte=datetime.datetime.combine(start, datetime.time.min, zone))
        if end:
            found = found.filter(answer__created_at__lte=datetime.datetime.combine(end, datetime.time.max, zone))
        return found

    def _rows(self) -> Iterator[dict[str, Any]]:
        """The counts by month, category, market and verdict, with their names. One query, and two for the names."""
        counted = (
            self._verdicts()
            .annotate(month=TruncMonth("answer__created_at"))
            .values("month", "answer__category", "market", "verdict")
            .annotate(number=Count("pk"))
            .order_by("month", "answer__category", "market", "verdict")
        )
        markets = market_names()
        categories = dict(in_source_language(ProductCategory).values_list("slug", "title"))
        verdicts = {verdict.key: VerdictView(verdict).label for verdict in Verdict} | {UNDECIDED: _("A range")}
        for row in counted:
            category = row["answer__category"]
            yield {
                "month": row["month"].date(),
                "category": category,
                "market": row["market"],
                "verdict": row["verdict"],
                "number": row["number"],
                "category_name": categories.get(category, category) if category else _("No category"),
                "market_name": market_label(row["market"], markets),
                "verdict_name": verdicts.get(row["verdict"], row["verdict"]),
            }

    def _csv(self) -> HttpResponse:
        names = ("category_name", "market_name", "verdict_name", "number")
        rows = [[row["month"].strftime("%Y-%m"), *(row[name] for name in names)] for row in self._rows()]
        columns = [_("Month"), _("Category"), _("Market"), _("Verdict"), _("Number")]
        return csv_download("saved-answers.csv", [columns, *rows])


def _counted(rows: list[dict[str, Any]], name: str) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row[name]] += row["number"]
    return counts.most_common()
