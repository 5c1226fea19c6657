"""Keys: slugs by which others name a thing, so that they never change."""

from typing import Any

from django.core.exceptions import ValidationError


def check_key(obj: Any, message: Any) -> None:
    """Refuses another slug for something that others name by it, once it is saved. ValidationError on the slug."""
    before = type(obj)._default_manager.filter(pk=obj.pk).values_list("slug", flat=True).first() if obj.pk else None
    if before is not None and before != obj.slug:
        raise ValidationError({"slug": message})
