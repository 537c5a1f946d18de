"""The demo; see scope_table.py."""

from __future__ import annotations

TRIED: dict[str, object] = {}

SILENT: frozenset[str] = frozenset()

LEFT_OUT = {
    "service.demo.bring_demo": "for the command line; fills a store that has no other region",
    "service.demo.publish_demo": "for the command line, in a store that has the demo's region alone",
    "service.demo.wants_plan": "for the command line, in a store that has the demo's region alone",
}
