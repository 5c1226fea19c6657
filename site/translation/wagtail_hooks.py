"""What the admin is told about translating."""

from wagtail import hooks

from translation.guards import guarded_urls

hooks.register("register_admin_urls", guarded_urls, order=-1)  # before wagtail-localize's own
