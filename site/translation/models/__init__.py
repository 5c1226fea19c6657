"""What the translators' tools keep."""

from translation.models.glossary import Term, TermWording
from translation.models.outdated import Basis

__all__ = ["Basis", "Term", "TermWording"]
