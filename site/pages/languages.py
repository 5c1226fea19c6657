"""Which languages exist, which of them a page is published in, and how relations follow the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from wagtail.models import DraftStateMixin, Locale, Page, Site, TranslatableMixin


@dataclass(frozen=True)
class Alternate:
    """One language version of a page: code as in the address, the language's own name, its full address."""

    code: str
    name: str
    url: str
    is_current: bool

    @property
    def path(self) -> str:
        """The address without the host: a reader who came by another name of the host stays there."""
        return urlsplit(self.url).path

    @property
    def tag(self) -> str:
        """The code as HTML writes it."""
        return bcp47(self.code)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return direction(self.code)


def bcp47(code: str) -> str:
    """A language code of the settings as HTML and HTTP write it: `zh-hans` is `zh-Hans`, `pt-br` is `pt-BR`."""
    language, _separator, rest = code.partition("-")
    return "-".join([language] + ([rest.title() if len(rest) == 4 else rest.upper()] if rest else []))


def direction(code: str) -> str:
    """The direction of a language's script, as HTML's `dir` says it: `ltr` or `rtl`."""
    try:
        return "rtl" if get_language_info(code)["bidi"] else "ltr"
    except KeyError:  # a language that Django does not know
        return "ltr"


def is_home_only(code: str | None) -> bool:
    """Whether a language has a home page only, so that its readers find the sections in the source language."""
    return code in settings.HOME_ONLY_LANGUAGES


def full_languages() -> list[tuple[str, str]]:
    """The languages of the settings that have the whole site: code and the language's own name."""
    return [(code, name) for code, name in settings.LANGUAGES if not is_home_only(code)]


def reading_language(code: str) -> str:
    """The language in which a reader of `code` finds the sections."""
    return settings.LANGUAGE_CODE if is_home_only(code) else code


def language_name(code: str) -> str:
    """The language's name for itself, as it stands in the settings."""
    return dict(settings.LANGUAGES)[code]


def alternates(page: Page, published: Iterable[Page], request: HttpRequest) -> list[Alternate]:
    """The `published` language versions of `page` with their addresses, in the order of the settings."""
    order = [code for code, _name in settings.LANGUAGES]
    versions = [version for version in published if version.locale.language_code in order]
    versions.sort(key=lambda version: order.index(version.locale.language_code))
    return [
        Alternate(
            code=version.locale.language_code,
            name=language_name(version.locale.language_code),
            url=version.get_full_url(request),
            is_current=version.pk == page.pk,
        )
        for version in versions
    ]


def alternates_of_view(request: HttpRequest, languages: Iterable[tuple[str, str]] | None = None) -> list[Alternate]:
    """The same address in other languages, for what is not a page: by default in those that have the whole site."""
    rest = request.path.lstrip("/").partition("/")[2]
    current = get_language()
    site = Site.find_for_request(request)
    base = site.root_url if site else request.build_absolute_uri("/").rstrip("/")
    return [
        Alternate(code, name, f"{base}/{code}/{rest}", code == current)
        for code, name in (full_languages() if languages is None else languages)
    ]


def best_language(request: HttpRequest, available: Iterable[str]) -> str:
    """The first language of Accept-Language that is among `available`, else the default one. Reads no cookie."""
    available = list(available)
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            found = get_supported_language_variant(wanted)
        except LookupError:
            continue
        if found in available:
            return found
    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in available or not available else available[0]


def in_source_language(model: type[TranslatableMixin]) -> QuerySet[Any]:
    """The objects of a translatable model in the source language: where numbers and choices are read from."""
    found: QuerySet[Any] = model._default_manager.filter(locale__language_code=settings.LANGUAGE_CODE)
    return found


def in_language(relation: Any, target: str, locale: Locale) -> list[Any]:
    """The objects that `relation` points at, in the version of `locale`, in the editor's order.

    A relation is chosen once, in the source language, and copied to the translations; every language then shows its own
    version and leaves out what it does not have.

    Args:
        relation: a child relation's manager on a page, such as `page.page_tags`.
        target: the name of the foreign key to a translatable model on the child.
        locale: the language wanted.
    """
    children = relation.get_queryset()
    model = children.model._meta.get_field(target).related_model
    candidates = model._default_manager.filter(locale=locale)
    if issubclass(model, DraftStateMixin):
        candidates = candidates.filter(live=True)
    if issubclass(model, Page):
        candidates = candidates.specific()
    if isinstance(children, QuerySet):
        position = children.filter(**{f"{target}__translation_key": OuterRef("translation_key")})
        found = candidates.annotate(place=Subquery(position.values("sort_order")[:1]))
        return list(found.filter(place__isnull=False).order_by(F("place"), "pk"))
    # An unsaved page in the editor's preview: its children are in memory.
    keys = [getattr(child, target).translation_key for child in children]
    by_key = {found.translation_key: found for found in candidates.filter(translation_key__in=keys)}
    return [by_key[key] for key in keys if key in by_key]
