"""Settings, audiences, usage and platforms; see scope_table.py."""

from __future__ import annotations

from scope_world import LATEST

from scheduler.service import audiences, region_settings, region_tables

SETTINGS = {"name": "new", "first_date": "2021-04-06", "last_date": "2021-04-09"}
PLATFORMS = [{"platform": "ent"}, {"platform": "bbb"}, {"platform": "new"}]

TRIED = {
    "service.audiences.audience_rows": lambda case: audiences.audience_rows(*case.of_region),
    "service.audiences.replace_audiences": lambda case: audiences.replace_audiences(*case.of_region, []),
    "service.region_settings.settings_wanted": lambda case: region_settings.settings_wanted(*case.of_region, SETTINGS),
    "service.region_tables.region_head": lambda case: region_tables.region_head(*case.of_region),
    "service.region_tables.replace_platforms": lambda case: region_tables.replace_platforms(
        *case.of_region, PLATFORMS, made_from=LATEST
    ),
    "service.region_tables.replace_usage": lambda case: region_tables.replace_usage(
        *case.of_region, [], made_from=LATEST
    ),
}

SILENT = frozenset(TRIED)
"""Of a region they name servers, times and audiences; the region's own name was changed by the tries before."""

LEFT_OUT: dict[str, str] = {}
