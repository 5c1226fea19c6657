import logging
from dataclasses import replace
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)


class SuitabilityConfig(AppConfig):
    name = "suitability"
    verbose_name = _("Suitability")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contentfiles.signals import content_loaded
        from evidence.signals import looking_for_uses
        from pages.signals import more_for_programs
        from search.kinds import IndexedKind, pages_of, register_kind
        from suitability.models import ProductCategory

        register_kind(IndexedKind("categories", _("Product categories"), 40, pages_of(ProductCategory)))
        looking_for_uses.connect(uses_of_record, dispatch_uid="uses_of_record")
        more_for_programs.connect(for_programs, dispatch_uid="suitability")
        content_loaded.connect(activate_first_rubric, dispatch_uid="activate_first_rubric")


def for_programs(**kwargs: Any) -> list[Any]:
    """The score as /llms.txt lists it."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from pages.llms import Link
    from pages.markdown import markdown_address

    batch = markdown_address(reverse("suitability-batch"))
    return [
        Link(_("Score many products at once"), batch),
        Link(
            _("Score products from a program"),
            reverse("api:openapi-view"),
            _("How to ask for a score, with examples."),
        ),
        Link("OpenAPI", reverse("api:openapi-json")),
    ]


def activate_first_rubric(**kwargs: Any) -> None:
    """A new site scores at once: the loaded draft becomes the first version. Later ones are an editor's decision."""
    from pages.languages import in_source_language
    from suitability.activation import IncompleteRubricError, activate
    from suitability.models import Rubric, RubricVersion

    rubric = in_source_language(Rubric).first()
    if rubric is None or RubricVersion.objects.exists():
        return
    try:
        activate(rubric)
    except IncompleteRubricError as error:
        logger.warning("The loaded rubric cannot be activated yet: %s", error)


def uses_of_record(codes: list[Any], **kwargs: Any) -> list[Any]:
    """What shows each record because the version in force rests on it: the score, and the categories it is about."""
    from django.db.models import Q
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from evidence.use import Use, use_of
    from suitability.models import ProductCategory
    from suitability.rubrics import current

    edition = current()
    if edition is None:
        return []
    versions = reverse("suitability_versions")  # a citation of the score is changed in the rubric
    title = _("Suitability score, version %(version)s") % {"version": edition.key}
    score = Use(title=title, url=reverse("wagtail_serve", args=["suitability/"]), edit_url=versions)
    named = {row["evidence"] for row in [*edition.data["effects"], *edition.data["knockouts"]]}
    found = [(code, score) for code in codes if not named.isdisjoint({str(code), code.key})]
    about: dict[str, set[Any]] = {}
    for row in edition.data["knockouts"]:
        for code in codes:
            if row["evidence"] in (str(code), code.key):
                about.setdefault(row["category"], set()).add(code)
    if about:
        pages = ProductCategory.objects.live().filter(Q(slug__in=about) | Q(group__slug__in=about))
        for page in pages.select_related("locale", "group"):
            use = replace(use_of(page), edit_url=versions)
            group = page.group.slug if page.group else ""
            found += [(code, use) for code in about.get(page.slug, set()) | about.get(group, set())]
    return found
