"""What a reader sees of a match: the title and the best passage, with the found words marked; and how good it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.kinds import Document
from search.terms import Sought, Term, terms_with_places

# Characters of an excerpt: a line of Chinese or Japanese says as much as two of English.
LENGTH = 220
LENGTH_UNSPACED = 110
SENTENCE_END = re.compile(r"[.!?;:]\s|[。！？；：\n]")


@dataclass(frozen=True)
class Hit:
    """One place where a part of the query stands: `start` and `end` in the text, `part` its number in the query."""

    start: int
    end: int
    part: int


class Marked:
    """A text with the places where the parts of a query stand in it."""

    def __init__(self, text: str, parts: Sequence[Sought]) -> None:
        self.text = text
        self.terms: list[Term] = list(terms_with_places(text))
        self.hits = sorted(self._hits(parts), key=lambda hit: (hit.start, -hit.end))

    def _hits(self, parts: Sequence[Sought]) -> list[Hit]:
        places: dict[str, list[int]] = {}
        for place, term in enumerate(self.terms):
            places.setdefault(term.text, []).append(place)
        hits = []
        for number, part in enumerate(parts):
            for first in places.get(part.terms[0], []):
                last = first + len(part.terms) - 1
                if last < len(self.terms) and all(
                    self.terms[first + step].text == term for step, term in enumerate(part.terms)
                ):
                    hits.append(Hit(self.terms[first].start, self.terms[last].end, number))
        return hits

    def count(self, part: int) -> int:
        """How often a part of the query stands here."""
        return sum(hit.part == part for hit in self.hits)

    @property
    def share(self) -> float:
        """How much of the text the found words are, from 0 to 1."""
        found = sum(hit.end - hit.start for hit in self.hits)
        length = sum(term.end - term.start for term in self.terms)
        return min(1.0, found / length) if length else 0.0

    def html(self, start: int = 0, end: int | None = None) -> SafeString:
        """The text from `start` to `end`, escaped, each hit in a mark element."""
        end = len(self.text) if end is None else end
        out, place = [], start
        for hit in self.hits:
            if hit.start < place or hit.end > end:
                continue
            out += [escape(self.text[place : hit.start]), "<mark>", escape(self.text[hit.start : hit.end]), "</mark>"]
            place = hit.end
        return mark_safe("".join([*out, escape(self.text[place:end])]))  # noqa: S308 - escaped piece by piece

    def excerpt(self) -> SafeString:
        """The passage with the most parts of the query in it, from the beginning of a sentence if it is near."""
        length = LENGTH_UNSPACED if self._is_unspaced else LENGTH
        start = self._start(length)
        end = min(len(self.text), start + length)
        if end < len(self.text):
            end = self._cut(end)
        before, after = "… " if start else "", " …" if end < len(self.text) else ""
        return mark_safe(f"{before}{self.html(start, end)}{after}")  # noqa: S308 - escaped in html

    @cached_property
    def _is_unspaced(self) -> bool:
        return sum(term.is_unspaced for term in self.terms[:50]) > len(self.terms[:50]) / 2

    def _start(self, length: int) -> int:
        if not self.hits:
            return 0

        def parts_from(hit: Hit) -> int:
            reach = hit.start + length * 2 // 3
            return len({other.part for other in self.hits if hit.start <= other.start and other.end <= reach})

        best = max(self.hits, key=parts_from) if len(self.hits) < 200 else self.hits[0]
        earliest = max(0, best.start - length // 3)
        ends = [match.end() for match in SENTENCE_END.finditer(self.text, earliest, best.start)]
        if earliest == 0:
            return 0
        if ends:
            return ends[0]
        return next((term.start for term in self.terms if term.start >= earliest), earliest)

    def _cut(self, end: int) -> int:
        """The end of the last whole word before `end`."""
        whole = [term.end for term in self.terms if end - 40 <= term.end <= end]
        return whole[-1] if whole else end


@dataclass(frozen=True)
class Shown:
    """A match ready for a template, with its relevance: comparable between kinds and databases."""

    document: Document
    title: SafeString
    excerpt: SafeString
    relevance: float


def show(document: Document, parts: Sequence[Sought]) -> Shown:
    """A match with what was looked for marked in it."""
    title, text = Marked(document.title, parts), Marked(document.text, parts)
    return Shown(document, title.html(), text.excerpt(), _relevance(title, text, len(parts)))


def _relevance(title: Marked, text: Marked, parts: int) -> float:
    """Words in the title count most, the more so the more of the title they are; then how densely they stand."""
    length = 1 + log(1 + len(text.terms) / 200)
    score = 0.0
    for part in range(parts):
        often = text.count(part)
        score += 4.0 * (title.count(part) > 0) + often / (often + length)
    return score / max(parts, 1) + 4.0 * title.share
