"""Rubrics in force: a draft becomes a version that never changes, and a version becomes what the score works with."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evidence.citations import known_records
from evidence.citing import code_for
from evidence.codes import Code
from evidence.records import Entry
from pages.languages import in_source_language
from suitability.assessment import CategoryRule, MarketEffect, Method, Profile, RuleKind, Scope
from suitability.costs import FlatDuty
from suitability.models import Market, ProductCategory, Rubric, RubricVersion
from suitability.scoring import LEVELS, TOP, Criterion
from suitability.scoring import Rubric as ScoringRubric

ANCHORED = (0, 2, TOP)
CRITERION_TEXTS = ("name", "question", "help", "find_out", "advice", *(f"level_{level}" for level in LEVELS))
EFFECT_NAMES = ("market", "criterion", "move", "applies_to", "category", "currency")
RULE_NAMES = ("category", "market", "kind")
Data = dict[str, Any]


@dataclass(frozen=True)
class CriterionWords:
    """A criterion in one language. `levels` holds the text of each level, "" where it lies between two others."""

    key: str
    pillar: str
    name: str
    question: str
    help: str
    levels: tuple[str, ...]
    find_out: str
    advice: str
    chapter: str

    def text(self, level: int) -> str:
        """What a level means; one without a text of its own lies between its neighbours."""
        return self.levels[level] or _("in between")

    def full_text(self, level: int) -> str:
        """What a level means where its neighbours are not in sight."""
        return self.levels[level] or _("Between “%(lower)s” and “%(upper)s”") % {
            "lower": self.levels[level - 1],
            "upper": self.levels[level + 1],
        }


@dataclass(frozen=True)
class RuleWords:
    """Why a market effect or a rule holds, in one language, and the code of the record that says how far.

    The first versions kept source, address and status themselves: what they kept is used where there is no record.
    """

    reason: str
    evidence: str
    kept_source: str = ""
    kept_address: str = ""
    kept_status: str = ""

    @property
    def code(self) -> Code | None:
        """What it cites. The first versions kept a bare key."""
        found = Code.parse(self.evidence)
        entry = None if found else known_records().entry(self.evidence)
        return entry.code if entry else found

    @property
    def entry(self) -> Entry | None:
        """The figure or rule it rests on, as it is today."""
        found: Entry | None = known_records().get(self.code)
        return found

    @property
    def key(self) -> str:
        """The key of the record, "" where there is none."""
        return self.code.key if self.code else self.evidence

    @property
    def status(self) -> str:
        return self.entry.status.value if self.entry else self.kept_status

    @property
    def source(self) -> str:
        """Title, publisher and date of each source."""
        if not self.entry:
            return self.kept_source
        return "; ".join(
            ", ".join(filter(None, (source.title, source.publisher, source.published_text)))
            for source in self.entry.sources
        )

    @property
    def address(self) -> str:
        """The first public address among the sources."""
        if not self.entry:
            return self.kept_address
        return next((source.address for source in self.entry.sources if source.address), "")


@dataclass(frozen=True)
class Words:
    """The wording of a version in one language."""

    pillars: Mapping[str, str]
    pillar_meanings: Mapping[str, str]
    criteria: Mapping[str, CriterionWords]
    rules: Mapping[str, RuleWords]


@dataclass(frozen=True)
class Edition:
    """A version of the rubric, ready for use."""

    key: str
    data: Data

    def method(self, profiles: Mapping[str, Profile], markets: Mapping[str, str]) -> Method:
        """The method of this version with today's categories, and markets by key with their names."""
        return Method(self._rubric, tuple(markets), self._effects, self._rules, profiles, markets)

    def words(self, language: str | None = None) -> Words:
        """The wording in a language of the settings; by default the active one, else the source language."""
        return self._words.get(language or get_language() or "") or self._words[settings.LANGUAGE_CODE]

    @cached_property
    def _rubric(self) -> ScoringRubric:
        data = self.data
        criteria = tuple(Criterion(row["key"], row["pillar"], float(row["weight"])) for row in data["criteria"])
        thresholds = {name: float(data[name]) for name in ("strong", "promising", "conditional")}
        return ScoringRubric(self.key, criteria, **thresholds)

    @cached_property
    def _effects(self) -> tuple[MarketEffect, ...]:
        return tuple(
            MarketEffect(
                row["id"],
                row["market"],
                row["criterion"],
                row["move"],
                Scope(row["applies_to"]),
                row["category"],
                _flat_duty(row),
            )
            for row in self.data["effects"]
        )

    @cached_property
    def _rules(self) -> tuple[CategoryRule, ...]:
        return tuple(
            CategoryRule(row["id"], row["category"], RuleKind(row["kind"]), row["market"])
            for row in self.data["knockouts"]
        )

    @cached_property
    def _words(self) -> dict[str, Words]:
        return {language: self._words_in(language) for language in self.data["words"]}

    def _words_in(self, language: str) -> Words:
        texts = self.data["words"][language]
        criteria = {}
        for row in self.data["criteria"]:
            own = texts["criteria"][row["key"]]
            criteria[row["key"]] = CriterionWords(
                key=row["key"],
                pillar=row["pillar"],
                levels=tuple(own[f"level_{level}"] for level in LEVELS),
                chapter=row["chapter"],
                **{name: own[name] for name in ("name", "question", "help", "find_out", "advice")},
            )
        rules = {
            row["id"]: RuleWords(
                texts["rules"][row["id"]]["reason"],
                row["evidence"] or "",
                texts["rules"][row["id"]].get("source", ""),
                row.get("address", ""),
                row.get("status", ""),
            )
            for row in [*self.data["effects"], *self.data["knockouts"]]
        }
        pillars = [row["key"] for row in self.data["pillars"]]  # PostgreSQL keeps the order of lists, not of keys
        return Words(
            {key: texts["pillars"][key]["name"] for key in pillars},
            {key: texts["pillars"][key]["meaning"] for key in pillars},
            criteria,
            rules,
        )


def _flat_duty(row: Data) -> FlatDuty | None:
    if row["amount"] is None:
        return None
    below = Decimal(row["below"]) if row["below"] is not None else None
    return FlatDuty(Decimal(row["amount"]), row["currency"], below)


@lru_cache(maxsize=8)
def _edition(pk: int, activated_at: datetime.datetime) -> Edition:
    """A version, kept: it never changes. Its time tells it apart from one that was rolled back."""
    version = RubricVersion.objects.get(pk=pk)
    return Edition(version.key, version.data)


def edition_of(version: RubricVersion) -> Edition:
    """A version ready for use."""
    return Edition(version.key, version.data)


def current() -> Edition | None:
    """The active version; None before the first activation. One query."""
    newest = RubricVersion.objects.order_by("-pk").values_list("pk", "activated_at").first()
    return _edition(*newest) if newest else None


def profiles() -> dict[str, Profile]:
    """The live categories as the score sees them: numbers from the source language. One query."""
    found = in_source_language(ProductCategory).filter(live=True).select_related("group").order_by("path")
    return {
        page.slug: Profile(page.slug, page.levels, page.is_digital, page.group.slug if page.group else "", page.title)
        for page in found
        if page.levels
    }


def markets_in_use() -> set[str]:
    """The keys of the markets that a draft or the active version names."""
    contents = [freeze(rubric) for rubric in in_source_language(Rubric)]
    edition = current()
    if edition:
        contents.append(edition.data)
    return {row["market"] for data in contents for row in [*data["effects"], *data["knockouts"]] if row["market"]}


def market_names() -> dict[str, str]:
    """The name of each market by its key, in the editors' order: the reader's name, else the source's. One query."""
    source, reader = settings.LANGUAGE_CODE, get_language() or settings.LANGUAGE_CODE
    rows = Market.objects.filter(locale__language_code__in=[source, reader]).values_list(
        "slug", "name", "locale__language_code"
    )
    found = list(rows)
    names = {slug: name for slug, name, language in found if language == source}
    return names | {slug: name for slug, name, language in found if language == reader and slug in names}


def current_method() -> tuple[Edition, Method] | None:
    """The active version with today's categories and markets; None before the first activation. Three queries."""
    edition = current()
    return (edition, edition.method(profiles(), market_names())) if edition else None


# --- From a draft to a version ---------------------------------------------------------------------------------------


def freeze(rubric: Rubric) -> Data:
    """The content of a version: numbers from the source language, wording from every language that has a translation.

    Args:
        rubric: the draft in the source language.
    """
    versions = {found.locale.language_code: found for found in _translations(rubric)}
    return {
        "strong": rubric.strong,
        "promising": rubric.promising,
        "conditional": rubric.conditional,
        "pillars": [{"key": value["key"]} for _id, value in _rows(rubric.pillars)],
        "criteria": [
            {**{name: value[name] for name in ("key", "pillar", "chapter")}, "weight": _exact(value["weight"])}
            for _id, value in _rows(rubric.criteria)
        ],
        "effects": [
            {
                "id": identifier,
                **{name: value.get(name) for name in EFFECT_NAMES},
                "evidence": code_for(value.get("evidence") or ""),
                **{name: _exact(value.get(name)) for name in ("amount", "below")},
            }
            for identifier, value in _rows(rubric.effects)
        ],
        "knockouts": [
            {
                "id": identifier,
                **{name: value.get(name) for name in RULE_NAMES},
                "evidence": code_for(value.get("evidence") or ""),
            }
            for identifier, value in _rows(rubric.knockouts)
        ],
        "words": {language: _words_of(rubric, translation) for language, translation in versions.items()},
    }


def _translations(rubric: Rubric) -> Iterator[Rubric]:
    codes = [code for code, _name in settings.LANGUAGES]
    for found in rubric.get_translations(inclusive=True).select_related("locale"):
        if found.locale.language_code in codes:
            yield found


def _rows(stream: Any) -> list[tuple[str, Data]]:
    """The id and the stored value of each block."""
    return [(block["id"], block["value"]) for block in stream.raw_data]


def _exact(value: Any) -> str | None:
    """A number as text, so that it stays exact, and the same however it was written: 15 for `15.00`."""
    return None if value in (None, "") else f"{Decimal(str(value)).normalize():f}"


def _words_of(source: Rubric, rubric: Rubric) -> Data:
    """The texts of one language by the keys of the source. A block without a translation has empty texts."""
    pillars, criteria = dict(_rows(rubric.pillars)), dict(_rows(rubric.criteria))
    rules = dict(_rows(rubric.effects)) | dict(_rows(rubric.knockouts))
    return {
        "pillars": {
            value["key"]: _texts(pillars.get(identifier), ("name", "meaning"))
            for identifier, value in _rows(source.pillars)
        },
        "criteria": {
            value["key"]: _texts(criteria.get(identifier), CRITERION_TEXTS)
            for identifier, value in _rows(source.criteria)
        },
        "rules": {
            identifier: _texts(rules.get(identifier), ("reason",))
            for identifier, _value in [*_rows(source.effects), *_rows(source.knockouts)]
        },
    }


def _texts(value: Data | None, names: tuple[str, ...]) -> dict[str, str]:
    return {name: str((value or {}).get(name) or "") for name in names}
