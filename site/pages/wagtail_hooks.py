"""What the admin is told about this project."""

from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from pages.links import LocalizedPageLinkHandler


@hooks.register("register_rich_text_features", order=100)
def page_links_in_the_readers_language(features: FeatureRegistry) -> None:
    features.register_link_type(LocalizedPageLinkHandler)


@hooks.register("insert_global_admin_css")
def admin_css() -> Any:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))
