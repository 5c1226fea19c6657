"""What the admin is told about translating."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from translation.guards import guarded_urls
from translation.report import TRANSLATE, TranslationStatusView

hooks.register("register_admin_urls", guarded_urls, order=-1)  # before wagtail-localize's own


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    return [path("reports/translation-status/", TranslationStatusView.as_view(), name="translation_status")]


class ReportMenuItem(MenuItem):
    """The report, for those who may send something to be translated."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(TRANSLATE))


@hooks.register("register_reports_menu_item")
def report_in_menu() -> MenuItem:
    icon = "wagtail-localize-language"
    return ReportMenuItem(_("Translation status"), reverse("translation_status"), icon_name=icon, order=890)
