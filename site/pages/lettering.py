"""Setting a line or a title in the typefaces of `pages/fonts`: which face has a sign, and where lines break.

Pillow draws with its plain layout, which is the same on every machine; what that layout cannot do for Arabic, two small
libraries do before it (docs/decisions/0021).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path

import budoux
import rjieba
from arabic_reshaper import reshape
from bidi import get_display
from PIL import ImageDraw, ImageFont

FONTS = Path(__file__).with_name("fonts")
SERIF, CHINESE, JAPANESE, ARABIC = "serif.ttf", "sans-sc.otf", "sans-jp.otf", "sans-arabic.ttf"
# The faces that a title is set in, in the order in which they are asked for a sign.
TITLE_FACES = {
    "zh-hans": (CHINESE, JAPANESE, ARABIC),
    "ja": (JAPANESE, CHINESE, ARABIC),
    "ar": (ARABIC, CHINESE, JAPANESE),
}
OTHER_TITLE_FACES = (SERIF, CHINESE, JAPANESE, ARABIC)
OTHER_FACES = (CHINESE, JAPANESE, ARABIC)

NO_SIGN = "\U0010ffff"
ELLIPSIS = "…"
A_LITTLE_SMALLER = 0.84
ARABIC_SIGN = re.compile("[\u0600-\u06ff]")
IDEOGRAPHS, KANA = "\u3400-\u9fff", "\u3041-\u30ff"
PAUSES = "、。，：；！？"
TRADE_WORDS = ("达人", "带货", "断流", "直播间")  # newer than the dictionary for Chinese
PARTICLES = ("的", "了", "着", "过", "们")  # each clings to the word before it
CLOSING = (
    "、。，．,.・：；:;？！?!）］｝」』】〉》〕”’)]}…—ー゛゜々ゝゞヽヾ％%ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
OPENING = "（［｛「『【〈《〔“‘([{"
LATIN_RUN = re.compile(r"[0-9A-Za-z.,'’&%+/-]")


@dataclass(frozen=True)
class Style:
    """How text is set: its faces in the order in which they are asked for a sign, and its size in pixels."""

    faces: tuple[str, ...]
    size: int

    def runs(self, line: str) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        """The line from left to right as it is seen, in parts of one face each."""
        for face, signs in groupby(seen(line), self._face_of):
            yield "".join(signs), font(face, self.size)

    def _face_of(self, sign: str) -> str:
        return next((face for face in self.faces if has_glyph(face, sign)), self.faces[0])

    def width(self, line: str) -> float:
        """How wide the line is, in pixels."""
        return sum(face.getlength(part) for part, face in self.runs(line))

    def draw(self, pen: ImageDraw.ImageDraw, place: tuple[float, float], line: str, ink: str) -> None:
        """Draws the line; `place` is its left end on the baseline."""
        x, baseline = place
        for part, face in self.runs(line):
            pen.text((x, baseline), part, ink, face, anchor="ls")
            x += face.getlength(part)


@lru_cache(maxsize=64)
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A face at a size."""
    return ImageFont.truetype(FONTS / face, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def has_glyph(face: str, sign: str) -> bool:
    """Whether the face has a sign of its own for it, rather than its box for what is missing."""
    probe = font(face, 24)
    return bytes(probe.getmask(sign)) != bytes(probe.getmask(NO_SIGN))


def seen(line: str) -> str:
    """The line in the order in which its signs stand on paper, Arabic letters joined."""
    return str(get_display(reshape(line))) if ARABIC_SIGN.search(line) else line


# --- Lines ------------------------------------------------------------------------------------------------------


def set_title(
    title: str, styles: Sequence[Style], width: float, height: float, leading: float
) -> tuple[Style, list[str]]:
    """The style that suits the title, and its lines there: large, but a little smaller for a line less.

    Args:
        title: one line of text.
        styles: from the largest to the smallest; where even that is too large, the title is cut with "…".
        width: of a line, in pixels.
        height: of all lines together, in pixels.
        leading: from line to line, as a share of the size.
    """
    fitting = []
    for style in styles:
        lines = broken(phrases(title), style, width)
        if len(lines) * style.size * leading <= height and all(style.width(line) <= width for line in lines):
            fitting.append((style, lines))
    if not fitting:
        return styles[-1], cut(title, styles[-1], width, int(height / (styles[-1].size * leading)))
    least = fitting[0][0].size * A_LITTLE_SMALLER
    return min(fitting, key=lambda found: (len(found[1]) if found[0].size >= least else 99, -found[0].size))


def cut(title: str, style: Style, width: float, most: int) -> list[str]:
    """As much of the title as goes into `most` lines, with "…" for the rest; what is wider than a line is divided."""
    for end in range(len(title), 0, -1):
        rest = ELLIPSIS if end < len(title) else ""
        parts = phrases(title[:end].rstrip(f" {CLOSING}{OPENING}") + rest) if rest else phrases(title)
        narrow = [piece for part in parts for piece in ([part] if style.width(part) <= width else divided(part))]
        lines = broken(narrow, style, width)
        if len(lines) <= most:
            return lines
    return [ELLIPSIS]


def broken(parts: Sequence[str], style: Style, width: float) -> list[str]:
    """The parts in as few lines as the width allows, as even as can be; a part that is wider has a line of its own."""

    @cache
    def line(first: int, last: int) -> tuple[str, float]:
        text = "".join(parts[first:last]).strip()
        return text, style.width(text)

    @cache
    def best(first: int) -> tuple[int, float, tuple[int, ...]]:
        """The lines from a part on: their number, their unevenness, and the parts at which they end."""
        if first == len(parts):
            return 0, 0, ()
        found = []
        for last in range(first + 1, len(parts) + 1):
            space = width - line(first, last)[1]
            if space < 0 and last > first + 1:
                break
            number, unevenness, ends = best(last)
            found.append((number + 1, unevenness + space * space, (last, *ends)))
        return min(found)

    ends = [0, *best(0)[2]]
    return [line(first, last)[0] for first, last in pairwise(ends)]


def phrases(title: str) -> list[str]:
    """The parts between which a line may break: words, and in Japanese the phrases that belong together."""
    clauses = re.split(f"(?<=[{PAUSES}])|(?<=\\s)", title)
    is_japanese = bool(re.search(f"[{KANA}]", title))
    return _joined([part for clause in clauses if clause for part in _parts_of(clause, is_japanese)])


def _parts_of(clause: str, is_japanese: bool) -> list[str]:
    if not re.search(f"[{KANA}{IDEOGRAPHS}]", clause):
        return [clause]
    return _japanese().parse(clause) if is_japanese else _chinese().cut(clause)


def divided(text: str) -> list[str]:
    """The single signs of the text, together only where a line must not break between them."""
    parts = _joined(list(text))
    return parts if len(parts) > 1 else list(text)


def _joined(parts: list[str]) -> list[str]:
    """The parts, without a break before closing signs, after opening ones, or inside a foreign word or number."""
    joined: list[str] = []
    for part in parts:
        if joined and _sticks(joined[-1], part):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _sticks(before: str, after: str) -> bool:
    if before[-1].isspace():
        return before[-2:-1].isdigit() and bool(re.match(f"[{IDEOGRAPHS}]", after))  # a number and what it counts
    is_foreign = LATIN_RUN.match(before[-1]) and LATIN_RUN.match(after[0])
    return bool(is_foreign) or after[0] in CLOSING or after[0].isspace() or before[-1] in OPENING or after in PARTICLES


@lru_cache(maxsize=1)
def _japanese() -> budoux.Parser:
    return budoux.load_default_japanese_parser()


@lru_cache(maxsize=1)
def _chinese() -> rjieba.Jieba:
    cutter = rjieba.Jieba()
    for word in TRADE_WORDS:
        cutter.add_word(word, 10_000, "n")
    return cutter
