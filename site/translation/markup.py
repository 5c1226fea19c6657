"""Whether an answer of a translation service has the marks of its source: `<b>`, `<a id="a1">` and their like."""

import re
from collections import Counter

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from bs4.exceptions import ParserRejectedMarkup
from django.utils.translation import gettext as _
from wagtail_localize.strings import StringValue

# What stands in a link and is a code, not words: `figure:chargebacks`.
CODE = re.compile(r"[a-z]+:[a-z0-9][a-z0-9/-]*")


class UnfitAnswerError(Exception):
    """An answer that is not taken over; its message says why, in the editor's language."""


def fitting(source: str, answer: object) -> str:
    """The answer, tidied, when it may stand for `source`; codes inside links are as in the source again.

    Args:
        source: HTML of a segment, with ids in place of attributes.
        answer: whatever a service gave for it.

    Raises:
        UnfitAnswerError: it is no text, or its marks are not those of the source.
    """
    if not isinstance(answer, str) or not answer.strip():
        raise UnfitAnswerError(_("no answer came for it"))
    if len(answer) > 6 * len(source) + 200:
        raise UnfitAnswerError(_("the answer is far longer than the text"))
    if not _can_be_stored(answer):
        raise UnfitAnswerError(_("the answer holds characters that cannot be stored"))
    try:
        soup = BeautifulSoup(answer.strip(), "html.parser")
    except ParserRejectedMarkup as error:
        raise UnfitAnswerError(_("the answer cannot be read as HTML")) from error
    original = BeautifulSoup(source, "html.parser")
    before, after = _marks(original), _marks(soup)
    if lost := before - after:
        raise UnfitAnswerError(_("the answer lost %(marks)s") % {"marks": " ".join(lost.elements())})
    if gained := after - before:
        raise UnfitAnswerError(_("the answer added %(marks)s") % {"marks": " ".join(gained.elements())})
    for link in original.find_all("a", id=True):
        text = link.get_text()
        twin = soup.find("a", id=link["id"])
        if CODE.fullmatch(text) and isinstance(twin, Tag):
            twin.string = text
    if not soup.get_text().strip():
        raise UnfitAnswerError(_("no answer came for it"))
    try:
        return StringValue.from_translated_html(str(soup)).data
    except ValueError as error:
        raise UnfitAnswerError(str(error)) from error


def _marks(soup: BeautifulSoup) -> Counter[str]:
    """Each tag with its attributes, and each comment or declaration, as often as it stands."""
    found: Counter[str] = Counter()
    for element in soup.descendants:
        if isinstance(element, Tag):
            attributes = "".join(f' {name}="{value}"' for name, value in sorted(element.attrs.items()))
            found[f"<{element.name}{attributes}>"] += 1
        elif isinstance(element, PreformattedString):
            found["<!>"] += 1
    return found


def _can_be_stored(text: str) -> bool:
    """PostgreSQL takes no NUL, and nothing takes half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
