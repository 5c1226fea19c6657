"""The pictures in content/images: loaded by name, described and credited in images.yaml."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile
from PIL import Image as PillowImage
from wagtail.images import get_image_model

from contentfiles.documents import Problem, Value, compose
from contentfiles.models import LoadedContent

if TYPE_CHECKING:
    from contentfiles.loader import Report


class ImageFiles:
    """The images of one content folder.

    Args:
        folder: holds the picture files and images.yaml: `{file name: {title, description, credit}}`.
        report: told what was created, updated, left alone.
    """

    def __init__(self, folder: Path, report: "Report") -> None:
        self.folder = folder
        self.report = report
        self.ids: dict[str, int] = {}
        self.new: list[Any] = []
        self.deleted: set[str] = set()

    def load(self) -> list[Problem]:
        """Loads new and changed pictures; an image that an editor changed or deleted stays as it is."""
        problems: list[Problem] = []
        listing = self.folder / "images.yaml"
        shown_as = f"{self.folder.parent.name}/images/images.yaml"
        if not listing.is_file():
            return []
        try:
            top = compose(listing.read_bytes().decode("utf-8"), shown_as, 1, problems)
        except UnicodeDecodeError:
            return [Problem(shown_as, 1, "Not UTF-8. Save the file as UTF-8.")]
        for name, value in ((top.mapping() if top else None) or {}).items():
            path = self.folder / name
            entry = value.mapping() or {}
            missing = [field for field in ("title", "description", "credit") if field not in entry]
            if missing:
                problems.append(Problem(shown_as, value.line, f"“{name}” lacks {', '.join(missing)}."))
            elif not path.is_file() or path.parent != self.folder:
                problems.append(Problem(shown_as, value.line, f"There is no file “{name}” beside this one."))
            elif not _is_picture(path):
                problems.append(Problem(shown_as, value.line, f"“{name}” is not a picture that can be read."))
            else:
                self._load_one(path, entry)
        return problems

    def id_of(self, name: str) -> int:
        """The primary key of an image by its file name. LookupError when images.yaml does not list it."""
        if name in self.deleted:
            raise LookupError(f"“{name}” was deleted by an editor: name another picture.")
        if name not in self.ids:
            raise LookupError(f"“{name}” is not listed in images.yaml.")
        return self.ids[name]

    def make_renditions(self, progress: Callable[[str], None]) -> None:
        """Makes the sizes that pages ask for, so that no reader waits for them."""
        for number, image in enumerate(self.new, 1):
            progress(f"sizes {number}/{len(self.new)} {image.title}")
            image.get_renditions(*type(image).page_filters())

    def _load_one(self, path: Path, entry: dict[str, Value]) -> None:
        model = get_image_model()
        data = path.read_bytes()
        fields = {name: str(entry[name].plain) for name in ("title", "description", "credit")}
        digest = hashlib.sha256(data + repr(sorted(fields.items())).encode()).hexdigest()
        key = f"images/{path.name}"
        record = LoadedContent.objects.filter(key=key).first()
        image = model.objects.filter(pk=record.object_id).first() if record else model()
        if record and (image is None or _fingerprint(image) != record.fingerprint):
            self.report.kept.append(f"{key}: {'changed' if image else 'deleted'} by an editor")
        elif record and record.digest == digest:
            self.report.unchanged.append(key)
        else:
            for name, value in fields.items():
                setattr(image, name, value)
            image.file = ImageFile(BytesIO(data), name=path.name)
            image.file_size = len(data)
            image._set_file_hash()
            image.save()
            image.renditions.all().delete()
            (self.report.updated if record else self.report.created).append(key)
            self.new.append(image)
            LoadedContent.objects.update_or_create(
                key=key,
                locale="",
                defaults={
                    "content_type": ContentType.objects.get_for_model(image),
                    "object_id": str(image.pk),
                    "digest": digest,
                    "fingerprint": _fingerprint(image),
                },
            )
        if image is None:
            self.deleted.add(path.name)
        else:
            self.ids[path.name] = image.pk


def _is_picture(path: Path) -> bool:
    try:
        with PillowImage.open(path) as picture:
            picture.verify()
    except (OSError, SyntaxError, ValueError):
        return False
    return True


def _fingerprint(image: Any) -> str:
    text = repr([image.title, image.description, image.credit, image.file.name, image.focal_point_x])
    return hashlib.sha256(text.encode()).hexdigest()
