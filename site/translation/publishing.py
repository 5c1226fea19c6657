"""Publishing a translation, and keeping it as a draft, with what wagtail-localize leaves to do around both."""

from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import Translation

from translation.completeness import IncompleteTranslationError, require_complete, translation_of
from translation.rights import may_publish
from translation.unread import refusal


def publish(translation: Translation, user: Any = None) -> None:
    """Publishes what is translated.

    Raises:
        IncompleteTranslationError: sentences wait; what was published stays.
        ValidationError: a text does not fit its field; wagtail-localize marks it in its editor.
    """
    require_complete(translation)
    with transaction.atomic():
        obj = translation.get_target_instance()
        emptied = follow_emptied_fields(obj, translation)
        if emptied:
            type(obj)._base_manager.filter(pk=obj.pk).update(**{name: getattr(obj, name) for name in emptied})
        translation.save_target(user=user, publish=True)


def save_draft(translation: Translation, user: Any) -> None:
    """Keeps the translation as the newest draft of its page or snippet. What is published stays as it is."""
    draft = translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
    follow_emptied_fields(draft, translation)
    draft.save_revision(user=user)


def follow_emptied_fields(obj: Any, translation: Translation) -> list[str]:
    """Empties, in memory, what the source has emptied: there, wagtail-localize would keep the old text.

    Returns the names of the fields that changed.
    """
    changed = []
    source = translation.source
    paths = source.stringsegment_set.values_list("context__path", flat=True)
    with_sentences = {path.partition(".")[0] for path in paths}
    original = source.as_instance()
    for translatable in get_translatable_fields(type(original)):
        field, name = translatable.get_field(type(original)), translatable.field_name
        if name in with_sentences or not translatable.is_translated(original):
            continue
        if isinstance(field, models.TextField | models.CharField | StreamField):
            value = getattr(original, name)
            if field.get_prep_value(value) != field.get_prep_value(getattr(obj, name)):
                setattr(obj, name, value)
                changed.append(name)
    return changed


def publish_from_editor(request: HttpRequest, obj: Any) -> HttpResponse | None:
    """The button “Publish in …” of wagtail-localize's editor, with messages that say what is missing and where."""
    if request.method != "POST" or request.POST.get("action") != "publish":
        return None
    translation = translation_of(obj)
    if translation is None:
        return None
    if not may_publish(request.user, obj):
        raise PermissionDenied
    if message := refusal(translation):
        messages.error(request, message)
        return redirect(request.path)
    name = translation.target_locale.get_display_name()
    try:
        publish(translation, request.user)
    except IncompleteTranslationError as error:
        messages.error(request, error.text)
    except ValidationError as error:
        text = _("Not published in %(language)s: %(reasons)s Correct the sentences that are marked red.")
        messages.error(request, text % {"language": name, "reasons": " ".join(error.messages)})
    else:
        obj.refresh_from_db()
        text = _("Published in %(language)s: “%(title)s”.") % {"language": name, "title": obj}
        messages.success(request, text, buttons=_view_live(obj))
    return redirect(request.path)


def edit_url(obj: Any) -> str:
    """The screen on which the admin edits a page or snippet."""
    if isinstance(obj, Page):
        return reverse("wagtailadmin_pages:edit", args=[obj.pk])
    return reverse(obj.snippet_viewset.get_url_name("edit"), args=[quote(obj.pk)])


def _view_live(obj: Any) -> list[Any]:
    url = obj.full_url if isinstance(obj, Page) else None
    return [messages.button(url, _("View live"), new_window=True)] if url else []
