"""The report on how far every page and snippet is translated."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import page_permission_policy

from pages.filters import Filter
from pages.languages import full_languages, language_name
from pages.spreadsheets import csv_download
from translation.status import Cell, Row, State, percent_translated, status_rows

PAGE_SIZE = 50
TRANSLATE = "wagtail_localize.submit_translation"


@dataclass(frozen=True)
class Share:
    """How far one language is: its name, percent, and each state with its number and the address of its list."""

    name: str
    percent: int
    counts: list[tuple[State, int, str]]


class TranslationStatusView(WagtailAdminTemplateMixin, TemplateView):
    """Every page and snippet against every language, for those who may send something to be translated."""

    template_name = "translation/admin/status.html"
    page_title = gettext_lazy("Translation status")
    header_icon = "wagtail-localize-language"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(TRANSLATE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.rows = status_rows()
        self.codes = [code for code, _name in full_languages() if code != settings.LANGUAGE_CODE]
        self.names = {row.kind: row.kind_name for row in self.rows}
        kinds = {name: kind for kind, name in reversed(self.names.items())}  # two kinds of pages may share a name
        self.language = Filter(
            "language", _("Language"), [(code, language_name(code)) for code in self.codes], request.GET
        )
        self.kind = Filter("kind", _("Kind"), [(kind, name) for name, kind in reversed(kinds.items())], request.GET)
        self.state = Filter("state", _("State"), [(one.value, str(one.label)) for one in State], request.GET)
        self.shown = [code for code in self.codes if self.language.value in ("", code)]
        self.found = [row for row in self.rows if self._is_wanted(row)]
        return self._as_csv() if request.GET.get("export") == "csv" else super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paged = Paginator(self.found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        export = self.request.GET.copy()
        export["export"] = "csv"
        links = Links(self.request.user, list(paged))
        return super().get_context_data(**kwargs) | {
            "filters": [self.language, self.kind, self.state],
            "shares": [self._share(code) for code in self.codes],
            "states": list(State),
            "counted": sum(row.source.live for row in self.rows),
            "languages": [language_name(code) for code in self.shown],
            "paged": paged,
            "table": [
                (row, links.to_source(row), [(row.cells[code], links.to_work(row, code)) for code in self.shown])
                for row in paged
            ],
            "export_query": export.urlencode(),
        }

    def _is_wanted(self, row: Row) -> bool:
        states = {row.cells[code].state for code in self.shown}
        if not states:
            return False
        is_kind = not self.kind.value or self.names[row.kind] == self.names.get(self.kind.value)
        return is_kind and (not self.state.value or self.state.value in states)

    def _share(self, code: str) -> Share:
        """Of what is published in the source language: the rest need not be translated yet."""
        cells = [row.cells[code] for row in self.rows if row.source.live]
        states = [cell.state for cell in cells]
        counts = [(one, states.count(one), f"?{urlencode({'language': code, 'state': one.value})}") for one in State]
        return Share(language_name(code), percent_translated(cells), counts)

    def _as_csv(self) -> HttpResponse:
        languages = [name for code in self.shown for name in (code, f"{code}_waiting")]
        rows = [["kind", "section", "title", "published", *languages]]
        for row in self.found:
            cells = [text for code in self.shown for text in _texts(row.cells[code])]
            published = _("Yes") if row.source.live else _("No")
            rows.append([row.kind_name, row.section, row.title, published, *cells])
        return csv_download("crosscast-translations.csv", rows)


def _texts(cell: Cell) -> tuple[str, str]:
    return str(cell.state.label), str(cell.waiting or "")


class Links:
    """Where the work is done, "" for what the user may not change.

    Args:
        user: whose rights count.
        rows: all that links will be asked for.
    """

    def __init__(self, user: Any, rows: list[Row]) -> None:
        pages = [row for row in rows if issubclass(row.model, Page)]
        wanted = {row.source.pk for row in pages}
        wanted |= {cell.version.pk for row in pages for cell in row.cells.values() if cell.version}
        may_change = page_permission_policy.instances_user_has_permission_for(user, "change")
        self.pages = set(may_change.filter(pk__in=wanted).values_list("pk", flat=True))
        kinds = {row.model for row in rows if not issubclass(row.model, Page)}
        self.kinds = {kind for kind in kinds if ModelPermissionPolicy(kind).user_has_permission(user, "change")}

    def to_source(self, row: Row) -> str:
        """The screen where the source is edited."""
        return self._edit(row.model, row.source.pk)

    def to_work(self, row: Row, code: str) -> str:
        """The screen where the translation goes on: it is submitted, synchronised or translated there."""
        cell, options = row.cells[code], row.model._meta
        if cell.version and cell.to_sync is None:
            return self._edit(row.model, cell.version.pk)
        if not self._edit(row.model, row.source.pk):
            return ""
        if cell.to_sync is not None:
            query = urlencode({"next": reverse("translation_status")})
            return f"{reverse('wagtail_localize:update_translations', args=[cell.to_sync])}?{query}"
        if issubclass(row.model, Page):
            address = reverse("wagtail_localize:submit_page_translation", args=[row.source.pk])
        else:
            place = [options.app_label, options.model_name, row.source.pk]
            address = reverse("wagtail_localize:submit_snippet_translation", args=place)
        return f"{address}?{urlencode({'select_locale': code})}"

    def _edit(self, model: type[models.Model], pk: int) -> str:
        if issubclass(model, Page):
            return reverse("wagtailadmin_pages:edit", args=[pk]) if pk in self.pages else ""
        options = model._meta
        name = f"wagtailsnippets_{options.app_label}_{options.model_name}:edit"
        return reverse(name, args=[pk]) if model in self.kinds else ""
