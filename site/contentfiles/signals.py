"""What happens after a load."""

from django.dispatch import Signal

content_loaded = Signal()
"""Sent with the loader's `report` when content files have been loaded, in the same transaction."""
