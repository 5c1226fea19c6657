"""How a text names a record: `figure:chargebacks`, `figure:chargebacks/article`, `rule:eu-gpsr/from`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FIGURE, RULE = "figure", "rule"
PARTS = {FIGURE: ("", "number", "article", "note"), RULE: ("", "from", "until")}
CODE = re.compile(r"(figure|rule):([a-z0-9]+(?:-[a-z0-9]+)*)(?:/([a-z]+))?")  # plain text may run a word into it


@dataclass(frozen=True)
class Code:
    """Names one record and, in `part`, what of it is shown: "" is the value of a figure, the mark alone of a rule."""

    kind: str
    key: str
    part: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def name(self) -> str:
        """Key and part, as they stand in rich text: `chargebacks/article`."""
        return f"{self.key}/{self.part}" if self.part else self.key

    @property
    def record(self) -> "Code":
        """The record as a whole."""
        return Code(self.kind, self.key)

    @property
    def mark(self) -> "Code":
        """The record's note alone, without a value."""
        return Code(self.kind, self.key, "note" if self.kind == FIGURE else "")

    @classmethod
    def parse(cls, text: str) -> "Code | None":
        """The code that `text` is; None when it is none, or names a part that its kind does not have."""
        found = CODE.fullmatch(str(text))
        if not found or (found[3] or "") not in PARTS[found[1]]:
            return None
        return cls(found[1], found[2], found[3] or "")


def codes_in(text: str) -> Iterator[Code]:
    """All codes in rich text, or in the raw data of a stream, in the order they stand."""
    for found in CODE.finditer(text):
        if (found[3] or "") in PARTS[found[1]]:
            yield Code(found[1], found[2], found[3] or "")
