"""What the admin is told about translating."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import TranslatableMixin
from wagtail_localize.models import Translation

from translation.guards import guarded_urls
from translation.harvest import StructureDiffersError, fields_to_follow, harvest
from translation.publishing import edit_url, publish_from_editor
from translation.rights import may_publish

FOR_PUBLISHERS = {"localize-restart-translation", "localize-convert-to-alias"}

hooks.register("register_admin_urls", guarded_urls, order=-1)  # before wagtail-localize's own


@hooks.register("before_edit_page", order=-1)
@hooks.register("before_edit_snippet", order=-1)
def before_editing(request: HttpRequest, obj: Any) -> HttpResponse | None:
    """What happens to a translation before wagtail-localize opens its editor."""
    if not isinstance(obj, TranslatableMixin):
        return None
    return publish_from_editor(request, obj) or restart(request, obj)


def restart(request: HttpRequest, obj: Any) -> HttpResponse | None:
    """The button “Start Synced translation”: keeps what was changed by hand, and says what is going to be replaced."""
    if request.method != "POST" or "localize-restart-translation" not in request.POST:
        return None
    if not may_publish(request.user, obj):
        raise PermissionDenied
    found = Translation.objects.filter(
        source__object_id=obj.translation_key, target_locale_id=obj.locale_id, enabled=False
    )
    translation = found.select_related("source", "target_locale").first()
    if translation is None:
        return None
    try:
        kept = harvest(translation, request.user)
    except StructureDiffersError as error:
        messages.error(request, error.text)
        return redirect(edit_url(obj))
    replaced = fields_to_follow(translation)
    translation.enabled = True
    translation.save(update_fields=["enabled"])
    messages.success(
        request,
        _("The translation follows its source again. Sentences kept that were changed by hand: %(number)s.")
        % {"number": kept},
    )
    if replaced:
        text = _(
            "When the translation is published, these fields follow the source: %(fields)s. The history keeps yours."
        )
        messages.warning(request, text % {"fields": ", ".join(replaced)})
    return redirect(edit_url(obj))


@hooks.register("construct_page_action_menu")
@hooks.register("construct_snippet_action_menu")
def only_what_the_user_may_do(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Takes the buttons of wagtail-localize out of the menus of those who may not publish."""
    obj = context.get("page") or context.get("instance")
    if obj is not None and not may_publish(request.user, obj):
        items[:] = [item for item in items if item.name not in FOR_PUBLISHERS]
