"""How text is cut into terms: what the index holds and what a query asks for, by one set of rules.

Chinese, Japanese and Korean have no spaces between words, so there each character is a term, and a word of several is
a phrase: its characters one after the other. That finds a word anywhere, and nothing that only looks like it. In other
scripts a word is a term, in English by its stem.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from snowballstemmer import stemmer

from search.folding import fold, fold_with_places

# Longer texts are indexed up to here: PostgreSQL holds at most 1 MB for one object.
MAX_TERMS_OF_TEXT = 50_000
MAX_QUERY_LENGTH = 200
MAX_TERMS_OF_QUERY = 40

UNSPACED = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # kana
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
    "\uac00-\ud7a3\u1100-\u11ff"  # Hangul
)
TERM = re.compile(f"[{UNSPACED}]|[^\\W_{UNSPACED}]+")
QUOTED = re.compile(r'"([^"]*)"|(\S+)')
# Words that say nothing alone; a query keeps them only when it has no others.
STOP_TEXT = """
a an and are as at be by can do does for from has have how i if in is it its my of on or should so than that the their
then there these they this to was we what when where which who why will with you your
"""
STOP_WORDS = frozenset(STOP_TEXT.split())


@dataclass(frozen=True)
class Term:
    """One piece of a text or query: `text` is folded, `start` and `end` are places in the original."""

    text: str
    start: int
    end: int

    @property
    def is_unspaced(self) -> bool:
        return bool(re.match(f"[{UNSPACED}]", self.text))


@dataclass(frozen=True)
class Sought:
    """Terms that must follow each other: one word, or several characters of Chinese or Japanese, or a quotation."""

    terms: tuple[str, ...]
    is_unspaced: bool


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of an English word (Porter 2); words with other letters or digits stay as they are."""
    return _stem(word) if word.isascii() and word.isalpha() else word


_english: Any = stemmer("english")


def _stem(word: str) -> str:
    return str(_english.stemWord(word))


def terms_of(text: str, *, stemmed: bool = True) -> list[str]:
    """The terms of a text, in order, for the index; without stems for what is completed while typing."""
    found = TERM.findall(fold(text))[:MAX_TERMS_OF_TEXT]
    return [stem(term) for term in found] if stemmed else found


def terms_with_places(text: str) -> Iterator[Term]:
    """The terms of a text, stemmed, with their places in it."""
    folded = fold_with_places(text)
    for match in TERM.finditer(folded.text):
        yield Term(stem(match.group()), folded.starts[match.start()], folded.ends[match.end() - 1])


def sought(query: str, *, stemmed: bool = True) -> list[Sought]:
    """What a query asks for; every part must be found. Empty when there is nothing to look for.

    Spaces divide; so does the border between scripts, so that `Twitter直播` asks for both parts. What stands in
    quotation marks, or is joined by signs such as a hyphen, is looked for as it is written.
    """
    parts: list[Sought] = []
    for quoted, word in QUOTED.findall(query.replace("\x00", " ")[:MAX_QUERY_LENGTH]):
        pieces = TERM.findall(fold(quoted or word))
        parts += [Sought(tuple(pieces), _is_unspaced(pieces[0]))] if quoted and pieces else _runs(pieces)
    telling = [part for part in parts if not (len(part.terms) == 1 and part.terms[0] in STOP_WORDS)]
    found = _within(telling or parts)
    return [Sought(tuple(map(stem, part.terms)), part.is_unspaced) for part in found] if stemmed else found


def _within(parts: list[Sought]) -> list[Sought]:
    """As many as fit the bound, each once."""
    room = MAX_TERMS_OF_QUERY
    kept: list[Sought] = []
    for part in dict.fromkeys(parts):
        room -= len(part.terms)
        if room < 0:
            break
        kept.append(part)
    return kept or [Sought(part.terms[:MAX_TERMS_OF_QUERY], part.is_unspaced) for part in parts[:1]]


def _runs(pieces: list[str]) -> list[Sought]:
    """Pieces of one word, divided where the script changes."""
    runs: list[list[str]] = []
    for piece in pieces:
        if runs and _is_unspaced(runs[-1][0]) == _is_unspaced(piece):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return [Sought(tuple(run), _is_unspaced(run[0])) for run in runs]


def _is_unspaced(piece: str) -> bool:
    return re.match(f"[{UNSPACED}]", piece) is not None


def some_of(parts: list[Sought]) -> list[Sought]:
    """Smaller parts of a query that found nothing: single words, and pairs of Chinese or Japanese characters."""
    found: list[Sought] = []
    for part in parts:
        if part.is_unspaced and len(part.terms) > 2:
            found += [Sought(part.terms[i : i + 2], True) for i in range(len(part.terms) - 1)]
        elif part.is_unspaced:
            found.append(part)
        else:
            found += [Sought((term,), False) for term in part.terms]
    return list(dict.fromkeys(found))
