"""How every process learns that the records have changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stamp(models.Model):
    """One row that changes whenever any source, figure or rule does: what a process keeps is then old."""

    value = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("stamp")
        verbose_name_plural = _("stamps")

    def __str__(self) -> str:
        return self.value
