"""The columns of a table of products: what each may be called, and which of a file's columns is which."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy

from suitability.rubrics import Edition
from suitability.tables import TableError

NAME, CATEGORY, MARKETS, CURRENCY, WEIGHT = "name", "category", "markets", "currency", "weight_kg"
AMOUNTS: Mapping[str, str] = {
    WEIGHT: "weight",
    "price": "price",
    "shipping": "shipping",
    "duty": "duty",
    "fees": "fees",
    "euro": "euro",
}
HEADINGS: Mapping[str, Any] = {
    NAME: pgettext_lazy("column of a file", "name"),
    CATEGORY: pgettext_lazy("column of a file", "category"),
    MARKETS: pgettext_lazy("column of a file", "markets"),
    WEIGHT: pgettext_lazy("column of a file", "weight_kg"),
    "price": pgettext_lazy("column of a file", "price"),
    "shipping": pgettext_lazy("column of a file", "shipping"),
    "duty": pgettext_lazy("column of a file", "duty"),
    "fees": pgettext_lazy("column of a file", "fees"),
    CURRENCY: pgettext_lazy("column of a file", "currency"),
    "euro": pgettext_lazy("column of a file", "euro"),
}
ALIASES: Mapping[str, str] = {"weight": WEIGHT, "market": MARKETS}
ANSWERS: Sequence[Any] = (
    pgettext_lazy("column of a file", "score"),
    pgettext_lazy("column of a file", "low"),
    pgettext_lazy("column of a file", "high"),
    pgettext_lazy("column of a file", "verdict"),
    pgettext_lazy("column of a file", "verdict_key"),
    pgettext_lazy("column of a file", "why"),
    pgettext_lazy("column of a file", "next_steps"),
)
PROBLEM = pgettext_lazy("column of a file", "problem")
SHOWN = 60
LONGEST_NAME = 200


@dataclass(frozen=True)
class Columns:
    """What a file's columns hold.

    `width` is that of the header; of these the first `kept` are the sender's, and the rest, if any, are the answers of
    an earlier run. `places` says where each field stands, `ignored` which names mean nothing here.
    """

    header: Sequence[str]
    kept: int
    places: Mapping[str, int]
    ignored: Sequence[str]

    @property
    def width(self) -> int:
        return len(self.header)

    def name(self, field: str, otherwise: str) -> str:
        """What the file calls a field; `otherwise` where it has no such column."""
        place = self.places.get(field)
        return shortened(otherwise if place is None else self.header[place])


class Vocabulary:
    """What columns may be called: by key, or by name in any language of the rubric, however it is written."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self.unknown = {"?"}
        self._fields: dict[str, set[str]] = {}
        self._answers: list[set[str]] = [set() for _name in ANSWERS]
        self._problem: set[str] = set()
        for alias, field in ALIASES.items():
            self._learn(alias, field)
        for language in edition.data["words"]:
            with override(language):
                self._learn_language(edition)

    def _learn_language(self, edition: Edition) -> None:
        names = {key: words.name for key, words in edition.words().criteria.items()} | dict(HEADINGS)
        for field, name in names.items():
            self._learn(field, field)
            self._learn(str(name), field)
        for known, name in zip(self._answers, ANSWERS, strict=True):
            known.add(plain(str(name)))
        self._problem.add(plain(str(PROBLEM)))
        self.unknown.add(plain(_("unknown")))

    def _learn(self, name: str, field: str) -> None:
        self._fields.setdefault(plain(name), set()).add(field)

    def knows(self, name: str) -> bool:
        """Whether a column of this name means something."""
        return len(name) <= LONGEST_NAME and plain(name) in self._fields

    def heading(self, field: str) -> str:
        """What to call a column in the active language: its name, or its key where the name is another's too."""
        name = str(HEADINGS.get(field) or self._edition.words().criteria[field].name)
        return name if self._fields[plain(name)] == {field} else field

    def columns(self, header: Sequence[str]) -> Columns:
        """The columns of a header.

        Raises:
            TableError: nothing is known, a column stands twice, or its name can mean two things.
        """
        kept = self._kept(header)
        places: dict[str, int] = {}
        ignored = []
        for place, name in enumerate(header[:kept]):
            fields = self._fields.get(plain(name), set())
            if len(fields) > 1:
                choices = " / ".join(self.heading(field) for field in sorted(fields))
                message = _("The column “%(name)s” can mean two things. Call it one of these: %(choices)s.")
                raise TableError(message % {"name": shortened(name), "choices": choices})
            for field in fields:
                if field in places:
                    message = _("The columns “%(first)s” and “%(second)s” are the same. Keep one of them.")
                    names = {"first": shortened(header[places[field]]), "second": shortened(name)}
                    raise TableError(message % names)
                places[field] = place
            if name and not fields:
                ignored.append(shortened(name))
        if CATEGORY not in places and not places.keys() & self._edition.words().criteria.keys():
            message = _(
                "The first line names no column that can be scored: a category or a criterion. It says: %(line)s"
            )
            raise TableError(message % {"line": shortened(", ".join(filter(None, header))) or "–"})
        return Columns(header, kept, places, ignored)

    def _kept(self, header: Sequence[str]) -> int:
        """The width of a header without the answers of an earlier run at its end."""
        names = [plain(name) for name in header]
        if not names or names[-1] not in self._problem:
            return len(names)
        end, size = len(names) - 1, len(ANSWERS)
        while end >= size and all(map(_ends_with, names[end - size : end], self._answers)):
            end -= size
        return end if end < len(names) - 1 else len(names)


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """A name as it is compared: without regard to case, width, spaces and underscores."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").replace("\ufeff", "").split())


def shortened(text: str) -> str:
    """A name from a file, fit to be quoted."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: SHOWN + 1]).strip()
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"


def _ends_with(name: str, endings: set[str]) -> bool:
    return any(name == ending or name.endswith(f" {ending}") for ending in endings)
