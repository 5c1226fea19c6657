"""How long searching takes at 10, 1,000 and 10,000 pages, beside Wagtail's own backend; checks first what is found.

Usage: python benchmarks/search.py [--pages 10 1000 10000] [--postgres postgres://…] [--strict]

Makes a database of its own, on SQLite and, where --postgres names a server, on PostgreSQL, and removes it again. Pages
are mixed from the sentences of content/, a third in each language. Exits with 1 if a search finds the wrong pages;
with --strict also if a limit is missed.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OURS, STOCK = "search.backend", "wagtail.search.backends.database"
LANGUAGES = ("en", "zh-hans", "ja")
# Words that stand in no text of ours, on ten pages each; and one that stands on every third page.
RARE = {"en": "quokkas", "zh-hans": "鸭嘴兽", "ja": "カモノハシ"}
COMMON = {"en": "sellers", "zh-hans": "直播", "ja": "配信"}
LENGTH = 1500
RUNS = 15


def sentences(language: str) -> list[str]:
    """The sentences of the published texts."""
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "content" / language).rglob("*.md")))
    text = re.sub(r"```.*?```|\[\]\([^)]*\)|\([^)]*\)|[#*>\[\]|`]", " ", text, flags=re.DOTALL)
    return [one.strip() for one in re.split(r"(?<=[.。！？!?])\s*", text) if 10 < len(one.strip()) < 400]


def texts(number: int) -> Iterator[tuple[str, str, str]]:
    """Language, title and text of each page; the words of RARE stand on the first ten pages of their language."""
    random.seed(4)
    pool = {language: sentences(language) for language in LANGUAGES}
    seen = dict.fromkeys(LANGUAGES, 0)
    for place in range(number):
        language = LANGUAGES[place % 3]
        parts: list[str] = []
        while sum(map(len, parts)) < LENGTH:
            parts.append(random.choice(pool[language]))  # noqa: S311 - no secret
        parts.insert(1, f"{COMMON[language]} {place}.")
        if seen[language] < 10:
            parts.insert(2, f"{RARE[language]}.")
        seen[language] += 1
        yield language, parts[0][:80], " ".join(parts)


def fill(number: int) -> None:
    """Makes the pages: one table after the other, since nothing but searching is measured."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import transaction
    from wagtail.models import Locale, Page

    from guides.models import GuidePage

    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    content_type = ContentType.objects.get_for_model(GuidePage)
    root = Page.get_first_root_node()
    start = Page.objects.count() * 1000
    pages = [
        Page(
            title=title, draft_title=title, slug=f"p{start + place}", path=Page._get_path(root.path, 2, 1000 + place),
            depth=2, numchild=0, url_path=f"/p{start + place}/", live=True, content_type=content_type,
            locale=locales[language],
        )
        for place, (language, title, _text) in enumerate(texts(number))
    ]  # fmt: skip
    Page.objects.bulk_create(pages, batch_size=500)
    with transaction.atomic():
        for page, (_language, title, text) in zip(
            Page.objects.filter(depth=2, slug__startswith="p").order_by("path"), texts(number), strict=True
        ):
            body = json.dumps([{"type": "text", "value": f"<p>{text}</p>", "id": str(page.pk)}])
            chapter = GuidePage(page_ptr=page, title=title, summary=title, body=body)
            chapter.__dict__.update(
                {
                    name: getattr(page, name)
                    for name in ("path", "depth", "slug", "url_path", "locale_id", "content_type_id")
                }
            )
            chapter.save_base(raw=True)


def index(backend: Any) -> float:
    """Indexes all pages; returns seconds."""
    from guides.models import GuidePage

    backend.reset_indexes()
    started = time.perf_counter()
    pages = GuidePage.objects.select_related("locale").order_by("pk")
    for first in range(0, pages.count(), 200):
        backend.add_bulk(GuidePage, list(pages[first : first + 200]))
    return time.perf_counter() - started


def size() -> int:
    """Bytes of the index, after the database has tidied up."""
    from django.db import connection

    table = "wagtailsearch_indexentry"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"VACUUM FULL {table}")
            cursor.execute("ANALYZE")  # all tables, as autovacuum does soon after so many rows
            cursor.execute("SELECT pg_total_relation_size(%s)", [table])
            return int(cursor.fetchone()[0])
        cursor.execute("INSERT INTO wagtailsearch_indexentry_fts(wagtailsearch_indexentry_fts) VALUES ('optimize')")
        cursor.execute("VACUUM")
        cursor.execute("ANALYZE")
        cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE %s", [f"{table}%"])
        return int(cursor.fetchone()[0] or 0)


def milliseconds(work: Callable[[], Any]) -> float:
    """The median of some runs, the first ones left out."""
    work(), work()
    taken = []
    for _run in range(RUNS):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def measure(number: int) -> dict[str, Any]:
    """One size on one database, both backends."""
    from wagtail.models import Locale
    from wagtail.search.backends import get_search_backend

    from guides.models import GuidePage

    result: dict[str, Any] = {"pages": number, "wrong": []}
    each = {language: len(range(place, number, 3)) for place, language in enumerate(LANGUAGES)}
    for name, path in (("ours", OURS), ("stock", STOCK)):
        backend = get_search_backend(path)
        result[f"{name} index s"] = index(backend)
        result[f"{name} index bytes"] = size()
        for language in LANGUAGES:
            pages = GuidePage.objects.filter(locale=Locale.objects.get(language_code=language))
            for kind, words, expected in (("rare", RARE, min(10, each[language])), ("common", COMMON, each[language])):
                if name == "stock" and language != "en":
                    continue  # it does not find these
                found = backend.search(words[language], pages)
                if found.count() != expected:
                    result["wrong"].append((name, language, kind, found.count(), expected))
                result[f"{name} {language} {kind} ms"] = milliseconds(
                    lambda found=backend, word=words[language], pages=pages: list(found.search(word, pages)[:20])
                )
    return result


def run_one(number: int) -> None:
    """In a process of its own, whose environment names the database."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django
    from django.conf import settings

    django.setup()
    from django.db import connection

    if connection.vendor == "sqlite":
        settings.DATABASES["default"]["TEST"] = connection.settings_dict["TEST"] = {
            **connection.settings_dict["TEST"], "NAME": os.environ["BENCHMARK_FILE"],
        }  # fmt: skip
    old = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(number)
        print(json.dumps(measure(number)))
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)


def missed_limits(database: str, rows: list[dict[str, Any]]) -> list[str]:
    """The limits that were missed, in words."""
    missed = []
    small, large = rows[0], rows[-1]
    for language in LANGUAGES:
        key = f"ours {language} rare ms"
        times = large[key] / small[key]
        if times >= 3:
            missed.append(f"{database}: {key} grows {times:.1f} times from {small['pages']} to {large['pages']} pages")
    for row in rows:
        for kind in ("rare", "common"):
            share = row[f"ours en {kind} ms"] / row[f"stock en {kind} ms"]
            if share > 1.5:
                missed.append(
                    f"{database}: at {row['pages']} pages an English {kind} word costs {share:.2f} times the stock"
                )
        share = row["ours index bytes"] / row["stock index bytes"]
        if share > 2 and row["pages"] > 10:
            missed.append(f"{database}: at {row['pages']} pages the index is {share:.2f} times the stock's")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 1000, 10000])
    parser.add_argument("--postgres", default="", help="address of a server where a database may be made")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_one(options.one)
        return 0
    wrong, missed = [], []
    with tempfile.TemporaryDirectory() as folder:
        databases = {"SQLite": f"sqlite:///{folder}/site.sqlite3"}
        if options.postgres:
            databases["PostgreSQL"] = options.postgres
        for database, address in databases.items():
            environment = {**os.environ, "DATABASE_URL": address, "BENCHMARK_FILE": f"{folder}/benchmark.sqlite3"}
            rows = []
            for number in options.pages:
                command = [sys.executable, __file__, "--one", str(number)]
                output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
                rows.append(json.loads(output.stdout.splitlines()[-1]))
                print(database, json.dumps(rows[-1], ensure_ascii=False, default=str), flush=True)
                wrong += rows[-1]["wrong"]
            missed += missed_limits(database, rows)
    for line in [*map(str, wrong), *missed]:
        print(line)
    return 1 if wrong or (missed and options.strict) else 0


if __name__ == "__main__":
    sys.exit(main())
