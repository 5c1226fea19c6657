"""Tells whether an object still is what a file made it."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields
from wagtail.models import DraftStateMixin, Page
from wagtail_localize.fields import get_translatable_fields

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
    data |= {name: _plain(value) for name, value in content.items() if name in names}
    if isinstance(obj, Page):
        data["parent"] = obj.get_parent().pk
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _content_names(model: type[models.Model]) -> set[str]:
    names = getattr(model, "fingerprint_fields", None)
    if names is None:
        names = {field.field_name for field in get_translatable_fields(model)}
    return set(names) - VOLATILE


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
