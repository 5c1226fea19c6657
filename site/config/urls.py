from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from config.styleguide import styleguide
from evidence import urls as evidence_urls
from pages import agents, views
from pages.feeds import LatestFeed
from pages.llms import llms
from pages.share import LONGEST_ADDRESS, share_image
from pages.sitemaps import sitemap, sitemap_index
from suitability import urls as suitability_urls
from suitability.api import api
from suitability.views import short_link

# The admin shows previews in frames of its own; nothing else may be framed.
framed_by_itself = decorate_urlpatterns(wagtailadmin_urls.urlpatterns, xframe_options_sameorigin)

handler400 = "pages.views.bad_request"
handler403 = "pages.views.permission_denied"
handler404 = "pages.views.not_found"
handler500 = "pages.views.server_error"

urlpatterns = [
    path("", views.language_root, name="language-root"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("llms.txt", llms, name="llms"),
    re_path(rf"^share/(?P<signed>[\w:.-]{{1,{LONGEST_ADDRESS}}})\.png$", share_image, name="share-image"),
    path("sitemap.xml", sitemap_index, name="sitemap-index"),
    path("s/<str:token>", short_link, name="suitability-short"),
    path(settings.ADMIN_URL, include(framed_by_itself)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", api.urls),
]

if settings.SERVE_MEDIA:
    urlpatterns += [re_path(r"^media/(?P<path>.+)$", views.media, name="media")]

urlpatterns += i18n_patterns(
    path("styleguide/", styleguide, name="styleguide"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("feed.xml", views.with_sections(LatestFeed()), name="feed"),
    path("suitability/", include(decorate_urlpatterns(suitability_urls.urlpatterns, views.with_sections))),
    path("evidence/", include(decorate_urlpatterns(evidence_urls.urlpatterns, views.with_sections))),
    path("search/", include("search.urls")),
    re_path(r"^((?:[\w-]+/)*)index\.html\.md$", agents.markdown, name="markdown"),
    re_path(r"^((?!_util/)(?:[\w-]+/)*)$", views.serve_page, name="wagtail_serve"),
    path("", include(wagtail_urls)),
)
