"""Two screens of wagtail-localize, with the rights that this site's moderation asks for.

Both change what readers see at once: turning a translation back into a copy of its source, and publishing translations
when a source has changed. wagtail-localize lets everybody do so who may edit; here it takes the right to publish.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, include, path
from wagtail.models import DraftStateMixin, Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail_localize.views.convert import convert_to_alias
from wagtail_localize.views.update_translations import UpdateTranslationsView


def convert_to_alias_if_publisher(request: HttpRequest, page_id: int) -> HttpResponse:
    """Turns a translation into a copy of its source, for users who may publish the page; 403 for others."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    response: HttpResponse = convert_to_alias(request, page_id)
    return response


class ModeratedUpdateTranslationsView(UpdateTranslationsView):
    """Brings translations in line with a changed source; “Publish immediately” is for users who may publish it."""

    def get_form(self) -> Any:
        form = super().get_form()
        source = self.object.get_source_instance()
        if isinstance(source, Page):
            allowed = source.permissions_for_user(self.request.user).can_publish()
        else:
            right = "publish" if isinstance(source, DraftStateMixin) else "change"
            allowed = ModelPermissionPolicy(type(source)).user_has_permission(self.request.user, right)
        if not allowed:
            form.fields["publish_translations"].disabled = True
        return form


def guarded_urls() -> list[URLPattern | URLResolver]:
    """The same addresses as wagtail-localize's own, found before them."""
    return [
        path(
            "localize/",
            include(
                [
                    path("page/<int:page_id>/convert_to_alias/", convert_to_alias_if_publisher),
                    path("update/<int:translation_source_id>/", ModeratedUpdateTranslationsView.as_view()),
                ]
            ),
        )
    ]
