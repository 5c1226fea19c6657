"""Pairs the sentences of a translation with those of its source, as wagtail-localize cuts both."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from django.db import models
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from contentfiles.documents import Document, Problem

TOOL_NAME = "content files"
LINK_ID = re.compile(r'<a id="(a\d+)">')

Pairs = dict[tuple[str, int], str]


def pair_segments(source: models.Model, wording: models.Model, document: Document) -> tuple[Pairs, list[Problem]]:
    """The wording for each segment of the source, by the segment's path and order.

    Args:
        source: the object in the source language.
        wording: a copy of it, in memory, with the fields of the translation.
        document: the file of the translation, for its problems.
    """
    pairs: Pairs = {}
    problems: list[Problem] = []
    for ours, theirs in zip_longest(_strings(source), _strings(wording)):
        if ours is None or theirs is None or ours.path != theirs.path:
            place = _shorten(str((ours or theirs).string.data))
            message = f"The paragraphs and list items differ from the source: see “{place}”."
            problems.append(document.problem(_line(document, theirs or ours), message))
            break
        try:
            text = with_links_of(ours, theirs)
        except LookupError:
            message = f"The links differ from those of the source paragraph “{_shorten(ours.string.data)}”."
            problems.append(document.problem(_line(document, theirs), message))
            continue
        pairs[(ours.path, ours.order)] = text
    problems += _contradictions(source, pairs, document)
    return pairs, problems


def _strings(obj: models.Model) -> Iterator[StringSegmentValue]:
    return (segment for segment in extract_segments(obj) if isinstance(segment, StringSegmentValue))


def with_links_of(ours: StringSegmentValue, theirs: StringSegmentValue) -> str:
    """The translated string with its links numbered as in the source, in any order. LookupError if they differ."""
    text: str = theirs.string.data
    wanted = dict(ours.attrs or {})
    names = {}
    for name in LINK_ID.findall(text):
        attributes = (theirs.attrs or {}).get(name)
        match = next((number for number, attrs in wanted.items() if attrs == attributes), None)
        if match is None:
            raise LookupError(name)
        del wanted[match]
        names[name] = match
    if wanted:
        raise LookupError(next(iter(wanted)))
    return LINK_ID.sub(lambda found: f'<a id="{names[found[1]]}">', text)


def _contradictions(source: models.Model, pairs: Pairs, document: Document) -> list[Problem]:
    """One source string in one block has one translation only: that is how they are stored."""
    seen: dict[tuple[str, str], str] = {}
    problems = []
    for segment in _strings(source):
        text = pairs.get((segment.path, segment.order))
        if text is None:
            continue
        known = seen.setdefault((segment.path, segment.string.data), text)
        if known != text:
            message = f"“{_shorten(segment.string.data)}” stands twice in one block and is translated in two ways."
            problems.append(document.problem(document.kind_line, message))
    return problems


def _line(document: Document, segment: Any) -> int:
    """The line of the paragraph, found by its first words; the start of the file when they are not found."""
    words = re.sub(r"<[^>]+>", "\0", str(segment.string.data)).split("\0")
    longest = max(words, key=len)[:20].strip()
    for number, line in enumerate(document.text.splitlines(), 1):
        if longest and longest in line:
            return number
    return document.kind_line


def _shorten(text: str) -> str:
    plain = re.sub(r"<[^>]+>", "", text)
    return plain if len(plain) <= 50 else f"{plain[:50]}…"
