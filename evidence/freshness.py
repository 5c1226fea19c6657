"""How old the evidence is: what is overdue, due soon, without a source, disputed, or cited by nothing."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from evidence.records import records
from evidence.status import Status
from evidence.use import Use, all_uses_of
from pages.languages import full_languages

SOON = datetime.timedelta(days=60)


class Reason(models.TextChoices):
    """Why a record needs a look."""

    OVERDUE = "overdue", _("Overdue")
    DUE_SOON = "due-soon", _("Due within 60 days")
    UNSOURCED = "unsourced", _("Without a source")
    DISPUTED = "disputed", _("Disputed")
    UNCITED = "uncited", _("Cited by nothing")
    UNTRANSLATED = "untranslated", _("Not translated")


# What `manage.py check_evidence` refuses; the others are for an editor's judgement.
REFUSED = (Reason.OVERDUE, Reason.UNSOURCED, Reason.UNCITED)


@dataclass(frozen=True)
class Finding:
    """One record in one language with the reasons to look at it, and what cites it in that language."""

    entry: Any
    language: str
    reasons: tuple[Reason, ...]
    uses: tuple[Use, ...]


def findings(language: str = "", day: datetime.date | None = None) -> list[Finding]:
    """The published records that need a look, the most urgent first.

    Args:
        language: whose wording and whose uses count; by default the source language, uses in all, and whether any
            language lacks its wording.
        day: to be judged on, by default today.
    """
    found = list(_findings(language or settings.LANGUAGE_CODE, day or timezone.localdate(), bool(language)))
    order = list(Reason)
    return sorted(found, key=lambda one: (min(order.index(reason) for reason in one.reasons), one.entry.review_by))


def _findings(language: str, day: datetime.date, only_there: bool) -> Iterator[Finding]:
    languages = [language] if only_there else [code for code, _name in full_languages()]
    lacking = {entry.key for one in languages for entry in records(one).entries if entry.lang != one}
    with override(language):
        entries = records(language).entries
        uses = all_uses_of(entry.code for entry in entries)
        for entry in entries:
            reasons = tuple(_reasons(entry, day, bool(uses[entry.code]), entry.key not in lacking))
            if reasons:
                here = (use for use in uses[entry.code] if not only_there or use.language in ("", language))
                yield Finding(entry, language, reasons, tuple(here))


def _reasons(entry: Any, day: datetime.date, is_cited: bool, is_translated: bool) -> Iterator[Reason]:
    if entry.overdue_on(day):
        yield Reason.OVERDUE
    elif entry.review_by <= day + SOON:
        yield Reason.DUE_SOON
    if not entry.sources:
        yield Reason.UNSOURCED
    if entry.status == Status.DISPUTED:
        yield Reason.DISPUTED
    if not is_cited:
        yield Reason.UNCITED
    if not is_translated:
        yield Reason.UNTRANSLATED
