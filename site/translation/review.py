"""A translator without the right to publish asks for a review; a moderator approves, and the translation is published.

The site's own workflow does it, as for any page: here is what wagtail-localize's editor lacks to take part in it. What
is reviewed is the newest draft, so a draft is made when the review is asked for, and again when a moderator mends a
sentence.
"""

from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import Page, WorkflowMixin, WorkflowState
from wagtail_localize.models import Translation

from translation.completeness import IncompleteTranslationError, require_complete
from translation.hints import save_sentence
from translation.publishing import edit_url, save_draft
from translation.rights import may_edit, may_publish

Action = tuple[str, bool, str]
"""The label of a button, whether it opens a dialog, and its address."""


class Review:
    """Where the review of a translated object stands, and what the user may do about it."""

    def __init__(self, obj: Any, user: Any) -> None:
        self.obj = obj
        self.user = user
        self.possible = isinstance(obj, WorkflowMixin) and obj.has_workflow
        self.state: Any = obj.current_workflow_state if self.possible else None
        self.may_publish = may_publish(user, obj)

    @property
    def in_progress(self) -> bool:
        """Whether somebody is asked to look at the translation."""
        return self.state is not None and self.state.status == WorkflowState.STATUS_IN_PROGRESS

    @property
    def needs_changes(self) -> bool:
        """Whether somebody has looked and asked for changes."""
        return self.state is not None and self.state.status == WorkflowState.STATUS_NEEDS_CHANGES

    @property
    def comment(self) -> str:
        """What the reviewer wrote."""
        return str(self.state.current_task_state.comment) if self.needs_changes else ""

    @property
    def may_submit(self) -> bool:
        """Whether the user may ask for a review; who may publish does not need one."""
        return self.possible and not self.in_progress and not self.may_publish and may_edit(self.user, self.obj)

    @property
    def is_locked(self) -> bool:
        """Whether others are looking at the translation, so that the user may not change it meanwhile."""
        return is_locked_for(self.user, self.obj)

    @property
    def actions(self) -> list[Action]:
        """What the user may decide about a review that is asked for."""
        if not self.in_progress:
            return []
        task_state = self.state.current_task_state
        task = task_state.task.specific
        name = (
            "wagtailadmin_pages:workflow_action"
            if isinstance(self.obj, Page)
            else self.obj.snippet_viewset.get_url_name("workflow_action")
        )
        found = []
        for action, label, modal in task.get_actions(self.obj, self.user):
            if action == "approve" and self.state.is_at_final_task:
                label = _("%(label)s and Publish") % {"label": label}
            found.append((str(label), modal, reverse(name, args=[quote(self.obj.pk), action, task_state.pk])))
        return sorted(found, key=lambda one: "/reject/" in one[2])  # what is done most stands first


def is_locked_for(user: Any, obj: Any) -> bool:
    """Whether a translation is under review by others, or locked by somebody."""
    lock = obj.get_lock() if hasattr(obj, "get_lock") else None
    return bool(lock and lock.for_user(user))


def submit(translation: Translation, user: Any) -> None:
    """Makes a draft of what is translated and asks the moderators to look at it.

    Raises:
        IncompleteTranslationError: sentences wait.
        ValidationError: a text does not fit its field.
    """
    require_complete(translation)
    save_draft(translation, user)
    obj: Any = translation.get_target_instance()
    state = obj.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=user)
    else:
        obj.get_workflow().start(obj, user)


def refresh_draft(translation: Translation, user: Any) -> None:
    """While a review is asked for: makes what the translation says now the version that is reviewed."""
    obj = translation.get_target_instance()
    if isinstance(obj, WorkflowMixin) and obj.workflow_in_progress:
        save_draft(translation, user)


@require_POST
def submit_for_review(request: HttpRequest, translation_id: int) -> HttpResponse:
    """The button of a translator without the right to publish."""
    translation = get_object_or_404(Translation, pk=translation_id, enabled=True)
    obj = translation.get_target_instance()
    if not Review(obj, request.user).may_submit:
        raise PermissionDenied
    try:
        submit(translation, request.user)
    except IncompleteTranslationError as error:
        messages.error(request, error.text)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The moderators were asked to review the translation."))
    return redirect(edit_url(obj))


def edit_sentence(request: HttpRequest, translation_id: int, string_segment_id: int) -> HttpResponse:
    """Saves or removes one sentence, and answers with the glossary's hints; 403 while others review the translation."""
    translation = get_object_or_404(Translation, pk=translation_id)
    if is_locked_for(request.user, translation.get_target_instance()):
        raise PermissionDenied
    response = save_sentence(request, translation_id, string_segment_id)
    refresh_draft(translation, request.user)
    return response
