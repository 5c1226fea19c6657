import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale

IGNORED = [".venv/*", "var/*", "tests/*", "content/*"]


class Command(BaseCommand):
    help = (
        "Fails when an interface string is new, untranslated, fuzzy or no longer used in any language. "
        "Needs GNU gettext. Changes no file."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            raise CommandError("GNU gettext is missing (Debian and Ubuntu: apt install gettext).")
        folder = Path(settings.LOCALE_PATHS[0])
        codes = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        problems: list[str] = []
        with tempfile.TemporaryDirectory() as kept:
            shutil.copytree(folder, kept, dirs_exist_ok=True)
            try:
                locales = [to_locale(code) for code in codes]
                here = Path.cwd()
                os.chdir(settings.BASE_DIR)
                call_command("makemessages", locale=locales, ignore_patterns=IGNORED, no_location=True, verbosity=0)
                os.chdir(here)
                for name in locales:
                    problems += self._compare(name, Path(kept), folder)
            finally:
                shutil.rmtree(folder)
                shutil.copytree(kept, folder)
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"Interface strings: complete in {', '.join(codes)}.")

    def _compare(self, name: str, before: Path, after: Path) -> list[str]:
        path = Path(name, "LC_MESSAGES", "django.po")
        if not (before / path).is_file():
            return [f"{name}: there are no interface strings yet: make messages"]
        old, new = polib.pofile(str(before / path)), polib.pofile(str(after / path))
        known = {(entry.msgctxt, entry.msgid) for entry in old if not entry.obsolete}
        used = {(entry.msgctxt, entry.msgid) for entry in new if not entry.obsolete}
        problems = [
            f"{name}: not collected yet: {text!r} (make messages)" for _context, text in sorted(used - known, key=str)
        ]
        problems += [
            f"{name}: no longer used: {text!r} (make messages)" for _context, text in sorted(known - used, key=str)
        ]
        problems += [f"{name}: fuzzy: {entry.msgid!r}" for entry in old.fuzzy_entries()]
        problems += [f"{name}: untranslated: {entry.msgid!r}" for entry in old.untranslated_entries()]
        return problems
