"""Finds numbers that are typed in prose although a record holds them. Plain Python: text in, findings out.

A number is told by what it counts: "14 days" repeats a figure of 14 days, "14 %" does not. A range repeats a range; one
number repeats a figure of one number, or one end of a range where the caller gives it as a number of its own. Numbers
in words, such as 三成 or "one in three", are not read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

NUMBER = r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?:\s*(?:万|億|亿|bn|billion)(?![a-z]))?(?:\d[\d,]*)?"
DASH = r"\s*(?:[-–—~〜～至到]|to|から)\s*"
SIGNS = r"(?:US\$|[€£¥¥%$])?\s*"
BEFORE = r"(?P<before>US\$|[€£¥¥$])?\s*"
AFTER = (
    r"\s*-?\s*(?P<after>%|%|percent|per cent|days?\b|months?\b|people\b|followers\b|viewers\b|orders\b|times\b|p\b"
    r"|GBP|EUR|JPY|USD|US dollars?\b|dollars?\b"
    r"|个月|か月|ヶ月|カ月|日元|天|日|人|名|单|件|倍|欧元|ユーロ|英镑|ポンド|円|美元|ドル|米ドル)?"
)
MENTION = re.compile(
    rf"{BEFORE}(?P<low>{NUMBER}){SIGNS}(?:{DASH}{SIGNS}(?P<high>{NUMBER}))?{AFTER}", re.ASCII | re.IGNORECASE
)
UNITS = {
    "percent": "% % percent percent", "days": "day days 天 日", "months": "month months 个月 か月 ヶ月 カ月",
    "people": "people followers viewers 人 名", "orders": "orders 单 件", "times": "times 倍", "lines": "p",
    "eur": "€ eur 欧元 ユーロ", "gbp": "£ gbp 英镑 ポンド", "jpy": "¥ ¥ jpy 日元 円",
    "usd-billion": "us$ $ usd 美元 ドル 米ドル dollar dollars",
}  # fmt: skip
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words.split()} | {
    "per cent": "percent", "us dollar": "usd-billion", "us dollars": "usd-billion",
}  # fmt: skip
SPACE = re.compile(r"\s")
SCALES = {"万": 10**4, "億": 10**8, "亿": 10**8, "bn": 10**9, "billion": 10**9}


@dataclass(frozen=True)
class Known:
    """A number of a record: what it counts, its ends (equal for one number) and the code that cites it."""

    unit: str
    low: Decimal
    high: Decimal
    code: str


@dataclass(frozen=True)
class Repeated:
    """A typed number, and the code that would cite it."""

    text: str
    code: str


def repeated_numbers(text: str, known: Iterable[Known], dates: Iterable[tuple[str, str]] = ()) -> Iterator[Repeated]:
    """What `text`, in any language of the site, repeats of the numbers and the dates (as printed, with codes)."""
    by_value = {(one.unit, one.low, one.high): one.code for one in known}
    for found in MENTION.finditer(text):
        low, high, unit = _read(found, text)
        code = by_value.get((unit, low, high))
        if code:
            yield Repeated(found.group().strip(), code)
    squeezed = SPACE.sub("", text)
    for date, code in dates:
        if re.search(rf"(?<!\d){re.escape(SPACE.sub('', date))}", squeezed):
            yield Repeated(date, code)


def _read(found: re.Match[str], text: str) -> tuple[Decimal, Decimal, str]:
    before, after = (found["before"] or "").lower(), (found["after"] or "").lower()
    inner = re.search(r"%|%", found.group())
    unit = UNIT_OF.get(after) or UNIT_OF.get(before) or ("percent" if inner else "")
    if after == "日" and re.search(r"月\s*\Z", text[: found.start()]):
        unit = ""  # a date
    low = _value(found["low"])
    high = _value(found["high"]) if found["high"] else low
    if unit == "usd-billion":
        low, high = low / 10**9, high / 10**9
    return low, high, unit


def _value(text: str) -> Decimal:
    """The number that `text` writes, with 万, 亿 and so on: 2万3,000 is 23000. 0 for what is none."""
    found = re.match(r"([\d.,]+)\s*(\D*)([\d,]*)", text)
    assert found
    try:
        number = Decimal(found[1].replace(",", "")) * SCALES.get(found[2].strip().lower(), 1)
        return number + (Decimal(found[3].replace(",", "")) if found[3].strip(",") else 0)
    except InvalidOperation:
        return Decimal(0)
