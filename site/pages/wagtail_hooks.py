"""What the admin is told about this project."""

from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import LocaleColumn
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from pages.links import LocalizedPageLinkHandler
from pages.models import Tag


class TagViewSet(SnippetViewSet):
    """The tags of chapters and cases, with an entry of their own in the menu."""

    model = Tag
    icon = "tag"
    menu_label = _("Tags")
    menu_order = 220
    add_to_admin_menu = True
    list_display = ("name", "slug", LocaleColumn())
    list_filter = ("locale",)


register_snippet(TagViewSet)


@hooks.register("register_rich_text_features", order=100)
def page_links_in_the_readers_language(features: FeatureRegistry) -> None:
    features.register_link_type(LocalizedPageLinkHandler)


@hooks.register("insert_global_admin_css")
def admin_css() -> Any:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))
