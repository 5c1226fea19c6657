"""The template for many products: a table with two examples to replace, and what belongs in each column."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from suitability.assessment import MAX_MARKETS, Method, Profile
from suitability.batch_columns import AMOUNTS, CATEGORY, CURRENCY, MARKETS, NAME, Vocabulary
from suitability.catalogue import Catalogue
from suitability.costs import CURRENCIES
from suitability.forms import AMOUNTS as AMOUNT_LABELS
from suitability.rubrics import Edition
from suitability.scoring import LEVELS
from suitability.tables import FALLBACK, TextWriter

EXAMPLES = 2
EXAMPLE_MARKETS = 2
WIDE, NARROW = 44, 16


@dataclass(frozen=True)
class Explanation:
    """A column: its name in the reader's language, its key, what belongs in it, and the text of each level."""

    heading: str
    key: str
    text: str
    levels: Sequence[str] = ()

    @property
    def anchors(self) -> list[tuple[int, str]]:
        """The levels that have a text of their own."""
        return [(level, text) for level, text in enumerate(self.levels) if text]


class Template:
    """The template in the active language."""

    def __init__(self, edition: Edition, method: Method, vocabulary: Vocabulary) -> None:
        self.method = method
        self.words = edition.words()
        self.catalogue = Catalogue(method, self.words)
        self._vocabulary = vocabulary

    @property
    def columns(self) -> list[Explanation]:
        """Every column there can be, in the order of the template."""
        criteria = [
            Explanation(
                self._vocabulary.heading(key),
                key,
                criterion.question,
                criterion.levels,
            )
            for key, criterion in self.words.criteria.items()
        ]
        texts = {
            MARKETS: _(
                "Up to %(number)s markets by name or key, with commas between. Empty: without any market’s effects."
            )
            % {"number": MAX_MARKETS},
            **{name: str(AMOUNT_LABELS[field]) for name, field in AMOUNTS.items()},
            CURRENCY: _("Of all amounts: %(currencies)s. Empty: %(first)s.")
            % {"currencies": ", ".join(CURRENCIES), "first": CURRENCIES[0]},
        }
        return [
            self._explanation(NAME, _("What you call the product.")),
            self._explanation(
                CATEGORY, _("A category by name or key. Its usual levels fill the cells you leave empty.")
            ),
            *criteria,
            *(self._explanation(key, text) for key, text in texts.items()),
        ]

    @property
    def categories(self) -> list[tuple[str, str]]:
        """The key and the name of each category that can be scored."""
        return [category for _group, members in self.catalogue.groups for category in members]

    @property
    def markets(self) -> list[tuple[str, str]]:
        """The key and the name of each market."""
        return list(self.catalogue.markets.items())

    def csv(self) -> bytes:
        """The template as CSV in UTF-8, with a mark that tells Excel so."""
        target = io.BytesIO()
        writer = TextWriter(target, FALLBACK, ",", "\r\n")
        for row in self._rows():
            writer.write(row)
        writer.close()
        return target.getvalue()

    def xlsx(self) -> bytes:
        """The template as a workbook, with a second sheet that explains it."""
        workbook = Workbook()
        products: Any = workbook.active
        products.title = _("Products")
        _fill(products, self._rows(), [WIDE // 2] + [NARROW] * (len(self.columns) - 1))
        help_sheet = workbook.create_sheet(_("What goes where"))
        _fill(help_sheet, self._help(), [WIDE // 2, NARROW, WIDE] + [WIDE // 2] * len(LEVELS))
        target = io.BytesIO()
        workbook.save(target)
        return target.getvalue()

    def _explanation(self, key: str, text: str) -> Explanation:
        return Explanation(self._vocabulary.heading(key), key, text)

    def _rows(self) -> Iterator[list[str]]:
        columns = self.columns
        yield [column.heading for column in columns]
        names = dict(self.categories)
        for profile in self._examples():
            cells = {key: str(level) for key, level in profile.levels.items()}
            cells |= {NAME: names.get(profile.key, profile.key), CATEGORY: profile.key}
            cells[MARKETS] = " ".join(self.method.markets[:EXAMPLE_MARKETS])
            yield [cells.get(column.key, "") for column in columns]

    def _examples(self) -> list[Profile]:
        """Categories whose levels are all known, of different groups."""
        complete = [profile for profile in self.method.profiles.values() if None not in profile.levels.values()]
        by_group = {profile.group: profile for profile in reversed(complete)}
        return list(reversed(by_group.values()))[:EXAMPLES]

    def _help(self) -> Iterator[list[str]]:
        level = _("Level %(number)s")
        yield [_("Column"), _("Key"), _("What belongs in it"), *(level % {"number": number} for number in LEVELS)]
        for column in self.columns:
            yield [column.heading, column.key, column.text, *column.levels]
        yield []
        yield [_("A level is a whole number from 0 to 4. Write ? for one that you do not know.")]
        for title, entries in ((_("Categories"), self.categories), (_("Markets"), self.markets)):
            yield []
            yield [title, _("Key")]
            yield from ([name, key] for key, name in entries)


def _fill(sheet: Worksheet, rows: Iterator[list[str]], widths: list[int]) -> None:
    """Writes rows below a bold first line; levels as numbers, all else as text that is no formula."""
    for number, cells in enumerate(rows, 1):
        for place, text in enumerate(cells, 1):
            cell: Any = sheet.cell(number, place, int(text) if text in set("01234") else text)
            cell.data_type = "n" if text in set("01234") else "s"
            cell.font = Font(bold=number == 1)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
