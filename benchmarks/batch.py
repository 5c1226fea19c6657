"""How fast a file of products is scored, reading and writing included, and where the time goes.

Run it with the site's own database: `.venv/bin/python benchmarks/batch.py --rows 100000`. It first checks that the
answers are right, then times them.
"""

import argparse
import cProfile
import csv
import io
import os
import pstats
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKED = 500
ONE_RUN = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=5, help="the fastest counts")
    parser.add_argument("--profile", action="store_true", help="also print where the time goes, by function")
    options = parser.parse_args()
    set_up()

    from suitability.rubrics import current_method

    found = current_method()
    if found is None:
        raise SystemExit("There is no rubric in force: run `make run` once, which loads the content.")
    method = found[1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "products.csv"
        write_products(path, method.criteria, options.rows)
        check(path, found)
        print(f"The answers of {min(CHECKED, options.rows)} rows are those of a question asked alone.\n")
        print(f"{'markets':>8} {'rows':>9} {'CPU s':>8} {'wall s':>8} {'rows/s (CPU)':>14} {'answers/s':>11}")
        for number in (0, 1, 4):
            markets = method.markets[:number]
            cpu, wall = fastest(lambda markets=markets: run(path, found, markets), options.runs)
            rate = options.rows / cpu
            print(
                f"{number:>8} {options.rows:>9,} {cpu:>8.2f} {wall:>8.2f}"
                f" {rate:>14,.0f} {rate * max(number, 1):>11,.0f}"
            )
        print()
        steps(path, found, options.runs)
        if options.profile:
            profile(path, found)


def set_up() -> None:
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

    import django

    django.setup()


def write_products(path: Path, criteria: Sequence[str], rows: int) -> None:
    """Products with nine independent levels each: no two rows in a hundred are alike, so nothing can be remembered."""
    generator = random.Random(20260101)  # noqa: S311 - no secret
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["name", *criteria])
        for number in range(rows):
            writer.writerow([f"Product {number}", *(generator.randrange(5) for _key in criteria)])


def run(path: Path, found: tuple, markets: Sequence[str]) -> Path:
    from suitability.batch import Job, score_file
    from suitability.tables import COMMAND

    target = path.with_name("scored.csv")
    with path.open("rb") as source, target.open("wb") as written:
        score_file(source, written, Job(*found, tuple(markets), COMMAND))
    return target


def check(path: Path, found: tuple) -> None:
    """Stops unless every row checked has the score, verdict and steps of the same question asked by itself."""
    from suitability.assessment import assess, product_of

    method = found[1]
    for markets in ((), method.markets[:1], method.markets):
        target = run(path, found, markets)
        with target.open(newline="", encoding="utf-8") as file:
            for _number, row in zip(range(CHECKED), csv.DictReader(file), strict=False):
                product = product_of(method, {key: int(row[key]) for key in method.criteria}, None, markets)
                for answer in assess(method, product):
                    prefix = f"{answer.market}_" if answer.market else ""
                    expected = [f"{answer.result.score:.2f}", answer.result.verdict.key]
                    got = [row[f"{prefix}score"], row[f"{prefix}verdict_key"]]
                    steps = [f"{step.score:.2f}" for step in answer.result.next_steps]
                    if got != expected or not all(step in row[f"{prefix}next_steps"] for step in steps):
                        raise SystemExit(f"Wrong answer: {row}")
        if sum(1 for _line in target.open(encoding="utf-8")) != sum(1 for _line in path.open(encoding="utf-8")):
            raise SystemExit("A row is missing.")


def fastest(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Seconds on the processor, and by the clock, of the fastest of several runs."""
    times = []
    for _run in range(runs):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(times)


def steps(path: Path, found: tuple, runs: int) -> None:
    """Each step by itself on the same rows, without markets."""
    from suitability.assessment import assess
    from suitability.batch import Job, RowScorer
    from suitability.scoring import score
    from suitability.tables import COMMAND, open_table

    method = found[1]
    job = Job(*found, (), COMMAND)
    with path.open("rb") as source, open_table(source, job.vocabulary.knows, COMMAND) as table:
        scorer = RowScorer(job, job.vocabulary.columns(table.header.cells), is_text=True)
        rows = [row for _number, row in zip(range(ONE_RUN), table.rows(), strict=False)]
        products = [scorer._product(row) for row in rows]
        lines = [scorer.score(row)[0] for row in rows]

        def read() -> None:
            source.seek(0)
            text = source.read()
            with open_table(io.BytesIO(text), job.vocabulary.knows, COMMAND) as again:
                for _row in again.rows():
                    pass

        def write() -> None:
            writer = table.writer(io.BytesIO())
            for line in lines:
                writer.write(line)
            writer.close()

        def each(work: Callable[[int], object]) -> Callable[[], None]:
            return lambda: any(work(number) is None for number in range(len(rows))) and None

        total = sum(1 for _line in path.open(encoding="utf-8")) - 1
        measured = {
            "read the CSV": fastest(read, runs)[0] / total,
            "row to product": fastest(each(lambda n: scorer._product(rows[n])), runs)[0] / len(rows),
            "score": fastest(each(lambda n: score(method.rubric, products[n].levels, robustness=False)), runs)[0]
            / len(rows),
            "score, with rules and effects": fastest(each(lambda n: assess(method, products[n], False)), runs)[0]
            / len(rows),
            "all of a row but reading and writing": fastest(each(lambda n: scorer.score(rows[n])), runs)[0] / len(rows),
            "write the CSV": fastest(write, runs)[0] / len(rows),
        }
    print("One row without markets, in microseconds on the processor:")
    for name, seconds in measured.items():
        print(f"  {seconds * 1e6:6.1f}  {name}")


def profile(path: Path, found: tuple) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(run, path, found, ())
    pstats.Stats(profiler).sort_stats("tottime").print_stats(20)


if __name__ == "__main__":
    main()
