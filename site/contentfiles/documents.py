"""Content files as written: front matter, then a body of headings, Markdown text and fenced YAML blocks.

Nothing here knows models or the database. Every part keeps its line, so that a mistake is reported where it stands.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HEADING = re.compile(r"^## (?P<text>.+?)\s*\{#(?P<anchor>[a-z0-9-]+)\}\s*$")
LAST = 1_000_000
FENCE = re.compile(r"^```(?P<name>[a-z]+)\s*$")


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a file; `line` counts from 1."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentError(Exception):
    """One or more problems; nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Value:
    """A YAML node with the line it starts on."""

    node: yaml.Node
    first_line: int

    @property
    def line(self) -> int:
        return self.first_line + int(self.node.start_mark.line)

    @property
    def plain(self) -> Any:
        """The value as Python objects: str, int, float, bool, None, date, list, dict."""
        loader = yaml.SafeLoader("")
        try:
            return loader.construct_object(self.node, deep=True)
        finally:
            loader.dispose()

    def mapping(self) -> dict[str, "Value"] | None:
        """The entries of a mapping, or None when this is something else."""
        if not isinstance(self.node, yaml.MappingNode):
            return None
        return {str(key.value): Value(value, self.first_line) for key, value in self.node.value}

    def sequence(self) -> list["Value"] | None:
        """The items of a list, or None when this is something else."""
        if not isinstance(self.node, yaml.SequenceNode):
            return None
        return [Value(item, self.first_line) for item in self.node.value]


@dataclass(frozen=True)
class Part:
    """One piece of a body: `heading` (text, anchor), `text` (Markdown) or a fenced block (its name, its YAML)."""

    kind: str
    line: int
    text: str = ""
    anchor: str = ""
    value: Value | None = None


@dataclass
class Document:
    """One content file in one language, or one entry of a file that lists many."""

    path: str
    locale: str
    key: str
    kind: str
    kind_line: int
    meta: dict[str, Value]
    parts: list[Part] = field(default_factory=list)
    text: str = ""

    @property
    def digest(self) -> str:
        """Changes whenever the file (or the entry) changes."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def order(self) -> int:
        """Where a new page goes among its siblings; without an order, behind all that have one."""
        value = self.meta["order"].plain if "order" in self.meta else None
        return value if isinstance(value, int) else LAST

    def problem(self, line: int, message: str) -> Problem:
        return Problem(self.path, line, message)


def read_language(folder: Path, locale: str, shown_as: str, problems: list[Problem]) -> list[Document]:
    """All documents of one language folder; what cannot be read goes to `problems`."""
    documents: list[Document] = []
    for path in sorted([*folder.rglob("*.md"), *folder.rglob("*.yaml")]):
        relative = path.relative_to(folder)
        name = f"{shown_as}/{relative.as_posix()}"
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            problems.append(Problem(name, line, "Not UTF-8. Save the file as UTF-8."))
            continue
        reader = read_list if path.suffix == ".yaml" else read_document
        documents += reader(text, name, locale, _key(relative), problems)
    seen: dict[str, str] = {}
    for document in documents:
        first = seen.setdefault(document.key, document.path)
        if first != document.path:
            problems.append(document.problem(1, f"{first} already is “{document.key}”: remove one of the two."))
    return documents


def _key(relative: Path) -> str:
    parts = relative.with_suffix("").parts
    return "/".join(parts[:-1] if parts[-1] == "index" else parts)


def read_document(text: str, path: str, locale: str, key: str, problems: list[Problem]) -> list[Document]:
    """A Markdown file as a list of one document, or of none when its front matter cannot be read."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "---":
        problems.append(Problem(path, 1, "Start the file with a line of --- and the front matter."))
        return []
    try:
        end = lines.index("---", 1)
    except ValueError:
        problems.append(Problem(path, 1, "The front matter is not closed: a line of --- is missing."))
        return []
    front = compose("\n".join(lines[1:end]), path, 2, problems)
    meta = _mapping(front, path, 2, problems)
    if meta is None:
        return []
    kind = meta.pop("type", None)
    if kind is None:
        problems.append(Problem(path, 2, "Say what this is: type: is missing."))
        return []
    parts = list(split_body(lines[end + 1 :], end + 2, path, problems))
    return [Document(path, locale, key, str(kind.plain), kind.line, meta, parts, text)]


def read_list(text: str, path: str, locale: str, key: str, problems: list[Problem]) -> list[Document]:
    """A YAML file that lists many small things of one type: `type:` and `items:`, a mapping of key to fields."""
    top = _mapping(compose(text, path, 1, problems), path, 1, problems)
    if top is None:
        return []
    kind, items = top.get("type"), top.get("items")
    entries = items.mapping() if items else None
    if kind is None or entries is None:
        problems.append(Problem(path, 1, "A list needs type: and items:, a mapping of keys to fields."))
        return []
    documents = []
    for name, value in entries.items():
        meta = value.mapping()
        if meta is None:
            problems.append(Problem(path, value.line, f"“{name}” needs fields, such as name: …"))
            continue
        source = f"{kind.plain} {value.plain!r}"
        documents.append(Document(path, locale, f"{key}/{name}", str(kind.plain), value.line, meta, text=source))
    return documents


def split_body(lines: list[str], first_line: int, path: str, problems: list[Problem]) -> Iterator[Part]:
    """Cuts a body into headings, text and fenced blocks."""
    pending: list[str] = []
    start = first_line
    index = 0

    def flush() -> Iterator[Part]:
        if any(line.strip() for line in pending):
            skipped = next(i for i, line in enumerate(pending) if line.strip())
            yield Part("text", start + skipped, "\n".join(pending[skipped:]).rstrip())
        pending.clear()

    while index < len(lines):
        line, number = lines[index], first_line + index
        fence = FENCE.match(line)
        if fence:
            yield from flush()
            end = next((i for i in range(index + 1, len(lines)) if lines[i].rstrip() == "```"), None)
            if end is None:
                problems.append(Problem(path, number, f"The block “{fence['name']}” is not closed with ```."))
                return
            node = compose("\n".join(lines[index + 1 : end]), path, number + 1, problems)
            if node is not None:
                yield Part(fence["name"], number, value=node)
            index, start = end + 1, first_line + end + 1
        elif line.startswith("## "):
            yield from flush()
            heading = HEADING.match(line)
            if heading:
                yield Part("heading", number, heading["text"], heading["anchor"])
            else:
                problems.append(Problem(path, number, "Give the heading an anchor: ## Text {#short-name}"))
            index, start = index + 1, number + 1
        else:
            pending.append(line)
            index += 1
    yield from flush()


def compose(text: str, path: str, first_line: int, problems: list[Problem]) -> Value | None:
    """The YAML in `text`, with lines; None, and a problem, when it is not valid or holds a key twice."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        reason = getattr(error, "problem", None) or "cannot be read"
        problems.append(Problem(path, line, f"Not valid YAML: {reason}."))
        return None
    if node is None:
        problems.append(Problem(path, first_line, "This block is empty."))
        return None
    value = Value(node, first_line)
    try:
        _check(value, path, problems)
    except RecursionError:
        problems.append(Problem(path, first_line, "This block contains itself."))
        return None
    return value


def _check(value: Value, path: str, problems: list[Problem]) -> None:
    """Refuses keys that stand twice and scalars that cannot be built, such as the 30th of February."""
    if isinstance(value.node, yaml.ScalarNode):
        try:
            _built = value.plain
        except (ValueError, yaml.YAMLError):
            problems.append(Problem(path, value.line, f"“{value.node.value}” cannot be read: quote it if it is text."))
            value.node.tag, value.node.value = "tag:yaml.org,2002:null", ""
    elif isinstance(value.node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in value.node.value:
            if str(key.value) in seen:
                line = value.first_line + key.start_mark.line
                problems.append(Problem(path, line, f"“{key.value}” stands twice."))
            seen.add(str(key.value))
            _check(Value(child, value.first_line), path, problems)
    elif isinstance(value.node, yaml.SequenceNode):
        for child in value.node.value:
            _check(Value(child, value.first_line), path, problems)


def _mapping(value: Value | None, path: str, line: int, problems: list[Problem]) -> dict[str, Value] | None:
    if value is None:
        return None
    mapping = value.mapping()
    if mapping is None:
        problems.append(Problem(path, line, "Expected lines of “name: value”."))
    return mapping
