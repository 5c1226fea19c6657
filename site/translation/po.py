"""Translations as PO files: what a file must be to be imported, and what the import tells its translator."""

import tempfile
from typing import Any
from uuid import UUID

import polib
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail_localize.models import StringTranslation, Translation

from translation.completeness import waiting
from translation.publishing import edit_url
from translation.review import is_locked_for, refresh_draft
from translation.rights import may_edit

MAX_BYTES = 5 * 1024 * 1024
HEADER = "X-WagtailLocalize-TranslationID"
TOOL_NAME = "PO File"


class UnreadableFileError(ValueError):
    """A file that is not imported; the text says why, to its translator."""


def read_po(data: bytes, translation: Translation) -> polib.POFile:
    """The entries of an uploaded file. UnreadableFileError when it is not a PO file of this translation."""
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024**2})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(_("The file is not encoded in UTF-8: save it as UTF-8.")) from error
    if "\0" in text:
        raise UnreadableFileError(_("The file is not a PO file."))
    # polib takes a short text for the name of a file: it is given one of our own.
    with tempfile.NamedTemporaryFile("w", suffix=".po", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        try:
            entries = polib.pofile(file.name, encoding="utf-8")
        except (OSError, ValueError, IndexError) as error:  # how polib says that it cannot read a line
            raise UnreadableFileError(_("The file is not a PO file.")) from error
    if not len(entries):
        empty = not text.strip() or entries.metadata
        raise UnreadableFileError(_("There is nothing in the file.") if empty else _("The file is not a PO file."))
    _check_origin(entries, translation)
    return entries


def import_entries(entries: polib.POFile, translation: Translation, user: Any) -> list[tuple[int, str]]:
    """Imports the translated entries; what the file leaves empty stays as it is.

    Returns what to tell the translator: pairs of a level of django.contrib.messages and a text.
    """
    unsure = [entry for entry in entries if entry.fuzzy]
    for entry in unsure:
        entries.remove(entry)
    filled = [entry for entry in entries if entry.msgstr and not entry.obsolete]
    if not filled:
        return [(messages.ERROR, _("Nothing was imported: no sentence of the file is translated."))]
    unknown = translation.import_po(entries, user=user, tool_name=TOOL_NAME)
    number = len(filled) - len(unknown)
    text = ngettext("%(number)s translated sentence was read.", "%(number)s translated sentences were read.", number)
    told = [(messages.SUCCESS, text % {"number": number})]
    if unknown:
        text = ngettext(
            "%(number)s sentence was left out: the source no longer holds it. Download the file again.",
            "%(number)s sentences were left out: the source no longer holds them. Download the file again.",
            len(unknown),
        )
        told.append((messages.WARNING, text % {"number": len(unknown)}))
    if unsure:
        text = ngettext(
            "%(number)s sentence was left out: it is marked as unsure (fuzzy).",
            "%(number)s sentences were left out: they are marked as unsure (fuzzy).",
            len(unsure),
        )
        told.append((messages.WARNING, text % {"number": len(unsure)}))
    wrong = _wrong(translation)
    if wrong:
        text = ngettext(
            "%(number)s sentence is marked red: a link or citation is missing or not closed, or a mark is not allowed.",
            "%(number)s sentences are marked red: a link or citation is missing or not closed, "
            "or a mark is not allowed.",
            wrong,
        )
        told.append((messages.WARNING, text % {"number": wrong}))
    left = len(waiting(translation)) - wrong
    if left > 0:
        text = ngettext(
            "%(number)s sentence still waits for its translation.",
            "%(number)s sentences still wait for their translation.",
            left,
        )
        told.append((messages.INFO, text % {"number": left}))
    return told


@require_POST
def upload_po(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Imports an uploaded PO file, and goes back to the translation with messages."""
    translation = get_object_or_404(Translation, pk=translation_id)
    obj = translation.get_target_instance()
    if not may_edit(request.user, obj) or is_locked_for(request.user, obj):
        raise PermissionDenied
    upload: Any = request.FILES.get("file")
    try:
        if upload is None:
            raise UnreadableFileError(_("No file was chosen."))
        entries = read_po(upload.read(MAX_BYTES + 1), translation)
    except UnreadableFileError as error:
        messages.error(request, _("Nothing was imported. %(reason)s") % {"reason": error})
    else:
        for level, text in import_entries(entries, translation, request.user):
            messages.add_message(request, level, text)
        refresh_draft(translation, request.user)
    return redirect(get_valid_next_url_from_request(request) or edit_url(obj))


def _check_origin(entries: polib.POFile, translation: Translation) -> None:
    origin = entries.metadata.get(HEADER, "").strip()
    if origin == str(translation.uuid):
        return
    if not origin:
        text = _("Its header names no translation: download the PO file here, and keep the line %(header)s.")
        raise UnreadableFileError(text % {"header": HEADER})
    other = _by_uuid(origin)
    if other is None:
        raise UnreadableFileError(_("The file belongs to another page, or to another site."))
    text = _("The file belongs to “%(title)s” in %(language)s.")
    raise UnreadableFileError(
        text % {"title": other.source.object_repr, "language": other.target_locale.get_display_name()}
    )


def _by_uuid(text: str) -> Translation | None:
    try:
        uuid = UUID(text)
    except ValueError:
        return None
    return Translation.objects.select_related("source", "target_locale").filter(uuid=uuid).first()


def _wrong(translation: Translation) -> int:
    segments = translation.source.stringsegment_set.all()
    found: int = (
        StringTranslation.objects.filter(pk__in=segments.get_translations(translation.target_locale), has_error=True)
    ).count()
    return found
