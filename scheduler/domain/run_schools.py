"""What a run gives each school, as lists show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunSchool:
    """A school's part of a run.

    Attributes
    ----------
    school, name : str
        Key and name; both empty for the audiences of the region.
    state : str
        Of the plan: ``proposed``, ``accepted``, ``published``, ``refused`` or ``replaced``.
    activities, moved : int
    shift_minutes : int
        Sum of |shift| of its activities.
    current : bool
        Whether it was made for the timetable that is in force.
    """

    school: str
    name: str
    state: str
    activities: int
    moved: int
    shift_minutes: int
    current: bool

    @property
    def mean_minutes(self) -> float:
        """Shift over all its activities, those that stay included, so that schools of any size compare."""
        return self.shift_minutes / self.activities if self.activities else 0.0


@dataclass(frozen=True)
class RunSchools:
    """A page of the schools of a run, the one that moves most first.

    Attributes
    ----------
    entries : tuple of RunSchool
    total, moving : int
        Schools in the run, and those of which something moves.
    """

    entries: tuple[RunSchool, ...]
    total: int
    moving: int
