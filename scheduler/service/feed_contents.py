"""The bytes of a publication's feeds, as far as they are others than those that stand."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler import translation
from scheduler.domain.published import FeedContent, FeedState
from scheduler.feeds.ics import Renderer, empty_feed, feeds_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scheduler.domain.publication import Publication
    from scheduler.domain.published import FeedKey
    from scheduler.feeds.ics import Feed

EFFORT = 6
"""Of compression, 1 to 9; above, a feed takes much longer and is hardly smaller."""


def changed_contents(
    publication: Publication, languages: Iterable[str], former: Mapping[FeedKey, FeedState]
) -> Iterator[FeedContent]:
    """Render the feeds of a publication and give those whose bytes are others than before.

    A feed of whom the publication says nothing any more becomes an empty calendar: its subscribers' programs would
    take a missing one for a fault and go on showing what they have. A feed that says the same as before keeps its
    bytes, with the time of its last change in them.

    Parameters
    ----------
    publication : Publication
    languages : iterable of str
    former : mapping
        What stands, by kind, name and language.
    """
    # A feed speaks its own language, whichever program publishes it.
    translation.install()
    for language in sorted(languages):
        renderer = Renderer(publication, language)
        for feed in _feeds(publication, language, former):
            state = former.get((feed.kind, feed.name, language))
            if state is None or _etag(renderer.render(replace(feed, changed_at=state.changed_at))) != state.etag:
                yield _content(feed, renderer.render(feed))


def _feeds(publication: Publication, language: str, former: Mapping[FeedKey, FeedState]) -> Iterator[Feed]:
    feeds = feeds_in(publication, language)
    yield from feeds
    there = {(feed.kind, feed.name) for feed in feeds}
    for kind, name, its_language in sorted(former):
        if its_language == language and (kind, name) not in there:
            yield empty_feed(publication, kind, name, language)


def _content(feed: Feed, content: bytes) -> FeedContent:
    state = FeedState(_etag(content), feed.changed_at or feed.publication.published_at)
    # Without a time in it, the same bytes always give the same bytes.
    return FeedContent(
        feed.kind, feed.name, feed.language, state, len(content), gzip.compress(content, EFFORT, mtime=0)
    )


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
