"""Addresses of the score below the language; the form itself and the categories are pages."""

from django.urls import path, re_path

from suitability import views

urlpatterns = [
    re_path(r"^result\.(?P<extension>csv|json)$", views.download, name="suitability-download"),
    path("saved/", views.save_answer, name="suitability-save"),
    path("saved/deleted/", views.deleted, name="suitability-deleted"),
    path("saved/<str:token>/", views.saved_answer, name="suitability-saved"),
    path("saved/<str:token>/<str:owner_token>/", views.owner, name="suitability-owner"),
]
