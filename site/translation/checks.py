"""What `manage.py check` says about the settings of this room."""

from typing import Any

from django.conf import settings
from django.core import checks

from translation.choice import problems_of


@checks.register
def check_machine_translation(**kwargs: Any) -> list[checks.CheckMessage]:
    """A warning for each mistake: the site runs without machine translation then."""
    hint = "Machine translation is off until then; docs/deploying.md names the settings."
    problems = problems_of(settings.MACHINE_TRANSLATION)
    return [checks.Warning(problem, hint=hint, id="translation.W001") for problem in problems]
