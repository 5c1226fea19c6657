from django.urls import path, re_path

from evidence import views
from evidence.codes import FIGURE, RULE

urlpatterns = [
    re_path(r"^figures\.(?P<extension>csv|json)$", views.download, name="evidence-download"),
    path("figures/<slug:key>/", views.record, {"kind": FIGURE}, name="evidence-figure"),
    path("rules/", views.rules, name="evidence-rules"),
    path("rules.ics", views.calendar, name="evidence-calendar"),
    path("rules/<slug:market>.ics", views.calendar, name="evidence-calendar"),
    path("rules/<slug:key>/", views.record, {"kind": RULE}, name="evidence-rule"),
]
