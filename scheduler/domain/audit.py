"""Every hard rule again, in plain code that shares nothing with the optimizer (CONTRACT section 3).

Nothing leaves the house that this module finds fault with. One function a rule; who shares whom is derived anew in
:mod:`scheduler.domain.plain_rules`, so that a mistake in the optimizer's reading of a timetable is found here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.audit_words import activity_words, row_words, shared_words, together_words
from scheduler.domain.findings import Findings
from scheduler.domain.grid import clock
from scheduler.domain.placed import PlacedDay, placed_days
from scheduler.domain.timetable import UNBOUNDED
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from scheduler.domain.grid import Grid
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region


def audit(region: Region, plan: Plan, *, order_kept: bool = True) -> list[Text]:
    """Check a plan against every hard rule.

    Parameters
    ----------
    region : Region
    plan : Plan
        In any order.
    order_kept : bool
        False for a plan made with ``--reorder``: two sharers may change their order, and nothing else.

    Returns
    -------
    list of Text
        One sentence a violation, the first 1,000 of them and how many more; empty where the plan respects
        CONTRACT section 3.
    """
    found = Findings()
    elements = every_activity_once(region, plan, found)
    for day in placed_days(region, plan, elements):
        found.extend(whole_slots(day, region.grid))
        found.extend(locked_stay(day))
        found.extend(bounds(day, region))
        found.extend(one_of_its_alternatives(day, region))
        found.extend(sharers_keep_apart(day, order_kept))
        found.extend(overlapping_sharers_keep_distance(day))
        found.extend(move_together(day))
    return found.told()


def every_activity_once(region: Region, plan: Plan, found: Findings) -> NDArray[np.intp]:
    """Check that every activity of the horizon has exactly one start and nothing else has (CONTRACT section 3, rule 1).

    Returns
    -------
    ndarray of int
        The elements of the plan that the other rules are checked on: the first of each activity and date.
    """
    order = np.argsort(plan.day, kind="stable")
    days, rows = plan.day[order].tolist(), plan.row[order].tolist()
    first_of = np.searchsorted(plan.day[order], np.arange(len(region.grid.dates) + 1)).tolist()
    for row in (*rows[: first_of[0]], *rows[first_of[-1] :]):
        found.add(T("{place}: the plan gives it a start there.", place=row_words(region, row, _OUTSIDE)))
    counted = np.zeros(len(days), dtype=bool)
    for day, date in enumerate(region.grid.dates):
        expected = dict.fromkeys(region.presence.rows(date).tolist(), False)
        name = date.isoformat()
        for place in range(first_of[day], first_of[day + 1]):
            row = rows[place]
            if row not in expected:
                found.add(T("{place}: has a start, but does not take place.", place=row_words(region, row, name)))
            elif expected[row]:
                found.add(T("{place}: has more than one start.", place=row_words(region, row, name)))
            else:
                counted[place] = expected[row] = True
        for row, placed in expected.items():
            if not placed:
                found.add(T("{place}: has no start.", place=row_words(region, row, name)))
    return order[counted]


_OUTSIDE = T("outside the horizon")


def whole_slots(day: PlacedDay, grid: Grid) -> Iterator[Text]:
    """Check that a start is a whole number of slots away from the usual start (CONTRACT section 3, rule 1)."""
    for activity, shift in enumerate(day.shift):
        if shift % grid.slot_minutes:
            yield T(
                "{place}: starts at {start}, {shift} minutes from its usual start, "
                "which is not a whole number of slots of {slot} minutes.",
                place=activity_words(day.usual, activity),
                start=clock(day.start[activity]),
                shift=abs(shift),
                slot=grid.slot_minutes,
            )


def locked_stay(day: PlacedDay) -> Iterator[Text]:
    """Check that a locked session keeps its usual start and alternative (CONTRACT section 3, rule 2)."""
    for activity, locked in enumerate(day.usual.locked):
        if not locked or day.usual.window[activity]:
            continue
        if day.shift[activity]:
            yield T(
                "{place}: is locked, but starts at {start} instead of {usual}.",
                place=activity_words(day.usual, activity),
                start=clock(day.start[activity]),
                usual=clock(day.usual.start[activity]),
            )
        if day.alternative[activity]:
            yield T(
                "{place}: is locked, but is not served as usual.",
                place=activity_words(day.usual, activity),
            )


def bounds(day: PlacedDay, region: Region) -> Iterator[Text]:
    """Check that the day, earliest and latest, and a session's largest shift are kept (CONTRACT section 3, rule 2).

    A window's start and end lie in [earliest, latest]; a session's bounds are on its start.
    """
    grid, usual, largest = region.grid, day.usual, region.policy.max_shift_minutes
    columns = zip(day.start, usual.minutes, usual.earliest, usual.latest, usual.window, strict=True)
    for activity, (start, minutes, earliest, latest, window) in enumerate(columns):
        end = start + minutes
        if start < grid.day_start:
            yield _early(day, activity, T("the day begins at {time}", time=clock(grid.day_start)))
        if end > grid.day_end:
            yield _late(day, activity, T("the day ends at {time}", time=clock(grid.day_end)))
        if earliest != UNBOUNDED and start < earliest:
            yield _early(day, activity, T("its earliest start is {time}", time=clock(earliest)))
        if latest != UNBOUNDED and not window and start > latest:
            yield _late(day, activity, T("its latest start is {time}", time=clock(latest)))
        if latest != UNBOUNDED and window and end > latest:
            yield _late(day, activity, T("its latest end is {time}", time=clock(latest)))
        if not window and abs(start - usual.start[activity]) > largest:
            yield T(
                "{place}: starts at {start}, {shift} minutes from its usual start; at most {largest} are allowed.",
                place=activity_words(usual, activity),
                start=clock(start),
                shift=abs(start - usual.start[activity]),
                largest=largest,
            )


def _early(day: PlacedDay, activity: int, bound: Text) -> Text:
    place, start = activity_words(day.usual, activity), clock(day.start[activity])
    return T("{place}: starts too early at {start}; {bound}.", place=place, start=start, bound=bound)


def _late(day: PlacedDay, activity: int, bound: Text) -> Text:
    start = day.start[activity]
    return T(
        "{place}: is too late, from {start} to {end}; {bound}.",
        place=activity_words(day.usual, activity),
        start=clock(start),
        end=clock(start + day.usual.minutes[activity]),
        bound=bound,
    )


def one_of_its_alternatives(day: PlacedDay, region: Region) -> Iterator[Text]:
    """Check that an activity uses exactly one of its alternatives, a window too (CONTRACT section 3, rule 3)."""
    words = region.activities.words.alternatives
    codes = region.activities.alternatives[day.usual.rows].tolist()
    for activity, (code, alternative) in enumerate(zip(codes, day.alternative, strict=True)):
        if not 0 <= alternative < len(words[code]):
            yield T(
                "{place}: is served by alternative number {number}; it has {count}.",
                place=activity_words(day.usual, activity),
                number=alternative + 1,
                count=len(words[code]),
            )


def sharers_keep_apart(day: PlacedDay, order_kept: bool = True) -> Iterator[Text]:
    """Check that two sharers keep their usual order, never overlap, and keep their gap (CONTRACT section 3, rule 4).

    Without `order_kept` they may change places, and then keep the kept gap of their usual order.
    """
    start, minutes = day.start, day.usual.minutes
    for one, other, kept in day.ties.kept:
        if start[other] - start[one] - minutes[one] >= kept:
            continue
        if order_kept or start[one] - start[other] - minutes[other] < kept:
            yield _too_near(day, one, other, kept, order_kept)


def _too_near(day: PlacedDay, one: int, other: int, kept: int, order_kept: bool) -> Text:
    """Say how two sharers, `one` usually before `other`, break rule 4: by order, by overlap or by gap."""
    swapped = day.start[other] < day.start[one]
    first, second = (other, one) if swapped else (one, other)
    gap = day.start[second] - day.start[first] - day.usual.minutes[first]
    values = {
        "place": activity_words(day.usual, second),
        "start": clock(day.start[second]),
        "other": day.usual.keys[first],
        "shared": shared_words(day.usual, one, other, day.apart),
    }
    if swapped and order_kept:
        return T(
            "{place}: starts at {start}, after session {other} at {other_start}, which usually comes later; "
            "both need {shared} and must keep their order.",
            other_start=clock(day.start[first]),
            **values,
        )
    if gap < 0:
        return T(
            "{place}: starts at {start}, before session {other} ends at {end}; both need {shared}.",
            end=clock(day.start[first] + day.usual.minutes[first]),
            **values,
        )
    return T(
        "{place}: starts at {start}, {gap} minutes after the end of session {other}; both need {shared}, "
        "and {kept} minutes must lie between them.",
        gap=gap,
        kept=kept,
        **values,
    )


def overlapping_sharers_keep_distance(day: PlacedDay) -> Iterator[Text]:
    """Check that sharers that overlap in the usual timetable keep their distance (CONTRACT section 3, rule 5)."""
    for one, other in day.ties.overlapping:
        if day.shift[one] != day.shift[other]:
            yield T(
                "{place}: is shifted by {shift} minutes, and session {other} by {other_shift}; the two already overlap "
                "in the usual timetable, both need {shared}, and must keep their distance.",
                place=activity_words(day.usual, other),
                shift=day.shift[other],
                other=day.usual.keys[one],
                other_shift=day.shift[one],
                shared=shared_words(day.usual, one, other, day.apart),
            )


def move_together(day: PlacedDay) -> Iterator[Text]:
    """Check that the sessions of a division, half-day or school have one shift (CONTRACT section 3, rule 6)."""
    for (division, half), sessions in day.ties.together.items():
        shifts = Counter(day.shift[session] for session in sessions)
        if len(shifts) == 1:
            continue
        common = shifts.most_common(1)[0][0]
        for session in sessions:
            if day.shift[session] != common:
                yield T(
                    "{place}: is shifted by {shift} minutes, while {together}.",
                    place=activity_words(day.usual, session),
                    shift=day.shift[session],
                    together=together_words(division, half, common),
                )
