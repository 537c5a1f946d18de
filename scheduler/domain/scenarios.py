"""What-if scenarios: a name and changes of a region that are only thought of.

Every change works on a whole region as it was read, so that one that concerns capacities and one that rewrites every
timetable are the same to whoever applies them; what is kept of a scenario is its JSON form alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from scheduler.domain.scenario_changes import (
    AudienceHours,
    BackToSchool,
    CapacityChange,
    ClosedPlatform,
    IdleSignOut,
    LargestShift,
    TargetUtilisation,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scheduler.domain.region import Region
    from scheduler.errors import Fault

Change = CapacityChange | ClosedPlatform | BackToSchool | AudienceHours | IdleSignOut | TargetUtilisation | LargestShift
CHANGES: tuple[type[Change], ...] = (
    CapacityChange,
    ClosedPlatform,
    BackToSchool,
    AudienceHours,
    IdleSignOut,
    TargetUtilisation,
    LargestShift,
)
KINDS = {change.kind: change for change in CHANGES}
ADOPTABLE = (CapacityChange, BackToSchool, TargetUtilisation, LargestShift)
"""Changes that a region can make its own by itself; the others lie in timetables or in how its servers are set up."""


@dataclass(frozen=True)
class Scenario:
    """A name and what would change.

    Attributes
    ----------
    name : str
    changes : tuple of Change
        Applied in this order.
    """

    name: str
    changes: tuple[Change, ...]

    def on(self, region: Region) -> Region:
        """Apply every change.

        Raises
        ------
        FaultyInput
            The region's activities do not bear one of them.
        """
        return changed(region, self.changes)

    def faults(self, region: Region) -> list[Fault]:
        """Say of every change what cannot be; of a region of which the activities need not be known."""
        return [fault for change in self.changes for fault in change.faults(region)]


def changed(region: Region, changes: Iterable[Change]) -> Region:
    """Apply changes one after the other.

    Raises
    ------
    FaultyInput
    """
    for change in changes:
        region = change.on(region)
    return region


def as_documents(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Give changes as JSON holds them."""
    return [{"kind": change.kind} | {name: _told(value) for name, value in vars(change).items()} for change in changes]


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def from_documents(documents: Iterable[dict[str, Any]]) -> tuple[Change, ...]:
    """Undo :func:`as_documents`."""
    return tuple(_change(document) for document in documents)


def _change(document: dict[str, Any]) -> Change:
    make: Callable[..., Change] = KINDS[document["kind"]]
    readers = {"dt.date": dt.date.fromisoformat, "dt.datetime": dt.datetime.fromisoformat}
    types = {field.name: str(field.type) for field in fields(KINDS[document["kind"]])}
    given = {name: document[name] for name in types}
    return make(
        **{name: readers[types[name]](value) if types[name] in readers else value for name, value in given.items()}
    )
