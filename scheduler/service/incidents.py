"""Something is broken now: a capacity falls, and the rest of the day is planned again with the fewest changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scheduler.domain.rest_of_day import Cut
from scheduler.domain.runs import INCIDENT, RunOptions
from scheduler.errors import Fault, FaultyInput
from scheduler.files.region_writer import cells_of
from scheduler.service.capacities import change_capacity, enter_capacity, list_capacities
from scheduler.service.region_frame import frame_of
from scheduler.service.runs import RunWanted, start_run
from scheduler.service.standing import with_standing
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.domain.capacity import KeptCapacity
    from scheduler.domain.people import Actor
    from scheduler.domain.runs import Run
    from scheduler.store import Store, Work

GAP = 0.01
SECONDS = 240.0
"""All workers of the run together may take so long: who waits wants an answer."""
LEAST_LEAD, MOST_LEAD = 0, 180
"""Minutes."""


@dataclass(frozen=True)
class Reported:
    """What reporting an incident led to.

    Attributes
    ----------
    run : Run
        Plans the rest of the day.
    capacity : int
        The entry of the capacity that falls.
    """

    run: Run
    capacity: int


def now_in(store: Store, timezone: str, slot_minutes: int) -> dt.datetime:
    """Give the beginning of the present slot on the region's clock, without a time zone."""
    local = store.clock().astimezone(ZoneInfo(timezone)).replace(tzinfo=None, second=0, microsecond=0)
    return local - dt.timedelta(minutes=local.minute % slot_minutes)


def report_incident(
    store: Store, actor: Actor, region: str, row: Mapping[str, str], *, lead_minutes: int, made_from: int
) -> Reported:
    """Enter that a platform bears less from now on, and plan the rest of the day.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    row : mapping of str to str
        Cells of capacity.csv by column, of a change.
    lead_minutes : int
        [0, 180] so much later than now nothing begins otherwise than people know; they must hear of it first.
    made_from : int
        The region's revision that the actor has looked at.

    Raises
    ------
    FaultyInput
        With everything that is wrong.
    NotThere
        There is no such region that the actor may change.
    Refused
        Somebody else changed the capacities meanwhile.
    """
    _check(lead_minutes)
    today_in(store, actor, region)
    entered = enter_capacity(store, actor, region, row, made_from=made_from)
    run = plan_rest(store, actor, region, lead_minutes=lead_minutes, title=row.get("note", ""))
    return Reported(run, entered.id)


def _check(lead_minutes: int) -> None:
    if not LEAST_LEAD <= lead_minutes <= MOST_LEAD:
        what = T("nobody waits that long")
        raise FaultyInput([Fault("lead", 0, what, T("write a number of minutes from 0 to {most}", most=MOST_LEAD))])


def today_in(store: Store, actor: Actor, region: str) -> dt.date:
    """Give today's date on the region's clock.

    Raises
    ------
    NotThere
    FaultyInput
        The region has no such date.
    """
    frame = frame_of(store, actor, region, to_change=True)
    today = now_in(store, frame.timezone, frame.slot_minutes).date()
    if not frame.first_date <= today <= frame.last_date:
        what = T("today is not among the dates of the region")
        raise FaultyInput([Fault("", 0, what, T("change the dates in its rules, or enter a capacity of other dates"))])
    return today


def plan_rest(store: Store, actor: Actor, region: str, *, lead_minutes: int, title: str = "") -> Run:
    """Plan the rest of today: what began stays, and every change counts against what people go by.

    Raises
    ------
    FaultyInput, NotThere
    """
    _check(lead_minutes)
    today = today_in(store, actor, region)
    frame = frame_of(store, actor, region)
    now = now_in(store, frame.timezone, frame.slot_minutes)
    minute = min(now.hour * 60 + now.minute + lead_minutes, 24 * 60)
    cut = Cut(today, -(-minute // frame.slot_minutes) * frame.slot_minutes)

    def change(work: Work, frozen: bytes) -> bytes:
        return with_standing(work, actor.edits, region, frozen, cut, [today])

    wanted = RunWanted((today, today), INCIDENT, title, {"date": today.isoformat(), "minute": cut.minute}, change)
    options = RunOptions(gap=GAP, time_limit=SECONDS)
    return start_run(store, actor, region, options, wanted=wanted)


def end_incident(store: Store, actor: Actor, region: str, entry_id: int, *, made_from: int) -> None:
    """Let a change of capacity end now.

    Raises
    ------
    FaultyInput
        It began only now, or ended already.
    NotThere, Refused
    """
    frame = frame_of(store, actor, region, to_change=True)
    now = now_in(store, frame.timezone, frame.slot_minutes)
    kept = next((one for one in list_capacities(store, actor, region).entries if one.id == entry_id), None)
    row: dict[str, Any] = {} if kept is None else cells_of(kept.entry) | {"to": now.isoformat("T", "minutes")}
    change_capacity(store, actor, region, entry_id, row, made_from=made_from)


def broken_now(store: Store, actor: Actor, region: str) -> tuple[KeptCapacity, ...]:
    """List what lowers a capacity at this moment.

    Raises
    ------
    NotThere
    """
    frame = frame_of(store, actor, region)
    now = now_in(store, frame.timezone, frame.slot_minutes)
    return tuple(
        kept
        for kept in list_capacities(store, actor, region).entries
        if kept.entry.kind == "change"
        and kept.entry.amount < 0
        and (kept.entry.start is None or kept.entry.start <= now)
        and (kept.entry.end is None or kept.entry.end > now)
    )
