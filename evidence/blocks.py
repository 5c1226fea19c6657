"""A block that holds a citation: the code of a figure or a rule, chosen from those there are."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from evidence.codes import Code

# What of a record may be chosen: the record itself, or one of its numbers.
RECORD, NUMBERS = "record", "numbers"


class CitationField(forms.CharField):
    """A code of a record that exists; with `offer` "numbers", of a figure that has the number named."""

    def __init__(self, offer: str, kind: str, **kwargs: Any) -> None:
        self.offer, self.kind = offer, kind
        super().__init__(max_length=90, **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        from evidence.citations import known_records

        code = Code.parse(value)
        entry = known_records().get(code)
        if code is None or entry is None or (self.kind and code.kind != self.kind):
            raise ValidationError(_("There is no such record: choose one from the list."))
        if self.offer == NUMBERS and not entry.numbers(code.part):
            raise ValidationError(_("This record has no number: choose another."))


class CitationBlock(blocks.FieldBlock):
    """The code of one record, the same in every language.

    Args:
        offer: RECORD for figures and rules as a whole, NUMBERS for the numbers of figures.
        kind: `figure` or `rule`, or "" for both.
    """

    def __init__(
        self, offer: str = RECORD, kind: str = "", required: bool = True, help_text: Any = None, **kwargs: Any
    ) -> None:
        self.offer, self.kind = offer, kind
        self._options = {"required": required, "help_text": help_text}
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> CitationField:
        from evidence.chooser import CitationChooser

        return CitationField(self.offer, self.kind, widget=CitationChooser(self.kind, self.offer), **self._options)

    def to_python(self, value: Any) -> str:
        from evidence.citing import code_for

        return code_for(str(value or ""))

    def get_prep_value(self, value: Any) -> str:
        return str(value or "")

    def get_default(self) -> str:
        return ""

    def get_form_state(self, value: Any) -> Any:
        return self.field.widget.get_value_data(value)

    def extract_references(self, value: Any) -> Iterator[tuple[Any, str, str, str]]:
        from evidence.citations import references

        yield from references(Code.parse(str(value or "")))

    class Meta:
        icon = "order"
