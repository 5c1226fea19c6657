"""Who may change what readers see, for pages and snippets alike."""

from typing import Any

from django.db import models
from wagtail.models import DraftStateMixin, Page
from wagtail.permission_policies import ModelPermissionPolicy


def may_publish(user: Any, obj: models.Model) -> bool:
    """Whether the user may publish the object; for what has no drafts, whether the user may change it."""
    if isinstance(obj, Page):
        return bool(obj.permissions_for_user(user).can_publish())
    right = "publish" if isinstance(obj, DraftStateMixin) else "change"
    return bool(ModelPermissionPolicy(type(obj)).user_has_permission(user, right))


def may_edit(user: Any, obj: models.Model) -> bool:
    """Whether the user may change the object, if only as a draft."""
    if isinstance(obj, Page):
        return bool(obj.permissions_for_user(user).can_edit())
    return bool(ModelPermissionPolicy(type(obj)).user_has_permission(user, "change"))
