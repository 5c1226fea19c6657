"""Text as the search compares it: without width, case, accents, kana width, and the two ways to write Chinese."""

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

# The voicing marks of kana tell words apart (かき, かぎ); every other mark is dropped like an accent.
VOICING_MARKS = "\u3099\u309a"
HALFWIDTH_VOICING_MARKS = "\uff9e\uff9f"
JAMO = "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"
# Vowel signs and the hamza on a letter are marks. That leaves the stretching sign, and ة and ى, often typed ه and ي.
ARABIC = {"\u0640": "", "\u0629": "\u0647", "\u0649": "\u064a"}
HAN = (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)


@dataclass(frozen=True)
class Folded:
    """`text` is folded; its character number i comes from the original's characters `starts[i]` to `ends[i]`."""

    text: str
    starts: list[int]
    ends: list[int]


def fold(text: str) -> str:
    """The text in the form in which it is indexed and looked for.

    Unicode's compatibility form (NFKC), case folded, without accents, with full-width kana, traditional Chinese
    characters as simplified ones, and Arabic without stretching and with one form of its final letters; each character
    by itself.
    """
    if text.isascii():
        return text.lower()
    return "".join([_fold_cluster(cluster) for cluster in _clusters().findall(text)])


def fold_with_places(text: str) -> Folded:
    """As `fold`, and where each character of the result stands in the original: for showing what was found."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _clusters().finditer(text):
        folded = _fold_cluster(match.group())
        parts.append(folded)
        starts += [match.start()] * len(folded)
        ends += [match.end()] * len(folded)
    return Folded("".join(parts), starts, ends)


@lru_cache(maxsize=50_000)
def _fold_cluster(cluster: str) -> str:
    """One character with the marks that belong to it."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", cluster).casefold())
    kept = "".join(char for char in plain if unicodedata.category(char) not in _MARKS or char in VOICING_MARKS)
    return unicodedata.normalize("NFC", kept).translate(_alike())


_MARKS = {"Mn", "Me"}


@lru_cache(maxsize=1)
def _clusters() -> re.Pattern[str]:
    """A character with its marks, or a run of Hangul's parts, which combine to syllables."""
    points = range(sys.maxunicode + 1)
    marks = [point for point in points if unicodedata.category(chr(point)) in _MARKS]
    ranges: list[list[int]] = []
    for point in marks:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    follow = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + HALFWIDTH_VOICING_MARKS
    return re.compile(f"[{JAMO}]+[{follow}]*|.[{follow}]*", re.DOTALL)


@lru_cache(maxsize=1)
def _alike() -> dict[int, str]:
    """What a character is compared as: a traditional Chinese one by the tables of OpenCC, and Arabic letters."""
    convert = OpenCC("t2s").convert
    characters = [chr(point) for first, last in HAN for point in range(first, last + 1)]
    # One to a line, so that no table of phrases comes into play.
    simplified = convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simplified, strict=True)
    found = {ord(before): after for before, after in pairs if before != after and len(after) == 1}
    return found | {ord(before): after for before, after in ARABIC.items()}
