"""How long a text takes to read."""

import re

from django.utils.html import strip_tags

WORDS_PER_MINUTE = 220
CJK_CHARACTERS_PER_MINUTE = 450

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def minutes_to_read(html: str) -> int:
    """Whole minutes, at least 1. Chinese and Japanese are counted by the character, other scripts by the word.

    The speeds are common averages for adults reading on a screen, rounded down to leave time for tables.
    """
    text = strip_tags(html.replace("<", " <"))
    characters = len(CJK.findall(text))
    words = len(WORD.findall(CJK.sub(" ", text)))
    return max(1, round(words / WORDS_PER_MINUTE + characters / CJK_CHARACTERS_PER_MINUTE))
