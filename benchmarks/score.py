"""How fast the suitability score is; checks first that it is right.

Usage: python benchmarks/score.py [--strict]

Exits with 1 if an answer is wrong; with --strict also if a limit is missed.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from suitability.scoring import Criterion, Effect, Rubric, score

RUBRIC = Rubric(
    "benchmark",
    (
        Criterion("distinctiveness", "appeal", 15),
        Criterion("demonstrability", "appeal", 13),
        Criterion("community", "appeal", 12),
        Criterion("carriage", "delivery", 12),
        Criterion("landed_cost", "delivery", 10),
        Criterion("robustness", "delivery", 8),
        Criterion("returns", "delivery", 10),
        Criterion("regulation", "rules", 12),
        Criterion("claims", "rules", 8),
    ),
)
KEYS = [criterion.key for criterion in RUBRIC.criteria]
EFFECTS = [
    Effect("returns", -1, "withdrawal", unless=("carriage", 4)),
    Effect("regulation", -1, "responsible-person", unless=("carriage", 4)),
    Effect("landed_cost", -1, "duty", unless=("carriage", 4)),
]
WORKED_EXAMPLES = {
    "online course": ("333444343", 85.05, "strong"),
    "folk textile craft": ("443333333", 81.56, "strong"),
    "ceramics": ("443220323", 64.29, "conditional"),
    "gaming peripherals": ("134223213", 56.05, "promising"),
    "food supplements": ("112344300", 33.03, "poor"),
    "heavy furniture": ("221001033", 20.23, "poor"),
}
RUNS = 50
PRODUCTS = 20_000
DRAWN_LIMIT = 15.0  # milliseconds
PLAIN_LIMIT = 20_000  # scores per second


def levels(text: str) -> dict[str, int | None]:
    return {key: int(sign) for key, sign in zip(KEYS, text, strict=True)}


def mistakes() -> list[str]:
    """What is wrong with the answers; nothing if all is well."""
    found = []
    for name, (text, points, verdict) in WORKED_EXAMPLES.items():
        result, again = score(RUBRIC, levels(text)), score(RUBRIC, levels(text))
        if result.score is None or result.verdict is None:
            found.append(f"{name}: no score")
        elif (round(result.score, 2), result.verdict.key) != (points, verdict):
            found.append(f"{name}: {result.score:.2f} {result.verdict.key} instead of {points:.2f} {verdict}")
        if result.robustness is None or result.robustness != again.robustness:
            found.append(f"{name}: the draws differ from one run to the next")
    return found


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def drawn_milliseconds() -> float:
    """The median for one product, with its 2,000 draws."""
    product = levels("134223213")
    return 1000 * statistics.median(seconds(lambda: score(RUBRIC, product, EFFECTS)) for _ in range(RUNS))


def plain_per_second() -> float:
    """The scores of random products, without draws, in one second on one core."""
    generator = random.Random(1)  # noqa: S311 - no secret
    products = [{key: generator.randrange(5) for key in KEYS} for _ in range(PRODUCTS)]

    def all_products() -> None:
        for product in products:
            score(RUBRIC, product, EFFECTS, robustness=False)

    return PRODUCTS / seconds(all_products)


def main() -> int:
    wrong = mistakes()
    if wrong:
        print("\n".join(wrong))
        return 1
    print(f"{len(WORKED_EXAMPLES)} worked examples come out; the draws are the same on two runs.\n")
    drawn, plain = drawn_milliseconds(), plain_per_second()
    rows = [
        ("one product with robustness", f"{drawn:.1f} ms", f"at most {DRAWN_LIMIT:.0f} ms", drawn <= DRAWN_LIMIT),
        ("scores without robustness", f"{plain:,.0f} /s", f"at least {PLAIN_LIMIT:,} /s", plain >= PLAIN_LIMIT),
    ]
    for name, measured, limit, is_met in rows:
        print(f"{name:<28} {measured:>12}   {limit:<20} {'ok' if is_met else 'MISSED'}")
    return int("--strict" in sys.argv[1:] and not all(is_met for *_row, is_met in rows))


if __name__ == "__main__":
    sys.exit(main())
