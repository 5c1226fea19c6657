"""What every environment shares. Secrets and addresses come from the environment."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from translation.choice import machine_translator

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = Path(env.str("CROSSCAST_VAR_DIR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "pages",
    "evidence",
    "contentfiles",
    "search",
    "translation",
    "guides",
    "casestudies",
    "suitability",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.redirects",
    "wagtail.documents",
    "wagtail.embeds",
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pages.middleware.RefuseNulMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",  # inside: a compressed body would get another ETag each time
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "translation.middleware.RefusalMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # widgets may have templates in templates/

# --- Data ---------------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'crosscast.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Languages: one line adds one; then translators work in content/, locale/ and the admin ------------------------
LANGUAGES = [
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("ja", "日本語"),
    ("ar", "العربية"),
]
LANGUAGE_CODE = "en"
# Languages with a home page and interface strings, but no sections yet: their readers are led to the sections in
# LANGUAGE_CODE, and nothing asks for more translations (docs/architecture.md, "Languages").
HOME_ONLY_LANGUAGES = ["ar"]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [entry for entry in LANGUAGES if entry[0] not in HOME_ONLY_LANGUAGES]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Browsers and telephones look for these at the root: icons and their manifest.
WHITENOISE_ROOT = BASE_DIR / "static/root"
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
# One machine serves its own uploads; with object storage or a front server, switch this off.
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=True)
CONTENT_DIR = BASE_DIR / "content"
STYLEGUIDE = False  # the page of all components, for development

# --- Wagtail ------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Crosscast"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_IMAGE_MODEL = "pages.ContentImage"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "pdf", "xlsx"]
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []  # no third party on any page
# The index lies in the database; a search service of Wagtail's may stand there instead (docs/deploying.md).
WAGTAILSEARCH_BACKENDS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": env.str("SEARCH_BACKEND", default="search.backend")}
}
if SEARCH_URL := env.str("SEARCH_URL", default=""):
    WAGTAILSEARCH_BACKENDS["default"] |= {"URLS": [SEARCH_URL], "INDEX_PREFIX": "crosscast_"}
# A cache in front of the site that takes PURGE requests is told which pages have changed.
FRONT_CACHE_URL = env.str("FRONT_CACHE_URL", default="")
WAGTAILFRONTENDCACHE: dict[str, Any] = (
    {"front": {"BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend", "LOCATION": FRONT_CACHE_URL}}
    if FRONT_CACHE_URL
    else {}
)
# A new translation starts as a draft, so that no language shows another's sentences unseen.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# A service that drafts translations: deepl, google or openai (docs/deploying.md). Empty, or incomplete: no buttons.
MACHINE_TRANSLATION = {
    "SERVICE": env.str("MACHINE_TRANSLATION", default="").strip().lower(),
    "KEY": env.str("MACHINE_TRANSLATION_KEY", default="").strip(),
    "MODEL": env.str("MACHINE_TRANSLATION_MODEL", default="").strip(),
    "ENDPOINT": env.str("MACHINE_TRANSLATION_ENDPOINT", default="").strip(),
    "TIMEOUT": env.str("MACHINE_TRANSLATION_TIMEOUT", default="25").strip(),
}
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = machine_translator(MACHINE_TRANSLATION)
TAGGIT_CASE_INSENSITIVE = True

# --- Safety -------------------------------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "pages.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"  # for browsers without frame-ancestors; the admin is excepted in the URLs
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
ADMIN_URL = "admin/"
CONTENT_SECURITY_POLICY = {
    # Wagtail's own screens use inline styles and scripts; only signed-in editors ever see them.
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        # The admin shows previews of pages in a frame: they are answered with the pages' own policy.
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
