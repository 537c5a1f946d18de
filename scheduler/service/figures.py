"""Say how much there is, to those who watch the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.store.figures import Figures as Counted

if TYPE_CHECKING:
    from scheduler.store import Store

STATES = ("queued", "running", "done", "failed", "cancelled")


@dataclass(frozen=True)
class ServiceFigures:
    """How much there is.

    Attributes
    ----------
    runs : dict
        State -> planning runs in it; every state is named.
    publications : int
    feeds : int
        Addresses of calendars that are not withdrawn.
    fetches : int
        How often they were fetched, as far as it was noted.
    """

    runs: dict[str, int]
    publications: int
    feeds: int
    fetches: int


def figures(store: Store) -> ServiceFigures:
    """Count.

    Raises
    ------
    StoreFailed
    """
    with store.read() as work:
        counted = Counted(work)
        feeds, fetches = counted.feeds()
        runs = dict.fromkeys(STATES, 0) | counted.runs_by_state()
        return ServiceFigures(runs, counted.publications(), feeds, fetches)
