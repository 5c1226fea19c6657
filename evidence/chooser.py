"""The chooser of citations: a list of all records, narrowed by words and kind, with one link for each part to cite."""

from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import BaseChooseView, ChooseResultsView, ChooseView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from evidence.blocks import NUMBERS, RECORD
from evidence.citations import known_records
from evidence.codes import FIGURE, PARTS, RULE, Code
from evidence.records import Entry, records
from evidence.rich_text import entity_data

TEXT = "text"  # every part of a record, beside the offers of `evidence.blocks`


class WordsForm(BaseFilterForm):
    """Narrows the list to records whose key, statement or value holds all the words typed."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Words, a number or a key")}),
    )

    def filter(self, objects: list[Entry]) -> list[Entry]:
        found = super().filter(objects)
        words = self.cleaned_data["q"].casefold().split()
        if words:
            self.is_searching, self.search_query = True, self.cleaned_data["q"]
        return [entry for entry in found if all(word in _haystack(entry) for word in words)]


def _haystack(entry: Entry) -> str:
    parts = [entry.key, entry.name, entry.statement, entry.place, str(entry.status.label), str(entry.topic.label)]
    return " ".join([*parts, *(entry.text(part) for part in PARTS[entry.kind])]).casefold()


class PartsColumn(Column):
    """One link for each part of a record that may be cited here."""

    cell_template_name = "evidence/admin/chooser_parts.html"

    def __init__(self, view: "ChooseMixin") -> None:
        super().__init__("parts", label=_("Cite"))
        self.view = view

    def get_value(self, instance: Entry) -> list[tuple[str, str]]:
        return [(label, self.view.chosen_url(code)) for code, label in offers(instance, self.view.offer)]


def offers(entry: Entry, offer: str) -> list[tuple[Code, str]]:
    """What may be cited of a record, with a label that shows what the page will print."""
    code = entry.code
    if offer == RECORD:
        return [(code, _("Choose"))]
    values = {part: entry.text(part) for part in PARTS[entry.kind]}
    found = []
    if entry.kind == RULE:
        labels = {"from": _("from %(value)s"), "until": _("until %(value)s")}
        found = [
            (Code(RULE, entry.key, part), labels[part] % {"value": values[part]}) for part in labels if values[part]
        ]
        return [*found, (code, _("only the note"))]
    if values[""]:
        found.append((code, values[""]))
    if values["article"]:
        found.append((Code(FIGURE, entry.key, "article"), _("the article's %(value)s") % {"value": values["article"]}))
    if offer == NUMBERS:
        return found
    if values["number"] != values[""]:
        found.append((Code(FIGURE, entry.key, "number"), values["number"]))
    return [*found, (code.mark if values[""] else code, _("only the note"))]


class ChooseMixin(BaseChooseView):
    """The list itself; `kind` and `offer` in the address narrow it."""

    filter_form_class = WordsForm

    @property
    def offer(self) -> str:
        return str(self.request.GET.get("offer", TEXT))

    def get_object_list(self) -> list[Entry]:
        kind = self.request.GET.get("kind")
        entries = [entry for entry in records().entries if kind not in PARTS or entry.kind == kind]
        return [entry for entry in entries if offers(entry, self.offer)]

    def apply_object_list_ordering(self, objects: list[Entry]) -> list[Entry]:
        return objects

    def chosen_url(self, code: Code) -> str:
        url: str = self.append_preserved_url_parameters(reverse(self.chosen_url_name, args=(quote(str(code)),)))
        return url

    @property
    def columns(self) -> list[Column]:
        return [
            Column("name", label=_("Record"), accessor="name"),
            Column("status", label=_("Status"), accessor=lambda entry: f"{entry.status.mark} {entry.status.label}"),
            PartsColumn(self),
        ]


class CitationChooseView(ChooseMixin, ChooseView):
    pass


class CitationResultsView(ChooseMixin, ChooseResultsView):
    pass


class CitationChosenView(ChosenView):
    """Answers with the code that was chosen, and what the editor shows of it."""

    def get_object(self, pk: str) -> Code:
        code = Code.parse(pk)
        if records().get(code) is None or code is None:
            raise Http404
        return code

    def get_chosen_response_data(self, item: Code) -> dict[str, str]:
        return {"id": str(item), **display_data(item), **entity_data(item, item.name)}


def display_data(code: Code) -> dict[str, str]:
    """What the widget of a form shows of a chosen code: a title and where to edit the record."""
    entry = known_records().get(code)
    title = " · ".join(part for part in (entry.text(code.part), entry.name) if part) if entry else str(code)
    return {"title": title, "edit_url": edit_url(code)}


def edit_url(code: Code) -> str:
    """Where the record that `code` names is edited; "" when there is none."""
    entry = known_records().get(code)
    return reverse(f"wagtailsnippets_evidence_{code.kind}:edit", args=[entry.pk]) if entry else ""


class CitationChooserViewSet(ChooserViewSet):
    """The chooser, at one address for texts and forms."""

    model = None
    icon = "order"
    choose_one_text = gettext_lazy("Choose a record")
    choose_another_text = gettext_lazy("Choose another record")
    page_title = gettext_lazy("Figures and rules")
    preserve_url_parameters = ("multiple", "kind", "offer")
    choose_view_class = CitationChooseView
    choose_results_view_class = CitationResultsView
    chosen_view_class = CitationChosenView
    register_widget = False


citation_chooser = CitationChooserViewSet("citation_chooser")


class CitationChooser(BaseChooser):
    """The form's widget: the value is a code."""

    choose_one_text = gettext_lazy("Choose a record")
    choose_another_text = gettext_lazy("Choose another record")
    link_to_chosen_text = gettext_lazy("Edit this record")
    icon = "order"
    chooser_modal_url_name = "citation_chooser:choose"

    def __init__(self, kind: str = "", offer: str = RECORD, **kwargs: Any) -> None:
        self.kind, self.offer = kind, offer
        super().__init__(**kwargs)

    def get_chooser_modal_url(self) -> str:
        return f"{super().get_chooser_modal_url()}?offer={self.offer}" + (f"&kind={self.kind}" if self.kind else "")

    def get_value_data(self, value: Any) -> dict[str, str] | None:
        code = Code.parse(str(value or ""))
        return {"id": str(code), **display_data(code)} if code else None
