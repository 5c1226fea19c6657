"""Texts of the site that type a recorded number instead of citing it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import get_text_for_indexing

from contentfiles.fields import fields_of, loadable_models
from evidence.codes import CODE, Code, codes_in
from evidence.prose import Known, Repeated, repeated_numbers
from evidence.records import Records, records
from evidence.units import Unit
from evidence.use import Use, use_of

EXAMPLE = "example"  # the kind of callout whose numbers are invented
TOLD_BY_ENDS = (Unit.PERCENT, Unit.USD_BILLION, Unit.EUR, Unit.GBP, Unit.JPY)  # “seven days” means many things
PASSED_OVER = (Unit.SHOWS,)  # “one show” is too common to be told from the figure


@dataclass(frozen=True)
class Repeat:
    """One typed number: where it stands, how it is written, and what would cite it."""

    use: Use
    text: str
    code: str


def numbers_of(known: Records) -> list[Known]:
    """The numbers that no text should type."""
    found = []
    for figure in known.figures.values():
        for part in ("", "article"):
            numbers = figure.numbers(part)
            if numbers and figure.unit and figure.unit not in PASSED_OVER:
                low, high, _bound = numbers
                code = f"{figure.code}/{part}" if part else str(figure.code)
                found.append(Known(figure.unit.value, low, low if high is None else high, code))
    return found


def ends_of(ranges: Iterable[Known]) -> list[Known]:
    """The ends of ranges: a text that cites 3–5% may not type 3% beside it. In other texts 3% can be anything."""
    return [
        Known(one.unit, end, end, one.code)
        for one in ranges
        if one.low != one.high and Unit(one.unit) in TOLD_BY_ENDS
        for end in (one.low, one.high)
    ]


def dates_of(known: Records) -> list[tuple[str, str]]:
    """The dates of rules as texts print them, in the active language, with their codes."""
    parts = ((rule, part, rule.text(part)) for rule in known.rules.values() for part in ("from", "until"))
    return [(text, f"{rule.code}/{part}") for rule, part, text in parts if text]


def repeated_in(thing: Any) -> list[Repeated]:
    """What one object types, in its own language."""
    language = thing.locale.language_code
    known = records(language)
    texts = list(texts_of(thing))
    cited = {code.record for text in texts for code in codes_in(text)}
    with override(language):
        numbers, dates = numbers_of(known), dates_of(known)
        numbers += ends_of(one for one in numbers if (code := Code.parse(one.code)) and code.record in cited)
        found = [one for text in texts for one in repeated_numbers(CODE.sub("", text), numbers, dates)]
    return list(dict.fromkeys(found))


def repeats() -> Iterator[Repeat]:
    """What the whole published site types, by object."""
    for name, model in loadable_models().items():
        if name in ("source", "figure"):
            continue
        query: Any = model._default_manager.select_related("locale")
        if any(field.name == "live" for field in model._meta.get_fields()):
            query = query.filter(live=True)
        for thing in query:
            for one in repeated_in(thing):
                yield Repeat(use_of(thing), one.text, one.code)


def texts_of(thing: Any) -> Iterator[str]:
    """All texts that an editor writes in an object, without markup; examples with invented numbers are left out."""
    for reader in fields_of(type(thing)).values():
        if not reader.translated:
            continue
        field = thing._meta.get_field(reader.name)
        value = getattr(thing, reader.name)
        if isinstance(field, StreamField):
            for block in value.raw_data:
                yield from _strings(block["value"])
        elif isinstance(field, RichTextField):
            yield get_text_for_indexing(value)
        else:
            yield str(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield get_text_for_indexing(value)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item["value"] if isinstance(item, dict) and "value" in item else item)
    elif isinstance(value, dict) and value.get("kind") != EXAMPLE:
        for item in value.values():
            yield from _strings(item)
