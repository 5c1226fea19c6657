"""A translated sentence keeps the links of its source."""

import re
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

LINK = re.compile(r'<a id="(a\d+)">')


def check_links(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """After a translated sentence was saved: marks it as wrong where a link is lost, not closed or there twice.

    What others found wrong about it before is kept, and told to the editor that is open.
    """
    source, target = (Counter(LINK.findall(text)) for text in (instance.translation_of.data, instance.data))
    if raw or not (source or target):
        return
    instance.refresh_from_db(fields=["has_error", "field_error"])
    if instance.has_error:
        return
    if source != target or target.total() != instance.data.count("</a>"):
        differing = dict.fromkeys([*(source - target), *(target - source)]) or source
        names = ", ".join(f'<a id="{name}">…</a>' for name in differing)
        instance.has_error = True
        instance.field_error = _("Each link of the source belongs into the translation once: see %(names)s.") % {
            "names": names
        }
        type(instance).objects.filter(pk=instance.pk).update(has_error=True, field_error=instance.field_error)
