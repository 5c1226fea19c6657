from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationConfig(AppConfig):
    name = "translation"
    verbose_name = _("Translation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from translation import checks, signals, unread  # noqa: F401  (the checks register themselves)

        signals.connect()
        unread.connect()
