"""Tells whether an object still is what a file made it."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields
from wagtail.models import DraftStateMixin, Page
from wagtail_localize.fields import get_translatable_fields

from contentfiles.fields import Children, Values, fields_of
from contentfiles.models import LoadedContent

# What changes without anybody changing the content.
VOLATILE = {"pk", "page", "sort_order", "comments", "file_hash", "file_size"}


def fingerprint(obj: models.Model) -> str:
    """A digest of the content an editor sees: the newest draft where there is one, and whether it is live.

    The order of keys, new primary keys of children and a save without changes leave it as it is.
    """
    draft = obj
    data: dict[str, Any] = {}
    if isinstance(obj, DraftStateMixin):
        draft = obj.get_latest_revision_as_object() if obj.latest_revision_id else obj
        data["live"] = obj.live
        data["schedule"] = [draft.go_live_at, draft.expire_at]
    content = (
        draft.serializable_data() if isinstance(draft, ClusterableModel) else get_serializable_data_for_fields(draft)
    )
    names = _content_names(type(obj))
    related = _relations(type(obj))
    data |= {name: _plain(value) for name, value in content.items() if name in names and name not in related}
    if isinstance(obj, Page):
        data["parent"] = obj.get_parent().pk
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def relations(obj: models.Model) -> dict[str, list[Any]]:
    """What the rows of each child relation point at or hold, in order."""
    draft: Any = obj
    if isinstance(obj, DraftStateMixin) and obj.latest_revision_id:
        draft = obj.get_latest_revision_as_object()
    return {
        name: [_plain_key(row, field) for row in getattr(draft, name).all()]
        for name, field in _relations(type(obj)).items()
    }


def is_unchanged(obj: models.Model, record: LoadedContent) -> bool:
    """Whether the object still is what the loader made it. A relation to something deleted since is no change."""
    if fingerprint(obj) != record.fingerprint:
        return False
    now = relations(obj)
    for name, field in _relations(type(obj)).items():
        before = record.relations.get(name, [])
        if now[name] != before:
            target = field.related_model
            there = set(target._base_manager.filter(pk__in=before).values_list("pk", flat=True)) if target else set()
            if now[name] != [key for key in before if key in there]:
                return False
    return True


def _relations(model: type[models.Model]) -> dict[str, Any]:
    """The child relations that the readers of a model fill, with the field of the row that matters."""
    found = {}
    for reader in fields_of(model).values():
        if isinstance(reader, Children | Values):
            rows: Any = model._meta.get_field(reader.name).related_model
            found[reader.name] = rows._meta.get_field(reader.target)
    return found


def _plain_key(row: models.Model, field: Any) -> Any:
    return getattr(row, field.attname)


def _content_names(model: type[models.Model]) -> set[str]:
    return {field.field_name for field in get_translatable_fields(model)} - VOLATILE


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in VOLATILE}
    return value
