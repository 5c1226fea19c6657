import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand

EDITOR = "editor"


class Command(BaseCommand):
    help = (
        "What `make run` does before it serves: migrates, sets up languages and rights, loads the content, and on the "
        "first run makes a local editor account and prints its password once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        self.stdout.write("Database …")
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        self.stdout.write("Content …")
        call_command("setup_site", stdout=self.stdout)
        call_command("load_content", stdout=self.stdout)
        call_command("setup_site", stdout=self.stdout)
        self._make_editor()

    def _make_editor(self) -> None:
        users = get_user_model()
        if users.objects.exists():
            return
        password = secrets.token_urlsafe(12)
        editor = users.objects.create_user(
            EDITOR, email="editor@localhost.localdomain", password=password, first_name="Local", last_name="Editor"
        )
        editor.groups.set(Group.objects.filter(name__in=["Editors", "Moderators"]))
        self.stdout.write("")
        self.stdout.write(f"  Local editor account, shown only now:  {EDITOR}  /  {password}")
        self.stdout.write("")
