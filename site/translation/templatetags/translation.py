"""What wagtail-localize's editor shows around its sentences."""

import json
from typing import Any

from django import template

from translation.review import Review

register = template.Library()


@register.simple_tag(takes_context=True)
def translation_review(context: dict[str, Any]) -> Review:
    """Where the review of the translation stands, for the user who looks at it."""
    return Review(context["instance"], context["request"].user)


@register.simple_tag
def editor_props(props: str, review: Review) -> str:
    """The data that wagtail-localize gives its editor, without what this user may not do."""
    data = json.loads(props)
    data["object"]["isLocked"] = data["object"]["isLocked"] or review.is_locked
    if not review.may_publish:
        data["links"]["convertToAliasUrl"] = None
    return json.dumps(data)
