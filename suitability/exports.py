"""An answer as a file to take away."""

import math
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from pages.spreadsheets import csv_text
from suitability.questions import Column


def data_of(version: str, columns: Sequence[Column]) -> dict[str, Any]:
    """The same data as the API answers, with each product's name and levels."""
    return {
        "rubric": version,
        "products": [
            {
                "name": column.name,
                "category": column.category or None,
                "levels": dict(column.product.levels),
                "results": [result.model_dump() for result in column.results],
            }
            for column in columns
        ],
    }


def csv_of(version: str, columns: Sequence[Column]) -> str:
    """One line for each product and market, as a spreadsheet reads it."""
    views = [(column, view) for column in columns for view in column.views]
    pillars = list(views[0][1].words.pillars.items())
    criteria = list(views[0][1].words.criteria.items())
    rows = [
        [_("Product"), _("Market"), _("Score"), _("Lowest"), _("Highest"), _("Verdict")]
        + [name for _key, name in pillars]
        + [words.name for _key, words in criteria]
        + [_("Why"), _("Next steps"), _("Rubric")]
    ]
    for column, view in views:
        result = view.result
        why = [*view.caps, *(rule.words.reason for rule in (*view.knockouts, *view.notices))]
        score = "" if result.score is None else cut(result.score)
        row = [column.name, view.market, score, cut(result.low), cut(result.high), view.verdict_text]
        row += [cut(result.pillars[key]) for key, _name in pillars]
        row += ["?" if result.levels[key] is None else str(result.levels[key]) for key, _words in criteria]
        row += [" ".join(why), " ".join(step.criterion.advice for step in view.steps), version]
        rows.append(row)
    return csv_text(rows)


def cut(value: float) -> str:
    """A score with two decimals, cut off and not rounded: 54.999 is not 55 to the verdict."""
    return f"{math.floor(value * 100 + 1e-7) / 100:.2f}"
