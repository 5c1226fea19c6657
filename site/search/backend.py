"""The project's search backend: Wagtail's own for each database, with our terms.

Named in `WAGTAILSEARCH_BACKENDS`; public search, editors' search and choosers all pass through it. An OpenSearch or
Elasticsearch backend of Wagtail may stand there instead: nothing else knows what is behind.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    """The backend for the database in use; `params` are the options of the setting."""
    if connection.vendor == "sqlite":
        from search.sqlite import SQLiteTermsBackend

        return SQLiteTermsBackend(params)
    if connection.vendor == "postgresql":
        from search.postgresql import PostgresTermsBackend

        return PostgresTermsBackend(params)
    raise ImproperlyConfigured(f"The search knows SQLite and PostgreSQL, not {connection.vendor}.")
