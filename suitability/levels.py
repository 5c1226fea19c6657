"""Default levels in the admin: one choice for each criterion, in the rubric's own words."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from suitability.scoring import LEVELS

if TYPE_CHECKING:
    from suitability.rubrics import CriterionWords

UNKNOWN = ""


class LevelsWidget(forms.MultiWidget):
    """Edits `{criterion: level}` as a column of choices, for the criteria of the draft and of the version in force."""

    template_name = "suitability/admin/levels_widget.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({}, attrs)
        self.keys: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        criteria = self._read_rubric()
        context = super().get_context(name, value, attrs)
        for row, words in zip(context["widget"]["subwidgets"], criteria, strict=True):
            row["label"] = words.name
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        self._read_rubric()
        values = super().value_from_datadict(data, files, name)
        pairs = zip(self.keys, values, strict=True)
        levels = {key: int(value) if str(value).isdecimal() else None for key, value in pairs}
        return json.dumps(levels if any(level is not None for level in levels.values()) else {})

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        self._read_rubric()
        return super().value_omitted_from_data(data, files, name)

    def decompress(self, value: Any) -> list[Any]:
        levels = json.loads(value) if isinstance(value, str) else value
        levels = levels if isinstance(levels, dict) else {}
        return [UNKNOWN if levels.get(key) is None else levels[key] for key in self.keys]

    def _read_rubric(self) -> "list[CriterionWords]":
        """Makes the choices at the time of asking: a rubric may have been activated since the form class was made."""
        from pages.languages import in_source_language
        from suitability.models import Rubric
        from suitability.rubrics import Edition, current, freeze

        rubric = in_source_language(Rubric).first()
        editions = [edition for edition in (rubric and Edition("draft", freeze(rubric)), current()) if edition]
        words = {key: one for edition in editions for key, one in edition.words().criteria.items()}
        criteria = list(words.values())  # a new criterion gets its levels before it counts
        self.keys = [words.key for words in criteria]
        self.widgets_names = [f"_{key}" for key in self.keys]
        self.widgets = [
            forms.Select(choices=[(UNKNOWN, _("unknown")), *((n, f"{n} – {words.text(n)}") for n in LEVELS)])
            for words in criteria
        ]
        return criteria
