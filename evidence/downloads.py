"""All figures as data: CSV and JSON, in the reader's language, with numbers that programs can read."""

from typing import Any

from django.utils.translation import get_language

from evidence.records import FigureEntry, SourceEntry, records
from pages.spreadsheets import csv_text

COLUMNS = (
    "key", "statement", "value", "low", "high", "bound", "unit", "region", "topic", "status", "as_of", "review_by",
    "article", "article_low", "article_high", "article_bound", "note", "sources", "url",
)  # fmt: skip


def figures_as_data(base: str) -> dict[str, Any]:
    """What figures.json holds. Numbers are strings, so that they stay exact; dates are ISO 8601."""
    return {"language": get_language(), "figures": [_row(figure, base) for figure in records().figures.values()]}


def _row(figure: FigureEntry, base: str) -> dict[str, Any]:
    return {
        "key": figure.key,
        "statement": figure.statement,
        "value": figure.text(),
        "low": _exact(figure.low),
        "high": _exact(figure.high),
        "bound": figure.bound,
        "unit": figure.unit.value if figure.unit else "",
        "region": figure.region,
        "topic": figure.topic.value,
        "status": figure.status.value,
        "as_of": figure.as_of,
        "review_by": figure.review_by.isoformat(),
        "article": figure.article,
        "article_low": _exact(figure.article_low),
        "article_high": _exact(figure.article_high),
        "article_bound": figure.article_bound,
        "note": figure.note,
        "sources": [_source(source) for source in figure.sources],
        "url": f"{base}{figure.url}",
    }


def _source(source: SourceEntry) -> dict[str, str]:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "language": source.language,
        "address": source.address,
        "published": source.published,
        "accessed": source.accessed.isoformat() if source.accessed else "",
        "kind": source.kind.value,
    }


def _exact(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}"


def figures_as_csv(base: str) -> str:
    """What figures.csv holds: one line a figure, its sources in one cell; safe to open in a spreadsheet."""
    rows = []
    for figure in figures_as_data(base)["figures"]:
        sources = "; ".join(
            " ".join(filter(None, (s["title"], s["publisher"], s["address"]))) for s in figure["sources"]
        )
        row = figure | {"sources": sources}
        rows.append([row[name] for name in COLUMNS])
    return csv_text([COLUMNS, *rows])
