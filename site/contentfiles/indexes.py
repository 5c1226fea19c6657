"""Search and references while much is being saved: brought up to date once at the end, not at every save."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save
from modelcluster.fields import ParentalKey
from modelsearch.index import class_is_indexed, get_indexed_models, insert_or_update_object
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update


@contextmanager
def indexed_at_the_end() -> Iterator[None]:
    """Indexes what is saved in the block when the block is over; after an error, nothing.

    An object is saved many times while it is loaded and translated. For a process that does nothing else meanwhile.
    """
    saved: dict[tuple[type[Model], Any], None] = {}

    def keep(instance: Model, **kwargs: Any) -> None:
        whole = _whole(instance)
        if whole is not None:
            saved[(type(whole), whole.pk)] = None

    models = [model for model in get_indexed_models() if post_save.disconnect(post_save_signal_handler, sender=model)]
    post_save.connect(keep)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        post_save.disconnect(keep)
        for model in models:
            post_save.connect(post_save_signal_handler, sender=model)
    for obj in _present(saved):
        if ReferenceIndex.is_indexed(type(obj)):
            ReferenceIndex.create_or_update_for_object(obj)
        if class_is_indexed(type(obj)):
            insert_or_update_object(obj)


def _whole(instance: Model) -> Model | None:
    """The object itself or, for a child of another, that other: references and texts are kept by the whole."""
    found: Model | None = instance
    while found is not None:
        parents = [field for field in found._meta.get_fields() if isinstance(field, ParentalKey)]
        if not parents:
            return found
        found = getattr(found, parents[0].name)
    return None


def _present(saved: dict[tuple[type[Model], Any], None]) -> Iterator[Any]:
    """Each saved object once, as it is in the database now, pages as what they are."""
    seen = set()
    for model, pk in saved:
        if not (ReferenceIndex.is_indexed(model) or class_is_indexed(model)):
            continue
        found: Any = model._default_manager.filter(pk=pk).first()
        found = found.specific if isinstance(found, Page) else found
        if found is not None and (type(found), pk) not in seen:
            seen.add((type(found), pk))
            yield found
