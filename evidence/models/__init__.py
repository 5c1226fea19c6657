"""What the guide knows: figures and rules, each recorded once with its sources, and cited wherever it is used.

Numbers, dates, choices and sources are read from the version in the source language, wording from the reader's; so a
changed number is seen in every language at once. `evidence.records` reads them for pages.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from evidence.codes import FIGURE, RULE, Code
from evidence.models.approval import EvidenceApprovalTask
from evidence.models.figure import Figure, FigureSource, PublishedValue
from evidence.models.page import EvidencePage
from evidence.models.record import Evidence
from evidence.models.rule import Rule, RuleSource
from evidence.models.source import Source
from evidence.models.stamp import Stamp

__all__ = [
    "Evidence",
    "EvidenceApprovalTask",
    "EvidencePage",
    "Figure",
    "FigureSource",
    "PublishedValue",
    "Rule",
    "RuleSource",
    "Source",
    "Stamp",
    "record_named",
    "records_named",
]


def records_named(cited: Iterable[Code]) -> dict[Code, Any]:
    """The records in the source language, published or not, by the codes that name them. A query for each kind."""
    found: dict[Code, Any] = {}
    wanted = {code.record for code in cited}
    for kind, model in ((FIGURE, Figure), (RULE, Rule)):
        keys = [code.key for code in wanted if code.kind == kind]
        if keys:
            rows = model.objects.filter(slug__in=keys, locale__language_code=settings.LANGUAGE_CODE)
            found |= {Code(kind, row.slug): row for row in rows}
    return found


def record_named(code: Code) -> Any:
    """One of them, None when there is none."""
    return records_named([code]).get(code.record)
