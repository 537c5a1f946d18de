"""Capacities that are only thought of, and files of them; see scope_table.py."""

from __future__ import annotations

from scope_world import LATEST, RAISE

from scheduler.service import capacity_trials

FILE = b"platform,meter,from,to,kind,amount,note\nent,connections,,,base,80,\n"

TRIED = {
    "service.capacity_trials.see_capacities": lambda case: capacity_trials.see_capacities(*case.of_region),
    "service.capacity_trials.try_capacity": lambda case: capacity_trials.try_capacity(*case.of_region, RAISE),
    "service.capacity_trials.try_file": lambda case: capacity_trials.try_file(*case.of_region, FILE),
    "service.capacity_trials.try_without": lambda case: capacity_trials.try_without(
        *case.of_region, case.place.capacity_id
    ),
    "service.capacity_trials.replace_capacities": lambda case: capacity_trials.replace_capacities(
        *case.of_region, FILE, made_from=LATEST
    ),
}

SILENT = frozenset(
    {
        "service.capacity_trials.replace_capacities",
        # When these are tried, the region was imported under another name by the tries before.
        "service.capacity_trials.see_capacities",
        "service.capacity_trials.try_capacity",
        "service.capacity_trials.try_file",
    }
)

LEFT_OUT: dict[str, str] = {}
