"""Markdown to the HTML that Wagtail's editor stores, so that saving a loaded page unchanged changes nothing."""

import hashlib
import re
from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

# What a link in a file may point at: a key of another document, or an address.
LinkResolver = Callable[[str], dict[str, str] | None]

ALLOWED = {
    "paragraph_open", "paragraph_close", "heading_open", "heading_close", "bullet_list_open", "bullet_list_close",
    "ordered_list_open", "ordered_list_close", "list_item_open", "list_item_close", "inline",
    "text", "softbreak", "strong_open", "strong_close", "em_open", "em_close", "link_open", "link_close",
}  # fmt: skip
KEYED = {"paragraph_open", "heading_open", "list_item_open"}
CJK_EDGE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


class MarkdownError(ValueError):
    """Markdown that the editor has no place for; `line` counts from 0 within the text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def to_rich_text(markdown: str, features: tuple[str, ...], seed: str, resolve: LinkResolver) -> str:
    """Rich text in the database format.

    Args:
        markdown: paragraphs, lists, ### headings, bold, italic and links; nothing else.
        features: the features of the editor that will open it.
        seed: what the keys of the paragraphs are derived from, so that a reload keeps them.
        resolve: gives the attributes of a link for its target; None leaves the link out and keeps its text.

    Raises:
        MarkdownError: on anything that the editor could not keep.
    """
    parser = _parser()
    tokens = parser.parse(markdown)
    _check(tokens)
    depth = 0
    for index, token in enumerate(tokens):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type.startswith("paragraph") and depth:
            token.hidden = True
        elif token.type in KEYED:
            token.attrSet("data-block-key", hashlib.sha256(f"{seed}/{index}".encode()).hexdigest()[:5])
        if token.children:
            token.children = _links(_joined(token.children), token, resolve)
    html = str(parser.renderer.render(tokens, parser.options, {})).replace("\n", "")
    converter = _converter(features)
    return str(converter.to_database_format(converter.from_database_format(html)))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["html_block", "html_inline", "image", "code", "backticks", "autolink"])
    parser.renderer.rules["strong_open"] = lambda *_args: "<b>"  # type: ignore[attr-defined]
    parser.renderer.rules["strong_close"] = lambda *_args: "</b>"  # type: ignore[attr-defined]
    parser.renderer.rules["em_open"] = lambda *_args: "<i>"  # type: ignore[attr-defined]
    parser.renderer.rules["em_close"] = lambda *_args: "</i>"  # type: ignore[attr-defined]
    return parser


@cache
def _converter(features: tuple[str, ...]) -> ContentstateConverter:
    return ContentstateConverter(list(features))


def _check(tokens: list[Token]) -> None:
    line = 0
    lists = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        if token.type not in ALLOWED:
            raise MarkdownError(line, f"“{token.type.removesuffix('_open')}” has no place in running text.")
        if token.type == "heading_open" and token.tag != "h3":
            raise MarkdownError(line, "Use ### for a heading inside a text.")
        lists += {"bullet_list_open": 1, "ordered_list_open": 1}.get(token.type, 0)
        lists -= {"bullet_list_close": 1, "ordered_list_close": 1}.get(token.type, 0)
        if lists > 1:
            raise MarkdownError(line, "A list inside a list is hard to read on a phone: make it one list.")
        for child in token.children or []:
            if child.type not in ALLOWED:
                raise MarkdownError(line, f"“{child.type}” has no place in running text.")
            if child.type == "text" and re.search(r"<[a-z/]", child.content):
                raise MarkdownError(line, "HTML is not read: write Markdown.")


def _joined(children: list[Token]) -> list[Token]:
    """Joins wrapped lines: with a space, except between two Chinese or Japanese characters."""
    for index, token in enumerate(children):
        if token.type != "softbreak":
            continue
        before = next((t.content[-1:] for t in reversed(children[:index]) if t.content), "")
        after = next((t.content[:1] for t in children[index + 1 :] if t.content), "")
        token.type = "text"
        token.content = "" if CJK_EDGE.match(before) and CJK_EDGE.match(after) else " "
    return children


def _links(children: list[Token], parent: Token, resolve: LinkResolver) -> list[Token]:
    kept: list[Token] = []
    dropped = 0
    for index, token in enumerate(children):
        if token.type == "link_open":
            target = str(token.attrs["href"])
            try:
                attributes = resolve(target)
            except LookupError as error:
                raise MarkdownError(parent.map[0] if parent.map else 0, str(error.args[0])) from error
            if attributes is None:
                dropped += 1
                continue
            token.attrs = dict(attributes)
            kept.append(token)
            if "key" in attributes:  # a citation: its words are the record's
                kept.append(Token("text", "", 0, content=target))
                if children[index + 1].type != "link_close":
                    message = f"Leave the brackets before “{target}” empty: the page prints what the record says."
                    raise MarkdownError(parent.map[0] if parent.map else 0, message)
            continue
        elif token.type == "link_close" and dropped:
            dropped -= 1
            continue
        kept.append(token)
    return kept
