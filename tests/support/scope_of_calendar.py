"""The calendar and its holidays; see scope_table.py."""

from __future__ import annotations

from scope_world import LATEST

from scheduler.service import days_off, school_levels

DAYS = "public||Lundi de Pâques|2021-04-05"

TRIED = {
    "service.days_off.days_off": lambda case: days_off.days_off(*case.of_region),
    "service.days_off.take_days_off": lambda case: days_off.take_days_off(*case.of_region, DAYS, made_from=LATEST),
    "service.school_levels.levels_and_schools": lambda case: school_levels.levels_and_schools(*case.of_region),
}

SILENT = frozenset(
    {
        # In these weeks nobody has a day off.
        "service.days_off.days_off",
        # When it is tried, the region was imported under another name by the tries before.
        "service.school_levels.levels_and_schools",
    }
)

LEFT_OUT: dict[str, str] = {}
