"""Reads a response as a browser would."""

import json
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any

import html5lib
from django.http import HttpResponse
from django.test import Client


@dataclass
class Document(HTMLParser):
    """The elements of an HTML page, by name, with their attributes and text."""

    response: HttpResponse
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.text = self.response.content.decode()
        self._in_script = False
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._in_script = tag == "script" and dict(attrs).get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.data.append(json.loads(data))
            self._in_script = False
        else:
            self.words.append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of every element with this name whose attributes have these values."""
        return [
            attrs
            for name, attrs in self.elements
            if name == tag and all(attrs.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]

    def one(self, tag: str, **wanted: str) -> dict[str, str]:
        """The only such element."""
        (found,) = self.all(tag, **wanted)
        return found

    @property
    def lang(self) -> str:
        return self.one("html")["lang"]

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _name, attrs in self.elements if "id" in attrs]


def read(response: HttpResponse) -> Document:
    """The page in a response, which must be valid HTML: the strict parser of html5lib accepts it."""
    html5lib.HTMLParser(strict=True).parse(response.content, transport_encoding="utf-8")
    return Document(response)


@cache
def published(address: str) -> Document:
    """What an address of the loaded site shows, valid HTML, requested and parsed once in a process.

    For tests that only read what is published. A test that has changed something before it looks, or that is about
    queries, cookies or what is kept between requests, asks the site itself.
    """
    return read(answer(address))


@cache
def answer(address: str) -> HttpResponse:
    """The answer to a reader's request for an address of the loaded site, as `published` remembers it."""
    response = Client(raise_request_exception=False).get(address)
    return HttpResponse(response.content, status=response.status_code, headers=response.headers)
