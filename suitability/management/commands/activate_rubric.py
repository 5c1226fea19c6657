from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.languages import in_source_language
from suitability.activation import IncompleteRubricError, activate, plan
from suitability.models import Rubric
from suitability.presentation import VerdictView, span_text
from suitability.scoring import Result


def verdict_text(result: Result) -> str:
    """The verdict, or the span of a range, in words."""
    return span_text([VerdictView(verdict) for verdict in dict.fromkeys([result.verdict_low, result.verdict_high])])


class Command(BaseCommand):
    help = "Makes the draft of the rubric the version in force. Says first which categories change their verdict."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="says what would change, and activates nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        rubric = in_source_language(Rubric).first()
        if rubric is None:
            raise CommandError("There is no rubric. Load the content first: manage.py load_content")
        found = plan(rubric)
        for change in found.changes:
            before, after = verdict_text(change.before), verdict_text(change.after)
            self.stdout.write(f"  {change.category.slug}, {change.market or 'any market'}: {before} becomes {after}")
        if found.problems:
            raise CommandError("The draft is not complete:\n  " + "\n  ".join(found.problems))
        if not found.differs:
            self.stdout.write("The draft is what is in force already.")
        elif options["dry_run"]:
            self.stdout.write("Nothing was activated.")
        else:
            try:
                version = activate(rubric)
            except IncompleteRubricError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"Version {version.key} is in force.")
