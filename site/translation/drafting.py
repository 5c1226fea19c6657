"""Lets the chosen service draft what is missing, and tells the editor what came of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation
from wagtail_localize.views.edit_translation import apply_machine_translation, user_can_edit_instance

from translation import unread
from translation.review import is_locked_for, refresh_draft
from translation.services.base import Service

NAMED = 5


@require_POST
def machine_translate(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Drafts the sentences that have no translation, then shows the translation again. 404 without a service."""
    translator = get_machine_translator()
    if translator is None:
        raise Http404
    translation = get_object_or_404(Translation, pk=translation_id)
    if is_locked_for(request.user, translation.get_target_instance()):
        raise PermissionDenied
    draft(request, translation, translator)
    return _back(request)


@require_POST
def confirm_drafts(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Takes over the drafts whose numbers were posted, as read by the user."""
    translation = get_object_or_404(Translation, pk=translation_id)
    target = translation.get_target_instance()
    if not user_can_edit_instance(request.user, target) or is_locked_for(request.user, target):
        raise PermissionDenied
    shown = [int(number) for number in request.POST.getlist("shown") if number.isdecimal() and len(number) < 19]
    assert request.user.is_authenticated
    count = unread.confirm(translation, shown, request.user)
    refresh_draft(translation, request.user)
    said = ngettext(
        "%(count)s machine translation is confirmed.", "%(count)s machine translations are confirmed.", count
    )
    messages.success(request, said % {"count": count})
    return _back(request)


def draft(request: HttpRequest, translation: Translation, translator: Any) -> None:
    """Drafts what is missing in one translation. What went wrong is said in messages; whatever was answered is kept.

    Raises:
        PermissionDenied: the user may not edit the translation.
        Http404: the service does not translate between these languages.
    """
    language = translation.target_locale.get_display_name()
    try:
        asked = apply_machine_translation(translation.pk, request.user, translator)
    except DataError:  # a title that is longer than the database takes
        messages.error(request, _("The answer for %(language)s could not be saved.") % {"language": language})
        return
    if not asked:
        messages.warning(request, _("%(language)s: there is nothing left to translate.") % {"language": language})
    elif isinstance(translator, Service):
        tell(request, translator, language)


def tell(request: HttpRequest, translator: Service, language: str) -> None:
    """Says what was drafted, what was not taken over and why, and what the service complained about."""
    outcome = translator.outcome
    names = {"service": translator.display_name, "language": language}
    if count := len(outcome.taken):
        said = ngettext(
            "%(language)s: %(count)s text drafted by %(service)s. Read it before you publish.",
            "%(language)s: %(count)s texts drafted by %(service)s. Read them before you publish.",
            count,
        )
        messages.success(request, said % (names | {"count": count}))
    if outcome.refused:
        named = "; ".join(f"“{unread.shortened(text)}”: {why}" for text, why in outcome.refused[:NAMED])
        rest = len(outcome.refused) - NAMED
        if rest > 0:
            named += " " + ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest}
        said = _("%(language)s: not taken over, translate by hand or try again: %(named)s")
        messages.warning(request, said % (names | {"named": named}))
    for error in outcome.errors:
        said = _("%(language)s: %(error)s What it had not answered still waits; nothing else was changed.")
        messages.error(request, said % (names | {"error": error}))


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_home"))
