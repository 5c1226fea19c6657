"""The list of figures, as a page of the site."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import HelpPanel

from evidence.citations import known_records, render_citing
from evidence.tally import Tally, tally
from pages.models import SectionPage


class EvidencePage(SectionPage):
    """All figures of the guide; the timeline of rules and the page of each figure lie below it."""

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    content_name: ClassVar[str] = "evidence"
    content_panels: ClassVar = [
        *SectionPage.content_panels,
        HelpPanel(content=_("The figures, rules and sources stand under Evidence in the menu.")),
    ]
    teaser_template: ClassVar[str] = "evidence/teaser.html"
    template = "evidence/index.html"

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    @property
    def tally(self) -> list[Tally]:
        """How many of the figures hold, by status."""
        return tally(known_records().figures.values())

    def teasers(self) -> list[Any]:
        """The rule changes that come next."""
        from evidence.listing import timeline

        return timeline(list(known_records().rules.values())).coming[:3]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render_citing(lambda: super(EvidencePage, self).serve(request, *args, **kwargs))

    @property
    def structured_data(self) -> list[dict[str, Any]]:
        from evidence.structured import dataset

        return [dataset(self)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from evidence.listing import list_figures

        return {**super().get_context(request, *args, **kwargs), **list_figures(request)}
