"""What wagtail-localize's editor shows around its sentences."""

import json
from typing import Any

from django import template
from django.contrib.admin.utils import quote
from django.urls import reverse
from wagtail.models import Page

from translation.hints import with_hints
from translation.review import Review
from translation.unread import unread_in

register = template.Library()


@register.simple_tag(takes_context=True)
def prepare_editor(context: template.Context, translation: Any) -> str:
    """Adds hints to the editor's `props`, and sets `glossary_remarks` and `unread_sentences` for the notes above it."""
    props, remarks = with_hints(translation, context["props"])
    context["props"] = props
    context["glossary_remarks"] = remarks
    context["unread_sentences"] = [row.pk for row in unread_in(translation)]
    return ""


@register.simple_tag(takes_context=True)
def translation_review(context: dict[str, Any]) -> Review:
    """Where the review of the translation stands, for the user who looks at it."""
    review = Review(context["instance"], context["request"].user)
    if review.state and not isinstance(review.obj, Page):
        for panel in context["side_panels"]:
            _add_addresses(panel, review.obj)
    return review


@register.simple_tag
def editor_props(props: str, review: Review) -> str:
    """The data that wagtail-localize gives its editor, without what this user may not do."""
    data = json.loads(props)
    data["object"]["isLocked"] = data["object"]["isLocked"] or review.is_locked
    if not review.may_publish:
        data["links"]["convertToAliasUrl"] = None
        data["perms"]["canDelete"] = False  # would be the editor's foremost button; the list of pages has it too
    return json.dumps(data)


def _add_addresses(panel: Any, obj: Any) -> None:
    """Gives a snippet's status panel the addresses it needs to show a review; wagtail-localize knows of none."""
    compute, name = panel.get_context_data, obj.snippet_viewset.get_url_name
    addresses = {
        "revisions_compare_url_name": name("revisions_compare"),
        "workflow_history_url": reverse(name("workflow_history"), args=[quote(obj.pk)]),
    }
    panel.get_context_data = lambda parent_context: compute(parent_context) | addresses
