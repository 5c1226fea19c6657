"""What was loaded from which file, so that the next load knows what an editor has changed since."""

from django.contrib.contenttypes.models import ContentType
from django.db import models


class LoadedContent(models.Model):
    """One object as one content file left it."""

    key = models.CharField(max_length=255)
    locale = models.CharField(max_length=100, blank=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    relations = models.JSONField(default=dict)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("key", "locale"), name="unique_loaded_content")]

    def __str__(self) -> str:
        return f"{self.locale}/{self.key}" if self.locale else self.key
