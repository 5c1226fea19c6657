"""schema.org objects of the evidence: the figures as a dataset, and the way to a page of it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from evidence.models import EvidencePage
from evidence.records import records
from pages.structured import CONTEXT, breadcrumbs, language_tag, organization, site_address

FORMATS = {"csv": "text/csv", "json": "application/json"}


def dataset(page: EvidencePage) -> dict[str, Any]:
    """All figures in the language of the list. It names no licence: none is stated for the content."""
    base = site_address(page)
    figures = records(page.locale.language_code).figures.values()
    with override(page.locale.language_code):
        downloads = {kind: reverse("evidence-download", args=[kind]) for kind in FORMATS}
        topics = [str(topic.label) for topic in dict.fromkeys(figure.topic for figure in figures)]
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": page.title,
        "description": page.summary,
        "url": page.full_url,
        "inLanguage": language_tag(page),
        "creator": organization(base),
        "isAccessibleForFree": True,
        "dateModified": max((figure.changed for figure in figures if figure.changed), default=None),
        "variableMeasured": topics,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": FORMATS[kind], "contentUrl": f"{base}{address}"}
            for kind, address in downloads.items()
        ],
    }


def trail(page: EvidencePage, *below: tuple[str, str]) -> dict[str, Any]:
    """The way to what lies below the list of figures: names with their addresses, from the site's root on."""
    base = site_address(page)
    home = (_("Home"), f"{base}/{page.locale.language_code}/")
    rest = [(name, f"{base}{address}") for name, address in below]
    return breadcrumbs([home, (page.title, page.full_url), *rest])
