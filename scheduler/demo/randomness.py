"""The one source of chance of the demo: streams that depend on a seed and a name, and on nothing else."""

from __future__ import annotations

import hashlib
import random


def stable_hash(text: str) -> int:
    """Give 64 bits of `text` that are the same on every machine and in every process."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def rng_for(seed: int, key: str) -> random.Random:
    """Give the random stream of `key` (a school, say) under `seed`.

    Each school draws from its own stream, so that its timetable does not depend on which others are chosen.
    """
    return random.Random(stable_hash(f"{seed}:{key}"))  # noqa: S311 - invented timetables hold no secret


def spread(total: int, parts: int) -> list[int]:
    """Share `total` out over `parts` as evenly as whole numbers allow, the larger shares first."""
    share, rest = divmod(total, parts)
    return [share + 1] * rest + [share] * (parts - rest)
