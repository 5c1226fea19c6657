from typing import Any

from django.core.management.base import BaseCommand

from search.missed import expired


class Command(BaseCommand):
    help = "Forgets searches that found nothing when nobody has repeated them for 90 days. Run it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        number, _by_model = expired().delete()
        if options["verbosity"] > 0:
            self.stdout.write(f"{number} search{'' if number == 1 else 'es'} forgotten.")
