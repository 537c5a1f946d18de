"""Check and proof of plans that are compared with a former plan, and of plans that change the order of sessions."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from builders import MONDAY, changed, moved, region_of, session, window
from folders import tamper_report, tamper_rows, write_proven
from hypothesis import given, settings
from hypothesis import strategies as st
from random_references import random_reference
from written import report

from scheduler.checking.check import check_plan
from scheduler.checking.proof import proven_bounds, verify_bound
from scheduler.domain.audit import audit
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.load import load_by_slot, placing_cost
from scheduler.domain.plan import Plan, usual_plan
from scheduler.domain.reference import Reference
from scheduler.domain.stored import LoadCell, StoredPlan
from scheduler.files.plan_folder import read_plan_folder


def stored_with(price, reference) -> StoredPlan:
    """Give prices of one date and a reference alone, as if read from a folder."""
    none = np.zeros(0, dtype=np.int32)
    loads = {
        (meter, 0, slot): LoadCell(0, 0.0, 0.0, 0.0, 0.0, float(price[meter, slot]))
        for meter, slot in np.argwhere(price != 0).tolist()
    }
    return StoredPlan(Plan(none, none, none, none), none, none, none, loads, {}, reference=reference)


def cheapest_of_all(region, price, reference) -> float:
    """Try every start within 10 minutes and every alternative of a region of one date and few activities."""
    usual = usual_plan(region)
    ways = [range(len(region.activities.alternatives_of(row))) for row in usual.row.tolist()]
    worth = float((price * region.limit(region.grid.dates[0])).sum())
    costs = []
    for shifts in itertools.product(range(-10, 11, 5), repeat=len(usual)):
        for numbers in itertools.product(*ways):
            start = (usual.start + np.array(shifts)).astype(np.int16)
            plan = Plan(usual.row, usual.day, start, np.array(numbers, dtype=np.int16))
            if not audit(region, plan):
                paid = float((load_by_slot(region, 0, plan) * price).sum())
                costs.append(sum(float(part.sum()) for part in placing_cost(region, plan, reference)) + paid)
    return min(costs) - worth


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([{}, {"move_minutes": 7.0}, {"move_together": "school"}]))
def test_the_proof_agrees_with_trying_every_timetable_whatever_the_former_plan(seed, policy):
    rows = [
        session("s1", teachers="X", platforms="ent|cned|ent@async", heads=30),
        session("s2", teachers="X", start="09:00", locked=True, platforms="ent|ent@async"),
        session("s3", teachers="X", start="10:03", heads=10, platforms="cned|ent"),
    ]
    cned = CapacityEntry("cned", "connections", None, None, "base", 20)
    region = region_of(rows, capacity=40, capacities=[cned], max_shift_minutes=10, **policy)
    reference = random_reference(region, seed, slots=4)
    price = np.random.default_rng(seed).choice([0.0, 0.0, 1.0, 5.0, 20.0], (2, 288))
    proven = proven_bounds(region, stored_with(price, reference))
    assert proven[0] == pytest.approx(cheapest_of_all(region, price, reference), rel=1e-9, abs=1e-6)


# Folders


@pytest.fixture
def region():
    rows = [
        session("s1", teachers="X", heads=100, platforms="ent|ent@async"),
        session("s2", teachers="X", start="09:00", heads=100, platforms="ent|ent@async"),
        session("s3", heads=20, day="TU"),
        window("w", school="", heads=50, day="TU"),
    ]
    return region_of(rows, days=2, capacity=90)


@pytest.fixture
def out(tmp_path, region):
    reference = Reference.of(region, changed(region, {"s2": 10, "w": 30, "s3": 7}, {"s1": 1}))
    plan = changed(region, {"s2": 5, "w": 30}, {"s1": 1, "s2": 1})
    return write_proven(tmp_path / "plan", region, plan, reference=reference)


def said(out, region) -> list[str]:
    stored = read_plan_folder(out, region)
    return [str(sentence) for sentence in [*check_plan(region, stored), *verify_bound(region, stored)]]


def test_a_true_plan_passes_and_its_figures_are_against_the_former_plan(out, region):
    assert said(out, region) == []
    told = report(out)
    assert (told["moved"], told["switched"], told["largest_shift_minutes"]) == (2, 1, 7)
    assert told["shift_head_minutes"] == 100 * 5 + 20 * 7
    assert told["switch_head_minutes"] == 100 * 30
    # At prices of 0 all but s3 can stay; the nearest that it can come to 08:07 is 08:05.
    assert told["lower_bound"] == pytest.approx(20 * 2)


def test_shift_minutes_of_plan_csv_are_from_the_usual_start_all_the_same(out, region):
    stored = read_plan_folder(out, region)
    assert stored.shift_minutes.tolist() == [0, 5, 0, 30]


@pytest.mark.parametrize(
    ("row", "column", "cell"), [(2, "start", "09:15"), (1, "platforms", "ent"), (3, "start", "08:10"), (4, "", None)]
)
def test_an_altered_former_plan_does_not_agree_with_the_figures(out, region, row, column, cell):
    tamper_rows(out, "reference.csv", row, column, cell)
    assert any("when recomputed" in line for line in said(out, region))


def test_a_former_plan_that_is_kept_silent_about_is_named(out, region):
    tamper_report(out, lambda told: told.pop("compared_with"))
    sentences = said(out, region)
    assert sentences[0].startswith("reference.csv: report.json does not name this file")
    assert any(line.startswith("report.json: switched is 1, but 2 when") for line in sentences)
    assert any("the lower bound in total is 40, but the prices prove only 0" in line for line in sentences)


@pytest.mark.parametrize("value", [True, "plan.csv", None, 1])
def test_a_comparison_with_something_else_is_named(out, region, value):
    tamper_report(out, lambda told: told.update({"compared_with": value}))
    assert any(line.startswith("report.json: compared_with cannot be ") for line in said(out, region))


# Plans that change the order of sessions (--reorder)


@pytest.fixture
def stuck():
    """Put a big session under an outage; the session behind it keeps it from moving on, so only a swap helps."""
    rows = [
        session("big", teachers="X", heads=100, earliest="08:00"),
        session("small", teachers="X", start="09:00", heads=10, latest="09:00"),
    ]
    first, last = (dt.datetime.combine(MONDAY, dt.time(*time)) for time in ((7, 0), (8, 55)))
    outage = CapacityEntry("ent", "connections", first, last, "change", -190)
    return region_of(rows, capacity=200, capacities=[outage])


def swapped(tmp_path, stuck, order_kept):
    price = np.zeros((1, 288))
    price[0, 95:107] = 50.0
    plan = moved(stuck, big=60, small=-60)
    return write_proven(tmp_path / "plan", stuck, plan, price, order_kept=order_kept)


def test_a_plan_in_another_order_may_be_below_the_bound_of_plans_that_keep_it(tmp_path, stuck):
    out = swapped(tmp_path, stuck, order_kept=False)
    told = report(out)
    assert told["lower_bound"] > told["objective"] == 60 * 110
    assert told["gap"] == pytest.approx((told["objective"] - told["lower_bound"]) / told["objective"])
    assert told["gap"] < 0
    assert told["order_kept"] is False
    assert said(out, stuck) == []


def test_the_same_plan_is_refused_where_the_order_is_to_be_kept(tmp_path, stuck):
    sentences = said(swapped(tmp_path, stuck, order_kept=True), stuck)
    assert any("must keep their order" in line for line in sentences)
    assert any("above the objective" in line for line in sentences)


def test_a_bound_that_the_prices_do_not_prove_is_refused_in_another_order_too(tmp_path, stuck):
    out = swapped(tmp_path, stuck, order_kept=False)
    tamper_report(out, lambda told: told.update({"lower_bound": told["lower_bound"] * 1.01}))
    assert any("the prices prove only" in line for line in said(out, stuck))


def test_an_order_that_is_neither_kept_nor_not_is_named(tmp_path, stuck):
    out = swapped(tmp_path, stuck, order_kept=False)
    tamper_report(out, lambda told: told.update({"order_kept": "no"}))
    assert "report.json: order_kept cannot be 'no'." in said(out, stuck)


def test_a_swapped_pair_keeps_the_lunch_of_its_usual_order():
    """11:00–11:55 and 12:45–13:40: the usual gap of 50 minutes at lunch makes 45 the gap to keep in either order."""
    rows = [session("one", teachers="X", start="11:00"), session("two", teachers="X", start="12:45")]
    region = region_of(rows, max_shift_minutes=120)
    assert audit(region, moved(region, one=100, two=-105), order_kept=False) == []
    (sentence,) = audit(region, moved(region, one=95, two=-105), order_kept=False)
    assert "40 minutes after the end of session two" in str(sentence)
    assert "45 minutes must lie between" in str(sentence)


def test_a_plan_in_another_order_compared_with_a_former_plan_passes(tmp_path, stuck):
    plan = moved(stuck, big=60, small=-60)
    reference = Reference.of(stuck, plan)
    out = write_proven(tmp_path / "plan", stuck, plan, order_kept=False, reference=reference)
    told = report(out)
    assert (told["objective"], told["moved"], told["order_kept"]) == (0, 0, False)
    # Plans that keep the order cannot stay: what they cost at least is above this plan's objective.
    assert told["lower_bound"] > 0
    assert told["gap"] < 0
    assert said(out, stuck) == []
