"""Whom a plan of the rest of a day touches: every activity that begins or is served otherwise than people know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.domain.grid import clock
from scheduler.domain.reference import changes

if TYPE_CHECKING:
    from scheduler.domain.plan import Plan
    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region

MOST_LISTED = 40
"""So many activities are listed of each school; of more, how many there are."""


def touched(region: Region, plan: Plan, reference: Reference | None) -> list[dict[str, Any]]:
    """List the schools that a plan touches, the most touched first.

    Returns
    -------
    list of dict
        JSON: ``school``, ``name``, ``count``, ``heads`` and ``activities``, each with ``id``, ``kind``, ``date``,
        ``from``, ``to`` (``HH:MM``), ``groups``, ``teachers``, ``subject`` and ``platforms``.
    """
    minutes, alternative = changes(region, plan, reference)
    moved = np.flatnonzero((minutes != 0) | (plan.alternative != alternative))
    activities = region.activities
    order = moved[np.lexsort((plan.start[moved], plan.day[moved], activities.school[plan.row[moved]]))]
    by_school: dict[int, list[int]] = {}
    for element in order.tolist():
        by_school.setdefault(int(activities.school[plan.row[element]]), []).append(element)
    found = [
        {
            "school": activities.schools[code].key if code >= 0 else "",
            "name": activities.schools[code].name if code >= 0 else "",
            "count": len(mine),
            "heads": int(activities.heads[plan.row[mine]].sum()),
            "activities": [_told(region, plan, element, int(minutes[element])) for element in mine[:MOST_LISTED]],
        }
        for code, mine in by_school.items()
    ]
    return sorted(found, key=lambda one: (-one["count"], one["school"]))


def _told(region: Region, plan: Plan, element: int, minutes: int) -> dict[str, Any]:
    activity = region.activities.describe(int(plan.row[element]))
    start = int(plan.start[element])
    way = activity.alternatives[int(plan.alternative[element])]
    return {
        "id": activity.key,
        "date": region.grid.dates[int(plan.day[element])].isoformat(),
        "from": clock(start - minutes),
        "to": clock(start),
        "groups": list(getattr(activity, "groups", ())),
        "teachers": list(getattr(activity, "teachers", ())),
        "subject": getattr(activity, "subject", "") or getattr(activity, "audience", ""),
        "platforms": list(way.platforms),
    }
