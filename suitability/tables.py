"""Tables as streams of rows: CSV in the encodings people have, and workbooks, in memory that does not grow.

`open_table` looks at the content, never at the name. What is wrong with a whole file is a `TableError`, in words.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple, Protocol

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from pages.spreadsheets import FORMULA_STARTS

DELIMITERS = (",", ";", "\t")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
LEGACY = ("gb18030", "cp932", "cp1252")  # simplified Chinese, Japanese, Western European
FALLBACK = "utf-8-sig"
ZIP = b"PK"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FIRST_SIGN = itemgetter(slice(0, 1))
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?")
CHUNK = 1 << 16
SAMPLE = 1 << 14
Knows = Callable[[str], bool]


class TableError(ValueError):
    """A file that cannot be read as a table. The message is for its sender, in the active language."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is read. None is no limit.

    Args:
        rows: below the header.
        columns: of the header.
        cell: characters of one cell; a longer one makes its row wrong.
        line: characters of one line of a text.
        cells: of a workbook, counting empty ones that hold a format.
        unpacked: bytes of a workbook's parts.
    """

    rows: int | None = None
    columns: int = 200
    cell: int = 2_000
    line: int = 500_000
    cells: int | None = None
    unpacked: int = 2 << 30


UPLOAD = Limits(rows=20_000, cells=250_000, unpacked=64 << 20)
COMMAND = Limits()


class Row(NamedTuple):
    """One row: its line in the file, its cells as text, the same cells as the file holds them, and what is wrong."""

    line: int
    cells: Sequence[str]
    raw: Sequence[Any]
    fault: str = ""


class Writer(Protocol):
    """Writes rows in the format of the table they came from."""

    def write(self, cells: Sequence[Any]) -> None: ...

    def close(self) -> None: ...

    def discard(self) -> None: ...


class Table(Protocol):
    """An open file: its header, then its rows, once."""

    kind: str
    header: Row
    encoding: str
    unit: str
    total: int | None

    def rows(self) -> Iterator[Row]: ...

    def position(self) -> int: ...

    def writer(self, target: BinaryIO, encoding: str = "") -> Writer: ...


@contextmanager
def open_table(file: BinaryIO, knows: Knows, limits: Limits, encoding: str = "") -> Iterator[Table]:
    """The table in a file that can be rewound.

    Args:
        knows: whether a text is the name of a column that matters; it decides between encodings and delimiters.
        encoding: of a text; by default it is found out.

    Raises:
        TableError: the file is empty, damaged, of another kind, or beyond a limit; also while its rows are read.
    """
    from suitability.workbooks import open_workbook

    if kind_of(file) == "xlsx":
        with open_workbook(file, limits) as workbook:
            yield workbook
    else:
        with _open_text(file, knows, limits, encoding) as text:
            yield text


def kind_of(file: BinaryIO) -> str:
    """“xlsx” or “csv”, by how the file starts; raises TableError for an old workbook."""
    file.seek(0)
    start = file.read(len(COMPOUND))
    file.seek(0)
    if start == COMPOUND:
        raise TableError(_("This is an old .xls file, or one with a password. Save it as .xlsx or .csv, without one."))
    return "xlsx" if start.startswith(ZIP) else "csv"


# --- Text ----------------------------------------------------------------------------------------------------------


class TextTable:
    """A CSV file. `delimiter` and `newline` are its own, and are used again on the way out."""

    kind = "csv"
    unit = "B"

    def __init__(self, file: BinaryIO, text: io.TextIOWrapper, knows: Knows, limits: Limits) -> None:
        self._file = file
        self._text = text
        self._limits = limits
        self._record: list[str] = []
        self._again: deque[str] = deque()
        self.encoding = text.encoding
        self.total: int | None = _size(file)
        first = next((line for line in self._lines() if line.strip()), "")
        if not first:
            raise TableError(_("The file is empty."))
        self.delimiter = _delimiter(first, knows)
        self.newline = first[len(first.rstrip("\r\n")) :] or "\n"
        text.seek(0)
        self._records = self._read()
        header = next((record for record in self._records if any(record.cells)), None)
        if header is None:
            raise TableError(_("The file is empty."))
        self.header = header
        check_header(self.header, limits)

    def rows(self) -> Iterator[Row]:
        limit = self._limits.rows
        for count, record in enumerate(self._records, 1):
            if limit is not None and count > limit:
                raise too_many_rows(limit)
            yield record

    def _read(self) -> Iterator[Row]:
        """Every record. One that cannot be read is its first line alone: what follows is read as if it were not there.

        So a quotation mark that is never closed costs one row, not all that come after it.
        """
        reader, line = self._reader(), 1
        while True:
            self._record.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self._again.extendleft(reversed(self._record[1:]))
                del self._record[1:]
                reader = self._reader()
                cells = self._record[0].rstrip("\r\n").split(self.delimiter)
                message = _("This line cannot be read: perhaps a quotation mark is missing, or a cell is too long.")
                yield Row(line, cells, cells, message)
            else:
                yield Row(line, cells, cells)
            line += len(self._record)

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self.delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        read, again, record, longest = self._text.readline, self._again, self._record, self._limits.line
        while line := again.popleft() if again else read(longest + 1):
            if len(line) > longest:
                message = _("The file has a line of more than %(number)s characters.")
                raise TableError(message % {"number": f"{longest:,}"})
            record.append(line)
            yield line

    def position(self) -> int:
        return self._file.tell()

    def writer(self, target: BinaryIO, encoding: str = "") -> Writer:
        return TextWriter(target, encoding or self.encoding, self.delimiter, self.newline)


class TextWriter:
    """Writes CSV; no cell leaves it as a formula.

    Raises:
        UnicodeEncodeError: when something cannot be written in the encoding.
    """

    def __init__(self, target: BinaryIO, encoding: str, delimiter: str, newline: str) -> None:
        self._text = io.TextIOWrapper(target, encoding=encoding, newline="")
        self._write = csv.writer(self._text, delimiter=delimiter, lineterminator=newline).writerow

    def write(self, cells: Sequence[Any]) -> None:
        if FORMULA_STARTS.isdisjoint(map(FIRST_SIGN, cells)):
            self._write(cells)
        else:
            self._write([harmless(cell) for cell in cells])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()

    def discard(self) -> None:
        with _ignored_loss():
            self._text.detach()


def harmless(cell: str) -> str:
    """The cell, unable to run as a formula in a spreadsheet; plain numbers such as -5 stay as they are."""
    if cell[:1] not in FORMULA_STARTS or NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def check_header(header: Row, limits: Limits) -> None:
    """Raises TableError when the header is beyond the limits."""
    if header.fault:
        raise TableError(header.fault)
    if len(header.cells) > limits.columns:
        raise TableError(_("The file has more than %(number)s columns.") % {"number": limits.columns})
    if any(len(cell) > limits.cell for cell in header.cells):
        raise TableError(_("The first line has a cell of more than %(number)s characters.") % {"number": limits.cell})


def too_many_rows(limit: int) -> TableError:
    """The complaint about a file with more rows than are read."""
    message = _("The file has more than %(number)s rows. Divide it, or use the command line, which has no such limit.")
    return TableError(message % {"number": f"{limit:,}"})


@contextmanager
def _open_text(file: BinaryIO, knows: Knows, limits: Limits, encoding: str) -> Iterator[TextTable]:
    found = _encoding(file, knows, limits, encoding)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=found, newline="")
    try:
        yield TextTable(file, text, knows, limits)
    finally:
        text.detach()  # the file belongs to the caller


def _delimiter(line: str, knows: Knows) -> str:
    """What separates the cells of the header: the sign that gives the most known names, then the most cells."""

    def worth(delimiter: str) -> tuple[int, int]:
        cells = _cells(line, delimiter)
        return sum(map(knows, cells)), len(cells)

    return max(DELIMITERS, key=worth)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _encoding(file: BinaryIO, knows: Knows, limits: Limits, wanted: str) -> str:
    """The encoding of a text, in which all of it can be read."""
    start = file.read(len(codecs.BOM_UTF8))
    marked = next((name for mark, name in MARKS if start.startswith(mark)), "utf-8")
    for names in [(wanted,)] if wanted else [(marked,), LEGACY]:
        readable = _readable(file, names)
        if readable:
            return readable[0] if len(readable) == 1 else _likeliest(file, readable, knows, limits)
    message = _("The characters of the file cannot be read. Save it as UTF-8 (“CSV UTF-8” in Excel) or as .xlsx.")
    raise TableError(message)


def _readable(file: BinaryIO, encodings: Sequence[str]) -> list[str]:
    """Those of the encodings in which every byte of the file has a meaning."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in encodings}
    file.seek(0)
    at_end = False
    while not at_end and decoders:
        chunk = file.read(CHUNK)
        at_end = not chunk
        for name, decoder in list(decoders.items()):
            try:
                text = decoder.decode(chunk, final=at_end)
            except UnicodeDecodeError:
                del decoders[name]
                continue
            if "\0" in text:
                raise TableError(_("This is neither a text nor an .xlsx file. Save your table as .xlsx or .csv."))
    return list(decoders)


def _likeliest(file: BinaryIO, encodings: list[str], knows: Knows, limits: Limits) -> str:
    """The encoding in which the header names the most columns; among equals, the one whose text looks most like one."""
    file.seek(0)
    header = file.readline(limits.line)

    def names(encoding: str) -> int:
        line = header.decode(encoding, errors="replace")
        return max(sum(map(knows, _cells(line.rstrip("\r\n"), delimiter))) for delimiter in DELIMITERS)

    most = max(map(names, encodings))
    encodings = [encoding for encoding in encodings if names(encoding) == most]
    found = from_bytes(_sample(file), cp_isolation=encodings).best() if len(encodings) > 1 else None
    return found.encoding if found else encodings[0]


def _sample(file: BinaryIO) -> bytes:
    """The first lines that are not plain ASCII: only they tell encodings apart."""
    file.seek(0)
    sample = bytearray()
    while len(sample) < SAMPLE and (line := file.readline(SAMPLE)):
        if not line.isascii():
            sample += line
    return bytes(sample)


def _size(file: BinaryIO) -> int:
    position = file.tell()
    size = file.seek(0, io.SEEK_END)
    file.seek(position)
    return size


@contextmanager
def _ignored_loss() -> Iterator[None]:
    """What is thrown away need not be written."""
    try:
        yield
    except (OSError, UnicodeEncodeError):
        return
