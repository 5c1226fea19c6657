from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "guides"
    verbose_name = _("Guide")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guides.models import GuidePage, Question
        from search.kinds import IndexedKind, pages_of, register_kind

        register_kind(IndexedKind("guide", _("Guide"), 10, pages_of(GuidePage)))
        register_kind(IndexedKind("faq", _("FAQ"), 20, Question.in_search))
