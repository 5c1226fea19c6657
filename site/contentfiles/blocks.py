"""A document's body as StreamField data. The format follows from the block definitions; nothing is listed twice."""

import datetime
import uuid
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from contentfiles.documents import Document, Problem, Value
from contentfiles.markdown import LinkResolver, MarkdownError, to_rich_text
from evidence.blocks import CitationBlock
from evidence.citing import code_of

NAMESPACE = uuid.UUID("9a1f4a52-6c0e-4d0f-9a3b-6d1c5f0c7e11")
TRANSLATED = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock)
Raw = dict[str, Any]


def block_id(*path: str) -> str:
    """The same id for the same place in the same document, so that translations stay attached to a reloaded block."""
    return str(uuid.uuid5(NAMESPACE, "/".join(path)))


class BodyBuilder:
    """Builds the raw data of a StreamField from the parts of one document.

    Args:
        stream: the StreamBlock that will hold the data.
        document: where the parts come from.
        resolve: resolves link targets in Markdown.
        image: gives the id of an image for its file name, or raises LookupError.
        source: the raw data of the source language, from which a translation takes every number, choice and image.
    """

    def __init__(
        self,
        stream: blocks.StreamBlock,
        document: Document,
        resolve: LinkResolver,
        image: Callable[[str], int],
        source: list[Raw] | None = None,
    ) -> None:
        self.stream = stream
        self.document = document
        self.resolve = resolve
        self.image = image
        self.source = source
        self.problems: list[Problem] = []

    def build(self) -> list[Raw]:
        """The raw data; what is wrong stands in `problems` afterwards."""
        if self.source is not None and not self._same_outline(self.source):
            return []
        data: list[Raw] = []
        section, counts = "start", Counter[str]()
        for index, part in enumerate(self.document.parts):
            if part.kind == "heading":
                section, counts = part.anchor, Counter()
            counts[part.kind] += 1
            if part.kind not in self.stream.child_blocks:
                names = ", ".join(sorted(self.stream.child_blocks))
                self._problem(part.line, f"There is no block “{part.kind}” here. Known: {names}.")
                continue
            path = (self.document.key, section, part.kind, str(counts[part.kind]))
            block = self.stream.child_blocks[part.kind]
            inherited = self.source[index]["value"] if self.source else None
            if part.kind == "heading":
                value: Any = {"text": part.text, "anchor": part.anchor}
            elif part.kind == "text":
                value = self._rich_text(block, part.text, part.line, path)
            else:
                assert part.value is not None
                value = self._convert(block, part.value, path, inherited)
            raw = {"type": part.kind, "value": value, "id": block_id(*path)}
            self._clean(block, raw, part.line)
            data.append(raw)
        return data

    def _same_outline(self, source: list[Raw]) -> bool:
        """A translation has the parts of its source, in their order, with the same anchors."""
        for index, part in enumerate(self.document.parts):
            if index >= len(source):
                self._problem(part.line, f"The source has no further part, but here is a {part.kind}.")
                return False
            wanted = source[index]
            if part.kind != wanted["type"]:
                self._problem(part.line, f"The source has a {wanted['type']} here, not a {part.kind}.")
                return False
            if part.kind == "heading" and part.anchor != wanted["value"]["anchor"]:
                self._problem(part.line, f"The source's anchor is {{#{wanted['value']['anchor']}}}.")
                return False
        if len(self.document.parts) < len(source):
            missing = source[len(self.document.parts)]["type"]
            last = self.document.parts[-1].line if self.document.parts else self.document.kind_line
            self._problem(last, f"After this the source goes on with a {missing}; here the text ends.")
            return False
        return True

    def _convert(self, block: blocks.Block, value: Value, path: tuple[str, ...], inherited: Any) -> Any:
        if isinstance(block, blocks.StructBlock):
            return self._struct(block, value, path, inherited)
        if isinstance(block, blocks.ListBlock):
            return self._list(block, value, path, inherited)
        if isinstance(block, blocks.RichTextBlock):
            return self._rich_text(block, str(value.plain or ""), value.line, path)
        return self._leaf(block, value)

    def _struct(self, block: blocks.StructBlock, value: Value, path: tuple[str, ...], inherited: Any) -> Any:
        entries = value.mapping()
        if entries is None:
            self._problem(value.line, f"Expected lines of “name: value”: {', '.join(block.child_blocks)}.")
            return {}
        for name in entries.keys() - block.child_blocks.keys():
            known = ", ".join(block.child_blocks)
            self._problem(entries[name].line, f"Unknown name “{name}”. Known: {known}.")
        result: Raw = {}
        for name, child in block.child_blocks.items():
            below = inherited.get(name) if inherited else None
            if self.source is not None and not _holds_text(child):
                if name in entries:
                    self._problem(entries[name].line, f"“{name}” follows the source: leave it out here.")
                result[name] = below
            elif name in entries:
                result[name] = self._convert(child, entries[name], (*path, name), below)
            elif child.required and not _has_default(child):
                self._problem(value.line, f"“{name}” is missing.")
            else:
                # An empty text is "", never None: wagtail-localize cannot cut None into segments.
                result[name] = "" if isinstance(child, TRANSLATED) else child.get_prep_value(child.get_default())
        return result

    def _list(self, block: blocks.ListBlock, value: Value, path: tuple[str, ...], inherited: Any) -> Any:
        items = value.sequence()
        if items is None:
            self._problem(value.line, "Expected a list: lines that start with “- ”.")
            return []
        if inherited is not None and len(items) != len(inherited):
            self._problem(value.line, f"The source lists {len(inherited)} items here, this file {len(items)}.")
            return []
        return [
            {
                "type": "item",
                "value": self._convert(
                    block.child_block, item, (*path, str(index)), inherited[index]["value"] if inherited else None
                ),
                "id": block_id(*path, str(index)),
            }
            for index, item in enumerate(items)
        ]

    def _rich_text(self, block: blocks.Block, text: str, line: int, path: tuple[str, ...]) -> str:
        assert isinstance(block, blocks.RichTextBlock)
        try:
            return to_rich_text(text, tuple(block.features), "/".join(path), self.resolve)
        except MarkdownError as error:
            self._problem(line + error.line, str(error))
            return ""

    def _leaf(self, block: blocks.Block, value: Value) -> Any:
        plain = value.plain
        if isinstance(plain, dict | list):
            self._problem(value.line, "Expected a single value here, not a list or a mapping.")
            return None
        if isinstance(block, ImageChooserBlock):
            try:
                return self.image(str(plain))
            except LookupError as error:
                self._problem(value.line, str(error.args[0]))
                return None
        if isinstance(block, CitationBlock):
            try:
                return code_of(str(plain)) if plain else ""
            except LookupError as error:
                self._problem(value.line, str(error.args[0]))
                return ""
        if isinstance(block, blocks.DecimalBlock):
            if isinstance(plain, bool) or not isinstance(plain, int | float | None):
                self._problem(value.line, f"“{plain}” is not a number.")
                return None
            return None if plain is None else str(Decimal(str(plain)))
        if isinstance(plain, datetime.date | int | float) and isinstance(block, blocks.CharBlock):
            return str(plain)
        return plain if plain is not None else ""

    def _clean(self, block: blocks.Block, raw: Raw, line: int) -> None:
        """Holds the value against the editor's own validation."""
        if self.problems:
            return
        try:
            block.clean(block.to_python(raw["value"]))
        except ValidationError as error:
            for message in messages_of(error):
                self._problem(line, message)

    def _problem(self, line: int, message: str) -> None:
        self.problems.append(self.document.problem(line, message))


def messages_of(error: ValidationError) -> list[str]:
    """All messages in a validation error of a block, however deep, each with the name of its field."""
    nested = getattr(error, "block_errors", None)
    if not nested:
        return [str(message) for message in error.messages]
    items = nested.items() if isinstance(nested, dict) else enumerate(nested)
    found = [f"{name}: {message}" for name, child in items if child for message in messages_of(child)]
    own = getattr(error, "non_block_errors", None)
    return found + [str(message) for message in (own.as_data() if own else []) for message in message.messages]


def _holds_text(block: blocks.Block) -> bool:
    if isinstance(block, blocks.StructBlock):
        return any(_holds_text(child) for child in block.child_blocks.values())
    if isinstance(block, blocks.ListBlock):
        return _holds_text(block.child_block)
    return isinstance(block, TRANSLATED)


def _has_default(block: blocks.Block) -> bool:
    return block.meta.default not in (None, "", [])
