"""Scores a file of products, as long as it may be."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from tqdm import tqdm

from pages.languages import full_languages
from suitability.assessment import MAX_MARKETS, Method
from suitability.batch import Job, Report, score_file
from suitability.rubrics import Edition, current_method
from suitability.tables import COMMAND, Table, TableError, kind_of

SUFFIXES = {"csv": (".csv", ".tsv", ".txt", ""), "xlsx": (".xlsx", "")}


class Command(BaseCommand):
    help = (
        "Scores a CSV or XLSX file of products, row by row in constant memory. Wrong rows keep their place and say "
        "what is wrong; the template is on the page /en/suitability/batch/."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = [code for code, _name in full_languages()]
        parser.add_argument("source", metavar="IN", type=Path, help="a .csv or .xlsx file; its content decides")
        parser.add_argument("target", metavar="OUT", type=Path, help="the scored file, in the same format")
        parser.add_argument(
            "--market", action="append", default=[], help="score for this market; repeat for up to four (eu, us, …)"
        )
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="of the answers")
        parser.add_argument("--encoding", default="", help="of a CSV file; by default it is found out")
        parser.add_argument("--force", action="store_true", help="overwrite OUT")

    def handle(self, *args: Any, source: Path, target: Path, **options: Any) -> None:
        found = current_method()
        if found is None:
            raise CommandError("There is no rubric in force yet: load the content, then run activate_rubric.")
        markets = _markets(found[1], options["market"])
        _check_encoding(options["encoding"])
        if target.exists() and not options["force"]:
            raise CommandError(f"{target} exists. Name another file, or add --force.")
        partial = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with source.open("rb") as read, partial.open("wb+") as written, override(options["language"]):
                _check_suffix(target, kind_of(read))
                report = self._score(read, written, found, markets, options["encoding"])
            partial.replace(target)
        except TableError as error:
            raise CommandError(f"{source}: {error}") from error
        except OSError as error:
            name = source if error.filename == str(source) else target
            raise CommandError(f"{name}: {error.strerror or error}") from error
        finally:
            partial.unlink(missing_ok=True)
        with override(options["language"]):
            self.stdout.write(_summary(report))

    def _score(
        self,
        read: BinaryIO,
        written: BinaryIO,
        found: tuple[Edition, Method],
        markets: tuple[str, ...],
        encoding: str,
    ) -> Report:
        with tqdm(file=sys.stderr, unit_scale=True, disable=None, leave=False) as bar:

            def progress(table: Table) -> None:
                bar.unit, bar.total = table.unit, table.total
                bar.update(table.position() - bar.n)

            return score_file(read, written, Job(*found, markets, COMMAND, encoding, progress))


def _markets(method: Method, names: list[str]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in method.markets]
    if unknown:
        raise CommandError(f"There is no market “{unknown[0]}”. There are: {', '.join(method.markets)}.")
    chosen = tuple(dict.fromkeys(names))
    if len(chosen) > MAX_MARKETS:
        raise CommandError(f"Choose at most {MAX_MARKETS} markets.")
    return chosen


def _check_encoding(name: str) -> None:
    try:
        "".encode(name or "utf-8")
    except LookupError as error:
        raise CommandError(f"There is no encoding “{name}”. Try utf-8, gb18030 or shift_jis.") from error


def _check_suffix(target: Path, kind: str) -> None:
    if target.suffix.lower() not in SUFFIXES[kind]:
        raise CommandError(f"The file is {kind.upper()}, so name the scored one {target.stem}.{kind}.")


def _summary(report: Report) -> str:
    numbers = {"rows": f"{report.rows:,}", "scored": f"{report.scored:,}", "wrong": f"{report.wrong:,}"}
    text = ngettext("%(rows)s row: %(scored)s scored", "%(rows)s rows: %(scored)s scored", report.rows) % numbers
    if report.first_wrong:
        first = report.first_wrong[0]
        named = {**numbers, "line": first.line, "problem": first.problems[0]}
        text += _(", %(wrong)s with problems (first: line %(line)s, %(problem)s)") % named
    if report.is_recoded:
        text += _("; written as UTF-8, because the encoding of the file lacks some signs of the answers")
    return text
