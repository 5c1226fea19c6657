"""Addresses of the score below the language; the form itself and the categories are pages."""

from django.urls import path, re_path

from suitability import batch_views, views

urlpatterns = [
    path("batch/", batch_views.batch, name="suitability-batch"),
    re_path(r"^batch/template\.(?P<extension>csv|xlsx)$", batch_views.batch_template, name="suitability-template"),
    re_path(r"^result\.(?P<extension>csv|json)$", views.download, name="suitability-download"),
    path("saved/", views.save_answer, name="suitability-save"),
    path("saved/deleted/", views.deleted, name="suitability-deleted"),
    path("saved/<str:token>/", views.saved_answer, name="suitability-saved"),
    path("saved/<str:token>/<str:owner_token>/", views.owner, name="suitability-owner"),
]
