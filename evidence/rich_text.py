"""Citations in the rich text editor: two buttons, and how they are stored."""

from typing import Any

import wagtail.admin.rich_text.editors.draftail.features as draftail_features
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import LinkElementHandler
from wagtail.rich_text.feature_registry import FeatureRegistry

from evidence.citations import CitationHandler, FigureHandler, RuleHandler, known_records
from evidence.codes import FIGURE, RULE, Code

LABELS = {FIGURE: _("Cite a figure"), RULE: _("Cite a rule")}
ICONS = {FIGURE: "order", RULE: "calendar-alt"}


class CitationElement(LinkElementHandler):
    """Reads a stored citation for the editor: its key, and what the editor shows of it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind.upper())
        self.kind = kind

    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, str]:
        return entity_data(Code.parse(f"{self.kind}:{attrs.get('key', '')}"), str(attrs.get("key", "")))


def entity_data(code: Code | None, key: str) -> dict[str, str]:
    """What the editor keeps of a citation: `key` is stored; `value` and `label` are only shown."""
    entry = known_records().get(code)
    if code is None or entry is None:
        return {"key": key, "value": "", "label": str(_("This record does not exist."))}
    return {"key": code.name, "value": entry.text(code.part), "label": f"{entry.status.mark} {entry.name}"}


def register(features: FeatureRegistry) -> None:
    """The features `figure` and `rule`, for every rich text that names them."""
    handlers: dict[str, type[CitationHandler]] = {FIGURE: FigureHandler, RULE: RuleHandler}
    for kind, handler in handlers.items():
        features.register_link_type(handler)
        features.register_editor_plugin("draftail", kind, _button(kind))
        features.register_converter_rule("contentstate", kind, _conversion(kind))


def _button(kind: str) -> draftail_features.EntityFeature:
    return draftail_features.EntityFeature(
        {
            "type": kind.upper(),
            "icon": ICONS[kind],
            "description": LABELS[kind],
            "chooserUrls": {"citationChooser": reverse_lazy("citation_chooser:choose")},
        },
        js=["wagtailadmin/js/chooser-modal.js", "js/admin-citation.js"],
    )


def _conversion(kind: str) -> dict[str, Any]:
    def store(props: dict[str, Any]) -> Any:
        return DOM.create_element("a", {"linktype": kind, "key": props.get("key")}, f"{kind}:{props.get('key')}")

    return {
        "from_database_format": {f'a[linktype="{kind}"]': CitationElement(kind)},
        "to_database_format": {"entity_decorators": {kind.upper(): store}},
    }
