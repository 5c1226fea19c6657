"""Screens of wagtail-localize, with what this site's moderation asks for.

They change what readers see at once, or take a translation out of the translators' hands: turning it back into a copy
of its source, stopping its synchronisation, and publishing translations when a source has changed. wagtail-localize
lets everybody do so who may edit; here it takes the right to publish. Nothing is published while it is incomplete, or
holds machine translations that nobody has read.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation
from wagtail_localize.views.convert import convert_to_alias
from wagtail_localize.views.edit_translation import stop_translation
from wagtail_localize.views.update_translations import UpdateTranslationsForm, UpdateTranslationsView

from translation.completeness import IncompleteTranslationError
from translation.drafting import confirm_drafts, draft, machine_translate
from translation.po import upload_po
from translation.publishing import publish
from translation.review import edit_sentence, submit_for_review
from translation.rights import may_publish
from translation.unread import refusal


def convert_to_alias_if_publisher(request: HttpRequest, page_id: int) -> HttpResponse:
    """Turns a translation into a copy of its source, for users who may publish the page; 403 for others."""
    page = get_object_or_404(Page, pk=page_id)
    if not may_publish(request.user, page):
        raise PermissionDenied
    with transaction.atomic():
        if request.method == "POST":  # a copy of the source is no incomplete translation of it
            kept_by = Translation.objects.filter(source__object_id=page.translation_key, target_locale=page.locale)
            kept_by.update(enabled=False)
        response: HttpResponse = convert_to_alias(request, page_id)
    return response


def stop_translation_if_publisher(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Takes a translation out of the synchronisation, for users who may publish it; 403 for others."""
    translation = get_object_or_404(Translation, pk=translation_id)
    if not may_publish(request.user, translation.get_target_instance()):
        raise PermissionDenied
    response: HttpResponse = stop_translation(request, translation_id)
    return response


class ModeratedUpdateForm(UpdateTranslationsForm):
    """Whether translations are published at once: by whom, and nothing that a machine is about to write.

    Args:
        may_publish: whether the user may publish them.
    """

    def __init__(self, *args: Any, may_publish: bool) -> None:
        super().__init__(*args)
        field = self.fields["publish_translations"]
        field.disabled = not may_publish
        field.help_text = _("Languages in which sentences wait keep what is published until they are translated.")
        if "use_machine_translation" in self.fields:
            self.fields["use_machine_translation"].help_text = _(
                "Drafts what is missing, for you to read. Cannot be combined with publishing immediately."
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("publish_translations") and data.get("use_machine_translation"):
            self.add_error(None, _("Machine translations are published only once somebody has read them: choose one."))
        return data


class ModeratedUpdateTranslationsView(UpdateTranslationsView):
    """Brings translations in line with a changed source.

    “Publish immediately” is for users who may publish the source, and publishes what is complete.
    """

    def get_form(self) -> ModeratedUpdateForm:
        allowed = may_publish(self.request.user, self.object.get_source_instance())
        posted = [self.request.POST] if self.request.method == "POST" else []
        return ModeratedUpdateForm(*posted, may_publish=allowed)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if form.non_field_errors():  # the template has no place for them
            for error in form.non_field_errors():
                messages.error(request, error)
            return HttpResponseRedirect(request.get_full_path())
        response: HttpResponse = super().post(request, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        wanted = form.cleaned_data["publish_translations"]
        form.cleaned_data["publish_translations"] = False
        use_machine = form.cleaned_data.pop("use_machine_translation", False)
        response: HttpResponse = super().form_valid(form)
        translator = get_machine_translator() if use_machine else None
        for translation in self.object.translations.filter(enabled=True).select_related("source", "target_locale"):
            if wanted:
                self._publish(translation)
            if translator is not None and translator.can_translate(self.object.locale, translation.target_locale):
                draft(self.request, translation, translator)
        return response

    def _publish(self, translation: Translation) -> None:
        """Publishes what is complete and read; says of the rest why not."""
        language = translation.target_locale.get_display_name()
        if message := refusal(translation):
            messages.warning(self.request, message)
            return
        try:
            publish(translation, self.request.user)
        except IncompleteTranslationError as error:
            messages.warning(self.request, error.text)
        except ValidationError as error:
            text = _("Not published in %(language)s: %(reasons)s")
            messages.error(self.request, text % {"language": language, "reasons": " ".join(error.messages)})
        else:
            messages.success(self.request, _("Published in %(language)s.") % {"language": language})


def guarded_urls() -> list[URLPattern | URLResolver]:
    """The same addresses as wagtail-localize's own, found before them."""
    return [
        path(
            "localize/",
            include(
                [
                    path("page/<int:page_id>/convert_to_alias/", convert_to_alias_if_publisher),
                    path("translate/<int:translation_id>/machine_translate/", machine_translate),
                    path("translate/<int:translation_id>/confirm_drafts/", confirm_drafts, name="confirm_drafts"),
                    path("translate/<int:translation_id>/disable/", stop_translation_if_publisher),
                    path("translate/<int:translation_id>/pofile/upload/", upload_po),
                    path("translate/<int:translation_id>/review/", submit_for_review, name="submit_for_review"),
                    path("translate/<int:translation_id>/strings/<int:string_segment_id>/edit/", edit_sentence),
                    path("update/<int:translation_source_id>/", ModeratedUpdateTranslationsView.as_view()),
                ]
            ),
        )
    ]
