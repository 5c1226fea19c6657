"""Where a figure or a rule comes from."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import (
    RevisionMixin,
)
from wagtail.search import index

from contentfiles.fields import Choice, Code, Date, Fields, Text
from evidence.models.fields import KEY_STAYS, PartialDateField, follows
from evidence.topics import SourceKind
from pages.keys import check_key
from pages.models import SlugInLocale

LANGUAGE = RegexValidator(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z", _("Write a language code such as en, zh or ja."))


class Source(RevisionMixin, SlugInLocale, index.Indexed, models.Model):
    """Where a figure or a rule comes from."""

    title = models.CharField(_("title"), max_length=240)
    slug = models.SlugField(_("key"), max_length=60, help_text=_("Used in files. Never changes."))
    publisher = models.CharField(_("publisher"), max_length=160, help_text=_("Who says so, or that it is not known."))
    language = models.CharField(_("language"), max_length=12, validators=[LANGUAGE], help_text=_("A code: en, zh, ja."))
    address = models.URLField(_("public address"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=SourceKind.choices)
    published = PartialDateField(_("published"), blank=True, help_text=_("2026-02-28, 2026-02 or 2026."))
    accessed = models.DateField(_("read on"), null=True, blank=True)

    read_from_source: ClassVar = ("slug", "language", "address", "kind", "published", "accessed")
    override_translatable_fields: ClassVar = follows(*read_from_source)
    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("publisher"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
        FieldPanel("address"),
        FieldRowPanel([FieldPanel("published"), FieldPanel("accessed")]),
        FieldPanel("slug"),
    ]
    search_fields: ClassVar = [
        index.SearchField("title"),
        index.SearchField("publisher"),
        index.AutocompleteField("title"),
        index.FilterField("locale_id"),
    ]
    content_name: ClassVar[str] = "source"
    content_fields: ClassVar[Fields] = {
        "title": Text("title"),
        "publisher": Text("publisher"),
        "language": Code("language"),
        "address": Code("address", required=False),
        "kind": Choice("kind", choices=SourceKind),
        "published": Code("published", required=False),
        "accessed": Date("accessed", required=False),
    }

    class Meta(SlugInLocale.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("title", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("locale", "slug"), name="unique_source_slug_in_locale")
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        check_key(self, KEY_STAYS)
