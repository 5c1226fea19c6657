"""What the translators' tools keep."""

from translation.models.outdated import Basis

__all__ = ["Basis"]
