"""Broken days; see scope_table.py."""

from __future__ import annotations

from scope_world import FIRST, LATEST, RAISE

from scheduler.service import incidents
from scheduler.store.standing import StandingPlans

TRIED = {
    "service.incidents.broken_now": lambda case: incidents.broken_now(*case.of_region),
    "service.incidents.end_incident": lambda case: incidents.end_incident(
        *case.of_region, case.place.capacity_id, made_from=LATEST
    ),
    "service.incidents.plan_rest": lambda case: incidents.plan_rest(*case.of_region, lead_minutes=10),
    "service.incidents.report_incident": lambda case: incidents.report_incident(
        *case.of_region, RAISE, lead_minutes=10, made_from=LATEST
    ),
    "service.incidents.today_in": lambda case: incidents.today_in(*case.of_region),
    "store.standing.StandingPlans.on": lambda case: case.reading(
        StandingPlans, lambda them: them.on(case.place.region, [FIRST])
    ),
}

SILENT = frozenset(
    {
        "service.incidents.broken_now",
        "service.incidents.today_in",
        # Names plans by their numbers.
        "store.standing.StandingPlans.on",
    }
)

LEFT_OUT = {
    "service.standing.standing_in": "goes on from a region that was found in the scope",
    "service.standing.with_standing": "goes on from a region that was found in the scope",
}
