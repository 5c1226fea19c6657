"""What translators' tools keep in the database."""

from translation.models.glossary import Term, TermWording

__all__ = ["Term", "TermWording"]
