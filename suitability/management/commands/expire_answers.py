from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from suitability.models import SavedAnswer


class Command(BaseCommand):
    help = "Removes the saved answers that are older than 18 months. Run it once a day; running it again does no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="says how many would go, and removes none")

    def handle(self, *args: Any, **options: Any) -> None:
        expired = SavedAnswer.expired()
        number = expired.count()
        if not options["dry_run"]:
            expired.delete()
        if options["verbosity"] > 0:
            verb = "would be removed" if options["dry_run"] else "removed"
            self.stdout.write(f"{number} saved answer{'' if number == 1 else 's'} {verb}.")
