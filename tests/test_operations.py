"""Running the site: what it needs, what it refuses, and what its commands do."""

import io
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from wagtail.models import Locale, Site

ROOT = Path(settings.BASE_DIR)
SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs manage.py with production settings in an environment of its own."""
    clean = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=clean | environment, timeout=120)  # noqa: S603


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({}, "Set SECRET_KEY"),
        ({"SECRET_KEY": SECRET}, "Set ALLOWED_HOSTS"),
        ({"SECRET_KEY": "short", "ALLOWED_HOSTS": "example.org"}, "at least 50 random characters"),
        ({"SECRET_KEY": SECRET, "ALLOWED_HOSTS": " "}, "Set ALLOWED_HOSTS"),
    ],
)
def test_production_refuses_to_start_without_secret_and_hosts(environment: dict[str, str], complaint: str) -> None:
    result = manage("check", **environment)
    assert result.returncode != 0
    assert complaint in result.stderr


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    result = manage(
        "check",
        "--deploy",
        "--fail-level=INFO",
        SECRET_KEY=SECRET,
        ALLOWED_HOSTS="example.org",
        CROSSCAST_VAR_DIR=str(tmp_path),
    )
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_a_port_that_is_taken_or_none_is_named_in_one_line() -> None:
    preflight = [sys.executable, str(ROOT / "site/config/preflight.py")]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for value, words in (
            (port, f"Port {port} is taken"),
            ("eighty", "PORT=eighty is not a port"),
            ("0", "not a port"),
        ):
            result = subprocess.run([*preflight, value], capture_output=True, text=True)  # noqa: S603
            assert result.returncode == 1
            assert words in result.stderr
            assert len(result.stderr.strip().splitlines()) == 1
    assert subprocess.run(preflight).returncode == 0  # noqa: S603


def test_a_python_that_is_too_old_is_named_in_one_line() -> None:
    code = f"import runpy, sys; sys.version_info = (3, 10, 1); sys.argv = ['x']; runpy.run_path({str(ROOT / 'site/config/preflight.py')!r}, run_name='__main__')"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)  # noqa: S603
    assert result.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.10" in result.stderr


@pytest.mark.django_db
def test_the_first_start_makes_an_editor_and_prints_the_password_once() -> None:
    first, second = io.StringIO(), io.StringIO()
    call_command("prepare", stdout=first)
    editor = User.objects.get()
    assert editor.username == "editor"
    assert {group.name for group in editor.groups.all()} == {"Editors", "Moderators"}
    password = first.getvalue().split("editor  /  ")[1].split()[0]
    assert editor.check_password(password)
    call_command("prepare", stdout=second)
    assert "account" not in second.getvalue()
    assert User.objects.count() == 1
    assert "0 created, 0 updated" in second.getvalue()


@pytest.mark.django_db
def test_setting_up_again_gives_no_right_back_that_was_taken() -> None:
    from django.contrib.auth.models import Group

    moderators = Group.objects.get(name="Moderators")
    moderators.permissions.remove(*moderators.permissions.filter(codename="delete_question"))
    call_command("setup_site")
    assert not moderators.permissions.filter(codename="delete_question").exists()


@pytest.mark.django_db
def test_the_site_answers_to_the_address_in_the_environment(settings: object) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://guide.example.org"  # type: ignore[attr-defined]
    call_command("setup_site")
    assert Site.objects.get().root_url == "https://guide.example.org"


@pytest.mark.django_db
def test_a_language_is_one_line_in_the_settings(settings: object, client: object) -> None:
    languages = [*settings.LANGUAGES, ("fr", "Français")]  # type: ignore[attr-defined]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages  # type: ignore[attr-defined]
    call_command("setup_site")
    assert Locale.objects.filter(language_code="fr").exists()


@pytest.mark.django_db
def test_health_says_when_the_database_is_gone(client: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError
    from django.test import Client

    def gone(*args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("pages.views.connection.cursor", gone)
    response = Client().get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "database unavailable"}
