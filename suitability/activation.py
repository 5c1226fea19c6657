"""From the draft of a rubric to the version in force: is it complete, what would change, and the step itself."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail_localize.models import TranslationSource

from evidence.citations import known_records
from evidence.codes import Code
from pages.languages import full_languages, in_source_language, language_name
from suitability.assessment import Profile, assess, category_product
from suitability.blocks import CriterionBlock
from suitability.forms import AMOUNTS, ProductForm
from suitability.models import ProductCategory, Rubric, RubricVersion
from suitability.rubrics import ANCHORED, Data, Edition, current, freeze, market_names, profiles
from suitability.scoring import Result, Verdict

NEEDED_TEXTS = ("name", "question", "find_out", "advice")
SHOWN = 5
RESERVED = {*ProductForm.base_fields, *AMOUNTS, "with", "filled", "state", "action", "elements"}


@dataclass(frozen=True)
class Change:
    """A published category whose verdict the draft would change; market None is the score without a market."""

    category: ProductCategory
    market: str | None
    before: Result
    after: Result


@dataclass(frozen=True)
class Plan:
    """What stands in the way of activating a draft, and what it would do."""

    data: Data
    problems: list[str]
    changes: list[Change]
    differs: bool

    @property
    def digest(self) -> str:
        """Tells this content from any other."""
        return hashlib.sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()


class IncompleteRubricError(ValueError):
    """A draft that cannot be activated, with all reasons."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


def plan(rubric: Rubric) -> Plan:
    """Looks at a draft in the source language; changes nothing."""
    with _trial():
        return _plan(rubric)


def activate(rubric: Rubric, user: Any = None, shown: str | None = None) -> RubricVersion:
    """Freezes the draft as the version in force, and returns it; the active one where nothing differs.

    Args:
        shown: the digest of the plan that the user has seen; None where nobody looked.

    Raises:
        IncompleteRubricError: with everything that is missing; nothing has changed then.
    """
    with transaction.atomic():
        Rubric.objects.select_for_update().get(pk=rubric.pk)  # one activation at a time
        found = _plan(rubric)
        if found.problems:
            raise IncompleteRubricError(found.problems)
        if shown is not None and shown != found.digest:
            raise IncompleteRubricError([_("The draft has changed since you looked: check it again.")])
        active = RubricVersion.objects.order_by("-pk").first()
        if active is not None and not found.differs:
            return active
        return RubricVersion.objects.create(key=_next_key(), rubric=rubric, activated_by=user, data=found.data)


def _plan(rubric: Rubric) -> Plan:
    problems = _bring_translations_up_to_date(rubric)
    data = freeze(Rubric.objects.get(pk=rubric.pk))
    problems += [*_mistakes(data), *_gaps(data)]
    active = current()
    changes = [] if problems else _changes(active, Edition("draft", data))
    return Plan(data, problems, changes, differs=active is None or active.data != data)


@contextmanager
def _trial() -> Iterator[None]:
    """Everything done within is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _bring_translations_up_to_date(rubric: Rubric) -> list[str]:
    """Lets every translation follow the draft's numbers and order, and names the languages with work left."""
    source = TranslationSource.objects.get_for_instance_or_none(rubric)
    if source is None:
        return []
    source.update_from_db()
    codes = [code for code, _name in full_languages()]
    problems = []
    for translation in source.translations.filter(target_locale__language_code__in=codes):
        name = language_name(translation.target_locale.language_code)
        segments = source.stringsegment_set.select_related("string").annotate_translation(translation.target_locale)
        waiting = [segment.string.data for segment in segments.filter(translation__isnull=True)]
        if not translation.enabled:
            problems.append(_("%(language)s: the translation no longer follows its source.") % {"language": name})
        elif waiting:
            shown = " · ".join(f"“{Truncator(text).chars(60)}”" for text in waiting[:SHOWN])
            message = ngettext(
                "%(language)s: %(number)s text is not translated yet: %(texts)s",
                "%(language)s: %(number)s texts are not translated yet: %(texts)s",
                len(waiting),
            )
            problems.append(message % {"language": name, "number": len(waiting), "texts": shown})
        else:
            translation.save_target()
    return problems


def _mistakes(data: Data) -> list[str]:
    """Numbers and keys that do not fit together."""
    problems = []
    if not 0 < data["conditional"] < data["promising"] < data["strong"] <= 100:
        problems.append(_("The thresholds must rise from conditional to promising to strong, up to 100."))
    pillars = [row["key"] for row in data["pillars"]]
    criteria = [row["key"] for row in data["criteria"]]
    if not criteria:
        problems.append(_("There is no criterion."))
    problems += [
        _("The key “%(key)s” is taken by the form: choose another.") % {"key": key}
        for key in criteria
        if key in RESERVED
    ]
    for key, count in Counter([*pillars, *criteria]).items():
        if count > 1:
            problems.append(_("The key “%(key)s” stands twice.") % {"key": key})
    for row in data["criteria"]:
        if float(row["weight"]) <= 0:
            problems.append(_("“%(key)s”: the weight must be above 0.") % {"key": row["key"]})
        if row["pillar"] not in pillars:
            problems.append(
                _("“%(key)s”: there is no pillar “%(other)s”.") % {"key": row["key"], "other": row["pillar"]}
            )
    empty = [key for key in pillars if key not in {row["pillar"] for row in data["criteria"]}]
    problems += [_("No criterion belongs to the pillar “%(key)s”.") % {"key": key} for key in empty]
    return problems + _wrong_references(data, criteria)


def _wrong_references(data: Data, criteria: list[str]) -> list[str]:
    markets = set(market_names())
    categories = set(in_source_language(ProductCategory).values_list("slug", flat=True))
    problems = []
    for row in [*data["effects"], *data["knockouts"]]:
        for name, known in (("market", markets), ("category", categories)):
            if row[name] and row[name] not in known:
                message = _("A market effect or rule names “%(key)s”, which does not exist.")
                problems.append(message % {"key": row[name]})
        if known_records().get(Code.parse(row["evidence"])) is None:
            message = _("A market effect or rule rests on the record “%(key)s”, which is not published.")
            problems.append(message % {"key": row["evidence"]})
        if "criterion" in row and row["criterion"] not in criteria:
            message = _("A market effect moves the criterion “%(key)s”, which does not exist.")
            problems.append(message % {"key": row["criterion"]})
    return problems


def labels_of(names: list[str]) -> str:
    """The names of a criterion's texts as the form of the rubric calls them."""
    children = CriterionBlock().child_blocks
    return ", ".join(str(children[name].label) for name in names)


def _gaps(data: Data) -> list[str]:
    """Texts that are missing, in every language that has the whole site."""
    problems = []
    for code, name in full_languages():
        words = data["words"].get(code)
        if words is None:
            problems.append(_("%(language)s: the rubric has no translation.") % {"language": name})
            continue
        for key, texts in words["criteria"].items():
            needed = [*NEEDED_TEXTS, *(f"level_{level}" for level in ANCHORED)]
            missing = [text for text in needed if not texts[text]]
            if missing:
                message = _("%(language)s: “%(key)s” has no text for %(fields)s.")
                problems.append(message % {"language": name, "key": key, "fields": labels_of(missing)})
        if any(not texts["name"] for texts in words["pillars"].values()):
            problems.append(_("%(language)s: a pillar has no name.") % {"language": name})
        if any(not texts["reason"] for texts in words["rules"].values()):
            problems.append(_("%(language)s: a market effect or rule has no reason.") % {"language": name})
    return problems


def _changes(active: Edition | None, draft: Edition) -> list[Change]:
    """The published categories whose verdict differs between the version in force and the draft."""
    if active is None:
        return []
    known, markets = profiles(), market_names()
    pages = {page.slug: page for page in in_source_language(ProductCategory).filter(live=True)}
    before, after = _results(active, known, markets), _results(draft, known, markets)
    return [
        Change(pages[category], market, before[category, market], result)
        for (category, market), result in after.items()
        if _verdicts(before[category, market]) != _verdicts(result)
    ]


def _verdicts(result: Result) -> tuple[Verdict, Verdict]:
    return result.verdict_low, result.verdict_high


def _results(
    edition: Edition, known: dict[str, Profile], markets: dict[str, str]
) -> dict[tuple[str, str | None], Result]:
    """The results of all categories in all markets, and without a market."""
    method = edition.method(known, markets)
    return {
        (key, answer.market): answer.result
        for key, profile in known.items()
        for chosen in ((), tuple(markets))
        for answer in assess(method, category_product(method, profile, chosen), robustness=False)
    }


def _next_key() -> str:
    """The year and a running number: 2026-1, 2026-2."""
    year = timezone.localdate().year
    keys = RubricVersion.objects.filter(key__startswith=f"{year}-").values_list("key", flat=True)
    return f"{year}-{1 + max((int(key.partition('-')[2]) for key in keys), default=0)}"
