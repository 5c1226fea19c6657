from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contentfiles.documents import ContentError
from contentfiles.loader import Loader


class Command(BaseCommand):
    help = (
        "Loads the published text from the content folder: what is new or changed there. Leaves every page that an "
        "editor changed, says which, and deletes nothing. On a mistake in any file, names "
        "file and line and loads nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.CONTENT_DIR, help="default: content/")

    def handle(self, *args: Any, **options: Any) -> None:
        loud = options["verbosity"] > 0
        interactive = loud and getattr(self.stdout, "isatty", lambda: False)()
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")

        def progress(line: str) -> None:
            if interactive:
                self.stdout.write(f"\r\033[K  {line}", ending="")
                self.stdout.flush()
            elif options["verbosity"] > 1:
                self.stdout.write(f"  {line}")

        try:
            report = Loader(folder, progress).load()
        except ContentError as error:
            count = len(error.problems)
            raise CommandError(f"{error}\n{count} problem{'s' if count > 1 else ''}; nothing was loaded.") from error
        if interactive:
            self.stdout.write("\r\033[K", ending="")
        if loud:
            for line in report.kept:
                self.stdout.write(f"  kept {line}")
            self.stdout.write(
                f"Content: {len(report.created)} created, {len(report.updated)} updated, "
                f"{len(report.unchanged)} unchanged, {len(report.kept)} kept as editors left them."
            )
