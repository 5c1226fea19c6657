import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from evidence.freshness import REFUSED, findings
from evidence.repeats import repeats


class Command(BaseCommand):
    help = (
        "Checks the published evidence, for cron and CI. Exits with 1 and a list when a record is overdue, has no "
        "source or is cited by nothing, or when a text types a number that is recorded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--on",
            type=datetime.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="judge as of this day instead of today, such as the first of next month",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["on"] or timezone.localdate()
        lines = []
        for finding in findings(day=day):
            reasons = [str(reason.label).lower() for reason in finding.reasons if reason in REFUSED]
            if reasons:
                lines.append(f"{finding.entry.code}: {', '.join(reasons)} (review by {finding.entry.review_by})")
        lines += [
            f"{repeat.use.language} {repeat.use.title}: types “{repeat.text}”, which {repeat.code} records"
            for repeat in repeats()
        ]
        if lines:
            self.stdout.write("\n".join(lines))
            raise CommandError(f"{len(lines)} problems in the evidence as of {day}.")
        self.stdout.write(f"The evidence is in order as of {day}.")
