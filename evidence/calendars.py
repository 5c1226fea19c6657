"""Rule changes as an iCalendar feed (RFC 5545), one for each market and one for all."""

import datetime
from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event
from wagtail.rich_text import get_text_for_indexing

from evidence.citations import cite_text, known_records
from evidence.codes import codes_in
from evidence.dates import first_day, last_day
from evidence.records import RuleEntry
from pages.languages import bcp47

FIRST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # for what was never published by hand or by loader
PRODUCT = "-//Crosscast//Rules a seller meets//EN"


def calendar_of(rules: Iterable[RuleEntry], name: str, base: str) -> bytes:
    """The feed.

    Args:
        rules: each gives an event for its start and one for its end, where it has them.
        name: of the calendar, in the active language.
        base: scheme and host, before the addresses of the rules.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", datetime.timedelta(days=1), parameters={"VALUE": "DURATION"})
    for rule in rules:
        for part, date in (("from", rule.starts), ("until", rule.ends)):
            if date:
                calendar.add_component(_event(rule, part, date, base))
    return bytes(calendar.to_ical())


def _changed(rule: RuleEntry) -> datetime.datetime:
    """When the rule, or a figure that it prints, was last published."""
    shown = [rule, *known_records().cited(codes_in(rule.citing_html))]
    return max((entry.changed for entry in shown if entry.changed), default=FIRST)


def _event(rule: RuleEntry, part: str, date: str, base: str) -> Event:
    """One all-day event; a date that is known to the month spans the month."""
    event = Event()
    changed = _changed(rule)
    titles = {"from": _("%(market)s: %(title)s (from %(date)s)"), "until": _("%(market)s: %(title)s (until %(date)s)")}
    event.add("uid", f"{rule.key}-{part}-{get_language()}@crosscast")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", int(changed.timestamp()) // 60)  # grows with each change, so that programs replace the event
    event.add("dtstart", first_day(date))
    event.add("dtend", last_day(date) + datetime.timedelta(days=1))
    event.add("summary", titles[part] % {"market": rule.place, "title": rule.title, "date": rule.text(part)})
    about = cite_text(get_text_for_indexing(rule.statement))
    sources = "; ".join(f"{source.title}, {source.publisher}" for source in rule.sources)
    standing = _("%(status)s, as of %(date)s.") % {"status": rule.status.label, "date": rule.as_of_text}
    advice = _("This describes a rule in outline. It is not legal advice.")
    event.add("description", "\n".join([about, standing, sources, advice]), parameters={"LANGUAGE": bcp47(rule.lang)})
    event.add("url", f"{base}{rule.url}")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [str(rule.topic.label)])
    return event
