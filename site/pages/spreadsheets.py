"""Text in files that are opened in a spreadsheet."""

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def harmless(cell: str) -> str:
    """The cell, unable to run as a formula in a spreadsheet."""
    return f"'{cell}" if cell[:1] in FORMULA_STARTS else cell
