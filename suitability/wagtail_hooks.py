"""The score in the admin."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import LocaleColumn, UpdatedAtColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from suitability.admin_views import CHANGE, ActivateView, SavedAnswersView, VersionsView, VersionView
from suitability.models import Market, Rubric
from suitability.rubrics import markets_in_use


class OneRubricPolicy(ModelPermissionPolicy):
    """There is one rubric, which came with the site: it is changed and translated, never added or deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in ("add", "delete") and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class RubricViewSet(SnippetViewSet):
    """The draft of the rubric."""

    model = Rubric
    copy_view_enabled = False

    @property
    def permission_policy(self) -> OneRubricPolicy:
        return OneRubricPolicy(Rubric)

    icon = "list-ol"
    menu_label = _("Rubric")
    list_display = ("name", LocaleColumn(), UpdatedAtColumn())
    list_filter = ("locale",)


class MarketViewSet(SnippetViewSet):
    """The markets."""

    model = Market
    icon = "globe"
    menu_label = _("Markets")
    list_display = ("name", "slug", "currency", "position", LocaleColumn())
    list_filter = ("locale",)


class ScreenMenuItem(MenuItem):
    """An entry for those who may change the rubric."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE)


class SuitabilityGroup(SnippetViewSetGroup):
    """The score's own part of the menu."""

    items = (RubricViewSet, MarketViewSet)
    menu_label = _("Suitability")
    menu_icon = "clipboard-list"
    menu_order = 230

    def get_submenu_items(self) -> list[MenuItem]:
        return [
            *super().get_submenu_items(),
            ScreenMenuItem(_("Rubric versions"), reverse_lazy("suitability_versions"), icon_name="history", order=900),
            ScreenMenuItem(_("Saved answers"), reverse_lazy("suitability_answers"), icon_name="form", order=910),
        ]


register_snippet(SuitabilityGroup)


@hooks.register("before_delete_snippet")
def keep_markets_in_use(request: HttpRequest, instances: Any) -> HttpResponse | None:
    """Refuses to delete a market that the rubric names, in its draft or in force."""
    used = markets_in_use()
    for market in instances:
        if isinstance(market, Market) and market.slug in used:
            message = _("The rubric names “%(name)s”: remove its effects and rules there first, and activate.")
            messages.error(request, message % {"name": market})
            return redirect("wagtailsnippets_suitability_market:list")
    return None


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("suitability/activate/<int:pk>/", ActivateView.as_view(), name="suitability_activate"),
        path("suitability/versions/", VersionsView.as_view(), name="suitability_versions"),
        path("suitability/versions/<str:key>/", VersionView.as_view(), name="suitability_version"),
        path("suitability/answers/", SavedAnswersView.as_view(), name="suitability_answers"),
    ]
