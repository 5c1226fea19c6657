"""The field's terms: how each is said in every language, and how it is not."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel


def target_languages() -> list[tuple[str, str]]:
    """Every language of the settings but the source, as choices."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def lines_of(text: str) -> list[str]:
    """The lines of a field that takes one wording a line, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class Term(ClusterableModel):
    """A term as the source language writes it."""

    name = models.CharField(
        _("term"), max_length=80, help_text=_("In the source language, singular: chargeback. Plurals are found too.")
    )
    also = models.TextField(_("also written"), blank=True, help_text=_("Other spellings in the source, one a line."))
    note = models.CharField(
        _("note"),
        max_length=240,
        blank=True,
        help_text=_("What it means here, for translators and translation services."),
    )

    panels: ClassVar = [
        FieldPanel("name"),
        FieldPanel("also"),
        FieldPanel("note"),
        InlinePanel("wordings", heading=_("Wordings"), label=_("Wording")),
    ]

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("glossary")
        ordering = (Lower("name"),)
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("name"), name="unique_term", violation_error_message=_("The glossary has this term already.")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spellings(self) -> list[str]:
        """All ways to write the term in the source language."""
        return [self.name, *lines_of(self.also)]


class TermWording(models.Model):
    """How a term is said in one language."""

    term = ParentalKey(Term, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(_("language"), max_length=20, choices=target_languages)
    preferred = models.CharField(_("preferred wording"), max_length=80)
    accepted = models.TextField(_("also accepted"), blank=True, help_text=_("Other good wordings, one a line."))
    forbidden = models.TextField(
        _("forbidden variants"), blank=True, help_text=_("One a line. They are marked in every text of the language.")
    )

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("language"), FieldPanel("preferred")]),
        FieldRowPanel([FieldPanel("accepted"), FieldPanel("forbidden")]),
    ]

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("term", "language"), name="unique_language_of_term"),
        ]

    def __str__(self) -> str:
        return self.preferred

    def clean(self) -> None:
        super().clean()
        both = {self.preferred.strip(), *lines_of(self.accepted)} & set(lines_of(self.forbidden))
        if both:
            message = _("“%(wording)s” cannot be wanted and forbidden at once.")
            raise ValidationError({"forbidden": ValidationError(message, params={"wording": sorted(both)[0]})})

    @property
    def good(self) -> list[str]:
        """The preferred wording and the accepted ones."""
        return [self.preferred.strip(), *lines_of(self.accepted)]

    @property
    def bad(self) -> list[str]:
        return lines_of(self.forbidden)
