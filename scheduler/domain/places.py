"""Who teaches where, on what servers, and by which rules (CONTRACT section 2, region.toml to schools.csv)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Platform:
    """Servers that share one capacity: an ENT, a virtual-class service, and so on."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True)
class School:
    """A school. `pupils` is None where the region does not say."""

    key: str
    name: str
    level: str = ""
    academy: str = ""
    pupils: int | None = None


@dataclass(frozen=True)
class Lunch:
    """The stretch of the day in which a kept gap is a lunch, and how long a lunch is, in minutes."""

    start: int = 11 * 60 + 30
    end: int = 14 * 60
    minutes: int = 45


@dataclass(frozen=True)
class Policy:
    """What a plan may do and what it costs; the table ``[policy]`` of region.toml with its defaults.

    Attributes
    ----------
    target_utilisation : float
        (0, 1]; limit = target_utilisation × capacity.
    max_shift_minutes : int
        Largest shift of a class session, a multiple of the slot.
    move_together : str
        ``session``, ``half-day``, ``day`` or ``school`` (CONTRACT section 3, rule 6).
    overload_weight : float
        Head-minutes that one connection-minute of overload is worth.
    move_minutes, switch_minutes, activity_minutes : float
        Head-minutes a head that moving at all, serving from other platforms, and holding as another activity cost.
    break_minutes : int
        Break that two sharers keep where their usual gap had one.
    lunch : Lunch
        When a usual gap counts as lunch.
    """

    target_utilisation: float = 0.75
    max_shift_minutes: int = 60
    move_together: str = "session"
    overload_weight: float = 10.0
    move_minutes: float = 0.0
    switch_minutes: float = 10.0
    activity_minutes: float = 30.0
    break_minutes: int = 5
    lunch: Lunch = Lunch()


MOVE_TOGETHER = ("session", "half-day", "day", "school")
HALF_DAY = 12 * 60 + 30
"""Sessions that usually start before this minute are of the morning (CONTRACT section 3, rule 6)."""
