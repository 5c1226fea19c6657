"""Carriage and landed cost from a seller's own weights and amounts. Plain Python.

The scales are those of the rubric's two numeric criteria. A bound belongs to the better level: exactly 2 kg is level 2,
exactly 25 % is level 3.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

CARRIAGE = "carriage"
LANDED_COST = "landed_cost"
CARRIAGE_BOUNDS = (Decimal(10), Decimal(2), Decimal("0.5"))
LANDED_COST_BOUNDS = (Decimal("0.60"), Decimal("0.40"), Decimal("0.25"), Decimal("0.10"))
EURO = "EUR"
CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CNY")
SIGNS = str.maketrans("", "", "€$£¥円元")
PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]{1,6})?")
DECIMAL_COMMA = re.compile(r"[0-9]{1,12},[0-9]{1,2}|0,[0-9]{1,6}")


@dataclass(frozen=True)
class FlatDuty:
    """A fixed duty on each parcel worth less than `below`, in a currency of its own."""

    amount: Decimal
    currency: str
    below: Decimal | None = None


@dataclass(frozen=True)
class Costs:
    """What a seller knows of one parcel. Amounts are all in `currency`; None is not given.

    Args:
        weight: of the parcel as shipped, in kilograms.
        price: what the customer pays for the goods.
        shipping, duty, fees: what reaching the customer costs on top.
        currency: the ISO 4217 code of the amounts.
        euro: what one euro costs in that currency; 1 is understood when it is the euro.
    """

    weight: Decimal | None = None
    price: Decimal | None = None
    shipping: Decimal | None = None
    duty: Decimal | None = None
    fees: Decimal | None = None
    currency: str = EURO
    euro: Decimal | None = None

    @property
    def has_landed_cost(self) -> bool:
        """Whether landed cost can be computed: a price, and at least one cost."""
        return bool(self.price) and any(cost is not None for cost in (self.shipping, self.duty, self.fees))

    def rate(self, currency: str) -> Decimal | None:
        """What one unit of `currency` costs in the seller's own, where that is known."""
        if currency == self.currency:
            return Decimal(1)
        return self.euro if currency == EURO else None


@dataclass(frozen=True)
class LandedCost:
    """What delivery, duty and fees come to, and the level that is.

    `flat_duty` is the market's own, in the seller's currency, and part of `total`. `lacks_rate` names the currency of a
    flat duty that could not be counted, because no exchange rate was given.
    """

    total: Decimal
    share: Decimal
    level: int
    flat_duty: Decimal
    lacks_rate: str = ""


def carriage_level(weight: Decimal) -> int:
    """The level of a parcel's weight in kilograms, 0 to 3; level 4 is for what is not shipped."""
    return sum(weight <= bound for bound in CARRIAGE_BOUNDS)


def landed_cost_level(share: Decimal) -> int:
    """The level of delivery, duty and fees as a share of the price."""
    return sum(share <= bound for bound in LANDED_COST_BOUNDS)


def landed_cost(costs: Costs, duties: Iterable[FlatDuty] = ()) -> LandedCost | None:
    """Landed cost in a market with these flat duties; None where the seller gave too little."""
    if not costs.has_landed_cost or costs.price is None:
        return None
    flat, lacks_rate = Decimal(0), ""
    for duty in duties:
        rate = costs.rate(duty.currency)
        if rate is None:
            lacks_rate = duty.currency
        elif duty.below is None or costs.price < duty.below * rate:
            flat += duty.amount * rate
    total = sum((cost for cost in (costs.shipping, costs.duty, costs.fees) if cost is not None), flat)
    share = total / costs.price
    return LandedCost(total, share, landed_cost_level(share), flat, lacks_rate)


def parse_amount(text: str) -> Decimal:
    """An amount as people write it: `1250`, `12.50`, `12,50`, `1,250.00`, `￥1,250`, full-width. Else ValueError."""
    plain = unicodedata.normalize("NFKC", text).translate(SIGNS).replace(" ", "")
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    elif DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    if not PLAIN.fullmatch(plain):
        raise ValueError(text)
    return Decimal(plain)
