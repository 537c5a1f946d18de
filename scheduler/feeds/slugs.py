"""Names of feed files: plain ASCII that a person can read, one a name, safe on every file system."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from scheduler.domain.folding import plain_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 60
"""A file name may have 255 bytes; what people read of one is shorter."""
_LOOKS_MARKED = re.compile(r"-[0-9a-f]{8}\Z")


def folded(name: str) -> str:
    """Fold a name to lower-case ASCII letters and digits with ``-`` between; ``""`` where none of it can be."""
    return re.sub(r"[^a-z0-9]+", "-", plain_letters(name)).strip("-")


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Give every name its slug.

    A slug is the folded name where no other of the `names` folds to the same; otherwise each of those names carries a
    mark made from itself alone. So no feed is ever renamed by a name that looks different, no slug depends on an
    order, and no address passes from one person to the next who merely looks alike. File systems that ignore case
    are no danger: there are no capitals.
    """
    distinct = dict.fromkeys(names)
    short = {name: folded(name) for name in distinct}
    shared = Counter(short.values())
    return {
        # What is long is cut, and what looks like a marked slug could be taken for one: both are marked too.
        name: slug
        if slug and shared[slug] == 1 and len(slug) <= LONGEST and not _LOOKS_MARKED.search(slug)
        else marked(slug, name)
        for name, slug in short.items()
    }


def marked(slug: str, name: str) -> str:
    """Add to a slug eight hexadecimal digits of a hash of the name."""
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(part for part in (slug[:LONGEST].rstrip("-"), mark) if part)


def key_slugs(keys: Iterable[str]) -> dict[str, str]:
    """Give every key (letters, digits, ``.``, ``_``, ``-``) its slug: itself, marked where only case differs."""
    distinct = dict.fromkeys(keys)
    shared = Counter(key.lower() for key in distinct)
    return {key: key if shared[key.lower()] == 1 else marked(key, key) for key in distinct}
