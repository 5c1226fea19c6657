"""Links in content files that point at neither a page nor the web: each scheme knows what its targets become."""

from collections.abc import Callable

# Gives the attributes of the link for a target such as `figure:chargebacks`; LookupError says what is wrong with it.
Resolver = Callable[[str], dict[str, str]]

_resolvers: dict[str, Resolver] = {}


def register_scheme(scheme: str, resolver: Resolver) -> None:
    """Lets content files link to `scheme:…`."""
    _resolvers[scheme] = resolver


def resolver_of(target: str) -> Resolver | None:
    """What resolves `target`, None when its scheme is not registered."""
    return _resolvers.get(target.partition(":")[0])
