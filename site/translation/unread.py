"""Machine translations are drafts until somebody has read them.

Until then a sentence carries wagtail-localize's mark for a sentence that cannot be used (`has_error`). So it counts as
waiting, stands out in the editor, and no way of saving or publishing puts it into a page. Saving the sentence takes the
mark away, and so does confirming all sentences that were shown.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail_localize.models import StringTranslation, Translation

MACHINE = StringTranslation.TRANSLATION_TYPE_MACHINE
NAMED = 3


def connect() -> None:
    """Called once, when the app is ready."""
    post_save.connect(mark_as_unread, sender=StringTranslation)


def mark_as_unread(instance: Any, **kwargs: Any) -> None:
    """Keeps what a machine wrote from being used, whichever way it came in."""
    if instance.translation_type == MACHINE and not kwargs.get("raw"):
        StringTranslation.objects.filter(pk=instance.pk).update(has_error=True, field_error=unread_message(instance))
        instance.has_error = True


def unread_message(sentence: Any) -> str:
    """What the editor sees beside the sentence."""
    return _("By %(tool)s, read by nobody yet: press Edit, read it, and Save.") % {"tool": sentence.tool_name}


def unread_in(translation: Translation) -> QuerySet[Any]:
    """The machine translations of sentences that the source holds, which nobody has confirmed."""
    segments = translation.source.stringsegment_set.all()
    found: QuerySet[Any] = segments.get_translations(translation.target_locale).filter(translation_type=MACHINE)
    return found


def confirm(translation: Translation, shown: list[int], user: AbstractBaseUser) -> int:
    """Takes over the unread sentences among those `shown` to the user as read. Returns how many.

    Each is saved like one that was typed, so that every other check has its say.
    """
    sentences = list(unread_in(translation).filter(pk__in=shown))
    for sentence in sentences:
        sentence.translation_type = StringTranslation.TRANSLATION_TYPE_MANUAL
        sentence.last_translated_by = user
        sentence.has_error, sentence.field_error = False, ""
        sentence.save()
    return len(sentences)


def refusal(translation: Translation) -> str:
    """Why a translation is not published, naming the first sentences that wait; empty when none does."""
    sentences = list(unread_in(translation).select_related("translation_of"))
    if not sentences:
        return ""
    named = "; ".join(f"“{shortened(sentence.translation_of.data)}”" for sentence in sentences[:NAMED])
    values = {
        "language": translation.target_locale.get_display_name(),
        "count": len(sentences),
        "named": named if len(sentences) <= NAMED else f"{named}; …",
    }
    return (
        _("Not published in %(language)s: machine translations that nobody has read: %(count)s (%(named)s).") % values
    )


def shortened(text: str, length: int = 60) -> str:
    """The beginning of a sentence without its tags."""
    return Truncator(" ".join(strip_tags(text).split())).chars(length)
