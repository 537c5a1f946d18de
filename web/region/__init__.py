"""The pages of a region: for whoever looks after its servers and its schools."""

from web.region import calendar, capacity, overview, run_files, runs
from web.region.door import blueprint

__all__ = ["blueprint", "calendar", "capacity", "overview", "run_files", "runs"]
