"""Tables that are opened in a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
BYTE_ORDER_MARK = "\ufeff"  # tells spreadsheets that the text is UTF-8


def harmless(cell: str) -> str:
    """The cell, unable to run as a formula in a spreadsheet."""
    return f"'{cell}" if cell[:1] in FORMULA_STARTS else cell


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """The rows as CSV (RFC 4180) that a spreadsheet reads as UTF-8; no cell runs as a formula."""
    target = io.StringIO()
    csv.writer(target).writerows([harmless(str(cell)) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + target.getvalue()


def csv_download(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A response that browsers keep as the file `name`; the rows as in `csv_text`."""
    response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
