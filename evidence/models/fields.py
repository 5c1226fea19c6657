"""Fields that records share: dates known to the day or less, numbers as they were written."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail_localize.fields import SynchronizedField

from evidence.dates import check_partial_date

KEY_STAYS = _("Texts name this by its key, so it never changes.")


class PartialDateField(models.CharField):  # type: ignore[type-arg]  # generic for the type checker only
    """A date known to the day, the month or the year; see `evidence.dates`."""

    default_validators = [check_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs


def follows(*names: str) -> list[SynchronizedField]:
    """Fields that are the same in every language."""
    return [SynchronizedField(name, overridable=False) for name in names]


class QuantityField(models.DecimalField):  # type: ignore[type-arg]  # generic for the type checker only
    """A number that is read as it was written: 0.5, where the database pads it to 0.5000."""

    def from_db_value(self, value: Decimal | None, *_args: Any) -> Decimal | None:
        return None if value is None else Decimal(f"{Decimal(value).normalize():f}")


def number_field(verbose_name: Any, **kwargs: Any) -> QuantityField:
    """A number from 0 up with at most four decimals, or none."""
    return QuantityField(
        verbose_name,
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        **kwargs,
    )
