"""The search in the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import MenuItem

from search.admin_views import MissedSearchesView


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [
        path("reports/missed-searches/", MissedSearchesView.as_view(), name="missed_searches"),
        path(
            "reports/missed-searches/results/",
            MissedSearchesView.as_view(results_only=True),
            name="missed_searches_results",
        ),
    ]


class ReportMenuItem(MenuItem):
    """The report, for those who edit pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(user_has_any_page_permission(request.user))


@hooks.register("register_reports_menu_item")
def report_in_menu() -> MenuItem:
    return ReportMenuItem(_("Searched and not found"), reverse("missed_searches"), icon_name="search", order=910)
