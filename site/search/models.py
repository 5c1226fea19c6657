"""What readers looked for and did not find."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

KEEP_DAYS = 90


class MissedSearch(models.Model):
    """One query that found nothing: how often and when last, by day. Nothing about who asked."""

    language = models.CharField(_("language"), max_length=12)
    text = models.CharField(_("searched for"), max_length=60)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_on = models.DateField(_("first"))
    last_on = models.DateField(_("last"))

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        ordering = ("-times", "-last_on", "text")
        constraints: ClassVar = [models.UniqueConstraint(fields=("language", "text"), name="unique_missed_search")]

    def __str__(self) -> str:
        return self.text
