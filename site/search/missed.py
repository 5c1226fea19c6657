"""Remembers what was looked for and not found, so that editors can write it. No address, no account, no time of day."""

import datetime
import re

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from search.folding import fold
from search.models import KEEP_DAYS, MissedSearch

MAX_LENGTH = 60
MAX_ROWS = 5000
# What may tell of a person: e-mail addresses, and numbers as long as a telephone's, an order's or a card's.
PERSONAL = re.compile(r"@|(?:\d[\s.\-/()]*){6,}")


def remember_missed(query: str, language: str) -> None:
    """Counts a query that found nothing. One statement; long and personal ones, and all beyond 5,000, are let go."""
    text = " ".join(fold(query).split())
    if not text or len(text) > MAX_LENGTH or PERSONAL.search(text):
        return
    table = MissedSearch._meta.db_table
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (language, text, times, first_on, last_on) "  # noqa: S608 - values are parameters
            f"SELECT %s, %s, 1, %s, %s "
            f"WHERE (SELECT count(*) FROM {table}) < {MAX_ROWS} "
            f"OR EXISTS (SELECT 1 FROM {table} WHERE language = %s AND text = %s) "
            f"ON CONFLICT (language, text) DO UPDATE SET times = {table}.times + 1, last_on = excluded.last_on",
            [language, text, today, today, language, text],
        )


def expired(today: datetime.date | None = None) -> QuerySet[MissedSearch]:
    """What nobody has looked for in 90 days."""
    limit = (today or timezone.localdate()) - datetime.timedelta(days=KEEP_DAYS)
    return MissedSearch.objects.filter(last_on__lt=limit)
