"""Checks a translation against the glossary, and finds the terms that a text holds.

Words are cut and folded by the rules of the search (`search.terms`), and compared without the ending of an English
plural: the search's stems go further, and would take customers for customs. A wording in Chinese, Japanese or Korean is
found anywhere in a text, since nothing there divides words.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from search.folding import fold
from search.terms import UNSPACED, terms_of
from translation.models import Term, TermWording

CODE = r"[a-z]+:[a-z0-9][a-z0-9/-]*"
CITATION = re.compile(rf'<a id="[^"]*">{CODE}</a>')
TAG = re.compile(r"<[^>]*>")
GAP = re.compile(r"\s+")
UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")


class Fault(Enum):
    """What is wrong with a translation."""

    FORBIDDEN = "forbidden"
    MISSING = "missing"


@dataclass(frozen=True)
class Hint:
    """A remark on one translation: a term, what is wrong, and the words it is about."""

    term: str
    fault: Fault
    preferred: str
    found: str = ""

    def __str__(self) -> str:
        values = {"term": self.term, "preferred": self.preferred, "found": self.found}
        if self.fault is Fault.FORBIDDEN:
            return _("write “%(preferred)s”, not “%(found)s” (%(term)s)") % values
        return _("“%(term)s” is usually “%(preferred)s”") % values


@dataclass(frozen=True)
class Pattern:
    """One wording, ready to be looked for."""

    text: str
    words: tuple[str, ...]
    anywhere: bool

    @classmethod
    def of(cls, wording: str) -> "Pattern":
        return cls(_run(wording), tuple(_words(wording)), bool(UNSPACED_CHARACTER.search(wording)))


@dataclass
class Text:
    """A text, cut once, from which wordings are taken as they are found."""

    run: str
    words: list[str]

    @classmethod
    def of(cls, markup: str) -> "Text":
        """The words of HTML, without its tags and without the codes of citations."""
        plain = html.unescape(TAG.sub(" ", CITATION.sub(" ", markup)))
        return cls(_run(plain), _words(plain))

    def has(self, pattern: Pattern) -> bool:
        """Whether the wording stands here."""
        return pattern.text in self.run if pattern.anywhere else bool(self._places(pattern))

    def take(self, pattern: Pattern) -> bool:
        """As `has`; the wording is then taken out, so that shorter ones do not find parts of it."""
        if not self.has(pattern):
            return False
        if pattern.anywhere:
            self.run = self.run.replace(pattern.text, "\n")
        for start in self._places(pattern):
            self.words[start : start + len(pattern.words)] = [""] * len(pattern.words)
        return True

    def _places(self, pattern: Pattern) -> list[int]:
        size = len(pattern.words)
        starts = range(len(self.words) - size + 1) if size else ()
        return [start for start in starts if tuple(self.words[start : start + size]) == pattern.words]


def len_of(pattern: Pattern) -> int:
    """By what the longer of two wordings is told."""
    return len(pattern.text)


def _words(text: str) -> list[str]:
    return [singular(word) for word in terms_of(text, stemmed=False)]


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """The word without the ending of an English plural, if it has one: duties, taxes, chargebacks."""
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "zes", "ches", "shes")) else word[:-1]


def _run(text: str) -> str:
    """Folded and without spaces, which a line break may have put between two characters of a word."""
    return GAP.sub("", fold(text))


@dataclass(frozen=True)
class Wording:
    """A term in one language, with everything that is compared."""

    term: str
    note: str
    preferred: str
    accepted: tuple[str, ...]
    forbidden: tuple[str, ...]
    sources: tuple[Pattern, ...] = field(repr=False)
    good: tuple[Pattern, ...] = field(repr=False)
    bad: tuple[tuple[str, Pattern], ...] = field(repr=False)


class Glossary:
    """The terms that have a wording in one language.

    Args:
        language: the language translated into, as in the settings.
    """

    def __init__(self, language: str) -> None:
        rows = TermWording.objects.filter(language=language).select_related("term").order_by(Lower("term__name"))
        self.wordings = [_wording(row.term, row) for row in rows]
        self._by_first_word: dict[str, list[tuple[Pattern, Wording]]] = defaultdict(list)
        for wording in self.wordings:
            for pattern in wording.sources:
                if pattern.words:
                    self._by_first_word[pattern.words[0]].append((pattern, wording))
        # The longest first, so that a part of a longer wording is not taken for a wording.
        self._good = sorted((pattern for one in self.wordings for pattern in one.good), key=len_of, reverse=True)
        bad = [(written, pattern, one) for one in self.wordings for written, pattern in one.bad]
        self._bad = sorted(bad, key=lambda found: len_of(found[1]), reverse=True)

    def terms_in(self, sources: Iterable[str]) -> list[Wording]:
        """The wordings of the terms that occur in any of the sources (HTML), in the order of the glossary."""
        found = {wording.term for source in sources for wording in self._in_source(source)}
        return [wording for wording in self.wordings if wording.term in found]

    def check(self, source: str, target: str) -> list[Hint]:
        """What the translation `target` of `source` (both HTML) says against the glossary.

        A forbidden variant is one wherever it stands, but for where it is part of a wording that is wanted. A wording
        is missed where the source has its term and the target has none of the good ones.
        """
        if not self.wordings:
            return []
        text = Text.of(target)
        used = {wording.term for wording in self.wordings if any(text.has(pattern) for pattern in wording.good)}
        for pattern in self._good:
            text.take(pattern)
        hints = [
            Hint(wording.term, Fault.FORBIDDEN, wording.preferred, written)
            for written, pattern, wording in self._bad
            if text.take(pattern)
        ]
        told = {hint.term for hint in hints}
        missing = [wording for wording in self._in_source(source) if wording.term not in used | told]
        return hints + [Hint(wording.term, Fault.MISSING, wording.preferred) for wording in missing]

    def _in_source(self, source: str) -> list[Wording]:
        text = Text.of(source)
        near = [pair for word in dict.fromkeys(text.words) for pair in self._by_first_word.get(word, ())]
        near.sort(key=lambda pair: len_of(pair[0]), reverse=True)  # “conversion rate” before “conversion”
        found = {wording.term: wording for pattern, wording in near if text.take(pattern)}
        return list(found.values())


def _wording(term: Term, row: TermWording) -> Wording:
    good, bad = row.good, row.bad
    return Wording(
        term=term.name,
        note=term.note,
        preferred=good[0],
        accepted=tuple(good[1:]),
        forbidden=tuple(bad),
        sources=tuple(Pattern.of(spelling) for spelling in term.spellings),
        good=tuple(Pattern.of(wording) for wording in good),
        bad=tuple((wording, Pattern.of(wording)) for wording in bad),
    )
