"""A StreamField whose blocks stay out of migrations."""

from typing import Any

from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField


class CompactStreamField(StreamField):
    """A StreamField named by its StreamBlock class.

    Migrations record the field without its blocks: a changed label is then no migration, and what is stored (JSON) does
    not depend on them. A migration that must rewrite blocks works on the raw data.
    """

    def __init__(self, block_class: type[StreamBlock] | None = None, **kwargs: Any) -> None:
        kwargs.pop("block_types", None)
        kwargs.pop("block_lookup", None)
        self.block_class = block_class or StreamBlock
        super().__init__(self.block_class(), **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
