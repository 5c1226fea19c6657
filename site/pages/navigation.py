"""What stands around a page: its versions in other languages, the pages above it, the sections of the menu."""

from dataclasses import dataclass, field

from django.db.models import Q
from wagtail.models import Page

HOME_DEPTH = 2


@dataclass(frozen=True)
class Surroundings:
    """`versions` are the live language versions, itself included; `menu` and `above` are in the order of the tree."""

    versions: list[Page] = field(default_factory=list)
    menu: list[Page] = field(default_factory=list)
    above: list[Page] = field(default_factory=list)


def surroundings(page: Page | None, language: str) -> Surroundings:
    """Everything around `page`, or the menu alone where there is no page. One query."""
    depths = range(HOME_DEPTH, page.depth if page else HOME_DEPTH)
    above = [page.path[: page.steplen * depth] for depth in depths] if page else []
    near = Q(path__in=above) | Q(depth=HOME_DEPTH + 1, show_in_menus=True, locale__language_code=language)
    if page:
        near |= Q(translation_key=page.translation_key)
    found = list(Page.objects.live().filter(near).select_related("locale").order_by("path"))
    return Surroundings(
        [one for one in found if page and one.translation_key == page.translation_key],
        [
            one
            for one in found
            if one.depth == HOME_DEPTH + 1 and one.show_in_menus and one.locale.language_code == language
        ],
        [one for one in found if one.path in above],
    )
