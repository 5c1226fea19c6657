"""What readers looked for and did not find, for editors."""

from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from pages.languages import language_name
from search.models import MissedSearch


class MissedFilterSet(WagtailFilterSet):
    """By language."""

    language = django_filters.ChoiceFilter(choices=settings.LANGUAGES, label=_("Language"))

    class Meta:
        model = MissedSearch
        fields = ("language",)


def search_again(missed: MissedSearch) -> str:
    """The address of the same search, to see whether something is found by now."""
    with override(missed.language):
        return f"{reverse('search')}?{urlencode({'q': missed.text})}"


class MissedSearchesView(ReportView):
    """The report for everyone who edits pages, the most frequent search first; as CSV and XLSX too."""

    model = MissedSearch
    page_title = _("Searched and not found")
    header_icon = "search"
    index_url_name = "missed_searches"
    index_results_url_name = "missed_searches_results"
    filterset_class = MissedFilterSet
    default_ordering = "-times"
    is_searchable = False
    columns = (
        TitleColumn("text", label=_("Searched for"), get_url=search_again, link_attrs={"target": "_blank"}),
        Column("language", label=_("Language"), accessor=lambda missed: language_name(missed.language)),
        Column("times", label=_("Times"), sort_key="times"),
        Column("last_on", label=_("Last"), sort_key="last_on"),
    )
    list_export = ("text", "language", "times", "first_on", "last_on")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_has_any_page_permission(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_filename(self) -> str:
        return "crosscast-missed-searches"
