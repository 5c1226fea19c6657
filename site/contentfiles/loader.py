"""Loads content files into Wagtail: all or nothing, never over an editor's work, never deleting.

The order of a load: read every file; make what is new, parents first and without links; fill and publish the source
language; then give each translation its sentences through wagtail-localize, so that translators later find them segment
by segment.
"""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from modelcluster.models import get_all_child_relations
from wagtail.models import DraftStateMixin, Locale, LockableMixin, Page, RevisionMixin, TranslatableMixin
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from contentfiles.blocks import messages_of
from contentfiles.documents import ContentError, Document, Problem, Value, read_language
from contentfiles.fields import Children, Reader, fields_of, loadable_models, unread_parts
from contentfiles.fingerprint import is_unchanged
from contentfiles.images import ImageFiles
from contentfiles.indexes import indexed_at_the_end
from contentfiles.records import record_of, remember, translation_digest, work_in_progress
from contentfiles.schemes import resolver_of
from contentfiles.signals import content_loaded
from contentfiles.translations import TOOL_NAME, Pairs, pair_segments
from contentfiles.tree import above, make_room_for, rank, serve_as_site

Progress = Callable[[str], None]


@dataclass
class Report:
    """What a load did, by the keys of the documents, and what it left alone and why."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@dataclass
class Loading:
    """One document on its way; readers ask it for links, images and related objects."""

    loader: "Loader"
    document: Document
    source: models.Model | None = None
    with_links: bool = True

    @property
    def problems(self) -> list[Problem]:
        return self.loader.problems

    def image(self, name: str) -> int:
        return self.loader.images.id_of(name)

    def link(self, target: str) -> dict[str, str] | None:
        """The attributes of a link to another page (by its key) or to an address on the web."""
        if target.startswith(("https://", "http://", "mailto:")):
            return {"href": target}
        resolver = resolver_of(target)
        if resolver is not None:
            return resolver(target) if self.with_links else None
        page = self.loader.find(target)
        if page is not None and not isinstance(page, Page):
            raise LookupError(f"“{target}” is not a page: a text can link to pages only.")
        return {"linktype": "page", "id": str(page.pk)} if page is not None and self.with_links else None

    def related(self, key: str) -> models.Model | None:
        return self.loader.find(key) if self.with_links else None


class Loader:
    """Loads the folder of content files.

    Args:
        folder: holds one folder for each language of the settings, and `images`.
        progress: called with a line of text for each step worth showing.
    """

    def __init__(self, folder: Path, progress: Progress = lambda line: None) -> None:
        self.folder = folder
        self.progress = progress
        self.problems: list[Problem] = []
        self.report = Report()
        self.models = loadable_models()
        self.images = ImageFiles(folder / "images", self.report)
        self.objects: dict[tuple[str, str], models.Model] = {}
        self.skipped: set[tuple[str, str]] = set()
        self.coming: set[tuple[str, str]] = set()
        self.sources: dict[str, TranslationSource] = {}  # cut into sentences by this load, by the keys of documents

    def load(self) -> Report:
        """Loads everything. Raises ContentError with every problem found; the database is then as before."""
        languages = {code: self._read(code) for code, _name in settings.LANGUAGES}
        source = languages.pop(settings.LANGUAGE_CODE)
        self.keys = {document.key for document in source}
        self.places = {document.key: place for place, document in enumerate(source)}
        for documents in languages.values():
            for document in documents:
                if document.key not in self.keys:
                    path = f"{settings.LANGUAGE_CODE}/{document.key}"
                    self._complain(document, f"There is no source for this translation: {path} is missing.")
            documents.sort(key=lambda document: self.places.get(document.key, 0))
        self._raise()
        with transaction.atomic():
            with indexed_at_the_end():
                self._load_all(source, languages)
            content_loaded.send(type(self), report=self.report)
        self.images.make_renditions(self.progress)
        return self.report

    def find(self, key: str) -> models.Model | None:
        """The object in the source language for a key; None when an editor removed it. LookupError: no such file."""
        if key not in self.keys:
            raise LookupError(f"There is no “{key}” among the content files.")
        return self.objects.get((key, settings.LANGUAGE_CODE))

    def _read(self, code: str) -> list[Document]:
        folder = self.folder / code
        if not folder.is_dir():
            return []
        documents = read_language(folder, code, f"{self.folder.name}/{code}", self.problems)
        known = [document for document in documents if document.kind in self.models]
        for document in documents:
            if document.kind not in self.models:
                names = ", ".join(sorted(self.models))
                self._complain(document, f"Unknown type “{document.kind}”. Known: {names}.")
            else:
                self._check_names(document)
        return sorted(known, key=lambda document: (rank(document, self.models), document.order, document.key))

    def _check_names(self, document: Document) -> None:
        fields = fields_of(self.models[document.kind])
        self.problems += unread_parts(document, fields)
        is_source = document.locale == settings.LANGUAGE_CODE
        order = document.meta.get("order")
        if order is not None and not isinstance(order.plain, int):
            self.problems.append(document.problem(order.line, "“order” should be a whole number."))
        for name, value in document.meta.items():
            reader = fields.get(name)
            if reader is None and name != "order":
                self.problems.append(
                    document.problem(value.line, f"Unknown name “{name}”. Known: {', '.join(fields)}.")
                )
            elif not is_source and (reader is None or not reader.translated):
                message = f"“{name}” stands in the {settings.LANGUAGE_CODE} file only; translations follow it."
                self.problems.append(document.problem(value.line, message))

    def _load_all(self, source: list[Document], languages: dict[str, list[Document]]) -> None:
        locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES}
        self.problems += self.images.load()
        self._raise()
        locale = locales[settings.LANGUAGE_CODE]
        due = [document for document in source if self._is_due(document, locale, self._existing(document, locale))]
        self._raise()
        for document in due:
            if (document.key, document.locale) not in self.objects:
                self._create(document, locale)
        self._raise()
        for number, document in enumerate(due, 1):
            self.progress(f"{document.locale} {number}/{len(due)} {document.key}")
            self._fill(document)
        self._raise()
        by_key = {document.key: document for document in source}
        # All are judged before the first is translated: translating one renews the segments of its source.
        wanted = [d for documents in languages.values() for d in documents if self._waits(d, by_key[d.key], locales)]
        for number, document in enumerate(wanted, 1):
            self.progress(f"{document.locale} {number}/{len(wanted)} {document.key}")
            self._translate(document, by_key[document.key], locales[document.locale])
        self._raise()

    # --- What is there already, and may it be touched? ------------------------------------------------------------

    def _existing(self, document: Document, locale: Locale) -> models.Model | None:
        """The object of this document: the one it loaded before, or one that stands where it would go."""
        record = record_of(document)
        model = self.models[document.kind]
        if record is not None:
            return model._default_manager.filter(pk=record.object_id).first()
        slug = document.key.rpartition("/")[2]
        if not issubclass(model, Page):
            return model._default_manager.filter(slug=slug, locale=locale).first()
        parent = self._parent(document)
        if parent is None:
            return None
        twins = Page.objects.child_of(parent).exact_type(model).filter(slug=slug)
        found: models.Model | None = twins.specific().first()
        return found

    def _is_due(self, document: Document, locale: Locale, existing: models.Model | None, digest: str = "") -> bool:
        """Whether the document is to be loaded; tells the report when not. Remembers the object found."""
        name, place = f"{document.locale}/{document.key}", (document.key, document.locale)
        record = record_of(document)
        if existing is not None:
            self.objects[place] = existing
        if (document.key.rpartition("/")[0], document.locale) in self.skipped and existing is None:
            self.skipped.add(place)
            self.report.kept.append(f"{name}: the page above it was deleted by an editor")
            return False
        if existing is None and record is not None:
            self.skipped.add(place)
            self.report.kept.append(f"{name}: deleted by an editor")
            return False
        if existing is None:
            return True
        if record is None:
            self.report.kept.append(f"{name}: made by an editor")
            return False
        if not is_unchanged(existing, record):
            self.report.kept.append(f"{name}: changed by an editor")
            return False
        if isinstance(existing, LockableMixin) and existing.locked and record.digest != (digest or document.digest):
            self.report.kept.append(f"{name}: locked by an editor")
            return False
        if record.digest == (digest or document.digest):
            self.report.unchanged.append(name)
            return False
        return True

    def _waits(self, document: Document, source: Document, locales: dict[str, Locale]) -> bool:
        """Whether a translation is to be loaded: judged by its own state, its source's and the page above it."""
        locale = locales[document.locale]
        name, place = f"{document.locale}/{document.key}", (document.key, document.locale)
        original = self.objects.get((document.key, source.locale))
        if original is None:
            self.skipped.add(place)
            self.report.kept.append(f"{name}: its source was deleted by an editor")
            return False
        assert isinstance(original, TranslatableMixin)
        parent = above(document.key) if isinstance(original, Page) else None
        if parent and (parent, document.locale) not in self.objects and (parent, document.locale) not in self.coming:
            self.skipped.add(place)
            self.report.kept.append(f"{name}: waits for {document.locale}/{parent}, which has no translation yet")
            return False
        existing = original.get_translation_or_none(locale)
        if not self._is_due(document, locale, existing, translation_digest(document, source)):
            return False
        source_record = record_of(source)
        if source_record is None or not is_unchanged(original, source_record):
            self.report.kept.append(f"{name}: its source was changed by an editor")
            return False
        reason = work_in_progress(original, locale)
        if reason:
            self.report.kept.append(f"{name}: {reason}")
            return False
        self.coming.add(place)
        return True

    # --- The source language ------------------------------------------------------------------------------------------

    def _parent(self, document: Document) -> Page | None:
        """The page above: the home page for a section, the section for a chapter, Wagtail's root for the home page."""
        key = above(document.key)
        if key is None:
            return Page.get_first_root_node()
        parent = self.objects.get((key, document.locale))
        return parent if isinstance(parent, Page) else None

    def _create(self, document: Document, locale: Locale) -> None:
        """Makes the object without links, so that every link has something to point at."""
        model = self.models[document.kind]
        slug = document.key.rpartition("/")[2]
        obj = model(locale=locale, slug=slug)
        self._assign(obj, document, Loading(self, document, with_links=False))
        if self.problems:
            return
        try:
            if isinstance(obj, Page):
                parent = self._parent(document)
                if parent is None:
                    self._complain(document, "There is no page above this one.")
                    return
                if model not in parent.specific_class.allowed_subpage_models():
                    self._complain(document, f"A {document.kind} has no place below “{parent.title}”.")
                    return
                obj.show_in_menus = parent.depth == 2
                obj.live = False
                if document.key == "home":
                    make_room_for(obj, parent)
                follower = self._follower(document)
                if follower is None:
                    parent.add_child(instance=obj)
                else:
                    follower.add_sibling("left", instance=obj)
                if document.key == "home":
                    serve_as_site(obj)
            else:
                obj.full_clean()
                obj.save()
        except ValidationError as error:
            self._complain_of(document, error)
            return
        self.objects[(document.key, document.locale)] = obj
        self.report.created.append(f"{document.locale}/{document.key}")

    def _follower(self, document: Document) -> Page | None:
        """The first loaded sibling that stands after this one in the order of the files, in the same language."""
        siblings = [place for place in self.places if above(place) == above(document.key)]
        after = siblings[siblings.index(document.key) + 1 :] if document.key in siblings else []
        for key in after:
            found = self.objects.get((key, document.locale))
            if isinstance(found, Page):
                return Page.objects.get(pk=found.pk)
        return None

    def _fill(self, document: Document) -> None:
        name = f"{document.locale}/{document.key}"
        obj: Any = self.objects[(document.key, document.locale)]
        self._assign(obj, document, Loading(self, document))
        if self.problems:
            return
        try:
            obj.full_clean()
            self._publish(obj)
        except ValidationError as error:
            self._complain_of(document, error)
            return
        if name not in self.report.created:
            self.report.updated.append(name)
        obj = type(obj)._default_manager.get(pk=obj.pk)
        self.objects[(document.key, document.locale)] = obj
        remember(document, obj, document.digest)

    def _assign(self, obj: Any, document: Document, context: Loading) -> None:
        readers = fields_of(type(obj))
        for relation in {reader.name for reader in readers.values() if _is_relation(obj, reader)}:
            getattr(obj, relation).clear()
        for name, reader in readers.items():
            reader.assign(obj, reader.read(document.meta.get(name), context))

    def _publish(self, obj: Any) -> None:
        if isinstance(obj, DraftStateMixin):
            obj.save_revision(log_action=True).publish()
            return
        obj.save()
        if isinstance(obj, RevisionMixin):
            obj.save_revision(log_action=True)  # what editors go back to

    # --- Translations -------------------------------------------------------------------------------------------------

    def _translate(self, document: Document, source_document: Document, locale: Locale) -> None:
        name = f"{document.locale}/{document.key}"
        original = self.objects[(document.key, source_document.locale)]
        if document.key not in self.sources:
            self.sources[document.key], _created = TranslationSource.update_or_create_from_instance(original)
        source = self.sources[document.key]
        translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
        wording = copy.copy(original)
        context = Loading(self, document, source=original)
        for entry, reader in fields_of(type(original)).items():
            if reader.translated:
                reader.assign(wording, reader.read(document.meta.get(entry), context))
        if self.problems:
            return
        pairs, problems = pair_segments(original, wording, document)
        self.problems += problems
        if self.problems:
            return
        self._say(document, source, locale, pairs)
        if self.problems:
            return
        existed = (document.key, document.locale) in self.objects
        target = self._save_translation(document, translation, locale)
        if target is None:
            return
        follower = self._follower(document) if isinstance(target, Page) and not existed else None
        if follower is not None:
            target.move(follower, pos="left")
            target = type(target)._default_manager.get(pk=target.pk)
        self.objects[(document.key, document.locale)] = target
        (self.report.updated if existed else self.report.created).append(name)
        remember(document, target, translation_digest(document, source_document))

    def _say(self, document: Document, source: TranslationSource, locale: Locale, pairs: Pairs) -> None:
        """Gives each sentence of the source its words in the language."""
        segments = source.stringsegment_set.select_related("string", "context")
        contexts = {segment.context_id for segment in segments}
        known = StringTranslation.objects.filter(locale=locale, context__in=contexts).select_related("context")
        said = {(one.translation_of_id, one.context_id): one for one in known}
        for segment in segments:
            text = pairs.get((segment.context.path, segment.order))
            if text is None:
                self._complain(document, f"Nothing stands here for {segment.context.path}.")
                continue
            place = segment.string_id, segment.context_id
            if place not in said:
                said[place] = StringTranslation(translation_of=segment.string, locale=locale, context=segment.context)
            words = said[place]
            words.data, words.has_error = text, False
            words.translation_type, words.tool_name = StringTranslation.TRANSLATION_TYPE_MANUAL, TOOL_NAME
            words.save()

    def _save_translation(self, document: Document, translation: Translation, locale: Locale) -> Any:
        source = translation.source
        drafts = issubclass(self.models[document.kind], DraftStateMixin)
        try:
            translation.save_target(publish=not drafts)
            target: Any = source.get_translated_instance(locale)
            if drafts:
                target.get_latest_revision().publish()
                target = type(target)._default_manager.get(pk=target.pk)
        except ValidationError as error:
            self._complain_of(document, error)
            return None
        return target

    # --- Problems -----------------------------------------------------------------------------------------------------

    def _complain(self, document: Document, message: str) -> None:
        self.problems.append(document.problem(document.kind_line, message))

    def _complain_of(self, document: Document, error: ValidationError) -> None:
        """Each message at the line of its entry, where the error names a field."""
        if not hasattr(error, "error_dict"):
            for message in messages_of(error):
                self._complain(document, message)
            return
        for name, errors in error.error_dict.items():
            value: Value | None = document.meta.get(name)
            line = value.line if value else document.kind_line
            for child in errors:
                for message in messages_of(child):
                    self.problems.append(document.problem(line, f"{name}: {message}"))

    def _raise(self) -> None:
        if self.problems:
            raise ContentError(self.problems)


def _is_relation(obj: models.Model, reader: Reader) -> bool:
    names: Iterable[str] = (relation.get_accessor_name() for relation in get_all_child_relations(type(obj)))
    return isinstance(reader, Children) or reader.name in set(names)
