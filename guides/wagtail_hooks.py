"""The guide in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import LiveStatusTagColumn, LocaleColumn, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from guides.models import Question


class QuestionViewSet(SnippetViewSet):
    """The questions of the FAQ, with an entry of their own in the menu."""

    model = Question
    icon = "help"
    menu_label = _("Questions")
    menu_order = 210
    add_to_admin_menu = True
    list_display = ("question", "topic", "position", LocaleColumn(), UpdatedAtColumn(), LiveStatusTagColumn())
    list_filter = ("locale", "topic", "live")


register_snippet(QuestionViewSet)
