"""Screens of wagtail-localize, with what this site's moderation asks for.

Two change what readers see at once: turning a translation back into a copy of its source, and publishing translations
when a source has changed. wagtail-localize lets everybody do so who may edit; here it takes the right to publish.
Nothing is published while it holds machine translations that nobody has read.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Page, TranslatableMixin
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.views.convert import convert_to_alias
from wagtail_localize.views.update_translations import UpdateTranslationsForm, UpdateTranslationsView

from translation.drafting import confirm_drafts, draft, machine_translate
from translation.hints import save_sentence
from translation.unread import refusal


def convert_to_alias_if_publisher(request: HttpRequest, page_id: int) -> HttpResponse:
    """Turns a translation into a copy of its source, for users who may publish the page; 403 for others."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    response: HttpResponse = convert_to_alias(request, page_id)
    return response


class ModeratedUpdateForm(UpdateTranslationsForm):
    """Which translations may be published at once: by whom, and none that holds what a machine wrote and nobody read.

    Args:
        source: the TranslationSource whose translations are brought up to date.
        may_publish: whether the user may publish them.
    """

    def __init__(self, *args: Any, source: TranslationSource, may_publish: bool) -> None:
        super().__init__(*args)
        self.source = source
        self.fields["publish_translations"].disabled = not may_publish
        if "use_machine_translation" in self.fields:
            self.fields["publish_translations"].help_text = _(
                "Publishes at once. Sentences without a translation are shown in the original language."
            )
            self.fields["use_machine_translation"].help_text = _(
                "Drafts what is missing, for you to read. Cannot be combined with publishing immediately."
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("publish_translations") and data.get("use_machine_translation"):
            self.add_error(None, _("Machine translations are published only once somebody has read them: choose one."))
        elif data.get("publish_translations"):
            for translation in self.source.translations.filter(enabled=True).select_related("source", "target_locale"):
                if message := refusal(translation):
                    self.add_error(None, message)
        return data


class ModeratedUpdateTranslationsView(UpdateTranslationsView):
    """Brings translations in line with a changed source; “Publish immediately” is for users who may publish it."""

    def get_form(self) -> ModeratedUpdateForm:
        source = self.object.get_source_instance()
        if isinstance(source, Page):
            allowed = source.permissions_for_user(self.request.user).can_publish()
        else:
            right = "publish" if isinstance(source, DraftStateMixin) else "change"
            allowed = ModelPermissionPolicy(type(source)).user_has_permission(self.request.user, right)
        posted = [self.request.POST] if self.request.method == "POST" else []
        return ModeratedUpdateForm(*posted, source=self.object, may_publish=allowed)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if form.non_field_errors():  # the template has no place for them
            for error in form.non_field_errors():
                messages.error(request, error)
            return HttpResponseRedirect(request.get_full_path())
        response: HttpResponse = super().post(request, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        use_machine = form.cleaned_data.pop("use_machine_translation", False)
        response: HttpResponse = super().form_valid(form)
        translator = get_machine_translator() if use_machine else None
        if translator is not None:  # after the transaction: the service takes its time
            for translation in self.object.translations.filter(enabled=True).select_related("source", "target_locale"):
                if translator.can_translate(self.object.locale, translation.target_locale):
                    draft(self.request, translation, translator)
        return response


def refuse_unread(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """Stops the publishing of a translation that holds machine translations nobody has read, and names them."""
    if (
        request.method != "POST"
        or request.POST.get("action") != "publish"
        or not isinstance(instance, TranslatableMixin)
    ):
        return None
    found = Translation.objects.filter(
        source__object_id=instance.translation_key, target_locale=instance.locale_id, enabled=True
    )
    message = next(filter(None, map(refusal, found.select_related("source", "target_locale"))), "")
    if not message:
        return None
    messages.error(request, message)
    return HttpResponseRedirect(request.path)


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
                    path("translate/<int:translation_id>/strings/<int:string_segment_id>/edit/", save_sentence),
                    path("update/<int:translation_source_id>/", ModeratedUpdateTranslationsView.as_view()),
                ]
            ),
        )
    ]
