"""What the translation editor shows besides wagtail-localize's own."""

from typing import Any

from django import template

from translation.hints import with_hints
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
