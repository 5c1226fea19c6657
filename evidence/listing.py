"""The lists that readers see: all figures, narrowed by plain links, and the timeline of rules."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from evidence.citations import known_records
from evidence.models import EvidencePage, PublishedValue
from evidence.records import Entry, FigureEntry, RuleEntry, records
from evidence.regions import region_name
from evidence.status import Status
from evidence.topics import Topic
from evidence.use import Use, live_uses
from pages.filters import Filter
from pages.llms import Link
from pages.markdown import markdown_address

PAGE_SIZE = 15


@dataclass(frozen=True)
class Shown:
    """A record with its history, the newest value first, and the pages that use it."""

    entry: Any
    history: list[PublishedValue]
    uses: list[Use]

    @property
    def earlier(self) -> list[PublishedValue]:
        """What it said before the value of today."""
        return self.history[1:]


def shown(entries: list[Any]) -> list[Shown]:
    """Records with history and uses; the same number of queries for one and for many."""
    history: dict[int, list[PublishedValue]] = {}
    for value in PublishedValue.objects.filter(figure__in=[entry.pk for entry in entries if entry.kind == "figure"]):
        history.setdefault(value.figure_id, []).append(value)
    uses = live_uses([entry.code for entry in entries])
    return [
        Shown(entry, history.get(entry.pk, []) if entry.kind == "figure" else [], uses[entry.code]) for entry in entries
    ]


def _filter(name: str, label: str, choices: list[tuple[str, str]], request: HttpRequest) -> Filter:
    return Filter(name, label, choices, request.GET)


def filters_of(entries: list[Any], request: HttpRequest) -> list[Filter]:
    """Status, topic and market: the choices that some of the records have."""
    statuses = {entry.status for entry in entries}
    topics = {entry.topic for entry in entries}
    regions = dict.fromkeys(sorted(entry.region for entry in entries))
    return [
        _filter("status", _("Status"), [(one.value, str(one.label)) for one in Status if one in statuses], request),
        _filter("topic", _("Topic"), [(one.value, str(one.label)) for one in Topic if one in topics], request),
        _filter("market", _("Market"), [(region, region_name(region)) for region in regions], request),
    ]


def matching(entries: list[Any], filters: list[Filter]) -> list[Any]:
    """The records that all filters let through."""
    values: dict[str, Callable[[Any], str]] = {
        "status": lambda entry: entry.status.value,
        "topic": lambda entry: entry.topic.value,
        "market": lambda entry: entry.region,
    }
    chosen = [(values[one.name], one.value) for one in filters if one.value]
    return [entry for entry in entries if all(read(entry) == value for read, value in chosen)]


def list_figures(request: HttpRequest) -> dict[str, Any]:
    """The context of the list: `filters`, `chosen`, `figures` (one page of it) and `shown` (with history and uses)."""
    entries: list[FigureEntry] = list(known_records().figures.values())
    filters = filters_of(entries, request)
    paged = Paginator(matching(entries, filters), PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "filters": filters,
        "chosen": [one for one in filters if one.value],
        "figures": paged,
        "shown": shown(list(paged.object_list)),
        "rules_count": len(known_records().rules),
    }


@dataclass(frozen=True)
class Moment:
    """One date on the timeline: a rule starts or ends."""

    date: str
    rule: RuleEntry
    is_end: bool

    @property
    def text(self) -> str:
        return self.rule.text("until" if self.is_end else "from")


@dataclass(frozen=True)
class Timeline:
    """The rules of one market or all: what is coming, the soonest first; what changed, the latest first; the rest."""

    coming: list[Moment]
    past: list[Moment]
    undated: list[RuleEntry]


def timeline(rules: list[RuleEntry], today: datetime.date | None = None) -> Timeline:
    """Every start and end of the rules on one line of time."""
    day = (today or timezone.localdate()).isoformat()
    moments = [Moment(rule.starts, rule, is_end=False) for rule in rules if rule.starts]
    moments += [Moment(rule.ends, rule, is_end=True) for rule in rules if rule.ends]
    moments.sort(key=lambda moment: (moment.date, moment.rule.key))
    return Timeline(
        coming=[moment for moment in moments if moment.date > day[: len(moment.date)]],
        past=[moment for moment in reversed(moments) if moment.date <= day[: len(moment.date)]],
        undated=[rule for rule in rules if not rule.starts and not rule.ends],
    )


def locations(language: str, **kwargs: Any) -> list[tuple[str, datetime.datetime | None]]:
    """The addresses of the timeline and of every record for the sitemap; none while the list is not published."""
    if not EvidencePage.objects.live().filter(locale__language_code=language).exists():
        return []
    with override(language):
        entries = records(language).entries
        return [(reverse("evidence-rules"), None), *((entry.url, entry.changed) for entry in entries)]


def for_programs(language: str, **kwargs: Any) -> list[Link]:
    """The timeline, the downloads and the calendar as /llms.txt lists them; none while the list is not published."""
    if not EvidencePage.objects.live().filter(locale__language_code=language).exists():
        return []
    rules = _("What changed and what is coming, market by market, with sources and dates.")
    return [
        Link(_("Rules a seller meets"), markdown_address(reverse("evidence-rules")), rules),
        Link(
            "figures.json",
            reverse("evidence-download", args=["json"]),
            _("All figures with value, status and sources."),
        ),
        Link("figures.csv", reverse("evidence-download", args=["csv"]), _("The same as a table.")),
        Link("rules.ics", reverse("evidence-calendar"), _("The dates of the rules for calendar programs.")),
    ]


def markets_of(rules: Sequence[Entry]) -> list[tuple[str, str]]:
    """The markets that have rules: code and name."""
    return [(region, region_name(region)) for region in dict.fromkeys(rule.region for rule in rules)]
