"""Small random regions and problems, the same for a seed; of everything that a problem can hold they hold some."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from builders import MONDAY, region_of, session, window

from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.load import load_by_slot
from scheduler.domain.places import MOVE_TOGETHER
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import DayPlan, Problem, build_problem
from scheduler.optimizer.network import build_network

if TYPE_CHECKING:
    from scheduler.domain.region import Region

BELLS = ("08:00", "09:00", "09:57", "11:00", "12:05", "13:30")
GROUPS = {"6A": ("6A", "6A", "6A", "6A", "6A/latin", "6A|6B"), "6B": ("6B", "6B/german", ""), "6C": ("6C", "6C/latin")}
TEACHERS = ("Rhin", "Ill", "Moder", "Rhin|Moder")
PLATFORMS = ("ent", "ent", "ent|cned", "ent+cned|ent@async", "cned|ent", "")


class Lesson(NamedTuple):
    """A division at a bell of a school."""

    school: str
    division: str
    start: str


def random_region(seed: int) -> Region:
    """Give a region of one Monday: 1 to 3 schools, 3 to 14 sessions, up to 2 windows, two meters with tight limits."""
    draw = np.random.default_rng(seed)
    slot_minutes = int(draw.choice([5, 10, 15]))
    schools = "ABC"[: int(draw.choice([1, 1, 1, 2, 3]))]
    lessons = [Lesson(school, division, bell) for school in schools for bell in BELLS for division in GROUPS]
    first, count = int(draw.integers(len(lessons))), int(draw.integers(3, 15))
    some = [lessons[(first + place) % len(lessons)] for place in range(count)]
    # At each bell of a school the teachers are dealt out, so that few of them teach twice at once.
    dealt = {(school, bell): draw.permutation(TEACHERS) for school in schools for bell in BELLS}
    rows = [
        _session(draw, place, lesson, str(dealt[lesson.school, lesson.start][place % 3]))
        for place, lesson in enumerate(some)
    ]
    rows += [_window(draw, place) for place in range(draw.integers(0, 3))]
    policy = {
        "move_together": MOVE_TOGETHER[seed % len(MOVE_TOGETHER)],
        "max_shift_minutes": slot_minutes * int(draw.integers(1, 9)),
        "overload_weight": float(draw.choice([10.0, 1.0, 0.3])),
        "move_minutes": float(draw.choice([0.0, 3.0])),
    }
    loose = region_of(rows, slot_minutes=slot_minutes, capacities=_bases(1e6, 1e6), **policy)
    peaks = load_by_slot(loose, 0, usual_plan(loose)).max(axis=1, initial=0)
    return replace(loose, capacities=_bases(*(round(float(draw.uniform(0.2, 0.9)) * peak) for peak in peaks)))


def _bases(*amounts: float) -> tuple[CapacityEntry, ...]:
    return tuple(
        CapacityEntry(platform, "connections", None, None, "base", amount)
        for platform, amount in zip(("ent", "cned"), amounts, strict=False)
    )


def _session(draw: np.random.Generator, place: int, lesson: Lesson, teacher: str) -> dict[str, Any]:
    start = lesson.start
    bounded = {"earliest": start} if draw.random() < 0.1 else {"latest": start} if draw.random() < 0.1 else {}
    return session(
        f"s{place}",
        school=lesson.school,
        day="TU" if draw.random() < 0.1 else "MO",
        start=start,
        minutes=int(draw.choice([50, 55, 55, 55, 55, 115])),
        groups=str(draw.choice(GROUPS[lesson.division])),
        teachers=teacher,
        room=str(draw.choice(["B12", "", "", ""])),
        heads=int(draw.integers(1, 40)),
        platforms=str(draw.choice(PLATFORMS)),
        locked=bool(draw.random() < 0.1),
        weight=float(draw.choice([1.0, 0.5, 2.0])),
        **bounded,
    )


def _window(draw: np.random.Generator, place: int) -> dict[str, Any]:
    return window(
        f"w{place}",
        school=["", "A"][int(draw.integers(2))],
        start="09:00",
        minutes=int(draw.choice([15, 30])),
        heads=int(draw.integers(1, 60)),
        earliest="08:00",
        latest="11:00",
    )


def grown_region(seed: int) -> Region:
    """Give a region of one Monday that is large enough for a bound: 60 sessions of four schools, of 5 to 35 heads.

    One meter, a move of a quarter of an hour either way, half of the sessions with a teacher who has others.
    """
    draw = np.random.default_rng([seed, 8])
    rows = []
    for school in "ABCD":
        first = 8 * 60 + 5 * int(draw.integers(3))
        for bell in range(3):
            teachers = draw.permutation(6)
            rows += [
                session(
                    f"s{bell}{division}",
                    school=school,
                    start=f"{8 + bell:02d}:{first % 60:02d}",
                    groups=f"6{division}",
                    teachers=f"T{teacher}" if draw.random() < 0.5 else "",
                    heads=int(draw.integers(5, 36)),
                )
                for division, teacher in zip("ABCDEF", teachers, strict=True)
                if draw.random() < 0.85
            ]
    policy = {"max_shift_minutes": 15, "overload_weight": (2.0, 3.0, 10.0)[seed % 3]}
    loose = region_of(rows, slot_minutes=15, capacity=1e6, **policy)
    peak = load_by_slot(loose, 0, usual_plan(loose)).max()
    return replace(loose, capacities=_bases(round(float(draw.uniform(0.6, 0.75)) * peak)))


@cache
def grown_problem(seed: int) -> Problem:
    """Give the problem of a grown region's Monday."""
    return build_problem(grown_region(seed), 0)


@cache
def random_problem(seed: int) -> Problem:
    """Give the problem of a random region's Monday."""
    return build_problem(random_region(seed), 0)


@cache
def tangled_problem(seed: int) -> Problem:
    """Give a problem with random distances and ties, in any direction: far more tangled than a timetable is.

    All that a problem promises still holds: shift 0 is a plan, no distance is positive, and nothing binds two schools.
    """
    draw = np.random.default_rng([seed, 1])
    problem = random_problem(seed)
    count, most = len(problem), 2 * len(problem)
    pairs = draw.integers(count, size=(int(draw.integers(most + 1)), 2)).astype(np.int32)
    pairs = pairs[(pairs[:, 0] != pairs[:, 1]) & (problem.school[pairs[:, 0]] == problem.school[pairs[:, 1]])]
    tied = draw.integers(count, size=(int(draw.integers(3)), 2)).astype(np.int32)
    tied = tied[problem.school[tied[:, 0]] == problem.school[tied[:, 1]]]
    return replace(
        problem,
        before=pairs[:, 0],
        after=pairs[:, 1],
        distance=-draw.integers(3, size=len(pairs)).astype(np.int32),
        swapped=(1 + np.arange(len(pairs)) % 4).astype(np.int32),
        tied=tied[:, 0],
        tied_to=tied[:, 1],
    )


def random_plans(problem: Problem, seed: int, count: int) -> list[DayPlan]:
    """Give plans that keep every rule: from the usual one, each node goes anywhere that the others leave it."""
    network = build_network(problem)
    draw = np.random.default_rng([seed, 2])
    plans = []
    for _ in range(count):
        shift = np.zeros(network.nodes, dtype=np.int32)
        for v in draw.permutation(network.nodes):
            before, after = network.after == v, network.before == v
            low = max([network.low[v], *(shift[network.before[before]] + network.distance[before])])
            high = min([network.high[v], *(shift[network.after[after]] - network.distance[after])])
            shift[v] = draw.integers(low, high + 1)
        ways = np.diff(problem.alternative_start)
        plans.append(DayPlan(shift[network.node], draw.integers(ways).astype(np.int32)))
    return plans


def random_swaps(seed: int) -> Region:
    """Give a region in which changing the order often pays: small and big sessions in a row, early capacity scarce.

    One or two schools of one division each, sessions of 25 minutes at bells of 30, so that neighbours can swap within
    their bounds; some share a teacher only.
    """
    draw = np.random.default_rng([seed, 3])
    slot_minutes = int(draw.choice([5, 10, 15]))
    rows = []
    for school in "AB"[: int(draw.integers(1, 3))]:
        for place in range(int(draw.integers(2, 6))):
            minute = 480 + 30 * place + int(draw.choice([0, 0, 0, 3]))
            rows.append(
                session(
                    f"s{school}{place}",
                    school=school,
                    start=f"{minute // 60:02d}:{minute % 60:02d}",
                    minutes=25 if place % 3 else int(draw.choice([20, 25])),
                    groups=str(draw.choice(["6A", "6A", "6A", ""])),
                    teachers=str(draw.choice(["Rhin", "Ill"])),
                    heads=int(draw.choice([2, 5, 40, 60])),
                    platforms=str(draw.choice(["ent", "ent", "ent|cned", ""])),
                    locked=bool(draw.random() < 0.1),
                )
            )
    policy = {
        "move_together": MOVE_TOGETHER[0 if seed % 4 else seed // 4 % len(MOVE_TOGETHER)],
        "max_shift_minutes": 60,
        "overload_weight": 10.0,
        "move_minutes": float(draw.choice([0.0, 3.0])),
    }
    outage = CapacityEntry("ent", "connections", None, dt.datetime.combine(MONDAY, dt.time(8, 45)), "change", -100)
    base = float(draw.choice([45, 70]))
    return region_of(rows, slot_minutes=slot_minutes, capacity=base, capacities=[outage], **policy)
