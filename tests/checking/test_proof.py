"""The proof accepts true prices, refuses others, and agrees with trying every timetable."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from builders import Plan, moved, region_of, session, usual_plan, window
from folders import tamper_report, tamper_rows, write_proven
from hypothesis import given, settings
from hypothesis import strategies as st
from written import report

from scheduler.checking.proof import proven_bounds, verify_bound
from scheduler.domain.audit import audit
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.load import load_by_slot, placing_cost
from scheduler.domain.stored import LoadCell, StoredPlan
from scheduler.files.plan_folder import read_plan_folder


def stored_with(region, price) -> StoredPlan:
    """Give prices alone, as if read from a folder."""
    none = np.zeros(0, dtype=np.int32)
    loads = {
        (meter, day, slot): LoadCell(0, 0.0, 0.0, 0.0, 0.0, float(price[meter, slot]))
        for day in range(len(region.grid.dates))
        for meter, slot in np.argwhere(price != 0).tolist()
    }
    return StoredPlan(Plan(none, none, none, none), none, none, none, loads, {})


def every_plan(region):
    """Give every plan that the audit lets pass; for tiny regions."""
    usual, activities = usual_plan(region), region.activities
    slot, largest = region.grid.slot_minutes, region.policy.max_shift_minutes
    shifts = range(-largest, largest + 1, slot)
    ways = [range(len(activities.alternatives_of(row))) for row in usual.row.tolist()]
    for starts in itertools.product(shifts, repeat=len(usual)):
        planned = (usual.start + np.array(starts)).astype(np.int16)
        if audit(region, Plan(usual.row, usual.day, planned, usual.alternative)):
            continue
        for numbers in itertools.product(*ways):
            plan = Plan(usual.row, usual.day, planned, np.array(numbers, dtype=np.int16))
            if not audit(region, plan):
                yield plan


def cheapest_of_all(region, price) -> float:
    """Try every plan of a region of one date: cost + Σ price × load, less Σ price × limit."""
    limit = region.limit(region.grid.dates[0])
    paid = np.where(price > 0, price * np.where(price > 0, limit, 0), 0).sum()
    return (
        min(
            sum(float(part.sum()) for part in placing_cost(region, plan))
            + float((load_by_slot(region, 0, plan) * price).sum())
            for plan in every_plan(region)
        )
        - paid
    )


TINY = {
    "chain": [
        session("s1", teachers="X", heads=30),
        session("s2", teachers="X", start="09:00", heads=20),
        session("s3", teachers="X", start="10:03", heads=10),
    ],
    "diamond": [
        session("s1", groups="6A|6B", heads=30),
        session("s2", groups="6A", start="09:00", heads=20),
        session("s3", groups="6B", start="09:00", heads=25, teachers="Y"),
        session("s4", groups="6A|6B", start="10:00", teachers="Y", heads=10),
    ],
    "overlapping": [
        session("s1", teachers="X"),
        session("s2", teachers="X", start="08:30"),
        session("s3", teachers="X", start="09:30"),
    ],
    "locked": [
        session("s1", teachers="X", locked=True, platforms="ent|ent@async"),
        session("s2", teachers="X", start="09:00", platforms="ent|ent@async", heads=40),
    ],
    "bounds": [
        session("s1", groups="6A", earliest="07:55"),
        session("s2", groups="6A", start="08:55", latest="09:00"),
        window("w", minutes=600, start="07:45", earliest="07:40", latest="17:50", heads=10),
    ],
    "lunch": [session("s1", groups="6A", start="11:00"), session("s2", groups="6A/x", start="12:50", heads=25)],
}
POLICIES = [
    {},
    {"move_minutes": 7.0},
    {"move_together": "day"},
    {"move_together": "school", "switch_minutes": 1.0, "activity_minutes": 0.5},
]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: "-".join(policy) or "plain")
@pytest.mark.parametrize("name", TINY)
def test_linear_programs_agree_with_trying_every_timetable(name, policy):
    region = region_of(TINY[name], capacity=40, max_shift_minutes=10, **policy)
    draw = np.random.default_rng(len(name))
    for _ in range(3):
        price = draw.choice([0.0, 0.0, 1.0, 5.0, 20.0], (1, 288)) * draw.random((1, 288))
        proven = proven_bounds(region, stored_with(region, price))
        assert proven[0] == pytest.approx(cheapest_of_all(region, price), rel=1e-9, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(96, 102), st.integers(5, 20), st.sets(st.sampled_from("XYZ"), max_size=2)),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.floats(0, 30), min_size=40, max_size=40),
)
def test_any_small_day_agrees_with_trying_every_timetable(sessions, prices):
    rows = [
        session(
            f"s{number}",
            start=f"{start * 5 // 60:02d}:{start * 5 % 60:02d}",
            minutes=minutes,
            teachers="|".join(sorted(teachers)),
        )
        for number, (start, minutes, teachers) in enumerate(sessions)
    ]
    region = region_of(rows, capacity=30, max_shift_minutes=10)
    price = np.zeros((1, 288))
    price[0, 85:125] = prices
    proven = proven_bounds(region, stored_with(region, price))
    assert proven[0] == pytest.approx(cheapest_of_all(region, price), rel=1e-9, abs=1e-6)


def test_several_meters_and_alternatives_are_priced():
    cned = CapacityEntry("cned", "connections", None, None, "base", 5)
    rows = [session("s1", platforms="ent+cned|ent|cned", heads=7), session("s2", platforms="cned|ent@async", heads=3)]
    region = region_of(rows, capacity=9, capacities=[cned], max_shift_minutes=15)
    price = np.abs(np.sin(np.arange(2 * 288))).reshape(2, 288) * 9
    proven = proven_bounds(region, stored_with(region, price))
    assert proven[0] == pytest.approx(cheapest_of_all(region, price), rel=1e-9)


def test_load_beyond_midnight_costs_nothing():
    rows = [window("w", start="18:00", minutes=60), window("v", start="07:30", minutes=60)]
    region = region_of(rows, capacity=9, max_shift_minutes=10)
    proven = proven_bounds(region, stored_with(region, np.ones((1, 288))))
    assert proven[0] == pytest.approx(cheapest_of_all(region, np.ones((1, 288))))


# Folders


@pytest.fixture
def region():
    rows = [
        session("s1", teachers="X", groups="6A", heads=100),
        session("s2", teachers="X", groups="6A", start="09:00", heads=100),
        session("s3", groups="6B", heads=50, day="TU"),
        session("s4", groups="6C", heads=50, day="TU"),
    ]
    # Nothing may move, so prices above the limits prove what the overload costs at least.
    return region_of(rows, days=2, capacity=90, max_shift_minutes=0)


@pytest.fixture
def out(tmp_path, region):
    price = np.zeros((1, 288))
    price[0, 95:98] = 15.0
    return write_proven(tmp_path / "plan", region, moved(region), price)


def said(out, region) -> list[str]:
    return [str(sentence) for sentence in verify_bound(region, read_plan_folder(out, region))]


def test_true_prices_are_accepted(out, region):
    assert report(out)["lower_bound"] > 100
    assert said(out, region) == []


def test_progress_is_told(out, region):
    told = []
    verify_bound(region, read_plan_folder(out, region), lambda done, total: told.append((done, total)))
    assert told == [(2, 2)]


@pytest.mark.parametrize("factor", [1.00001, 1.01])
def test_raised_bound_is_refused(out, region, factor):
    tamper_report(out, lambda report: report.update({"lower_bound": report["lower_bound"] * factor}))
    (sentence,) = said(out, region)
    assert "the lower bound in total is" in sentence
    assert "but the prices prove only" in sentence


def test_raised_bound_of_a_day_is_refused(out, region):
    def lift(report):
        report["days"][1]["lower_bound"] *= 1.001

    tamper_report(out, lift)
    (sentence,) = said(out, region)
    assert "the lower bound of 2021-04-06 is" in sentence


def test_bound_far_below_what_the_prices_prove_is_named(out, region):
    tamper_report(out, lambda report: report.update({"lower_bound": report["lower_bound"] * 0.9998}))
    (sentence,) = said(out, region)
    assert "more than 0.01 % above it" in sentence
    tamper_report(out, lambda report: report.update({"lower_bound": report["lower_bound"] / 0.9998 * 0.99995}))
    assert said(out, region) == []


@pytest.mark.parametrize("price", ["0.0", "14.9", "16.0"])
def test_altered_price_is_refused(out, region, price):
    rows = (out / "load.csv").read_text(encoding="utf-8").splitlines()
    at = next(place for place, row in enumerate(rows) if ",08:00," in row)
    tamper_rows(out, "load.csv", at, "price", price)
    assert said(out, region)


@pytest.mark.parametrize("value", [None, "12", True])
def test_missing_bound_is_named(out, region, value):
    tamper_report(out, lambda report: report.update({"lower_bound": value, "days": value}))
    assert said(out, region) == [
        "report.json: the lower bound of 2021-04-05 is missing.",
        "report.json: the lower bound of 2021-04-06 is missing.",
        "report.json: the lower bound in total is missing.",
    ]


def test_nothing_is_proven_where_the_files_forbid_every_plan(tmp_path):
    rows = [session("s1", teachers="X"), session("s2", teachers="X", start="08:30", locked=True, earliest="09:00")]
    region = region_of(rows, capacity=90)
    assert proven_bounds(region, stored_with(region, np.zeros((1, 288)))) == {0: 0.0}
    rows[0] = session("s1", teachers="X", earliest="08:10")
    region = region_of(rows, capacity=90)
    assert proven_bounds(region, stored_with(region, np.zeros((1, 288)))) == {0: float("inf")}
