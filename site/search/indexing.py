"""What both indexes hold: the same fields as Wagtail's own, cut into terms."""

from collections.abc import Iterator
from typing import Any

from modelsearch.index import AutocompleteField, RelatedFields, SearchField

from search.terms import terms_of


def parts_of(obj: Any) -> Iterator[tuple[str, str]]:
    """The texts of an object with the column each belongs to: `title`, `body` or `autocomplete`.

    Fields called title, and those that a model gives a boost above one, count as titles.
    """
    for field in obj.get_search_fields():
        yield from _parts(obj, field)


def _parts(obj: Any, field: Any) -> Iterator[tuple[str, str]]:
    if isinstance(field, SearchField):
        is_title = field.field_name == "title" or (field.boost or 0) > 1
        yield ("title" if is_title else "body"), _text(field.get_value(obj))
    elif isinstance(field, AutocompleteField):
        yield "autocomplete", _text(field.get_value(obj))
    elif isinstance(field, RelatedFields):
        related = field.get_value(obj)
        related = related() if callable(related) and not hasattr(related, "all") else related
        for one in related.all() if hasattr(related, "all") else [related] if related is not None else []:
            for inner in field.fields:
                yield from _parts(one, inner)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return " ".join(_text(one) for one in value)
    return "" if value is None else str(value)


def columns_of(obj: Any) -> dict[str, list[str]]:
    """The terms of an object for each column, in order."""
    columns: dict[str, list[str]] = {"title": [], "body": [], "autocomplete": []}
    for column, text in parts_of(obj):
        columns[column] += terms_of(text, stemmed=column != "autocomplete")
    return columns
