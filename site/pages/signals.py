"""What other parts of the site are asked."""

from django.dispatch import Signal

more_locations = Signal()
"""Sent with the `language` of a sitemap: receivers return the addresses, without the host, of what is no page, each
with its last change. They stand in the first part of the sitemap."""
