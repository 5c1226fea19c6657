from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseStudiesConfig(AppConfig):
    name = "casestudies"
    verbose_name = _("Case studies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casestudies.models import CaseStudyPage
        from search.kinds import IndexedKind, pages_of, register_kind

        register_kind(IndexedKind("cases", _("Cases"), 30, pages_of(CaseStudyPage)))
