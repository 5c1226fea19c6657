"""Approval of a changed record by somebody who has seen its effect."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    AbstractGroupApprovalTask,
)


class EvidenceApprovalTask(AbstractGroupApprovalTask):
    """Approval by a group, who are shown what publishing the record would change, before they approve."""

    class Meta:
        verbose_name = _("approval with the effect of a figure")
        verbose_name_plural = _("approvals with the effect of a figure")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        actions = super().get_actions(obj, user)
        # Never without the dialog, since that is where the effect is shown.
        shown = [(name, label, modal) for name, label, modal in actions if name != "approve"]
        if len(shown) < len(actions):
            shown.append(("approve", _("See the effect and approve"), True))
        return shown

    def get_template_for_action(self, action: str) -> str:
        return "evidence/admin/approve.html" if action == "approve" else str(super().get_template_for_action(action))

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups see what the change does to every page before they approve it.")
