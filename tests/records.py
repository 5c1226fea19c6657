"""Figures for tests: found by key, and published with other values."""

from typing import Any

from evidence.models import Figure


def figure(key: str = "chargebacks", language: str = "en") -> Figure:
    return Figure.objects.get(slug=key, locale__language_code=language)


def publish(record: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save_revision().publish()
