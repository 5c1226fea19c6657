"""The site's own image model: every picture says what it shows and who made it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image

# As written in components/picture.html; a test holds the two together.
WIDTHS = ("width-480", "width-960", "width-1600")
FORMATS = ("avif", "webp", "jpeg")


class ContentImage(AbstractImage):
    """An uploaded picture. The description is the alternative text wherever a page gives no better one."""

    description = models.CharField(
        _("description"),
        max_length=255,
        help_text=_("What the picture shows, in one sentence, for readers who cannot see it."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=255,
        blank=True,
        help_text=_("Who made it, and under which licence if it is not our own."),
    )

    admin_form_fields = (*Image.admin_form_fields, "credit")

    @staticmethod
    def page_filters() -> list[str]:
        """Every size and format that the site's templates ask for: see components/picture.html."""
        return [f"format-{name}|{width}" for name in FORMATS for width in WIDTHS]

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")


class ContentRendition(AbstractRendition):
    """A resized copy of a ContentImage."""

    image = models.ForeignKey(ContentImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("rendition")
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_content_rendition")
        ]
