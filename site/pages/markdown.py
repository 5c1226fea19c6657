"""A page as Markdown: what a reader reads of its HTML, without what only a browser can use."""

import datetime
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import yaml
from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

FILE = "index.html.md"  # https://llmstxt.org: the name of the Markdown version below an address that ends in a slash
# Ways around the site, forms, and drawings, whose numbers stand beside them.
LEFT_OUT = (
    "script, style, svg, form, button, input:not([type=checkbox]), nav:not(.pagination), .filters, .filter, .chosen, "
    ".visually-hidden:not(thead), .no-print, [hidden], [aria-hidden=true], [role=img], [role=doc-backlink], "
    ".card__number, .question__link, .ask__place, .level, img[alt='']"
)
SPECIAL = re.compile(r"([\\`*\[\]<|]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w+;)|!\Z)")
AT_THE_START = re.compile(r"^([ \t]*)(>|#{1,6}(?=\s|$)|(?:\++|-+|=+)(?=\s|$)|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)
IN_ADDRESS = str.maketrans({" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E"})
# A mark beside a sign such as 。 or ” is no mark where a letter follows, as it does in Chinese and Japanese.
OUTER_SIGNS = re.compile(r"((?:[^\w\s\x00-\x7f])*)(.*?)((?:[^\w\s\x00-\x7f])*)", re.DOTALL)
WORD_JOINER = "\u2060"  # keeps a citation's mark beside its value


def markdown_address(address: str) -> str:
    """The address of the Markdown version of the page at `address`, which ends in a slash before its query."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path}{FILE}", fragment=""))


@dataclass(frozen=True)
class MarkdownPage:
    """A page as Markdown, and the address of the page itself."""

    text: str
    canonical: str


def markdown_of(html: str) -> MarkdownPage | None:
    """The Markdown version of a page of this site; None where the page offers none in its head."""
    soup = BeautifulSoup(html, "html.parser")
    canonical = soup.select_one("link[rel=canonical]")
    if canonical is None or soup.select_one("link[rel=alternate][type='text/markdown']") is None:
        return None
    address = str(canonical["href"])
    front = yaml.safe_dump(_front_matter(soup, address), allow_unicode=True, sort_keys=False, width=1000)
    return MarkdownPage(f"---\n{front}---\n\n{_body(soup, address)}\n", address)


def _front_matter(soup: BeautifulSoup, address: str) -> dict[str, Any]:
    """What the head of the page says about it."""
    heading, description = soup.select_one("main h1"), soup.select_one("meta[name=description]")
    versions, root = soup.select("link[rel=alternate][hreflang]"), soup.select_one("html")
    data: dict[str, Any] = {
        "title": " ".join(heading.get_text().split()) if heading else "",
        "description": str(description["content"]) if description else "",
        "language": str(root["lang"]) if root else "",
        "address": address,
    }
    if reviewed := _reviewed(soup):
        data["reviewed"] = reviewed
    data["alternates"] = {
        str(version["hreflang"]): markdown_address(str(version["href"]))
        for version in versions
        if version["hreflang"] not in ("x-default", data["language"])
    }
    return data


def _reviewed(soup: BeautifulSoup) -> datetime.date | None:
    """The date of the last review, as the structured data of an article says it."""
    for script in soup.select("script[type='application/ld+json']"):
        page = json.loads(script.get_text()).get("mainEntityOfPage")
        if isinstance(page, dict) and "lastReviewed" in page:
            return datetime.date.fromisoformat(page["lastReviewed"])
    return None


def _body(soup: BeautifulSoup, address: str) -> str:
    main = soup.select_one("main")
    if main is None:
        return ""
    _keep_questions(main)
    for element in main.select(LEFT_OUT):
        element.decompose()
    lines = _Converter(address).convert_soup(main).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _keep_questions(main: Tag) -> None:
    """Takes questions with answers to choose from out of their form, each answer as an item with its number."""
    for form in main.select("form"):
        for questions in form.select(":scope > fieldset:has(input[type=radio])"):
            form.insert_before(questions.extract())
    for choice in main.select("label > input[type=radio]"):
        label = choice.parent
        assert label is not None
        label.name = "li"
        if str(choice["value"]).isdecimal():
            label["value"] = choice["value"]


_Base: Any = MarkdownConverter  # its own types leave out most of it


class _Converter(_Base):
    """HTML to Markdown, with footnotes for notes, boxes to tick, and links that work anywhere."""

    class Options:
        heading_style = ATX
        bullets = "-"
        autolinks = False

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text.replace(WORD_JOINER, ""))

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = str(el.get("href", ""))
        if el.get("role") == "doc-noteref":
            mark = el.get_text().partition("[")[0]
            return f" {mark}[^{href.rpartition('-')[2]}]"
        if href.startswith("#") or not text.strip():
            return text
        el["href"] = self._whole(href)
        return str(super().convert_a(el, text, parent_tags))

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        el["src"] = self._whole(str(el.get("src", "")))
        el["alt"] = escaped(str(el.get("alt", "")))
        return f"\n\n{super().convert_img(el, text, parent_tags)}\n\n"

    def _whole(self, href: str) -> str:
        """A link of the page as an address that works anywhere and ends where it should."""
        return urljoin(self.address, href).translate(IN_ADDRESS)

    def convert_b(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._marked(super().convert_b, el, text, parent_tags)

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._marked(super().convert_em, el, text, parent_tags)

    convert_strong, convert_i = convert_b, convert_em

    def _marked(self, convert: Any, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Bold or italic text, with the signs at its ends outside of the marks."""
        found = OUTER_SIGNS.fullmatch(text)
        before, inner, after = found.groups() if found else ("", text, "")
        return f"{before}{convert(el, inner, parent_tags)}{after}"

    def convert_input(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "[x] " if el.has_attr("checked") else "[ ] "

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        note = re.fullmatch(r"note-(\d+)", str(el.get("id", "")))
        if note:
            return f"\n\n[^{note[1]}]: {_indented(text.strip(), 4)}\n\n"
        if "value" in el.attrs:  # a number of its own, which lists in Markdown cannot have
            return f"- {el['value']}: {_indented(text.strip(), 2)}\n"
        return str(super().convert_li(el, text, parent_tags))

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n- **{' '.join(text.split())}**\n\n"

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n  {_indented(text.strip(), 2)}\n\n" if text.strip() else ""

    def convert_figcaption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    convert_caption = convert_figcaption

    def convert_block(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return str(self.convert_div(el, text, parent_tags))

    convert_header = convert_footer = convert_aside = convert_figure = convert_details = convert_summary = convert_block
    convert_main = convert_nav = convert_fieldset = convert_legend = convert_block


def escaped(text: str) -> str:
    """Plain text with a backslash before each sign that Markdown would take for its own."""
    return AT_THE_START.sub(_escape_start, SPECIAL.sub(r"\\\1", text))


def _escape_start(found: re.Match[str]) -> str:
    space, sign = found.groups()
    return f"{space}{sign}\\" if sign[0].isdigit() else f"{space}\\{sign}"


def _indented(text: str, width: int) -> str:
    """Text whose lines after the first stand below it."""
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)
