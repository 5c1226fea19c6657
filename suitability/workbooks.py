"""XLSX workbooks as streams: openpyxl reads and writes them, and this keeps its memory from growing with the file.

openpyxl's own streaming reader holds all texts and one element for every row, and a single row of any width. Here the
texts lie in a temporary file, rows are forgotten once read, and what would not fit is refused while it is counted.
"""

import datetime
import tempfile
from array import array
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, NamedTuple
from zipfile import ZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE, FORMAT_GENERAL
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._reader import DATA_TAG, DIMENSION_TAG, FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse  # defusedxml's

from suitability.tables import Limits, Row, TableError, Writer, check_header, too_many_rows

CELL_TAG = f"{{{SHEET_MAIN_NS}}}c"
STRING_TAG = f"{{{SHEET_MAIN_NS}}}si"
TEXT_TAG = f"{{{SHEET_MAIN_NS}}}t"
RUN_TAG = f"{{{SHEET_MAIN_NS}}}r"
PART_SIZE = 4 << 20
PART_TAGS = 100_000
LOOSE_TAGS = 50_000
LAST_LINE = 1_048_576
TEXTS_IN_MEMORY = 4 << 20


class StyledCell(NamedTuple):
    """A value and the way it is shown."""

    value: Any
    number_format: str


class WorkbookTable:
    """The first visible sheet of a workbook. Formulas count by the value they last had."""

    kind = "xlsx"
    encoding = ""
    unit = "row"
    total: int | None = None

    def __init__(self, reader: ExcelReader, limits: Limits) -> None:
        self._limits = limits
        self.title, address = _first_sheet(reader)
        self._formats = _Formats(reader.wb)
        self._line = 0
        self._records = self._read(reader, address)
        header = next(self._records, None)
        if header is None:
            raise TableError(_("The sheet “%(sheet)s” is empty.") % {"sheet": self.title})
        check_header(header, limits)
        self.header = header

    def rows(self) -> Iterator[Row]:
        """The rows; empty ones between others are rows too, empty ones at the end are not."""
        limit, last = self._limits.rows, self.header.line
        for record in self._records:
            if limit is not None and record.line - self.header.line > limit:
                raise too_many_rows(limit)
            for line in range(last + 1, record.line):
                yield Row(line, (), ())
            yield record
            last = record.line

    def _read(self, reader: ExcelReader, address: str) -> Iterator[Row]:
        """Every row that is not empty."""
        with _damage_named(), closing(_texts(reader)) as texts, reader.archive.open(address) as source:
            parser = _SheetParser(source, texts, reader.wb, self._limits)
            for line, found in parser.parse():
                self._line, self.total = line, parser.last_line
                record = self._record(line, found)
                if any(record.cells):
                    yield record

    def _record(self, line: int, found: list[dict[str, Any]]) -> Row:
        filled = [cell for cell in found if cell["value"] is not None]
        width = max((cell["column"] for cell in filled), default=0)
        if width > self._limits.columns:
            raise TableError(_("The file has more than %(number)s columns.") % {"number": self._limits.columns})
        raw = [StyledCell(None, FORMAT_GENERAL)] * width
        for cell in filled:
            raw[cell["column"] - 1] = StyledCell(cell["value"], self._formats[cell["style_id"]])
        return Row(line, [text_of(cell.value) for cell in raw], raw)

    def position(self) -> int:
        return self._line

    def writer(self, target: BinaryIO, encoding: str = "") -> Writer:
        return WorkbookWriter(target, self.title)


class WorkbookWriter:
    """Writes one sheet. Text stays text, whatever it starts with."""

    def __init__(self, target: BinaryIO, title: str) -> None:
        self._target = target
        self._workbook = Workbook(write_only=True)
        self._sheet = self._workbook.create_sheet(title)

    def write(self, cells: Sequence[Any]) -> None:
        self._sheet.append([self._cell(cell) for cell in cells])

    def _cell(self, cell: Any) -> Any:
        value, number_format = cell if isinstance(cell, StyledCell) else (cell, FORMAT_GENERAL)
        starts = isinstance(value, str) and value[:1] in ("=", "#")
        if not starts and number_format == FORMAT_GENERAL:
            return value
        written = WriteOnlyCell(self._sheet, value)
        written.number_format = number_format
        if starts:
            written.data_type = "s"
        return written

    def close(self) -> None:
        self._workbook.save(self._target)

    def discard(self) -> None:
        self._sheet.close()
        self._sheet._writer.cleanup()


class _Archive(ZipFile):
    """An archive that refuses to read a part whole when that would fill the memory."""

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        is_small = self.getinfo(name if isinstance(name, str) else name.filename).file_size <= PART_SIZE
        data = super().read(name, pwd) if is_small else b""
        if not is_small or data.count(b"<") > PART_TAGS:
            raise TableError(_("The workbook holds too many formats or sheets. Save the table as .csv."))
        return data


class _Texts:
    """The texts that cells share, in a temporary file once there are many."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(TEXTS_IN_MEMORY)  # noqa: SIM115 - closed with the table
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        self._ends.append(self._ends[-1] + self._file.write(text.encode()))

    def __getitem__(self, index: int) -> str:
        start, end = self._ends[index], self._ends[index + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()

    def close(self) -> None:
        self._file.close()


class _Formats(dict[int, str]):
    """How numbers are shown, by the number of a style."""

    def __init__(self, workbook: Any) -> None:
        super().__init__()
        self._workbook = workbook

    def __missing__(self, style: int) -> str:
        number = self._workbook._cell_styles[style].numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            found = BUILTIN_FORMATS.get(number, FORMAT_GENERAL)
        else:
            found = self._workbook._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]
        self[style] = found
        return found


class _SheetParser(WorkSheetParser):
    """openpyxl's parser of cells, fed row by row."""

    def __init__(self, source: Any, texts: _Texts, workbook: Any, limits: Limits) -> None:
        super().__init__(
            source,
            texts,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        self._limit = limits.cells
        self.last_line: int | None = None

    def parse(self) -> Generator[tuple[int, list[dict[str, Any]]], None, None]:
        cells = loose = 0
        rows: Any = None
        for event, element in iterparse(self.source, ("start", "end")):
            tag = element.tag
            if event == "start":
                loose += 1
                cells += tag == CELL_TAG
                if loose > LOOSE_TAGS or (self._limit is not None and cells > self._limit):
                    raise TableError(_("The workbook has too many cells. Divide it, or save it as .csv."))
                rows = element if tag == DATA_TAG else rows
            elif tag == ROW_TAG and rows is not None:
                row = self.parse_row(element)
                rows.clear()
                loose = 0
                if row[0] > LAST_LINE:
                    raise TableError(_("The workbook has too many cells. Divide it, or save it as .csv."))
                yield row
            elif tag == DATA_TAG:
                return
            elif tag == DIMENSION_TAG:
                self.last_line = range_boundaries(element.get("ref"))[3]

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """A cell; one that makes no sense is the text it holds, and a formula without a value its own text."""
        column = self.col_counter + 1
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            self.col_counter = max(self.col_counter, column)
            value = element.findtext(VALUE_TAG)
            cell = {"row": self.row_counter, "column": self.col_counter, "value": value, "style_id": 0}
        if cell["value"] is None and (formula := element.findtext(FORMULA_TAG)) is not None:
            cell["value"] = f"={formula}"
        return cell


@contextmanager
def open_workbook(file: BinaryIO, limits: Limits) -> Iterator[WorkbookTable]:
    """The first visible sheet of a workbook; raises TableError."""
    with _damage_named():
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.archive.close()
        reader.archive = _Archive(file)
        _check_archive(reader.archive, limits)
        reader.read_manifest()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        table = WorkbookTable(reader, limits)
    with reader.archive:
        yield table


def text_of(value: Any) -> str:
    """A value as a person would write it in a text file: 3.0 is 3, and 0.1 + 0.2 is 0.3."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


@contextmanager
def _damage_named() -> Iterator[None]:
    try:
        yield
    except TableError:
        raise
    except Exception as error:  # a broken archive makes zipfile, the parser and openpyxl raise nearly anything
        message = _("This is not an .xlsx workbook, or it is damaged. Save your table again as .xlsx or .csv.")
        raise TableError(message) from error


def _check_archive(archive: ZipFile, limits: Limits) -> None:
    """Raises TableError for what would unpack to more than the limit; no part can give more than it declares."""
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise TableError(_("The workbook has a password. Save it without one."))
    if sum(part.file_size for part in parts) > limits.unpacked:
        megabytes = limits.unpacked >> 20
        message = _("Unpacked, the workbook is larger than %(number)s MB. Divide it, or save it as .csv.")
        raise TableError(message % {"number": megabytes})


def _first_sheet(reader: ExcelReader) -> tuple[str, str]:
    """The name of the first visible sheet, and where it lies in the archive."""
    for sheet, relation in reader.parser.find_sheets():
        is_sheet = "chartsheet" not in relation.Type and relation.target in reader.valid_files
        if is_sheet and sheet.state == "visible":
            return sheet.name, relation.target
    raise TableError(_("The workbook has no visible sheet."))


def _texts(reader: ExcelReader) -> _Texts:
    """The shared texts of a workbook, without the readings that Japanese texts carry."""
    texts = _Texts()
    part = reader.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
    if part is None:
        return texts
    with reader.archive.open(part.PartName[1:]) as source:
        loose, root = 0, None
        for event, element in iterparse(source, ("start", "end")):
            if event == "start":
                loose += 1
                root = element if root is None else root
                if loose > LOOSE_TAGS:
                    raise TableError(_("The workbook has too many cells. Divide it, or save it as .csv."))
            elif element.tag == STRING_TAG and root is not None:
                runs = [element, *element.iterfind(RUN_TAG)]
                texts.add("".join(run.findtext(TEXT_TAG) or "" for run in runs))
                root.clear()
                loose = 0
    return texts
