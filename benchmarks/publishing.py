"""How long it takes to publish what all schools of a region have accepted, and to read a feed."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.people import EVERYTHING, service_actor
from scheduler.domain.plan import Plan, usual_plan
from scheduler.service.feed_addresses import give_address
from scheduler.service.feed_serving import served
from scheduler.service.kept_regions import head_of, one_school
from scheduler.service.publishing import publication
from scheduler.service.publishing_all import publish_all
from scheduler.store.school_plans import OwnPlan, SchoolPlans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.store import Store

ACTOR = service_actor("benchmark")
A_WHILE, A_READ = 600.0, 0.02
"""Targets in seconds: all schools of a country, and one feed."""
READS = 200
MOVED = {"publish all, the first time": 0.0, "publish all, a fifth moved": 0.2}


def publishing_steps(store: Store, region: str) -> Iterator[tuple[str, float, list[float]]]:
    """Publish all schools twice and read feeds; give the name of the step, the target and the seconds of each call."""
    for name, share in MOVED.items():
        schools = accept_all(store, region, share)
        begun = time.perf_counter()
        done = publish_all(store, ACTOR, region)
        seconds = time.perf_counter() - begun
        if done.failed:
            raise ValueError(f"{len(done.failed)} of {schools} schools were not published: {done.failed[0]}")
        yield name, A_WHILE, [seconds]
    yield "read a feed", A_READ, _reads(store, region)


def accept_all(store: Store, region: str, share: float) -> int:
    """Let every school have accepted its usual plan with a share of its activities moved; give how many schools."""
    draw = np.random.default_rng(1)
    accepted: list[int] = []
    with store.write() as work:
        plans = SchoolPlans(work, EVERYTHING)
        for school in head_of(work, EVERYTHING, region).schools:
            row = plans.school_row(region, school.key)
            if row.timetable_id is None:
                continue
            taught = one_school(work, EVERYTHING, region, school.key)
            usual = usual_plan(taught)
            shift = 5 * (draw.random(len(usual)) < share)
            plan = Plan(usual.row, usual.day, (usual.start + shift).astype(np.int16), usual.alternative)
            dates = taught.grid.first_date, taught.grid.last_date
            accepted.append(plans.add(row.id, row.timetable_id, None, dates, OwnPlan(plan, shift)))
        for first in range(0, len(accepted), 500):
            plans.accept(accepted[first : first + 500])
    return len(accepted)


def _reads(store: Store, region: str) -> list[float]:
    draw = random.Random(1)  # noqa: S311 - which feeds are read is no secret
    with store.read() as work:
        schools = [school.key for school in head_of(work, EVERYTHING, region).schools]
    tokens = []
    for school in draw.choices(schools, k=20):
        teachers = sorted(
            {name for entry in publication(store, ACTOR, region, school).entries for name in entry.teachers}
        )
        name = draw.choice(teachers)
        tokens.append(give_address(store, ACTOR, region, school, "teacher", name, "fr", "benchmark"))
    seconds = []
    for _ in range(READS):
        token = draw.choice(tokens)
        begun = time.perf_counter()
        served(store, token)
        seconds.append(time.perf_counter() - begun)
    return sorted(seconds)
