"""What a published translation was made from, so that readers are told when its source has gone on."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.Model):
    """The state of the source that one published translation rests on, compared with the source as published today.

    Written when a source or a translation is published, so that a public page need not find it out.

    Attributes:
        translation_key: shared by the versions of one object in all languages.
        locale: the language of the translation.
        words: a digest of the sentences that were translated; "" where some were not.
        content: a digest of all that a translation takes over: the sentences, numbers, choices and relations.
        words_differ: whether the source as published has other sentences. Readers are told.
        content_differs: whether the source as published differs in anything.
        changed_at: when the source was last published with something that the translators' screen does not know yet.
        waiting: how many sentences of the source were without a translation at that moment.
    """

    translation_key = models.UUIDField()
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=64, blank=True)
    content = models.CharField(max_length=64, blank=True)
    words_differ = models.BooleanField(default=False)
    content_differs = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("basis of a translation")
        verbose_name_plural = _("bases of translations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("translation_key", "locale"), name="unique_basis_of_translation")
        ]

    def __str__(self) -> str:
        return f"{self.translation_key} ({self.locale_id})"
