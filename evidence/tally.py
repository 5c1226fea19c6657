"""How many records hold, and how many do not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from evidence.records import Entry
from evidence.status import Status

GAP = 0.5


@dataclass(frozen=True)
class Tally:
    """The records of one status, with their part of a bar from 0 to 100."""

    status: Status
    count: int
    start: float
    width: float


def tally(entries: Iterable[Entry]) -> list[Tally]:
    """The records by status in the order of the status words, without those that no record has.

    The parts of the bar are as wide as their counts and stand a small gap apart.
    """
    counts = Counter(entry.status for entry in entries)
    held = [status for status in Status if counts[status]]
    room = 100 - GAP * (len(held) - 1)
    found, start = [], 0.0
    for status in held:
        width = room * counts[status] / counts.total()
        found.append(Tally(status, counts[status], round(start, 2), round(width, 2)))
        start += width + GAP
    return found
