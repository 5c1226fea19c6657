"""What other parts of the site are asked."""

from django.dispatch import Signal

more_locations = Signal()
"""Sent with the `language` of a sitemap: receivers return the addresses, without the host, of what is no page, each
with its last change. They stand in the first part of the sitemap."""

more_for_programs = Signal()
"""Sent for each language of /llms.txt: receivers return what else programs may want to read, each a `pages.llms.Link`
in the active language."""
