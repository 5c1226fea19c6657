"""What the score points at, by key, in the reader's language: markets, categories, chapters, similar cases."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from evidence.citations import known_records
from pages.models import RelatedPage
from suitability.assessment import Method
from suitability.models import Market, ProductCategory
from suitability.presentation import Chapter, MarketFacts
from suitability.rubrics import Words

SIMILAR_CASES = 2
Groups = list[tuple[str, list[tuple[str, str]]]]


class Catalogue:
    """Looks things up when they are first asked for, all of a kind at once.

    Args:
        method: what may be scored.
        words: the wording of the rubric, whose criteria name chapters.
    """

    def __init__(self, method: Method, words: Words) -> None:
        self.method = method
        self.words = words
        self.language = get_language()

    @property
    def markets(self) -> Mapping[str, str]:
        """The name of each market."""
        return self.method.market_names

    @cached_property
    def market_facts(self) -> Mapping[str, MarketFacts]:
        """What a seller needs to know of each market, with the rules recorded for it. One query."""
        found = Market.objects.filter(locale__language_code=self.language)
        rules = [rule for rule in known_records().rules.values() if rule.code not in self._for_some_goods]
        return {
            market.slug: MarketFacts(
                market.note,
                market.currency,
                market.language_codes,
                market.zones,
                [rule for rule in rules if rule.region == market.slug],
            )
            for market in found
        }

    @cached_property
    def _for_some_goods(self) -> set[Any]:
        """The records cited for some categories only. Where they matter, the answer cites them itself."""
        for_all = {effect.id for effect in self.method.effects if not effect.category}
        codes: dict[bool, set[Any]] = {True: set(), False: set()}
        for key, words in self.words.rules.items():
            codes[key in for_all].add(words.code)
        return codes[False] - codes[True]

    @cached_property
    def pages(self) -> list[ProductCategory]:
        """The live categories. One query."""
        found = ProductCategory.objects.live().filter(locale__language_code=self.language).order_by("path")
        names = ("title", "slug", "url_path", "translation_key", "group__translation_key", "locale__language_code")
        return list(found.select_related("locale", "group").only(*names))

    @property
    def categories(self) -> Mapping[str, str]:
        """The title of each category; the source's where it has no page in this language."""
        titles = {key: profile.title for key, profile in self.method.profiles.items()}
        return titles | {page.slug: page.title for page in self.pages}

    @property
    def groups(self) -> Groups:
        """The categories that can be scored, by group, as choices of a form."""
        titles = {page.translation_key: page.title for page in self.pages}
        groups: dict[str, list[tuple[str, str]]] = {}
        for page in self.pages:
            if page.slug in self.method.profiles:
                groups.setdefault(titles.get(page.group_key, ""), []).append((page.slug, page.title))
        here = {page.slug for page in self.pages}
        rest = [(key, profile.title) for key, profile in self.method.profiles.items() if key not in here]
        return [*groups.items(), *([(_("Other"), rest)] if rest else [])]

    @property
    def chapters(self) -> Mapping[str, Chapter]:
        """The chapters that the criteria name, by their address below the language."""
        return self._readings[0]

    @property
    def form_url(self) -> str:
        """The address of the form in the reader's language."""
        return reverse("wagtail_serve", args=["suitability/"])

    def category_url(self, key: str) -> str:
        """The address of a category's page, "" where it has none."""
        return next((page.url or "" for page in self.pages if page.slug == key), "")

    def similar_cases(self, levels: Mapping[str, int | None], category: str | None) -> list[Page]:
        """Up to two cases: those of the category itself, then of the categories whose levels are nearest."""
        cases = self._readings[1]

        def distance(key: str) -> tuple[bool, int]:
            own = self.method.profiles[key].levels
            pairs = ((levels.get(name), own.get(name)) for name in self.method.criteria)
            return key != category, sum(abs(a - b) for a, b in pairs if a is not None and b is not None)

        nearest = sorted((key for key in cases if key in self.method.profiles), key=distance)
        return list(dict.fromkeys(case for key in nearest for case in cases[key]))[:SIMILAR_CASES]

    @cached_property
    def _readings(self) -> tuple[dict[str, Chapter], dict[str, list[Page]]]:
        """The chapters by address, and the cases by the category that points at them. Two queries."""
        slugs = {
            criterion.chapter.rpartition("/")[2] for criterion in self.words.criteria.values() if criterion.chapter
        }
        keys = {page.translation_key: page.slug for page in self.pages}
        links = RelatedPage.objects.filter(
            page__translation_key__in=keys, page__locale__language_code=self.language
        ).values_list("page__translation_key", "related__translation_key")
        related: dict[Any, list[str]] = {}
        for category, target in links:
            related.setdefault(target, []).append(keys[category])
        chosen = Q(content_type__model="guidepage", slug__in=slugs)
        chosen |= Q(content_type__model="casestudypage", translation_key__in=related)
        found = Page.objects.live().filter(chosen, locale__language_code=self.language).order_by("path")
        chapters: dict[str, Chapter] = {}
        cases: dict[str, list[Page]] = {}
        for page in found.select_related("locale", "content_type"):
            if page.content_type.model == "guidepage":
                chapters["/".join(page.url_path.strip("/").split("/")[1:])] = Chapter(page.title, page.url)
            else:
                for category in related.get(page.translation_key, ()):
                    cases.setdefault(category, []).append(page)
        return chapters, cases
