"""A realistic demonstration region, written from the bundled list of real schools and invented timetables."""

from scheduler.demo.presets import region_names
from scheduler.demo.region import DemoSummary, write_demo_region

__all__ = ["DemoSummary", "region_names", "write_demo_region"]
