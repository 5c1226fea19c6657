from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentFilesConfig(AppConfig):
    name = "contentfiles"
    verbose_name = _("Content files")
    default_auto_field = "django.db.models.BigAutoField"
