"""The score in words: what is the same in every rubric, in the active language."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from suitability.assessment import MAX_MARKETS, Fault, Mistake
from suitability.scoring import STABLE_FROM, Verdict

VERDICTS: Mapping[Verdict, Any] = {
    Verdict.STRONG: gettext_lazy("Strong"),
    Verdict.PROMISING: gettext_lazy("Promising"),
    Verdict.CONDITIONAL: gettext_lazy("Conditional"),
    Verdict.POOR: gettext_lazy("Poor"),
    Verdict.NOT_SELLABLE: gettext_lazy("Not sellable"),
}
MEANINGS: Mapping[Verdict, Any] = {
    Verdict.STRONG: gettext_lazy("Little stands in the way: plan a first show."),
    Verdict.PROMISING: gettext_lazy("Worth a small test, once the weakest points below are dealt with."),
    Verdict.CONDITIONAL: gettext_lazy("Only if what holds it back can be changed: start there, not with a show."),
    Verdict.POOR: gettext_lazy("Another product, or another way to sell this one, will serve you better."),
    Verdict.NOT_SELLABLE: gettext_lazy("A rule forbids the sale, whatever the score."),
}
MARKS: Mapping[Verdict, str] = {
    Verdict.STRONG: "●●●●",
    Verdict.PROMISING: "●●●○",
    Verdict.CONDITIONAL: "●●○○",
    Verdict.POOR: "●○○○",
    Verdict.NOT_SELLABLE: "×",
}
FAULTS: Mapping[Fault, Any] = {
    Fault.MISSING: gettext_lazy("A level is missing. Give one from 0 to 4, or say that it is unknown."),
    Fault.UNKNOWN_CRITERION: gettext_lazy("There is no such criterion."),
    Fault.NOT_A_LEVEL: gettext_lazy("A level is a whole number from 0 to 4."),
    Fault.UNKNOWN_CATEGORY: gettext_lazy("There is no such category."),
    Fault.UNKNOWN_MARKET: gettext_lazy("There is no such market."),
    Fault.REPEATED_MARKET: gettext_lazy("A market stands twice."),
    Fault.NOT_A_SEED: gettext_lazy("A seed is a whole number from 0 up."),
    Fault.NOT_AN_AMOUNT: gettext_lazy("Write a number from 0 up, such as 12.50."),
    Fault.UNKNOWN_CURRENCY: gettext_lazy("There is no such currency here."),
}
SHOWN = 40


def mistake_text(mistake: Mistake) -> str:
    """What is wrong and how to mend it, with the value as given."""
    if mistake.fault == Fault.TOO_MANY_MARKETS:
        text = ngettext("Choose at most %(number)s market.", "Choose at most %(number)s markets.", MAX_MARKETS)
        return text % {"number": MAX_MARKETS}
    text = str(FAULTS[mistake.fault])
    value = "" if mistake.value is None else str(mistake.value)
    if not value:
        return text
    shown = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    return _("%(problem)s It says “%(value)s”.") % {"problem": text, "value": shown}


def robustness_text(weights: float, ratings: float) -> str:
    """How sure the verdict is, in one or two sentences."""
    shares = {"weights": f"{math.floor(weights * 100 + 1e-9)}%", "ratings": f"{math.floor(ratings * 100 + 1e-9)}%"}
    if min(weights, ratings) < STABLE_FROM:
        return (
            _(
                "The verdict is unstable: it holds in %(weights)s of 1,000 trials with other weights, and in "
                "%(ratings)s of 1,000 trials in which answers are off by one level. Check the answers you were least "
                "sure of."
            )
            % shares
        )
    return (
        _(
            "The verdict is stable: it holds in %(weights)s of 1,000 trials with other weights, and in %(ratings)s of "
            "1,000 trials in which answers are off by one level."
        )
        % shares
    )
