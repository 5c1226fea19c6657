"""Citations in content files: `[](figure:chargebacks/article)` in text, a key or a code in the fields of blocks."""

from evidence.codes import FIGURE, RULE, Code
from evidence.records import records


def attributes_of(target: str) -> dict[str, str]:
    """The attributes of a citation in rich text. LookupError: no such record, or it has no such part."""
    code = Code.parse(target)
    if code is None:
        raise LookupError(f"“{target}” is no citation: write figure:key, figure:key/article or rule:key/from.")
    entry = records().get(code)
    if entry is None:
        raise LookupError(f"There is no {code.kind} “{code.key}” among the published evidence.")
    if code.part not in ("", "note") and not entry.text(code.part):
        raise LookupError(f"The {code.kind} “{code.key}” has no “{code.part}”.")
    return {"linktype": code.kind, "key": code.name}


def code_of(name: str) -> str:
    """The code for a key, with or without a part, in the field of a block. LookupError: there is no such record."""
    key, _separator, part = name.partition("/")
    entry = records().entry(key)
    if entry is None:
        raise LookupError(f"There is no figure or rule “{key}” among the published evidence.")
    code = Code.parse(f"{entry.kind}:{name}")
    if code is None:
        raise LookupError(f"A {entry.kind} has no part “{part}”.")
    return str(code)


def code_for(value: str) -> str:
    """A stored code as it is; a bare key, as it was stored once, as the code of its record where there is one."""
    if not value or Code.parse(value):
        return value
    entry = records().entry(value)
    return str(entry.code) if entry else value


SCHEMES = (FIGURE, RULE)
