"""What happens when a source or a translation is published or deleted."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import DraftStateMixin, get_translatable_models
from wagtail.signals import page_published, published

from translation import outdated


def connect() -> None:
    """Called once, when the app is ready."""
    page_published.connect(compare)
    for model in get_translatable_models():
        if issubclass(model, DraftStateMixin):
            published.connect(compare, sender=model)
        else:
            post_save.connect(compare, sender=model)  # what is saved, readers see
        post_delete.connect(forget, sender=model)


def compare(instance: Any, revision: Any = None, **kwargs: Any) -> None:
    """Finds out which translations are behind their source now."""
    if not kwargs.get("raw"):
        outdated.published(instance, revision)


def forget(instance: Any, **kwargs: Any) -> None:
    """Nothing is behind what is gone."""
    outdated.forget(instance)
