"""`make run`: one machine, one person, nothing to set up."""

from .base import *  # noqa: F403
from .base import env

DEBUG = True
STYLEGUIDE = True
# Not a secret: this file is for a machine that nobody else can reach.
SECRET_KEY = "development-only"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
INTERNAL_IPS = ["127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
