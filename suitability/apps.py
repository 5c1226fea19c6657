import logging
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class SuitabilityConfig(AppConfig):
    name = "suitability"
    verbose_name = _("Suitability")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contentfiles.signals import content_loaded

        content_loaded.connect(activate_first_rubric, dispatch_uid="activate_first_rubric")


def activate_first_rubric(**kwargs: Any) -> None:
    """A new site scores at once: the loaded draft becomes the first version. Later ones are an editor's decision."""
    from pages.languages import in_source_language
    from suitability.activation import IncompleteRubricError, activate
    from suitability.models import Rubric, RubricVersion

    rubric = in_source_language(Rubric).first()
    if rubric is None or RubricVersion.objects.exists():
        return
    try:
        activate(rubric)
    except IncompleteRubricError as error:
        logger.warning("The loaded rubric cannot be activated yet: %s", error)
