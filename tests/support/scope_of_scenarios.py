"""How what-if scenarios are tried on what belongs to others; see scope_table.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scope_world import LATEST, Try

from scheduler.domain.scenario_changes import LargestShift
from scheduler.domain.scenarios import Scenario
from scheduler.service import scenario_adoption, scenario_views, scenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WIDE = {"wide": Scenario("Wide", (LargestShift(90),))}

TRIED: Mapping[str, Callable[[Try], object]] = {
    "service.scenarios.scenario_ground": lambda case: scenarios.scenario_ground(*case.of_region),
    "service.scenarios.start_scenarios": lambda case: scenarios.start_scenarios(*case.of_region, WIDE),
    "service.scenarios.list_scenarios": lambda case: scenarios.list_scenarios(*case.of_region),
    "service.scenario_views.side_by_side": lambda case: scenario_views.side_by_side(*case.of_region, {1: "one"}, "en"),
    "service.scenarios.scenario_run": lambda case: scenarios.scenario_run(*case.of_region, 1),
    "service.scenarios.hide_scenario": lambda case: scenarios.hide_scenario(*case.of_region, 1),
    "service.scenario_adoption.adopt_scenario": lambda case: scenario_adoption.adopt_scenario(
        *case.of_region, 1, made_from=LATEST
    ),
}

SILENT = frozenset(
    {
        "service.scenario_views.side_by_side",
        "service.scenarios.scenario_ground",
        "service.scenarios.scenario_run",
        "service.scenarios.hide_scenario",
        "service.scenario_adoption.adopt_scenario",
    }
)

LEFT_OUT: Mapping[str, str] = {
    "service.scenarios.note_on": "a part of hiding and adopting a scenario, which are tried",
}
