"""How far a statement is known to be true: the five words that every page of the guide uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """A status word; its label is in the reader's language, its mark needs no colour."""

    SUPPORTED = "supported", _("Supported")
    DISPUTED = "disputed", _("Disputed")
    OUTDATED = "outdated", _("Outdated")
    UNVERIFIED = "unverified", _("Unverified")
    ASSUMPTION = "assumption", _("Assumption")

    @classmethod
    def of(cls, value: str | None) -> "Status | None":
        """The status with this value; None for a draft that has none yet."""
        return cls(value) if value in cls.values else None

    @property
    def mark(self) -> str:
        """One sign that tells the status apart in black and white."""
        return MARKS[self.value]

    @property
    def meaning(self) -> str:
        """One sentence for readers, in the active language."""
        return str(MEANINGS[self.value])


MARKS = {
    "supported": "✓",
    "disputed": "≠",
    "outdated": "↺",
    "unverified": "?",
    "assumption": "~",
}
MEANINGS = {
    "supported": _("An independent source says the same."),
    "disputed": _("Sources disagree, or the definition decides the number."),
    "outdated": _("It was true once and no longer is."),
    "unverified": _("Nothing independent was found: read it as an illustration, never as a result."),
    "assumption": _("An input to replace with your own."),
}
