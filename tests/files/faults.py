"""Faulty region folders: ways to spoil the small region, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from region_files import SESSIONS, edited

from scheduler.errors import FaultyInput
from scheduler.files.region_folder import read_region

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scheduler.errors import Fault

HEADER = SESSIONS.split("\n")[0]
S1 = "0670001A,S1,TU,,08:00,55,6A,Mme Rhin,B12,français,25,ent+bbb|ent@async,,,,,,https://visio.example.fr/s1"
"""The first session, on sessions.csv:2."""
PARENTS = ",evening,parents,TU,,200,15,ent,,17:00,16:00,19:00,"
"""The first window, on access.csv:2."""


def in_s1(old: str, new: str) -> dict[str, str]:
    """Change the first session."""
    assert old in S1
    return edited("sessions.csv", S1, S1.replace(old, new, 1))


def in_parents(old: str, new: str) -> dict[str, str]:
    """Change the first window."""
    assert old in PARENTS
    return edited("access.csv", PARENTS, PARENTS.replace(old, new, 1))


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """Give what is wrong with a region folder; something must be."""
    with pytest.raises(FaultyInput) as caught:
        read_region(folder)
    return caught.value.faults


def places_of(folder: Path) -> list[str]:
    """Give file and line of each fault of a region folder."""
    return [f"{fault.file}:{fault.line}" for fault in faults_of(folder)]


def assert_refused(folder: Path, place: str, part: str) -> None:
    """Assert that a region folder has one fault, at this place, and that `part` is said of it."""
    (fault,) = faults_of(folder)
    assert f"{fault.file}:{fault.line}" == place
    assert part in str(fault)


def each(names: str, cases: Mapping[str, tuple[Any, ...]]) -> pytest.MarkDecorator:
    """Run a test with each of the cases, which are told by their names."""
    return pytest.mark.parametrize(names.split(", "), cases.values(), ids=cases.keys())
