"""The pages of a region: for whoever looks after its servers and its schools."""

from web.region import (
    calendar,
    capacity,
    incident,
    invitations,
    overview,
    rules,
    run_files,
    runs,
    schools,
    tables,
    what_if,
)
from web.region.door import blueprint

__all__ = [
    "blueprint",
    "calendar",
    "capacity",
    "incident",
    "invitations",
    "overview",
    "rules",
    "run_files",
    "runs",
    "schools",
    "tables",
    "what_if",
]
