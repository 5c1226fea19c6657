"""Panels of the editor: what cites a record and what publishing it would change; the figures that a page cites."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import Panel

from evidence.codes import codes_in


class EffectPanel(Panel):
    """On a figure or a rule: where it is used, and what would change there if the draft were published."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Where it is used"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "evidence/admin/effect_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from evidence.effect import effect_of

            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "effect": effect_of(self.instance)}


class FiguresPanel(Panel):
    """On a page or a question: the figures and rules it cites, with value, status and date of review."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Figures and rules on this page"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "evidence/admin/figures_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, **figures_of(self.instance)}


def figures_of(thing: Any) -> dict[str, Any]:
    """What `evidence/admin/figures_panel.html` shows of an object that cites, in the object's own language."""
    from evidence.chooser import edit_url
    from evidence.records import records
    from evidence.repeats import repeated_in

    language = thing.locale.language_code
    codes = list(dict.fromkeys(code.record for code in codes_in(thing.citing_html)))
    known = records(language)
    with override(language):
        rows = [(entry, entry.text(), edit_url(entry.code)) for entry in known.cited(codes)]
    missing = [str(code) for code in codes if known.get(code) is None]
    return {"rows": rows, "missing": missing, "repeated": repeated_in(thing)}
