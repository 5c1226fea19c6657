"""Many products at once: each row of a table becomes a product, and its answers become cells at the end of the row.

A wrong row keeps its place, its scores are empty, and its last cell says what is wrong. Numbers have two decimals.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from suitability.assessment import Answer, Fault, InvalidProductError, Method, Mistake, Product, assess, product_of
from suitability.batch_columns import (
    AMOUNTS,
    ANSWERS,
    CATEGORY,
    CURRENCY,
    MARKETS,
    PROBLEM,
    Columns,
    Vocabulary,
    plain,
    shortened,
)
from suitability.catalogue import Catalogue
from suitability.costs import CURRENCIES, EURO, Costs, parse_amount
from suitability.rubrics import Edition, Words
from suitability.scoring import LEVELS, Cap, Step, Verdict
from suitability.tables import FALLBACK, Limits, Row, Table, TableError, open_table
from suitability.wording import VERDICTS, mistake_text

SHOWN_ROWS = 50
PROGRESS_EVERY = 256
ABOVE_ZERO = ("weight", "price", "euro")
WHOLE = re.compile(r"([0-4])(?:[.,]0+)?")
LISTED = re.compile(r"[,;、，；]")
PLAIN_LEVELS: Mapping[str, int | None] = {str(level): level for level in LEVELS}
JOINT = "; "
BLANK = ("",) * len(ANSWERS)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a row: the column, as the file calls it ("" for the whole row), and what to mend."""

    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.column}: {self.text}" if self.column else self.text


@dataclass(frozen=True)
class WrongRow:
    """A row that could not be scored."""

    line: int
    problems: Sequence[Problem]


@dataclass
class Report:
    """What became of a file.

    `encoding` is that of the file, `written_as` that of the scored one, both "" for a workbook; `ignored` are names of
    columns that mean nothing here; `first_wrong` the first wrong rows.
    """

    kind: str
    encoding: str
    written_as: str
    ignored: Sequence[str]
    scored: int = 0
    wrong: int = 0
    first_wrong: list[WrongRow] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.scored + self.wrong

    @property
    def is_recoded(self) -> bool:
        """Whether the answers could not be written in the encoding of the file."""
        return self.written_as != self.encoding

    def add(self, line: int, problems: Sequence[Problem]) -> None:
        """Counts a row; without problems it was scored."""
        if not problems:
            self.scored += 1
            return
        self.wrong += 1
        if len(self.first_wrong) < SHOWN_ROWS:
            self.first_wrong.append(WrongRow(line, problems))


@dataclass(frozen=True)
class Job:
    """What is asked of a file.

    Args:
        edition, method: the version in force, with today's categories and markets.
        markets: to score for, unless the file has a column of its own; none scores without any market’s effects.
        limits: how much of the file is read.
        encoding: of a text; "" finds out.
        progress: told now and then how far the table is read.
    """

    edition: Edition
    method: Method
    markets: tuple[str, ...]
    limits: Limits
    encoding: str = ""
    progress: Callable[[Table], None] | None = None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.edition)

    @cached_property
    def keys(self) -> Mapping[str, Mapping[str, str]]:
        """The keys of categories and markets by their names in the active language."""
        known = Catalogue(self.method, self.edition.words())
        named = {CATEGORY: known.categories, MARKETS: known.markets}
        return {column: {plain(name): key for key, name in names.items()} for column, names in named.items()}


class InvalidRowError(ValueError):
    """A row that cannot be scored, with everything that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


def score_file(source: BinaryIO, target: BinaryIO, job: Job) -> Report:
    """Writes the scored file, in the format of the source, its words in the active language.

    A text is written in its own encoding; where that lacks a sign of the answers, in UTF-8.

    Raises:
        TableError: the source as a whole cannot be read; what is in the target is then of no use.
    """
    try:
        return _score_file(source, target, job)
    except UnicodeEncodeError:
        target.seek(0)
        target.truncate()
        return _score_file(source, target, job, FALLBACK)


def _score_file(source: BinaryIO, target: BinaryIO, job: Job, encoding: str = "") -> Report:
    with open_table(source, job.vocabulary.knows, job.limits, job.encoding) as table:
        scorer = RowScorer(job, job.vocabulary.columns(table.header.cells), is_text=table.kind == "csv")
        report = Report(table.kind, table.encoding, encoding or table.encoding, scorer.columns.ignored)
        writer = table.writer(target, encoding)
        try:
            for _line in range(1, table.header.line):
                writer.write([])
            writer.write(scorer.line(table.header.raw, scorer.headings))
            progress = job.progress
            for count, row in enumerate(table.rows()):
                cells, problems = scorer.score(row)
                writer.write(cells)
                if cells:
                    report.add(row.line, problems)
                if progress and not count % PROGRESS_EVERY:
                    progress(table)
            if not report.rows:
                raise TableError(_("There are no products below the first line."))
            writer.close()
        except BaseException:
            writer.discard()
            raise
    return report


class RowScorer:
    """Scores the rows of one table.

    Args:
        job: what is asked.
        columns: of the table.
        is_text: whether numbers are written as text.
    """

    def __init__(self, job: Job, columns: Columns, is_text: bool) -> None:
        method = job.method
        self.columns = columns
        self._method = method
        self._markets = job.markets
        self._longest = job.limits.cell
        self._criteria = [(key, columns.places[key]) for key in method.criteria if key in columns.places]
        self._heading = job.vocabulary.heading
        self._keys = job.keys
        self._unknown = job.vocabulary.unknown
        self._has_costs = any(name in columns.places for name in AMOUNTS)
        self._is_uniform = MARKETS not in columns.places
        self._targets = job.markets or (None,) if self._is_uniform else (None, *method.markets)
        self._phrases = Phrases(job.edition.words(), "{:.2f}".format if is_text else _rounded)
        self._blank = BLANK * len(self._targets)

    @property
    def headings(self) -> list[str]:
        """The names of the columns that are added: for a market they start with its key."""
        prefixes = ["" if market is None else f"{market}_" for market in self._targets]
        return [*(f"{prefix}{name}" for prefix in prefixes for name in ANSWERS), str(PROBLEM)]

    def line(self, raw: Sequence[Any], added: Sequence[Any]) -> list[Any]:
        """The sender's own cells, the added ones below their headings, then what stood beyond the header."""
        kept, width = self.columns.kept, self.columns.width
        if len(raw) == kept:
            return [*raw, *added]
        return [*raw[:kept], *[""] * (kept - len(raw)), *added, *raw[width:]]

    def score(self, row: Row) -> tuple[list[Any], Sequence[Problem]]:
        """The cells of the scored row, and what is wrong with it. A row without any text has no cells."""
        if not any(row.cells):
            return [], ()
        try:
            added = self._answers(self._product(row))
        except InvalidRowError as error:
            text = " ".join(map(str, error.problems))
            return self.line(row.raw, [*self._blank, text]), error.problems
        return self.line(row.raw, added), ()

    def _answers(self, product: Product) -> list[Any]:
        answers = assess(self._method, product, robustness=False)
        cells: list[Any] = []
        for answer in answers if self._is_uniform else self._placed(answers):
            cells += self._phrases.cells(answer) if answer else BLANK
        cells.append("")
        return cells

    def _placed(self, answers: Iterable[Answer]) -> list[Answer | None]:
        """The answers below their headings, where rows have markets of their own."""
        found = {answer.market: answer for answer in answers}
        return [found.get(market) for market in self._targets]

    # --- From cells to a product --------------------------------------------------------------------------------------

    def _product(self, row: Row) -> Product:
        cells = row.cells
        if len(cells) < self.columns.width:
            cells = [*cells, *[""] * (self.columns.width - len(cells))]
        problems = self._faults(row.fault, cells)
        if problems:
            raise InvalidRowError(problems)
        levels = self._levels(cells)
        costs = self._costs(cells, problems) if self._has_costs else None
        category = self._category(cells)
        try:
            product = product_of(self._method, levels, category, self._markets_of(cells), costs)
        except InvalidProductError as error:
            problems += self._problems(error.mistakes)
        if problems:
            raise InvalidRowError(problems)
        return product

    def _faults(self, fault: str, cells: Sequence[str]) -> list[Problem]:
        """What makes a row unreadable as a whole."""
        if fault:
            return [Problem("", fault)]
        problems = []
        if sum(map(len, cells)) > self._longest:
            message = _("The cell has more than %(number)s characters.") % {"number": self._longest}
            long = [name for name, cell in zip(self.columns.header, cells, strict=False) if len(cell) > self._longest]
            problems += [Problem(shortened(name), message) for name in long]
        if len(cells) > self.columns.width and any(cells[self.columns.width :]):
            problems.append(Problem("", _("The row has more cells than the first line.")))
        return problems

    def _levels(self, cells: Sequence[str]) -> dict[str, object]:
        """The levels that are given; what cannot be read stays as it is, for the check to name."""
        levels: dict[str, object] = {}
        for key, place in self._criteria:
            cell = cells[place]
            if cell in PLAIN_LEVELS:
                levels[key] = PLAIN_LEVELS[cell]
            elif cell and not cell.isspace():
                levels[key] = self._written_level(cell)
        return levels

    def _written_level(self, cell: str) -> object:
        text = plain(cell)
        if text in self._unknown:
            return None
        whole = WHOLE.fullmatch(text)
        return int(whole[1]) if whole else cell

    def _category(self, cells: Sequence[str]) -> str | None:
        place = self.columns.places.get(CATEGORY)
        if place is None:
            return None
        return self._keys[CATEGORY].get(plain(cells[place])) or _key(cells[place]) or None

    def _markets_of(self, cells: Sequence[str]) -> Sequence[str]:
        place = self.columns.places.get(MARKETS)
        if place is None:
            return self._markets
        return [key for part in LISTED.split(cells[place]) for key in self._market_keys(part)]

    def _market_keys(self, text: str) -> Sequence[str]:
        """The key of the market of this name; else every word is taken for a key."""
        named = self._keys[MARKETS].get(plain(text))
        return [named] if named else _key(text).split()

    def _costs(self, cells: Sequence[str], problems: list[Problem]) -> Costs | None:
        """The seller's own amounts, None where the row has none; appends to the problems."""
        amounts = {}
        for name, field_name in AMOUNTS.items():
            place = self.columns.places.get(name)
            cell = "" if place is None else cells[place].strip()
            if cell:
                try:
                    amounts[field_name] = _amount(field_name, cell)
                except ValueError as error:
                    problems.append(Problem(self._name(name), str(error)))
        place = self.columns.places.get(CURRENCY)
        currency = (_key(cells[place]).upper() if place is not None else "") or EURO
        if currency not in CURRENCIES:
            problems += self._problems([Mistake(CURRENCY, Fault.UNKNOWN_CURRENCY, currency)])
        return Costs(currency=currency, **amounts) if amounts else None

    def _problems(self, mistakes: Iterable[Mistake]) -> list[Problem]:
        """Mistakes in words. Where the category is wrong, the levels that it would have given are not missed."""
        mistakes = list(mistakes)
        if any(mistake.fault == Fault.UNKNOWN_CATEGORY for mistake in mistakes):
            mistakes = [mistake for mistake in mistakes if mistake.fault != Fault.MISSING]
        return [Problem(self._name(mistake.field), _worded(mistake)) for mistake in mistakes]

    def _name(self, name: str) -> str:
        """What the file calls a field, else what it would be called."""
        return self.columns.name(name, self._heading(name))


class Phrases:
    """An answer as cells, in the active language, in the order of the headings.

    Args:
        words: the wording of the rubric.
        number: how a score is written.
    """

    def __init__(self, words: Words, number: Callable[[float], Any]) -> None:
        self._words = words
        self._number = number
        self._verdicts = [str(VERDICTS[verdict]) for verdict in sorted(Verdict)]  # found by number, which is quick
        self._keys = [verdict.key for verdict in sorted(Verdict)]
        self._steps: dict[tuple[str, int], list[tuple[str, str]]] = {}
        self._caps: dict[tuple[Cap, ...], str] = {}

    def cells(self, answer: Answer) -> list[Any]:
        result = answer.result
        low, verdict = self._number(result.low), result.verdict
        why = self._why(answer)
        if verdict is None:
            high, ask = self._number(result.high), self._ask(answer)
            return ["", low, high, *self._range(result.verdict_low, result.verdict_high), why, ask]
        steps = JOINT.join([self._step(step) for step in result.next_steps])
        return [low, low, low, self._verdicts[verdict], self._keys[verdict], why, steps]

    def _range(self, low: Verdict, high: Verdict) -> tuple[str, str]:
        if low == high:
            return self._verdicts[low], self._keys[low]
        words = _("from %(low)s to %(high)s") % {"low": self._verdicts[low], "high": self._verdicts[high]}
        return words, f"{self._keys[low]}/{self._keys[high]}"

    def _why(self, answer: Answer) -> str:
        """What decides beyond the number: rules, caps, and a duty that is not in the sum."""
        caps = answer.result.caps
        text = self._caps.get(caps)
        if text is None:
            text = self._capped(caps)
        if not (answer.rules or answer.landed):
            return text
        found = [self._rule(rule.id, _("Not sellable: %(reason)s")) for rule in answer.knockouts]
        found += [self._rule(rule.id, _("No creator route: %(reason)s")) for rule in answer.notices]
        if text:
            found.append(text)
        if answer.landed and answer.landed.lacks_rate:
            message = _("The flat duty in %(currency)s is not counted, because the exchange rate is not given")
            found.append(message % {"currency": answer.landed.lacks_rate})
        return JOINT.join(found)

    def _capped(self, caps: tuple[Cap, ...]) -> str:
        self._caps[caps] = JOINT.join(map(self._cap, caps))
        return self._caps[caps]

    def _rule(self, identifier: str, text: str) -> str:
        return text % {"reason": self._words.rules[identifier].reason}

    def _cap(self, cap: Cap) -> str:
        if cap.kind == "criterion":
            return _("%(name)s at level 0") % {"name": self._words.criteria[cap.key].name}
        return _("%(name)s, as a whole, under 35") % {"name": self._words.pillars[cap.key]}

    def _step(self, step: Step) -> str:
        forms = self._steps.get((step.criterion, step.level)) or self._forms(step.criterion, step.level)
        before, after = forms[step.verdict]
        return f"{before}{step.score:.2f}{after}"

    def _forms(self, criterion: str, level: int) -> list[tuple[str, str]]:
        """What stands before and after the score of a step, for every verdict."""
        found = []
        for verdict in self._verdicts:
            text = _("%(criterion)s to level %(level)s: %(score)s, %(verdict)s") % {
                "criterion": self._words.criteria[criterion].name,
                "level": level,
                "score": "\0",
                "verdict": verdict,
            }
            before, _score, after = text.partition("\0")
            found.append((before, after))
        self._steps[criterion, level] = found
        return found

    def _ask(self, answer: Answer) -> str:
        """What to look into first."""
        key = answer.result.ask_first
        return _("Find out first: %(name)s") % {"name": self._words.criteria[key].name} if key else ""


@lru_cache(maxsize=1024)
def _key(cell: str) -> str:
    """A key as it is compared: small letters of the usual width."""
    return unicodedata.normalize("NFKC", cell).strip().casefold()


def _amount(name: str, cell: str) -> Decimal:
    """An amount; else a ValueError in words, also where it is 0 and only more than that makes sense."""
    try:
        amount = parse_amount(cell)
    except ValueError as error:
        raise ValueError(_worded(Mistake(name, Fault.NOT_AN_AMOUNT, cell))) from error
    if amount <= 0 and name in ABOVE_ZERO:
        raise ValueError(_("This must be more than 0. Leave it empty if you do not know it."))
    return amount


def _worded(mistake: Mistake) -> str:
    """A mistake in words, its value fit to be quoted."""
    value = None if mistake.value is None else shortened(str(mistake.value))
    return mistake_text(Mistake(mistake.field, mistake.fault, value))


def _rounded(value: float) -> float:
    return round(value, 2)
