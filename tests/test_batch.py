"""Many products at once: tables as people have them go in, scored tables come out, in the browser and on the command line."""

import base64
import csv
import datetime
import gc
import io
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from suitability.assessment import assess, product_of
from suitability.batch import Job, score_file
from suitability.batch_columns import Vocabulary
from suitability.costs import Costs, parse_amount
from suitability.models import RubricVersion
from suitability.rubrics import current_method
from suitability.tables import COMMAND, UPLOAD, Limits, TableError
from suitability.uploads import MAX_READ, MAX_UPLOAD
from tests.conftest import LANGUAGES
from tests.documents import Document, read

pytestmark = pytest.mark.usefixtures("site")

KEYS = (
    "distinctiveness",
    "demonstrability",
    "community",
    "carriage",
    "landed_cost",
    "robustness",
    "returns",
    "regulation",
    "claims",
)
HEADER = "name," + ",".join(KEYS)
PAGE = "/en/suitability/batch/"
Rows = list[list[Any]]


def table(*rows: str, header: str = HEADER, newline: str = "\n") -> bytes:
    return "".join(line + newline for line in (header, *rows)).encode()


def workbook(*rows: list[Any], header: Any = None) -> bytes:
    book = Workbook()
    for row in (HEADER.split(",") if header is None else header, *rows):
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def send(content: bytes, name: str = "products.csv", page: str = PAGE, **fields: Any) -> Any:
    browser = Client(raise_request_exception=False)
    return browser.post(page, {"file": SimpleUploadedFile(name, content), **fields})


def download(content: bytes, *markets: str, **more: Any) -> bytes:
    response = send(content, market=list(markets), download="1", **more)
    assert response.status_code == 200, response.content.decode()[:3000]
    return body(response)


def body(response: Any) -> bytes:
    """The whole answer; reading to the end also closes it, as a server would."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def scored(content: bytes, *markets: str, encoding: str = "utf-8", **more: Any) -> list[dict[str, str]]:
    """The rows of the scored CSV, each by the names of its columns."""
    text = download(content, *markets, **more).decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(content: bytes) -> Rows:
    found = load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in found.iter_rows()]


def complaint(content: bytes, status: int = 422, name: str = "products.csv") -> str:
    """What the page says about a file that it cannot read."""
    response = send(content, name=name)
    assert response.status_code == status
    page = read(response)
    assert page.one("input", type="file")
    return next(
        word for word in map(str.strip, page.words[page.words.index("The table was not scored:") + 1 :]) if word
    )


def wrong_rows(page: Document) -> list[tuple[str, str, str]]:
    """Line, column and problem of each row in the table of problems."""
    cells = re.findall(
        r'<tr><td class="number">(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>', page.text.partition("<tbody>")[2]
    )
    return cells


def direct_score(levels: str, market: str | None = None, **costs: str) -> str:
    """The score by the way that everything takes."""
    found = current_method()
    assert found
    given_levels = {key: None if level == "?" else int(level) for key, level in zip(KEYS, levels, strict=True)}
    amounts = {name: parse_amount(value) for name, value in costs.items()}
    product = product_of(found[1], given_levels, None, (market,) if market else (), Costs(**amounts) if costs else None)
    return f"{assess(found[1], product)[0].result.score:.2f}"


# --- What comes back ---------------------------------------------------------------------------------------------------


def test_a_row_gets_the_score_the_verdict_the_reasons_and_the_next_steps() -> None:
    (row,) = scored(table("Tea bowl,4,4,3,2,2,0,3,2,3"))
    assert list(row)[-8:] == ["score", "low", "high", "verdict", "verdict_key", "why", "next_steps", "problem"]
    assert row["score"] == row["low"] == row["high"] == direct_score("443220323") == "64.29"
    assert (row["verdict"], row["verdict_key"]) == ("Conditional", "conditional")
    assert row["why"] == "Robustness at level 0"
    assert row["next_steps"].startswith("Robustness to level 1: 66.98, Promising; ")
    assert row["problem"] == ""


def test_every_chosen_market_adds_columns_of_its_own() -> None:
    (row,) = scored(table("Scarf,4,4,3,3,3,3,3,3,3"), "eu", "jp")
    assert row["eu_score"] == direct_score("443333333", "eu")
    assert row["jp_score"] == direct_score("443333333", "jp")
    assert row["eu_score"] != row["jp_score"]
    assert "score" not in row
    assert "us_score" not in row


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("en", 'Folk textile craft,"European Union, Japan"'),
        ("zh-hans", "民间手工织物,欧盟、日本"),
        ("ja", "民芸の染織・布もの,EU；日本"),
        ("ja", "folk-textile,eu jp"),
    ],
)
def test_categories_and_markets_may_be_written_by_their_names(language: str, row: str) -> None:
    page = f"/{language}/suitability/batch/"
    found, by_key = (
        list(csv.reader(io.StringIO(download(table(one, header="category,market"), page=page).decode("utf-8-sig"))))[1][
            2:
        ]
        for one in (row, "folk-textile,eu jp")
    )
    assert found == by_key
    assert sum(cell[:1].isdigit() for cell in found) >= 6, "score, low and high in two markets"


def test_a_column_of_markets_counts_instead_of_the_choice_and_may_be_empty() -> None:
    content = table("A,4,4,3,3,3,3,3,3,3,eu; JP", "B,4,4,3,3,3,3,3,3,3,", header=f"{HEADER},Markets")
    a, b = scored(content, "us")
    assert a["eu_score"] == direct_score("443333333", "eu")
    assert a["jp_score"] == direct_score("443333333", "jp")
    assert a["us_score"] == a["score"] == ""
    assert b["score"] == direct_score("443333333")
    assert b["eu_score"] == ""


def test_a_category_fills_the_cells_left_empty() -> None:
    content = table("A,ceramics,", "B,Ceramics,3", "C,,3", header="name,category,robustness")
    a, b, c = scored(content)
    assert a["score"] == direct_score("443220323")
    assert b["score"] == direct_score("443223323")
    assert c["score"] == ""
    assert "Distinctiveness: A level is missing" in c["problem"]


def test_an_unknown_level_gives_a_range() -> None:
    rows = scored(table("A,4,4,3,2,2,?,3,2,3", "B,4,4,3,2,2,Unknown,3,2,3", "C,4,4,3,2,2,不明,3,2,3"))
    for row in rows:
        assert row["score"] == ""
        assert float(row["low"]) < float(row["high"])
        assert row["verdict"] == "from Conditional to Strong"
        assert row["verdict_key"] == "conditional/strong"
        assert row["next_steps"] == "Find out first: Robustness"
        assert row["problem"] == ""


def test_weight_and_costs_decide_their_levels_however_numbers_are_written() -> None:
    header = f"{HEADER},weight_kg,price,shipping,euro,currency"
    same = ["0.4,40,8,,", '"0,4","40,00",8.00,,eur', "０．４,４０,８,,ＥＵＲ"]
    rows = scored(table(*(f"A,4,4,3,0,0,3,3,3,3,{cells}" for cells in same), header=header), "eu")
    expected = direct_score("443003333", "eu", weight="0.4", price="40", shipping="8")
    assert [row["eu_score"] for row in rows] == [expected] * 3


def test_a_flat_duty_that_cannot_be_counted_is_named() -> None:
    (row,) = scored(table("A,4,4,3,3,3,3,3,3,3,40,8,USD", header=f"{HEADER},price,shipping,currency"), "eu")
    assert "The flat duty in EUR is not counted" in row["eu_why"]


def test_a_forbidden_category_says_why() -> None:
    (row,) = scored(table("A,prescription-medicines", header="name,category"), "eu")
    assert row["eu_verdict_key"] == "not-sellable"
    assert row["eu_why"].startswith("Not sellable: ")


def test_levels_may_be_written_as_spreadsheets_write_them() -> None:
    a, b = scored(table('A,４, 4 ,3.0,"2,0",2,0,3,2,3', "B,4,4,3,2,2,0,3,2,3"))
    assert a["score"] == b["score"]


def test_columns_are_known_by_name_in_every_language_in_any_case_width_and_order() -> None:
    found = current_method()
    assert found
    for language in LANGUAGES:
        words = found[0].words(language).criteria
        names = [words[key].name if key != "carriage" else "ＣＡＲＲＩＡＧＥ" for key in KEYS]
        header = ",".join(["note", *reversed([name.upper().replace(" ", "_") for name in names])])
        (row,) = scored(table("x,3,2,3,0,2,2,3,4,4", header=header))
        assert row["score"] == "64.29"


def test_the_senders_columns_stay_as_they_were() -> None:
    header = f"sku,{HEADER},score,note"
    row = '007,"Bowl, blue",4,4,3,2,2,0,3,2,3,mine," two\nlines "'
    (found,) = (csv.reader(io.StringIO(download(table(row, header=header)).decode(), newline="")),)
    lines = list(found)
    assert lines[0][:13] == header.split(",")
    assert lines[1][:13] == ["007", "Bowl, blue", "4", "4", "3", "2", "2", "0", "3", "2", "3", "mine", " two\nlines "]
    assert lines[1][13] == "64.29"


def test_a_table_that_was_scored_before_gets_fresh_answers_in_place_of_the_old() -> None:
    once = download(table("A,4,4,3,2,2,9,3,2,3"), "eu", "us")
    mended = once.replace(b"A,4,4,3,2,2,9,", b"A,4,4,3,2,2,0,")
    again = download(mended, "jp").decode()
    assert again == download(table("A,4,4,3,2,2,0,3,2,3"), "jp").decode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_scored_file_has_the_separator_and_the_line_ends_of_its_source(delimiter: str, newline: str) -> None:
    content = table("A,4,4,3,2,2,0,3,2,3", newline=newline).replace(b",", delimiter.encode())
    lines = download(content).decode().split(newline)
    assert lines[0].startswith(delimiter.join(["name", "distinctiveness"]))
    assert lines[1].split(delimiter)[10] == "64.29"
    assert lines[2] == ""


# --- Encodings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "encoding", "names"),
    [
        ("en", "utf-8", ["Café crème", "茶碗"]),
        ("zh-hans", "utf-8-sig", ["景德镇陶瓷茶杯", "苏绣团扇", "紫砂壶"]),
        ("zh-hans", "gb18030", ["景德镇陶瓷茶杯", "苏绣团扇", "紫砂壶"]),
        ("ja", "cp932", ["茶碗 天目釉", "南部鉄器", "ﾎﾞｰﾙﾍﾟﾝ"]),
        ("ja", "utf-16", ["茶碗 天目釉", "南部鉄器"]),
        ("en", "cp1252", ["Müller Käse", "Größe für Füße", "Café crème"]),
    ],
)
@pytest.mark.parametrize("localized", [True, False])
def test_a_table_comes_back_in_the_encoding_it_came_in(
    language: str, encoding: str, names: list[str], localized: bool
) -> None:
    found = current_method()
    assert found
    vocabulary = Vocabulary(found[0])
    with override(language if localized else "en"):
        header = ",".join(["name", *(vocabulary.heading(key) if localized else key for key in KEYS)])
    content = "\r\n".join([header, *(f"{name},4,4,3,2,2,0,3,2,3" for name in names), ""]).encode(encoding)
    page = f"/{language}/suitability/batch/" if localized else PAGE
    rows = scored(content, encoding=encoding, page=page)
    assert [row["name"] for row in rows] == names
    assert [list(row.values())[10] for row in rows] == ["64.29"] * len(names)


def test_the_names_of_the_columns_decide_about_the_encoding_where_the_rest_is_too_short_to_tell() -> None:
    content = "圈子,category,name\n3,ceramics,苏绣团扇\n".encode("gb18030")
    assert send(content).context["report"].encoding == "gb18030"


def test_answers_that_the_encoding_cannot_hold_turn_the_table_into_utf_8_and_say_so() -> None:
    content = "name,category\r\n茶碗 天目釉,ceramics\r\n南部鉄器 急須,ceramics\r\n".encode("cp932")
    page = "/zh-hans/suitability/batch/"
    rows = scored(content, encoding="utf-8-sig", page=page)
    assert [row["name"] for row in rows] == ["茶碗 天目釉", "南部鉄器 急須"]
    report = send(content, page=page).context["report"]
    assert (report.encoding, report.is_recoded) == ("cp932", True)
    assert not send(content, page="/ja/suitability/batch/").context["report"].is_recoded


def test_the_report_names_the_encoding_and_the_columns_that_mean_nothing() -> None:
    content = "name,category,備考\r\n茶碗 天目釉,ceramics,割れやすい\r\n".encode("cp932")
    words = " ".join(read(send(content)).words)
    assert "Read as Shift_JIS." in words
    assert "kept as they are: 備考." in words


# --- Workbooks ---------------------------------------------------------------------------------------------------------


def test_a_workbook_comes_back_as_a_workbook_with_its_values_and_number_formats() -> None:
    book = Workbook()
    book.active.title = "Range"
    book.active.append([*HEADER.split(","), "since", "margin", "sold", "code"])
    book.active.append(["茶碗", 4, 4.0, 3, 2, 2, 0, 3, "2", 3, datetime.date(2026, 3, 1), 0.25, True, "007"])
    book.active["L2"].number_format = "0.0%"
    found = load_workbook(io.BytesIO(download(saved(book), "eu", name="list.xlsx")))
    (result,) = found.worksheets
    assert result.title == "Range"
    assert [cell.value for cell in result[2]][:14] == [
        "茶碗", 4, 4, 3, 2, 2, 0, 3, "2", 3, datetime.datetime(2026, 3, 1), 0.25, True, "007"
    ]  # fmt: skip
    assert result["L2"].number_format == "0.0%"
    assert result["K2"].is_date
    assert result["O1"].value == "eu_score"
    assert result["O2"].value == float(direct_score("443220323", "eu"))


def test_rows_of_a_workbook_keep_their_lines() -> None:
    levels = [4, 4, 3, 2, 2, 0, 3, 2, 3]
    book = Workbook()
    for line, row in ((2, HEADER.split(",")), (3, ["A", *levels]), (6, ["B", 7, *levels[1:]]), (7, ["C", *levels])):
        for column, value in enumerate(row, 1):
            book.active.cell(line, column, value)
    response = send(saved(book), name="x.xlsx")
    assert wrong_rows(read(response)) == [
        ("6", "distinctiveness", "A level is a whole number from 0 to 4. It says “7”.")
    ]
    found = sheet(download(saved(book)))
    assert [row[0] for row in found] == [None, "name", "A", None, None, "B", "C"]
    assert [row[10] for row in found[2:]] == [64.29, None, None, None, 64.29]


def test_a_formula_counts_by_its_last_value_and_without_one_is_wrong() -> None:
    content = workbook(["A", "=2+2", 4, 3, 2, 2, 0, 3, 2, 3])
    assert "It says “=2+2”" in sheet(download(content))[1][-1]
    with_value = rewritten(content, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>4</v>", b"<v />", b"<v>4</v>")
    assert sheet(download(with_value))[1][10] == 64.29


def test_numbers_of_a_workbook_count_as_people_read_them() -> None:
    header = [*HEADER.split(","), "weight_kg"]
    levels = [4, 4, 3, 0, 3, 3, 3, 3, 3]
    content = workbook(["A", *levels, 0.3], ["B", 7, *levels[1:], 1], header=header)
    content = rewritten(content, SHEET, b"<v>0.3<", b"<v>0.30000000000000004<", b"<v>7<", b"<v>7.0<")
    found = sheet(download(content))
    assert found[1][11] == float(direct_score("443033333", weight="0.3"))
    assert "It says “7”." in found[2][-1]


def test_the_first_visible_sheet_counts() -> None:
    book = Workbook()
    book.active.sheet_state = "hidden"
    book.create_sheet("Products").append(["category"])
    book["Products"].append(["ceramics"])
    assert sheet(download(saved(book)))[1][:2] == ["ceramics", 64.29]


def test_the_content_decides_about_the_format_not_the_name() -> None:
    assert sheet(download(workbook(["A", *"443220323"]), name="products.csv"))[1][10] == 64.29
    assert scored(table("A,4,4,3,2,2,0,3,2,3"), name="products.xlsx")[0]["score"] == "64.29"
    response = send(table("A,4,4,3,2,2,0,3,2,3"), name="範囲.xlsx", download="1")
    assert response["Content-Disposition"].endswith("-scored.csv")
    assert body(response)


# --- Wrong rows --------------------------------------------------------------------------------------------------------

WRONG = [
    ("A,5,4,3,2,2,0,3,2,3", "distinctiveness", "A level is a whole number from 0 to 4. It says “5”."),
    ("A,4,-1,3,2,2,0,3,2,3", "demonstrability", "A level is a whole number from 0 to 4. It says “-1”."),
    ("A,4,4,2.5,2,2,0,3,2,3", "community", "A level is a whole number from 0 to 4. It says “2.5”."),
    ("A,4,4,3,NaN,2,0,3,2,3", "carriage", "A level is a whole number from 0 to 4. It says “NaN”."),
    ("A,4,4,3,2,inf,0,3,2,3", "landed_cost", "A level is a whole number from 0 to 4. It says “inf”."),
    ("A,4,4,3,2,2,true,3,2,3", "robustness", "A level is a whole number from 0 to 4. It says “true”."),
    ("A,4,4,3,2,2,0,,2,3", "returns", "A level is missing. Give one from 0 to 4, or say that it is unknown."),
    ("A,4,4,3,2,2,0,3,1e0,3", "regulation", "A level is a whole number from 0 to 4. It says “1e0”."),
    ("A,4,4,3,2,2,0,3,2", "claims", "A level is missing. Give one from 0 to 4, or say that it is unknown."),
    ("A,4,4,3,2,2,0,3,2,3,x", "–", "The row has more cells than the first line."),
    (f"{'A' * 2001},4,4,3,2,2,0,3,2,3", "name", "The cell has more than 2000 characters."),
    ('"A" b,4,4,3,2,2,0,3,2,3', "–", "This line cannot be read: perhaps a quotation mark is missing, or a cell is too long."),
    ('"A,4,4,3,2,2,0,3,2,3', "–", "This line cannot be read: perhaps a quotation mark is missing, or a cell is too long."),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "column", "problem"), WRONG)
def test_a_wrong_row_is_named_by_line_and_column_and_stops_nothing(wrong: str, column: str, problem: str) -> None:
    content = table("First,4,4,3,2,2,0,3,2,3", wrong, "Last,4,4,3,2,2,0,3,2,3")
    page = read(send(content))
    assert wrong_rows(page) == [("3", column, problem)]
    assert "3 rows: 2 scored, 1 with problems" in " ".join(page.words)
    first, middle, last = csv.reader(io.StringIO(download(content).decode().partition("\n")[2], newline=""))
    assert (first[10], last[10]) == ("64.29", "64.29")
    assert middle[10:17] == [""] * 7
    assert middle[17] == (problem if column == "–" else f"{column}: {problem}")
    assert middle[0] in wrong


@pytest.mark.parametrize(
    ("cells", "column", "problem"),
    [
        ("lamps,,,,,", "category", "There is no such category. It says “lamps”."),
        ("ceramics,mars,,,,", "markets", "There is no such market. It says “mars”."),
        ("ceramics,eu EU,,,,", "markets", "A market stands twice."),
        ("ceramics,,much,,,", "weight_kg", "Write a number from 0 up, such as 12.50. It says “much”."),
        ("ceramics,,0,,,", "weight_kg", "This must be more than 0. Leave it empty if you do not know it."),
        ("ceramics,,NaN,,,", "weight_kg", "Write a number from 0 up, such as 12.50. It says “NaN”."),
        ("ceramics,,,-1,,", "price", "Write a number from 0 up, such as 12.50. It says “-1”."),
        ("ceramics,,,1e9,,", "price", "Write a number from 0 up, such as 12.50. It says “1e9”."),
        ("ceramics,,,40,x" + "\x02" * 3 + ",", "shipping", "Write a number from 0 up, such as 12.50. It says “x”."),
        ("ceramics,,,40,8,BTC", "currency", "There is no such currency here. It says “BTC”."),
    ],
)
def test_a_wrong_detail_is_named_by_its_column(cells: str, column: str, problem: str) -> None:
    page = read(send(table(cells, header="category,markets,weight_kg,price,shipping,currency")))
    assert wrong_rows(page) == [("2", column, problem)]


def test_all_that_is_wrong_with_a_row_is_said() -> None:
    (row,) = scored(table("A,9,,x,2,2,0,3,2,3"))
    assert re.findall(r"(\w+): ", row["problem"]) == ["distinctiveness", "demonstrability", "community"]


def test_cells_beyond_the_first_line_are_kept_at_the_end() -> None:
    content = table("ceramics,x,y", "ceramics,,", "ceramics", header="category")
    first, second, third = list(csv.reader(io.StringIO(download(content).decode(), newline="")))[1:]
    assert (first[0], first[8:]) == ("ceramics", ["The row has more cells than the first line.", "x", "y"])
    assert (second[1], second[8:]) == ("64.29", ["", "", ""])
    assert (third[1], third[8:]) == ("64.29", [""])


def test_lines_are_those_of_the_file_even_where_a_cell_has_several() -> None:
    content = table('"one\ntwo\nthree",4,4,3,2,2,0,3,2,3', "", "A,9,4,3,2,2,0,3,2,3")
    assert wrong_rows(read(send(content)))[0][0] == "6"


def test_a_quotation_mark_that_is_never_closed_costs_one_row() -> None:
    content = table('"Bowl,4,4,3,2,2,0,3,2,3', *(f"{i},4,4,3,2,2,0,3,2,3" for i in range(5)))
    rows = scored(content)
    assert [row["score"] for row in rows] == ["", *["64.29"] * 5]
    assert rows[0]["name"] == '"Bowl'


def test_only_the_first_wrong_rows_are_listed_and_the_rest_are_counted() -> None:
    page = read(send(table(*["A,9,4,3,2,2,0,3,2,3"] * 60)))
    assert len(wrong_rows(page)) == 50
    assert "60 rows: 0 scored, 60 with problems" in " ".join(page.words)
    assert "The first 50 of them:" in page.words


def test_nothing_a_table_holds_becomes_markup() -> None:
    page = read(send(table("A,<script>alert(1)</script>", header="name,category,<b>x</b>\x01")))
    assert page.all("script") == page.all("script", type="application/ld+json")
    assert "alert(1)</script>" not in page.text
    assert "<b>x</b>" not in page.text


# --- Formulas ----------------------------------------------------------------------------------------------------------

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://example.org")', "＝1+1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_cell_that_would_run_in_a_spreadsheet_is_made_text(formula: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["category", formula], ["ceramics", formula], [formula, "-5"]])
    rows = list(csv.reader(io.StringIO(download(buffer.getvalue().encode()).decode(), newline="")))
    assert rows[0][1] == rows[1][1] == rows[2][0] == f"'{formula}"
    assert rows[2][1] == "-5"
    for cell in [cell for row in rows for cell in row]:
        assert not cell.startswith(("=", "+", "@", "\t", "\r"))


def test_a_text_that_looks_like_a_formula_stays_text_in_a_workbook() -> None:
    book = Workbook()
    book.active.append(["category", "note"])
    book.active.append(["ceramics", "x"])
    for address in ("B1", "B2"):
        book.active[address] = "=1+1"
        book.active[address].data_type = "s"
    found = load_workbook(io.BytesIO(download(saved(book)))).active
    assert [(found[address].value, found[address].data_type) for address in ("B1", "B2")] == [("=1+1", "s")] * 2


# --- Whole files that are wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        (b",,,\n,,\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (table(), "There are no products below the first line."),
        (table("", ",,,,,,,,,"), "There are no products below the first line."),
        (b"Tea bowl,4,4,3\n", "names no column that can be scored: a category or a criterion. It says: Tea bowl, 4, 4, 3"),
        (b"name,price\nA,3\n", "names no column that can be scored"),
        (b'"name,category\nA,ceramics\n', "This line cannot be read"),
        (table("A", header="category,Category"), "The columns “category” and “Category” are the same."),
        (table("A", header="community,圈子"), "The columns “community” and “圈子” are the same."),
        (table("A,2", header="category,weight"), "The column “weight” can mean two things. Call it one of these: carriage / weight_kg."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This is neither a text nor an .xlsx file."),
        ("name,category\n".encode("utf-16-le"), "This is neither a text nor an .xlsx file."),
        (b"category\n\x81\n", "The characters of the file cannot be read."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "This is an old .xls file, or one with a password."),
        (b"PK\x05\x06" + bytes(18), "This is not an .xlsx workbook, or it is damaged."),
        (b"PK\x03\x04", "This is not an .xlsx workbook, or it is damaged."),
        (table(*["ceramics"] * 20_001, header="category"), "The file has more than 20,000 rows."),
        (table("ceramics", header="category" + ",x" * 200), "The file has more than 200 columns."),
        (table("ceramics", header="category" + "," * 1_000_000), "The file has a line of more than 500,000 characters."),
        (table("ceramics" + "," * 1_000_000, header="category"), "The file has a line of more than 500,000 characters."),
        (table("ceramics", header="category," + "x" * 2_001), "The first line has a cell of more than 2000 characters."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_scored_says_why(content: bytes, says: str) -> None:
    assert says in complaint(content)


def test_no_file_is_asked_for() -> None:
    response = Client().post(PAGE, {"market": "eu"})
    assert response.status_code == 422
    assert "Choose a file first." in response.content.decode()
    assert read(response).one("input", name="market", value="eu").get("checked") == ""


def test_a_market_that_does_not_exist_is_refused() -> None:
    response = send(table("A,4,4,3,2,2,0,3,2,3"), market="mars")
    assert response.status_code == 422
    assert "There is no such market." in response.content.decode()


def test_a_file_beyond_the_limit_is_refused_and_the_form_kept() -> None:
    response = send(b"x" * (MAX_UPLOAD + 1), market=["jp"])
    assert response.status_code == 413
    page = read(response)
    assert "The file is larger than 10 MB." in " ".join(page.words)
    assert "checked" in page.one("input", name="market", value="jp")
    assert response.context["form"].files == {}


def test_what_nobody_would_wait_for_is_not_even_read() -> None:
    response = Client().generic("POST", PAGE, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(MAX_READ + 1))
    assert response.status_code == 413


def rewritten(content: bytes, name: str, *changes: bytes) -> bytes:
    """A workbook with one part changed: the texts before and after in turn."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == name:
                for before, after in zip(changes[::2], changes[1::2], strict=True):
                    data = data.replace(before, after)
            new.writestr(part.filename, data)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def as_excel_writes(content: bytes) -> bytes:
    """A workbook whose cells point at shared texts, one of them in parts and with a reading."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    texts: list[str] = []

    def share(match: re.Match[str]) -> str:
        texts.append(match[1])
        return f't="s"><v>{len(texts) - 1}</v></c>'

    parts[SHEET] = re.sub(r't="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', share, parts[SHEET])
    items = [
        f"<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>" for text in texts
    ]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{"".join(items)}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override_line = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override_line)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def test_texts_that_cells_share_are_read_without_their_readings() -> None:
    content = as_excel_writes(workbook(["茶碗 & 皿", 4, 4, 3, 2, 2, 0, 3, 2, 3], ["熊", "?", 4, 3, 2, 2, 0, 3, 2, 3]))
    found = sheet(download(content))
    assert found[0][:3] == ["name", "distinctiveness", "demonstrability"]
    assert (found[1][0], found[1][10]) == ("茶碗 & 皿", 64.29)
    assert (found[2][0], found[2][10]) == ("熊", None)


DAMAGED = "This is not an .xlsx workbook, or it is damaged."
CROWDED = "The workbook has too many cells."


@cache
def good() -> bytes:
    return workbook(["A", 4, 4, 3, 2, 2, 0, 3, 2, 3])


def in_sheet(text: bytes, before: bytes = b"<sheetData>") -> bytes:
    return rewritten(good(), SHEET, before, text)


def in_texts(before: bytes, after: bytes) -> bytes:
    return rewritten(as_excel_writes(good()), "xl/sharedStrings.xml", before, after)


def a_document() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return target.getvalue()


def locked() -> bytes:
    content = bytearray(good())
    for mark in re.finditer(rb"PK\x01\x02", good()):
        struct.pack_into("<H", content, mark.start() + 8, 1)
    return bytes(content)


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        pytest.param(odd, says, id=name)
        for name, odd, says in (
            ("a bomb", lambda: in_sheet(b"<sheetData>" + b" " * (65 << 20)), "larger than 64 MB"),
            ("a million columns", lambda: in_sheet(b"<sheetData><row>" + b"<c/>" * 1_000_000 + b"</row>"), CROWDED),
            ("a million tags", lambda: in_sheet(b"<x/>" * 1_000_000 + b"<sheetData>"), CROWDED),
            ("a million texts", lambda: in_texts(b"<si>", b"<x/>" * 1_000_000 + b"<si>"), CROWDED),
            ("a text that is not there", lambda: in_texts(b"si>", b"x>"), "names no column that can be scored"),
            ("formats", lambda: rewritten(good(), "xl/styles.xml", b"<fonts", b"<x/>" * 200_000 + b"<fonts"), "too many formats"),
            ("long formats", lambda: rewritten(good(), "xl/styles.xml", b"<fonts", b" " * (5 << 20) + b"<fonts"), "too many formats"),
            ("entities", lambda: in_sheet(ENTITY + b"<worksheet", b"<worksheet"), DAMAGED),
            ("half a file", lambda: good()[: len(good()) // 2], DAMAGED),
            ("broken XML", lambda: in_sheet(b"<sheetData><row>"), DAMAGED),
            ("no sheet", lambda: rewritten(good(), "xl/_rels/workbook.xml.rels", b"sheet1", b"sheet2"), "no visible sheet"),
            ("a hidden sheet", lambda: rewritten(good(), "xl/workbook.xml", b'"visible"', b'"hidden"'), "no visible sheet"),
            ("far columns", lambda: workbook(["A"], header=[*[None] * 200, "category"]), "more than 200 columns"),
            ("a far cell", lambda: workbook(["A", *[4] * 9, *[None] * 200, "x"]), "more than 200 columns"),
            ("nothing", lambda: workbook(header=[]), "The sheet “Sheet” is empty."),
            ("a header only", lambda: workbook(), "There are no products below the first line."),
            ("a document", a_document, DAMAGED),
            ("a password", locked, "The workbook has a password."),
        )
    ],
)  # fmt: skip
def test_an_odd_workbook_is_refused_in_words(odd: Callable[[], bytes], says: str) -> None:
    content = odd()
    assert len(content) < MAX_UPLOAD
    assert says in complaint(content, name="x.xlsx")


def test_a_workbook_has_a_limit_of_rows_and_of_cells() -> None:
    content = workbook(*[["A", 4, 4, 3, 2, 2, 0, 3, 2, 3]] * 20)
    found = current_method()
    assert found
    for limits, says in ((Limits(rows=19), "more than 19 rows"), (Limits(cells=200), "too many cells")):
        with pytest.raises(TableError, match=says):
            score_file(io.BytesIO(content), io.BytesIO(), Job(*found, (), limits))
    assert not ALL_TEMP_FILES  # what was half written is gone
    assert score_file(io.BytesIO(content), io.BytesIO(), Job(*found, (), Limits(rows=20, cells=210))).scored == 20


def test_a_file_stays_open_for_whoever_gave_it() -> None:
    found = current_method()
    assert found
    for content in (table("A,4,4,3,2,2,0,3,2,3"), workbook(["A", 4, 4, 3, 2, 2, 0, 3, 2, 3])):
        files = io.BytesIO(content), io.BytesIO()
        score_file(*files, Job(*found, (), UPLOAD))
        gc.collect()
        assert [file.closed for file in files] == [False, False]


def test_a_cell_that_makes_no_sense_is_wrong_by_itself() -> None:
    content = workbook(["A", 4, 4, 3, 2, 2, 0, 3, 2, 3], ["B", 4, 4, 3, 2, 2, 0, 3, 2, 3])
    content = rewritten(content, SHEET, b'<c r="B2" t="n"><v>4</v></c>', b'<c r="B2" t="n"><v>NaN</v></c>')
    found = sheet(download(content))
    assert found[1][-1] == "distinctiveness: A level is a whole number from 0 to 4. It says “NaN”."
    assert found[2][10] == 64.29


ODD_STARTS = st.sampled_from(
    [b"", HEADER.encode() + b"\n", b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b"category\n\x82\xa0"]
)


@pytest.mark.any_database
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=ODD_STARTS, rest=st.binary(max_size=300), button=st.sampled_from([{}, {"download": "1"}]))
def test_no_file_whatever_is_a_fault_of_the_server(start: bytes, rest: bytes, button: dict[str, str]) -> None:
    response = send(start + rest, **button)
    assert response.status_code in (200, 422)
    if not response.streaming:
        assert "report" in response.context
    assert body(response)


@pytest.mark.any_database
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999), patch=st.binary(min_size=1, max_size=8), part=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", ""]))  # fmt: skip
def test_no_damaged_workbook_is_a_fault_of_the_server(place: float, patch: bytes, part: str) -> None:
    content = workbook(["A", 4, 4, 3, 2, 2, 0, 3, 2, 3])
    if part:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            data = archive.read(part)
        start = int(place * len(data))
        content = rewritten(content, part, data, data[:start] + patch + data[start + len(patch) :])
    else:
        start = int(place * len(content))
        content = content[:start] + patch + content[start + len(patch) :]
    response = send(content, name="x.xlsx")
    assert response.status_code in (200, 422)


# --- The page and the templates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_for_everyone_and_sets_no_cookie(language: str) -> None:
    response = Client().get(f"/{language}/suitability/batch/")
    page = read(response)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "csrf" not in page.text
    assert "no-store" not in response.get("Cache-Control", "")
    assert not page.all("meta", name="robots")
    assert page.one("link", rel="canonical")["href"].endswith(f"/{language}/suitability/batch/")
    assert {link["hreflang"] for link in page.all("link", rel="alternate") if "hreflang" in link} == {
        "en",
        "zh-Hans",
        "ja",
        "x-default",
    }
    for limit in ("10", "20,000", "200", "2,000", "250,000"):
        assert limit in " ".join(page.words)


@pytest.mark.parametrize("button", [{}, {"download": "1"}])
def test_an_answer_sets_no_cookie_and_stays_with_its_reader(button: dict[str, str]) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post(PAGE, {"file": SimpleUploadedFile("a.csv", table("A,4,4,3,2,2,0,3,2,3")), **button})
    assert response.status_code == 200
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert body(response)


def test_the_report_holds_the_scored_file() -> None:
    content = table("A,4,4,3,2,2,0,3,2,3", "B,9,4,3,2,2,0,3,2,3")
    page = read(send(content, name="my list.csv", market=["eu"]))
    link = page.one("a", download="my list-scored.csv")
    kind, _comma, data = link["href"].partition(",")
    assert kind == "data:text/csv;base64"
    assert base64.b64decode(data) == download(content, "eu")


def test_a_scored_file_too_large_for_the_page_is_offered_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suitability.batch_views.MAX_EMBEDDED", 100)
    page = read(send(table("A,4,4,3,2,2,0,3,2,3")))
    assert not [link for link in page.all("a") if link.get("href", "").startswith("data:")]
    assert "press “Download at once”" in " ".join(page.words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_template_scores_without_a_problem_in_every_language(language: str, extension: str) -> None:
    page = f"/{language}/suitability/batch/"
    template = Client().get(f"{page}template.{extension}")
    assert template.status_code == 200
    assert f'filename="crosscast-products.{extension}"' in template["Content-Disposition"]
    report = send(template.content, page=page).context["report"]
    assert (report.kind, report.scored, report.wrong, list(report.ignored)) == (extension, 2, 0, [])


def test_the_template_is_in_the_readers_language_and_explains_itself() -> None:
    found = current_method()
    assert found
    for language in LANGUAGES:
        words = found[0].words(language).criteria
        content = Client().get(f"/{language}/suitability/batch/template.xlsx").content
        products, explanation = load_workbook(io.BytesIO(content)).worksheets
        assert words["returns"].name in [cell.value for cell in products[1]]
        texts = [str(cell.value) for row in explanation.iter_rows() for cell in row]
        assert {words["returns"].question, words["returns"].levels[4], "ceramics", "eu"} <= set(texts)
        text = Client().get(f"/{language}/suitability/batch/template.csv").content.decode()
        assert text.startswith("\ufeff")
        assert words["returns"].name in text


def test_before_a_rubric_is_in_force_the_page_says_so() -> None:
    versions = RubricVersion.objects.all()
    versions._raw_delete(versions.db)
    assert "The score is being prepared." in Client().get(PAGE).content.decode()
    assert send(table("A,4,4,3,2,2,0,3,2,3")).status_code == 200
    assert Client().get(f"{PAGE}template.csv").status_code == 404
    with pytest.raises(CommandError, match="no rubric in force"):
        call_command("score_products", "a.csv", "b.csv")


# --- The command line --------------------------------------------------------------------------------------------------


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "products.csv"
    path.write_bytes(table("A,4,4,3,2,2,0,3,2,3", "B,4,4,3,2,2,0,3,2,x", "C,4,4,3,2,2,0,3,2,3"))
    return path


def command(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("score_products", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_scores_a_file_and_sums_up(source: Path) -> None:
    target = source.with_name("scored.csv")
    summary = command(source, target, "--market", "eu", "--market", "us")
    assert summary == (
        "3 rows: 2 scored, 1 with problems (first: line 3, claims: A level is a whole number from 0 to 4. It says “x”.)\n"
    )
    assert target.read_bytes() == download(source.read_bytes(), "eu", "us")
    assert [path.name for path in sorted(source.parent.iterdir())] == ["products.csv", "scored.csv"]


def test_the_command_answers_in_the_language_asked_for(source: Path) -> None:
    target = source.with_name("scored.csv")
    command(source, target, "--language", "ja")
    assert target.read_bytes() == download(source.read_bytes(), page="/ja/suitability/batch/")


def test_the_command_overwrites_only_when_told_even_its_own_source(source: Path) -> None:
    before = source.read_bytes()
    with pytest.raises(CommandError, match="Name another file, or add --force"):
        command(source, source)
    assert source.read_bytes() == before
    command(source, source, "--force")
    assert source.read_bytes() == download(before)


@pytest.mark.any_database
def test_the_command_has_no_limit_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(table(*["ceramics"] * 20_001, header="category"))
    assert command(path, tmp_path / "out.csv") == "20,001 rows: 20,001 scored\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.csv", "out.csv"], "missing.csv: No such file"),
        (["products.csv", "nowhere/out.csv"], "nowhere/out.csv: No such file"),
        (["products.csv", "out.xlsx"], "The file is CSV, so name the scored one out.csv"),
        (["products.csv", "out.csv", "--market", "mars"], "There is no market “mars”. There are: eu, us, uk, jp"),
        (["products.csv", "out.csv", "--encoding", "klingon"], "There is no encoding “klingon”"),
        (["products.csv", "out.csv", "--encoding", "zlib"], "There is no encoding “zlib”"),
        (["products.csv", "out.csv", "--encoding", "utf-16-le"], "The characters of the file cannot be read"),
        (["picture.png", "out.csv"], "picture.png: This is neither a text nor an .xlsx file"),
    ],
)
def test_the_command_says_what_is_wrong_and_leaves_nothing_behind(
    source: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(source.parent)
    Path("picture.png").write_bytes(b"\x89PNG\0")
    with pytest.raises(CommandError, match=re.escape(says)):
        command(*arguments)
    assert sorted(path.name for path in source.parent.iterdir()) == ["picture.png", "products.csv"]


def test_the_command_takes_an_encoding_on_trust(tmp_path: Path) -> None:
    path, target = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_bytes("category,note\nceramics,景德鎮\n".encode("big5"))
    command(path, target, "--encoding", "big5")
    assert "景德鎮" in target.read_bytes().decode("big5")


def test_a_table_that_turns_out_late_to_need_utf_8_is_written_afresh(tmp_path: Path) -> None:
    path, target = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_bytes(table(*["ceramics"] * 500, "lamps", header="category"))
    assert "written as UTF-8, because" in command(path, target, "--encoding", "ascii")
    lines = target.read_bytes().decode().splitlines()
    assert len(lines) == 502
    assert lines[0].startswith("\ufeffcategory,score,")
    assert lines[-1].endswith("It says “lamps”.")


@pytest.mark.any_database
@pytest.mark.parametrize("kind", ["csv", "xlsx", "xlsx as Excel writes it"])
def test_memory_does_not_grow_with_the_file(kind: str, tmp_path: Path) -> None:
    found = current_method()
    assert found
    peaks = []
    for number in (200, 200, 1_000):  # the first is to warm up
        rows = [[f"a product of its own {i}", *(int(digit) for digit in "443220323")] for i in range(number)]
        content = table(*(",".join(map(str, row)) for row in rows)) if kind == "csv" else workbook(*rows)
        path = tmp_path / "source"
        path.write_bytes(as_excel_writes(content) if "Excel" in kind else content)
        with path.open("rb") as read_file, (tmp_path / "out").open("wb+") as written:
            tracemalloc.start()
            assert score_file(read_file, written, Job(*found, (), COMMAND)).scored == number
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[2] < peaks[1] + 200_000, peaks


def test_uploads_have_limits_that_the_command_line_has_not() -> None:
    assert UPLOAD.rows == 20_000
    assert COMMAND.rows is None
