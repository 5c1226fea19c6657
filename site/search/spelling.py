"""Another spelling for a query that found nothing: words of the index that look like those that are not in it."""

from dataclasses import dataclass
from difflib import get_close_matches

from django.core.cache import cache
from wagtail.search.backends import get_search_backend

from search import results
from search.excerpts import Marked
from search.kinds import Scope
from search.terms import sought

CACHE_SECONDS = 3600
CACHE_KEY = "search-vocabulary"
LIKENESS = 0.75


@dataclass(frozen=True)
class Spelling:
    """A corrected query and what it finds."""

    query: str
    found: results.Results


def better_spelling(query: str, scope: Scope) -> Spelling | None:
    """The query with unknown words replaced by the nearest known ones, if that finds something.

    Only words in Latin letters have a spelling to mend. A search service that tells no vocabulary gives no help.
    """
    words = _vocabulary()
    parts = sought(query)
    if not words:
        return None
    stems = [" ".join(part.terms) if part.is_unspaced else " ".join(map(_nearest, part.terms)) for part in parts]
    mended = " ".join(
        stem.replace(" ", "") if part.is_unspaced else stem for stem, part in zip(stems, parts, strict=True)
    )
    if stems == [" ".join(part.terms) for part in parts]:
        return None
    found = results.search(mended, scope)
    return Spelling(_as_written(found, mended), found) if found.groups else None


def _nearest(word: str) -> str:
    words = _vocabulary()
    if word in words or len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    near = [known for known in words if abs(len(known) - len(word)) <= 2]
    likely = get_close_matches(word, near, n=3, cutoff=LIKENESS)
    return likely[0] if likely else word


def _as_written(found: results.Results, mended: str) -> str:
    """The words as the best result writes them: the index holds stems, such as `deliveri`."""
    document = found.groups[0].results[0].document
    marked = Marked(f"{document.title}\n{document.text}", found.parts)
    words = []
    for number in range(len(found.parts)):
        hit = next((hit for hit in marked.hits if hit.part == number), None)
        if hit is None:
            return mended
        words.append(marked.text[hit.start : hit.end].lower())
    return " ".join(words)


def _vocabulary() -> dict[str, int]:
    """The words of the index and in how many texts each stands; read again after an hour at the latest."""
    known = cache.get(CACHE_KEY)
    if known is None:
        read = getattr(get_search_backend(), "vocabulary", list)
        known = dict(read())
        cache.set(CACHE_KEY, known, CACHE_SECONDS)
    words: dict[str, int] = known
    return words
