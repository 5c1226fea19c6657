"""What stands around a page: its versions in other languages, the pages above it, the sections of the menu."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from wagtail.models import Page

from pages.languages import reading_language
from translation.outdated import with_outdated

HOME_DEPTH = 2


@dataclass(frozen=True)
class Surroundings:
    """What is live around a page, in the order of the tree.

    Attributes:
        versions: the page in every language, itself included.
        menu: the sections of its language.
        above: the pages above it, from the home page down.
        elsewhere: the sections of the source language, for readers of a language that has a home page only.
    """

    versions: list[Page] = field(default_factory=list)
    menu: list[Page] = field(default_factory=list)
    above: list[Page] = field(default_factory=list)
    elsewhere: list[Page] = field(default_factory=list)

    def newer_source(self, page: Page) -> Page | None:
        """The live source of `page`, where that has other sentences than the ones `page` was translated from."""
        itself = next((one for one in self.versions if one.pk == page.pk), None)
        if itself is None or not itself.is_outdated or itself.alias_of_id:
            return None
        return next((one for one in self.versions if one.locale.language_code == settings.LANGUAGE_CODE), None)


def surroundings(page: Page | None, language: str) -> Surroundings:
    """Everything around `page`, or the menu alone where there is no page. One query."""
    depths = range(HOME_DEPTH, page.depth if page else HOME_DEPTH)
    above = [page.path[: page.steplen * depth] for depth in depths] if page else []
    other = reading_language(language)
    near = Q(path__in=above) | Q(depth=HOME_DEPTH + 1, show_in_menus=True, locale__language_code__in={language, other})
    if page:
        near |= Q(translation_key=page.translation_key)
    found = list(with_outdated(Page.objects.live().filter(near)).select_related("locale").order_by("path"))
    sections = [one for one in found if one.depth == HOME_DEPTH + 1 and one.show_in_menus]
    return Surroundings(
        [one for one in found if page and one.translation_key == page.translation_key],
        [one for one in sections if one.locale.language_code == language],
        [one for one in found if one.path in above],
        [one for one in sections if one.locale.language_code == other != language],
    )
