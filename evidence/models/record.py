"""What figures and rules have in common."""

import logging
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from evidence import codes
from evidence.citations import render_citing
from evidence.models.fields import KEY_STAYS, PartialDateField
from evidence.status import Status
from evidence.topics import Topic
from pages.keys import check_key
from pages.languages import language_name
from pages.models import SlugInLocale

logger = logging.getLogger(__name__)


class Evidence(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    SlugInLocale,
    index.Indexed,
    ClusterableModel,
):
    """What figures and rules have in common: how far they hold, since when, until when to look again."""

    slug = models.SlugField(
        _("key"), max_length=60, help_text=_("Texts, files and the score name it so. Never changes.")
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    as_of = PartialDateField(_("as of"), help_text=_("The day, month or year it speaks of: 2026-11-20, 2026-11, 2026."))
    review_by = models.DateField(_("review by"), help_text=_("After this day readers are told that it is overdue."))
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What a reader has to know to read it rightly.")
    )

    sources_name: ClassVar[str]
    content_name: ClassVar[str]
    approval_task: ClassVar[str] = "evidence.EvidenceApprovalTask"
    common: ClassVar = ("slug", "topic", "status", "as_of", "review_by")

    class Meta(SlugInLocale.Meta):
        abstract = True

    def clean(self) -> None:
        from evidence.models import Figure, Rule

        super().clean()
        check_key(self, KEY_STAYS)
        other: Any = next(model for model in (Figure, Rule) if not isinstance(self, model))
        if other.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("A figure or a rule has this key: choose another.")})
        if not self.is_source and self.source_version is self:
            name = language_name(settings.LANGUAGE_CODE)
            raise ValidationError(_("Record it in %(language)s first, then translate it.") % {"language": name})

    @property
    def code(self) -> codes.Code:
        """How texts name it."""
        return codes.Code(type(self).content_name, self.slug)

    @property
    def is_source(self) -> bool:
        """Whether this is the version whose numbers, dates and choices count."""
        return bool(self.locale.language_code == settings.LANGUAGE_CODE)

    @property
    def source_version(self) -> Any:
        """The version in the source language; this one where there is none."""
        if self.is_source:
            return self
        found = type(self)._default_manager.filter(
            translation_key=self.translation_key, locale__language_code=settings.LANGUAGE_CODE
        )
        return found.first() or self

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """ProtectedError, with the pages, while something cites it."""
        from evidence.use import protect

        protect(self)
        return super().delete(*args, **kwargs)

    def unpublish(self, set_expired: bool = False, *args: Any, **kwargs: Any) -> Any:
        """Takes it off the site. ProtectedError, with the pages, while something cites it.

        A record whose time has come stays until nothing cites it any more, so that the timer goes on to others.
        """
        from evidence.use import protect

        try:
            protect(self)
        except ProtectedError:
            if not set_expired:
                raise
            logger.warning("%s has expired, but is still cited: it stays.", self.code)
            return None
        return super().unpublish(set_expired, *args, **kwargs)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("", _("As readers see it")), ("effect", _("What publishing it would change"))]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "evidence/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from evidence.effect import effect_of
        from evidence.records import draft_entry

        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        effect = effect_of(self) if mode_name == "effect" else None
        return {**context, "entry": draft_entry(self), "effect": effect}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        with override(self.locale.language_code):
            return render_citing(lambda: super(Evidence, self).serve_preview(request, mode_name))
