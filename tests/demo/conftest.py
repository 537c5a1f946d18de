"""Demo folders and timetables that several tests look at; written once a test run."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from scheduler.demo import write_demo_region
from scheduler.demo.data import PRIMARY
from scheduler.demo.pool import schools_of
from scheduler.demo.presets import preset_of
from scheduler.demo.timetable import secondary_week

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.demo.data import School
    from scheduler.demo.rows import SessionRow

ORDINARY = 320  # pupils from which on a secondary school counts as ordinary


@cache
def weeks_of_ordinary_schools() -> list[tuple[School, list[SessionRow], int]]:
    """Give school, rows and number of divisions of some ordinary secondary schools of Grand Est."""
    preset = preset_of("Grand Est")
    schools = [s for s in schools_of(["Grand Est"])[:70] if s.level != PRIMARY and s.pupils >= ORDINARY]
    return [(school, *secondary_week(school, preset, seed=0)) for school in schools]


@pytest.fixture(scope="session")
def ordinary_weeks() -> list[tuple[School, list[SessionRow], int]]:
    return weeks_of_ordinary_schools()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of 20 schools of Grand Est."""
    out = tmp_path_factory.mktemp("demo") / "region"
    write_demo_region(out, "Grand Est", schools=20)
    return out
