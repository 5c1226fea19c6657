"""How an entry of a content file becomes the value of a model field.

A model that can be loaded lists its entries in `content_fields`, `{name in the file: reader}`. An entry whose reader is
`translated` stands in every language; all others stand in the source language only, and the translations follow.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from django.db import models
from wagtail.fields import RichTextField, StreamField

from contentfiles.blocks import BodyBuilder, Raw
from contentfiles.documents import Document, Part, Problem, Value
from contentfiles.markdown import MarkdownError, to_rich_text


class Context(Protocol):
    """What a reader may ask of the load under way."""

    document: Document
    source: models.Model | None

    @property
    def problems(self) -> list[Problem]: ...

    def link(self, target: str) -> dict[str, str] | None: ...
    def image(self, name: str) -> int: ...
    def related(self, key: str) -> models.Model | None: ...


@dataclass(frozen=True)
class Reader:
    """Reads one entry of the front matter into the field `name`."""

    name: str
    required: bool = True
    translated: ClassVar[bool] = False

    def read(self, value: Value | None, context: Context) -> Any:
        """The field's value; a mistake is added to the context's problems."""
        raise NotImplementedError

    def assign(self, obj: Any, value: Any) -> None:
        setattr(obj, self.name, value)

    def complain(self, value: Value | None, context: Context, message: str) -> None:
        line = value.line if value else context.document.kind_line
        context.problems.append(context.document.problem(line, message))


Fields = dict[str, Reader]


class Text(Reader):
    """A line of text."""

    translated = True

    def read(self, value: Value | None, context: Context) -> str:
        plain = value.plain if value else ""
        if isinstance(plain, dict | list | bool):
            self.complain(value, context, f"“{self.name}” should be text.")
            return ""
        text = " ".join(str(plain if plain is not None else "").split())
        if self.required and not text:
            self.complain(value, context, f"“{self.name}” is empty.")
        return text


class Code(Text):
    """A line of text that is the same in every language, such as a currency."""

    translated = False


class Date(Reader):
    """A day, as YYYY-MM-DD."""

    def read(self, value: Value | None, context: Context) -> datetime.date | None:
        plain = value.plain if value else None
        if isinstance(plain, datetime.date) or (plain is None and not self.required):
            return plain
        self.complain(value, context, f"“{self.name}” should be a date such as 2026-11-20.")
        return None


class Flag(Reader):
    """true or false; false when absent."""

    def read(self, value: Value | None, context: Context) -> bool:
        plain = value.plain if value else False
        if not isinstance(plain, bool):
            self.complain(value, context, f"“{self.name}” should be true or false.")
        return plain is True


class Number(Reader):
    """A whole number."""

    def read(self, value: Value | None, context: Context) -> int:
        plain = value.plain if value else None
        if isinstance(plain, bool) or not isinstance(plain, int):
            self.complain(value, context, f"“{self.name}” should be a whole number.")
            return 0
        return plain


class Quantity(Reader):
    """A number, exact, with or without decimals."""

    def read(self, value: Value | None, context: Context) -> Decimal | None:
        plain = value.plain if value else None
        if plain is None and not self.required:
            return None
        if isinstance(plain, bool) or not isinstance(plain, int | float):
            self.complain(value, context, f"“{self.name}” should be a number.")
            return None
        return Decimal(str(plain))


class Markdown(Reader):
    """Markdown in one entry of the front matter, as rich text."""

    translated = True

    def read(self, value: Value | None, context: Context) -> str:
        field = type_of(context)._meta.get_field(self.name)
        assert isinstance(field, RichTextField)
        text = str(value.plain or "").strip() if value else ""
        if self.required and not text:
            self.complain(value, context, f"“{self.name}” is empty.")
        try:
            seed = f"{context.document.key}/{self.name}"
            return to_rich_text(text, tuple(field.features), seed, context.link) if text else ""
        except MarkdownError as error:
            self.complain(value, context, str(error))
            return ""


class Integers(Reader):
    """A mapping of names to whole numbers; null is kept as unknown. Absent, it is empty."""

    def read(self, value: Value | None, context: Context) -> dict[str, int | None]:
        if value is None:
            return {}
        entries = value.mapping()
        if entries is None:
            self.complain(value, context, f"“{self.name}” should be lines of “name: whole number”.")
            return {}
        for name, entry in entries.items():
            if entry.plain is not None and (isinstance(entry.plain, bool) or not isinstance(entry.plain, int)):
                self.complain(entry, context, f"“{name}” should be a whole number.")
        return {name: entry.plain for name, entry in entries.items()}


@dataclass(frozen=True)
class One(Reader):
    """The key of one other document, kept as a foreign key."""

    folder: str = ""

    def read(self, value: Value | None, context: Context) -> models.Model | None:
        if value is None:
            return None
        try:
            return context.related(f"{self.folder}/{value.plain}")
        except LookupError as error:
            self.complain(value, context, str(error.args[0]))
            return None


@dataclass(frozen=True)
class Choice(Reader):
    """One of the values of a TextChoices class."""

    choices: type[models.TextChoices] = models.TextChoices

    def read(self, value: Value | None, context: Context) -> str:
        plain = value.plain if value else None
        if plain is None and not self.required:
            return ""
        if plain not in self.choices.values:
            known = ", ".join(self.choices.values)
            self.complain(value, context, f"“{self.name}” should be one of {known}; it is “{plain}”.")
        return str(plain)


class ImageName(Reader):
    """The file name of a picture in content/images."""

    def read(self, value: Value | None, context: Context) -> int | None:
        if value is None:
            return None
        try:
            return context.image(str(value.plain))
        except LookupError as error:
            self.complain(value, context, str(error.args[0]))
            return None

    def assign(self, obj: Any, value: Any) -> None:
        setattr(obj, f"{self.name}_id", value)


@dataclass(frozen=True)
class Children(Reader):
    """A list of keys of other documents, kept as child rows of the page in that order."""

    target: str = ""
    folder: str = ""

    def read(self, value: Value | None, context: Context) -> list[models.Model]:
        if value is None:
            return []
        found, seen = [], set()
        for item in value.sequence() or []:
            if item.plain in seen:
                self.complain(item, context, f"“{item.plain}” stands twice.")
                continue
            seen.add(item.plain)
            try:
                related = context.related(f"{self.folder}/{item.plain}")
            except LookupError as error:
                self.complain(item, context, str(error.args[0]))
                continue
            if related is not None:
                found.append(related)
        if value.sequence() is None:
            self.complain(value, context, f"“{self.name}” should be a list such as [one, two].")
        return found

    def assign(self, obj: Any, value: Any) -> None:
        """Adds to the rows of other readers of the same relation, which the loader has cleared before."""
        relation = getattr(obj, self.name)
        for related in value:
            kwargs = {self.target: related, "sort_order": relation.count()}
            relation.add(relation.model(**kwargs))


@dataclass(frozen=True)
class Values(Reader):
    """A list of choices, kept as child rows with one field."""

    target: str = ""
    choices: type[models.TextChoices] = models.TextChoices

    def read(self, value: Value | None, context: Context) -> list[str]:
        items = value.sequence() if value else None
        if not items:
            self.complain(value, context, f"“{self.name}” should be a list such as [{self.choices.values[0]}].")
            return []
        seen = set()
        for item in items:
            if item.plain not in self.choices.values:
                known = ", ".join(self.choices.values)
                self.complain(item, context, f"“{item.plain}” is not one of {known}.")
            elif item.plain in seen:
                self.complain(item, context, f"“{item.plain}” stands twice.")
            seen.add(item.plain)
        return [str(item.plain) for item in items]

    def assign(self, obj: Any, value: Any) -> None:
        relation = getattr(obj, self.name)
        for order, code in enumerate(value):
            relation.add(relation.model(**{self.target: code, "sort_order": order}))


class PageBody(Reader):
    """The whole body of the file as a StreamField."""

    translated = True

    def read(self, value: Value | None, context: Context) -> list[Raw]:
        return self._build(context.document, context)

    def _build(self, document: Document, context: Context) -> list[Raw]:
        model = type_of(context)
        field = model._meta.get_field(self.name)
        assert isinstance(field, StreamField)
        source = list(getattr(context.source, self.name).raw_data) if context.source else None
        builder = BodyBuilder(field.stream_block, document, context.link, context.image, source)
        data = builder.build()
        context.problems.extend(builder.problems)
        return data

    def assign(self, obj: Any, value: Any) -> None:
        field = type(obj)._meta.get_field(self.name)
        setattr(obj, self.name, field.stream_block.to_python(value))


class Rows(PageBody):
    """A list in the front matter as a StreamField: each entry is one block of the field's only type."""

    def read(self, value: Value | None, context: Context) -> list[Raw]:
        items = value.sequence() if value else None
        if not items:
            self.complain(value, context, f"“{self.name}” should be a list with at least one entry.")
            return []
        field = type_of(context)._meta.get_field(self.name)
        assert isinstance(field, StreamField)
        (block_name,) = field.stream_block.child_blocks
        document = context.document
        parts = [Part(block_name, item.line, value=item) for item in items]
        return self._build(
            Document(
                document.path, document.locale, document.key, document.kind, value.line if value else 1, {}, parts
            ),
            context,
        )


@dataclass(frozen=True)
class Section(Reader):
    """The text under the heading with `anchor`, as rich text; without an anchor, the text before any heading."""

    anchor: str = ""
    translated: ClassVar[bool] = True

    def read(self, value: Value | None, context: Context) -> str:
        document = context.document
        current, texts = "", list[Part]()
        for part in document.parts:
            if part.kind == "heading":
                current = part.anchor
            elif part.kind != "text":
                message = f"“{part.kind}” has no place here: only text."
                context.problems.append(document.problem(part.line, message))
            elif current == self.anchor:
                texts.append(part)
        if not texts:
            where = f"under {{#{self.anchor}}}" if self.anchor else "after the front matter"
            self.complain(value, context, f"There is no text {where}.")
            return ""
        field = type_of(context)._meta.get_field(self.name)
        assert isinstance(field, RichTextField)
        try:
            seed = f"{document.key}/{self.name}"
            return to_rich_text(texts[0].text, tuple(field.features), seed, context.link)
        except MarkdownError as error:
            context.problems.append(document.problem(texts[0].line + error.line, str(error)))
            return ""


def type_of(context: Context) -> type[models.Model]:
    """The model of the document under way."""
    return loadable_models()[context.document.kind]


def unread_parts(document: Document, fields: Fields) -> list[Problem]:
    """What stands in a body although no reader would take it: it would be lost in silence."""
    if any(type(reader) is PageBody for reader in fields.values()):
        return []
    anchors = {reader.anchor for reader in fields.values() if isinstance(reader, Section)}
    problems, current = [], ""
    for part in document.parts:
        if part.kind == "heading":
            current = part.anchor
        if current not in anchors:
            known = ", ".join(f"{{#{anchor}}}" for anchor in sorted(anchors) if anchor)
            where = f"Only these sections are: {known}." if known else "Only the front matter is."
            problems.append(document.problem(part.line, f"This is not read in a {document.kind}. {where}"))
    return problems


def loadable_models() -> dict[str, type[models.Model]]:
    """Every model that names itself in `content_name`, by that name."""
    from django.apps import apps

    found = {}
    for model in apps.get_models():
        name = model.__dict__.get("content_name")
        if name:
            found[name] = model
    return found


def fields_of(model: type[models.Model]) -> Fields:
    """The readers of a model by their names in the file."""
    fields: Fields = getattr(model, "content_fields", {})
    return fields
