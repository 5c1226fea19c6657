"""Cut the typefaces of the share images out of Noto: `python site/pages/fonts/subset.py [folder with Noto's fonts]`.

Each face keeps the signs of one national character set, so that titles yet to be written have their glyphs too.
The finished files stand beside this script; run it again only to widen them.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

NOTO = Path("/usr/share/fonts")  # where Debian's fonts-noto-core and fonts-noto-cjk put them
CJK = "opentype/noto/NotoSansCJK-Bold.ttc"
JAPANESE_FACE, CHINESE_FACE = 0, 2  # in that collection
MOST_PAIRS = 10_000  # of a table for kerning in the old format


def ranges(*spans: tuple[int, int]) -> str:
    """All signs of the spans of code points, both ends included."""
    return "".join(chr(code) for first, last in spans for code in range(first, last + 1))


def double_byte(encoding: str) -> str:
    """The signs of a national set of 94 rows and 94 cells, as its EUC encoding knows them."""
    cells = range(0xA1, 0xFF)
    return "".join(bytes((row, cell)).decode(encoding, "ignore") for row in cells for cell in cells)


LATIN = ranges((0x20, 0x7E), (0xA0, 0x17F), (0x2010, 0x2027), (0x2030, 0x203A)) + "€™−≈≠≤≥×"
ARABIC = ranges((0x600, 0x6FF), (0xFE70, 0xFEFC))

FACES = {
    "serif.ttf": ("truetype/noto/NotoSerifDisplay-Bold.ttf", 0, LATIN),
    "sans-arabic.ttf": ("truetype/noto/NotoSansArabic-Bold.ttf", 0, ARABIC),
    "sans-sc.otf": (CJK, CHINESE_FACE, LATIN + double_byte("gb2312")),
    "sans-jp.otf": (CJK, JAPANESE_FACE, LATIN + double_byte("euc_jp")),
}


def cut(source: Path, number: int, text: str, target: Path) -> None:
    """Writes the face with the signs of `text` alone, without what only layout engines read."""
    options = Options(hinting=False, notdef_outline=True, layout_features=[], name_IDs=[0, 1, 2, 5, 13, 14])
    options.font_number = number
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "DSIG"]
    font = load_font(str(source), options)
    signs = set(map(ord, text))
    pairs = kerning(font, {name for code, name in font.getBestCmap().items() if code in signs})
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=signs)
    subsetter.subset(font)
    if 0 < len(pairs) <= MOST_PAIRS:
        font["kern"] = kern_table(pairs)
    save_font(font, str(target), options)


def kerning(font: TTFont, glyphs: set[str]) -> dict[tuple[str, str], int]:
    """The pairs that stand closer or wider than their glyphs are broad.

    Pillow's plain layout reads them in the old table only.
    """
    table = font["GPOS"].table
    records = [record for record in table.FeatureList.FeatureRecord if record.FeatureTag == "kern"]
    lookups = dict.fromkeys(index for record in records for index in record.Feature.LookupListIndex)
    pairs: dict[tuple[str, str], int] = {}
    for index in lookups:
        for subtable in table.LookupList.Lookup[index].SubTable:
            rules = getattr(subtable, "ExtSubTable", subtable)
            if rules.LookupType == 2:
                for pair, value in pairs_of(rules, glyphs):
                    pairs.setdefault(pair, value)  # the first rule that knows a pair wins
    return {pair: value for pair, value in pairs.items() if value}


def pairs_of(rules: Any, glyphs: set[str]) -> Iterator[tuple[tuple[str, str], int]]:
    """Each pair that one table of rules names, by glyph (format 1) or by class (format 2)."""
    firsts: Iterable[str] = [glyph for glyph in rules.Coverage.glyphs if glyph in glyphs]
    if rules.Format == 1:
        for first, pair_set in zip(rules.Coverage.glyphs, rules.PairSet, strict=True):
            for record in pair_set.PairValueRecord:
                if first in glyphs and record.SecondGlyph in glyphs:
                    yield (first, record.SecondGlyph), advance(record.Value1)
        return
    lefts, rights = rules.ClassDef1.classDefs, rules.ClassDef2.classDefs
    for first in firsts:
        row = rules.Class1Record[lefts.get(first, 0)].Class2Record
        for second in glyphs:
            yield (first, second), advance(row[rights.get(second, 0)].Value1)


def advance(value: object) -> int:
    """By how much a rule widens the first glyph of its pair."""
    return getattr(value, "XAdvance", 0) or 0


def kern_table(pairs: dict[tuple[str, str], int]) -> object:
    """The pairs as the table `kern`."""
    rows = KernTable_format_0()
    rows.coverage, rows.format, rows.tupleIndex, rows.kernTable = 1, 0, None, pairs
    table = newTable("kern")
    table.version, table.kernTables = 0, [rows]
    return table


def main(noto: Path) -> None:
    """Cuts every face."""
    for name, (source, number, text) in FACES.items():
        cut(noto / source, number, text, Path(__file__).with_name(name))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else NOTO)
