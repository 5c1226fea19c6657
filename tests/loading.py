"""The loaded site as every process of a test run needs it: made once, then copied."""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases, teardown_databases


@contextmanager
def loaded_site(shared: Path) -> Iterator[None]:
    """Makes this process's test database, and fills it and its folder of uploads with the published content.

    The first process migrates, loads and leaves a copy of what it has, which the others take. Where loading fails, each
    process tries for itself and fails with the message.

    Args:
        shared: a folder that the processes of this run share, and no other run.
    """
    uploads = shared / "uploads"
    with _lock(shared):
        is_first = not uploads.exists()
        if is_first:
            made = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
            call_command("setup_site")
            call_command("load_content", verbosity=0)
            call_command("setup_site")
            _leave_copy(shared)
            shutil.copytree(settings.MEDIA_ROOT, uploads)
        else:
            with mock.patch("django.core.management.call_command"):  # no migrations: the copy brings the tables along
                made = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
            _take_copy(shared)
            shutil.copytree(uploads, settings.MEDIA_ROOT, dirs_exist_ok=True)
    yield
    if is_first:
        with _lock(shared):
            shutil.rmtree(uploads)
            if connection.vendor == "postgresql":
                _run(f"DROP DATABASE {_quoted(_copy_name())}")
    teardown_databases(made, verbosity=0)


def end_other_sessions() -> None:
    """Ends what else is connected to the test database, which cannot be removed before."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@contextmanager
def _lock(shared: Path) -> Iterator[None]:
    with (shared / "loading.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _leave_copy(shared: Path) -> None:
    if connection.vendor == "postgresql":
        _copy_database(connection.settings_dict["NAME"], _copy_name())
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(shared / "loaded.sqlite3")) as copy:
        connection.connection.backup(copy)


def _take_copy(shared: Path) -> None:
    if connection.vendor == "postgresql":
        _copy_database(_copy_name(), connection.settings_dict["NAME"])
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(shared / "loaded.sqlite3")) as copy:
        copy.backup(connection.connection)


def _copy_name() -> str:
    return f"{connection.settings_dict['NAME'].partition('_gw')[0]}_loaded"


def _copy_database(source: str, target: str) -> None:
    connection.close()  # nobody may be in a database that is copied
    _run(f"DROP DATABASE IF EXISTS {_quoted(target)}", f"CREATE DATABASE {_quoted(target)} TEMPLATE {_quoted(source)}")


def _run(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
