"""The glossary's remarks on translations: in the editor, and for everything that is published."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Locale
from wagtail_localize.models import StringSegment, Translation, get_edit_url
from wagtail_localize.views.edit_translation import edit_string_translation

from pages.languages import language_name
from translation.glossary import Glossary, Hint
from translation.unread import shortened, unread_in, unread_message

LENGTH = 120  # of a sentence in a list


@dataclass(frozen=True)
class Remark:
    """A hint, and the sentence it is about."""

    hint: Hint
    source: str
    target: str


@dataclass(frozen=True)
class Finding:
    """A remark on something published: what it is called, where it is edited, in which language."""

    remark: Remark
    title: str
    edit_url: str
    language: str

    @property
    def language_name(self) -> str:
        return language_name(self.language)


def with_hints(translation: Translation, props: str) -> tuple[str, list[Remark]]:
    """What the translation editor is given (JSON), with hints beside the sentences; and the hints by themselves."""
    data = json.loads(props)
    sources = {segment["id"]: segment["source"] for segment in data["segments"] if segment["type"] == "string"}
    unread = {(row.translation_of_id, row.data): row for row in unread_in(translation)}
    glossary = Glossary(translation.target_locale.language_code)
    remarks = []
    for entry in data["initialStringTranslations"]:
        source = sources.get(entry["segment_id"])
        if source is None:
            continue
        if row := unread.get((entry["string_id"], entry["data"])):
            entry["error"] = unread_message(row)  # in the language of who looks, not of who asked for it
        hints = glossary.check(source, entry["data"])
        add_hints(entry, hints)
        remarks += [Remark(hint, shortened(source, LENGTH), shortened(entry["data"], LENGTH)) for hint in hints]
    return json.dumps(data), remarks


def add_hints(entry: dict[str, Any], hints: list[Hint]) -> None:
    """Puts hints behind the line that the editor shows below a sentence. They do not make it an error."""
    if hints:
        shown = "error" if entry.get("error") else "comment"
        remarks = _("Glossary: %(remarks)s") % {"remarks": "; ".join(map(str, hints))}
        entry[shown] = f"{entry[shown] or ''} · {remarks}"


def save_sentence(request: HttpRequest, translation_id: int, string_segment_id: int) -> HttpResponse:
    """wagtail-localize's own saving of one sentence; its answer then carries the hints."""
    response: Any = edit_string_translation(request, translation_id, string_segment_id)
    if request.method == "PUT" and response.status_code < 300:
        segment = StringSegment.objects.select_related("string").get(pk=string_segment_id)
        locale = Locale.objects.get(translations=translation_id)
        add_hints(response.data, Glossary(locale.language_code).check(segment.string.data, response.data["data"]))
    answer: HttpResponse = response
    return answer


def published_findings(language: str = "") -> Iterator[Finding]:
    """Every hint on the translations of what is published, by title.

    Args:
        language: only in this one, as in the settings; empty for all.
    """
    for code, _name in settings.LANGUAGES:
        locale = Locale.objects.filter(language_code=code).first()
        if locale is not None and language in ("", code) and code != settings.LANGUAGE_CODE:
            yield from _findings_in(locale)


def _findings_in(locale: Locale) -> Iterator[Finding]:
    glossary = Glossary(locale.language_code)
    published = _published(locale)
    rows = (
        StringSegment.objects.filter(source__in=published)
        .annotate_translation(locale)
        .order_by("source__object_repr", "source", "order")
        .values_list("source", "string__data", "translation")
    )
    for source_id, source, target in rows:
        for hint in glossary.check(source, target) if target else ():
            found = published[source_id]
            remark = Remark(hint, shortened(source, LENGTH), shortened(target, LENGTH))
            yield Finding(remark, str(found), get_edit_url(found) or "", locale.language_code)


def _published(locale: Locale) -> dict[int, Any]:
    """What is published in a language and follows a source, by the source's number."""
    sources: dict[int, dict[Any, int]] = {}
    rows = Translation.objects.filter(target_locale=locale, enabled=True)
    for kind, key, source in rows.values_list("source__specific_content_type", "source__object", "source"):
        sources.setdefault(kind, {})[key] = source
    found = {}
    for kind, by_key in sources.items():
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        if model is None:
            continue
        objects = model._default_manager.filter(locale=locale, translation_key__in=by_key)
        if issubclass(model, DraftStateMixin):
            objects = objects.filter(live=True)
        found.update({by_key[one.translation_key]: one for one in objects})
    return found
