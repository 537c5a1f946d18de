"""What is published: a school's plan, or what it published earlier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from scheduler.domain import publication as publishing
from scheduler.domain.entries import Identity
from scheduler.domain.plan import Plan
from scheduler.errors import BrokenPlan
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.domain.publication import Publication
    from scheduler.domain.region import Region

Memory = Mapping[Identity, int]
"""The last sequence of each entry."""


class Content(Protocol):
    """What is to be published."""

    def after(self, former: Publication | None, number: int, at: dt.datetime, memory: Memory) -> Publication:
        """Make the publication that follows `former`."""


@dataclass(frozen=True)
class OfPlan:
    """A school's plan, whose rows count in the school's version of the timetable; `region` holds that version alone."""

    region: Region
    school: str
    plan: Plan

    def after(self, former: Publication | None, number: int, at: dt.datetime, memory: Memory) -> Publication:
        """Make the publication of the plan."""
        plan = in_region(self.region, self.school, self.plan)
        return publishing.publish(self.region, plan, self.school, number, published_at=at, former=former, memory=memory)


@dataclass(frozen=True)
class OfEarlier:
    """An earlier publication."""

    earlier: Publication

    def after(self, former: Publication | None, number: int, at: dt.datetime, memory: Memory) -> Publication:
        """Publish it again."""
        return publishing.publish_again(self.earlier, number, published_at=at, former=former, memory=memory)


def in_region(region: Region, school: str, plan: Plan) -> Plan:
    """Let the rows of a school's plan count in the region.

    Raises
    ------
    BrokenPlan
        It names rows or dates that are not there.
    """
    codes = [place for place, known in enumerate(region.activities.schools) if known.key == school]
    rows = np.flatnonzero(region.activities.school == (codes[0] if codes else -1))
    if len(plan) and not (
        0 <= plan.row.min() <= plan.row.max() < len(rows)
        and 0 <= plan.day.min() <= plan.day.max() < len(region.grid.dates)
    ):
        raise BrokenPlan([T("the plan of school “{key}” does not fit its timetable", key=school)])
    return Plan(rows[plan.row].astype(np.int32), plan.day, plan.start, plan.alternative)
