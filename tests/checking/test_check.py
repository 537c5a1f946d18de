"""Whatever is altered in a plan folder is named; what is true passes."""

from __future__ import annotations

import numpy as np
import pytest
from builders import changed, moved, region_of, session, window
from folders import tamper_report, tamper_rows, write_proven

from scheduler.checking.check import check_plan
from scheduler.domain.capacity import CapacityEntry
from scheduler.files.plan_folder import read_plan_folder


@pytest.fixture
def region():
    rows = [
        session("s1", teachers="X", groups="6A", heads=100, platforms="ent|ent@async"),
        session("s2", teachers="X", groups="6A", start="09:00", heads=100),
        session("s3", groups="6B", heads=20, day="TU"),
        window("w", school="", heads=50, day="TU"),
    ]
    cned = CapacityEntry("cned", "connections", None, None, "base", 500)
    return region_of(rows, days=3, capacity=90, capacities=[cned])


@pytest.fixture
def out(tmp_path, region):
    price = np.zeros((2, 288))
    price[0, 95:99] = 5.0
    return write_proven(tmp_path / "plan", region, changed(region, {"s2": 5}, {"s1": 1}), price)


def said(out, region) -> list[str]:
    return [str(sentence) for sentence in check_plan(region, read_plan_folder(out, region))]


def test_true_plan_passes(out, region):
    assert said(out, region) == []


def test_broken_rule_is_named(tmp_path, region):
    out = write_proven(tmp_path / "plan", region, moved(region, s1=5))
    (sentence,) = said(out, region)
    assert "School A, 2021-04-05, session s2: starts at 09:00, 0 minutes after the end of session s1" in sentence


def test_swapped_pair_passes_with_reorder_only(tmp_path, region):
    plan = moved(region, s1=60, s2=-60)
    assert said(write_proven(tmp_path / "plan", region, plan, order_kept=False), region) == []
    assert "must keep their order" in said(write_proven(tmp_path / "plan", region, plan), region)[0]


FIGURES = [
    "objective",
    "shift_head_minutes",
    "switch_head_minutes",
    "overload_connection_minutes",
    "lower_bound",
    "gap",
    "activities",
    "moved",
    "switched",
    "largest_shift_minutes",
]
DAY_FIGURES = [
    "activities",
    "moved",
    "objective",
    "lower_bound",
    "gap",
    "shift_head_minutes",
    "overload_connection_minutes",
]
PEAK_FIGURES = ["capacity_at_peak", "before", "after", "utilisation_before", "utilisation_after"]


def raised(number):
    return number + 1 if isinstance(number, int) else number + max(0.002, 1e-5 * abs(number))


@pytest.mark.parametrize("name", FIGURES)
def test_altered_figure_is_named(out, region, name):
    tamper_report(out, lambda report: report.update({name: raised(report[name])}))
    assert any(line.startswith(f"report.json: {name} is ") for line in said(out, region))


@pytest.mark.parametrize("name", DAY_FIGURES)
def test_altered_figure_of_a_day_is_named(out, region, name):
    tamper_report(out, lambda report: report["days"][1].update({name: raised(report["days"][1][name])}))
    where = "gap" if name == "lower_bound" else name
    assert any(line.startswith(f"report.json: days[2021-04-06].{where} is ") for line in said(out, region))


@pytest.mark.parametrize("name", PEAK_FIGURES)
def test_altered_figure_of_a_peak_is_named(out, region, name):
    tamper_report(out, lambda report: report["peaks"][0].update({name: raised(report["peaks"][0][name])}))
    (sentence,) = said(out, region)
    assert sentence.startswith(f"report.json: peaks[ent connections].{name} is ")


def test_altered_shortfalls_are_named(tmp_path, region):
    out = write_proven(tmp_path / "plan", region, moved(region))
    assert said(out, region) == []
    tamper_report(out, lambda report: report["shortfalls"][0].update({"to": "23:00", "missing_connections": 1.0}))
    assert len(said(out, region)) == 2
    tamper_report(out, lambda report: report["shortfalls"].pop(0))
    (sentence,) = said(out, region)
    assert sentence.startswith("report.json: shortfalls[ent connections 2021-04-05")
    assert sentence.endswith("is missing.")


@pytest.mark.parametrize("name", ["peaks", "shortfalls", "days"])
def test_list_that_is_none_is_named(out, region, name):
    tamper_report(out, lambda report: report.update({name: "many"}))
    assert f"report.json: {name} is missing." in said(out, region)
    tamper_report(out, lambda report: report.update({name: ["many", None, {}]}))
    assert any("has an entry too many" in line for line in said(out, region))


@pytest.mark.parametrize("name", ["version", "region", "status", "stopped_by", "seconds", "peak_memory_mib", "seed"])
def test_field_that_is_missing_or_absurd_is_named(out, region, name):
    tamper_report(out, lambda report: report.update({name: ["absurd"]}))
    (sentence,) = said(out, region)
    assert f"report.json: {name} " in sentence
    tamper_report(out, lambda report: report.pop(name))
    assert said(out, region) == [f"report.json: {name} is missing."]


@pytest.mark.parametrize("value", [None, True, "12", [], {}, 10**400])
def test_figure_that_is_no_number_is_named(out, region, value):
    tamper_report(out, lambda report: report.update({"objective": value, "lower_bound": value}))
    assert len(said(out, region)) == 2


def test_bound_above_its_objective_is_named(out, region):
    def lift(report):
        for entry in (report, report["days"][0]):
            entry["lower_bound"] = entry["objective"] + 100.0

    tamper_report(out, lift)
    assert sum("above the objective" in line for line in said(out, region)) == 2


def test_level_is_recomputed(out, region):
    def add(report):
        report["level"] = max(peak["utilisation_after"] for peak in report["peaks"])
        report["level_lower_bound"] = 0.5

    tamper_report(out, add)
    assert said(out, region) == []
    tamper_report(out, lambda report: report.update({"level": report["level"] - 0.01}))
    assert any("report.json: level is" in line for line in said(out, region))
    tamper_report(out, lambda report: report.update({"level_lower_bound": 9.0}))
    assert any("level_lower_bound cannot be 9.0" in line for line in said(out, region))


@pytest.mark.parametrize(("column", "cell"), [("minutes", "54"), ("shift_minutes", "1")])
def test_altered_cell_of_plan_csv_is_named(out, region, column, cell):
    tamper_rows(out, "plan.csv", 1, column, cell)
    (sentence,) = said(out, region)
    assert sentence.startswith(f"plan.csv:2: {column} is {cell}, but ")


def test_altered_start_is_named_everywhere(out, region):
    tamper_rows(out, "plan.csv", 2, "start", "09:10")
    lines = said(out, region)
    assert any(line.startswith("plan.csv:3: shift_minutes is 5, but 10") for line in lines)
    assert any(line.startswith("report.json: shift_head_minutes") for line in lines)
    assert any(line.startswith("load.csv:") for line in lines)


@pytest.mark.parametrize("column", ["capacity", "limit", "before", "after"])
@pytest.mark.parametrize("cell", ["12345.5", "0.002"])
def test_altered_cell_of_load_csv_is_named(out, region, column, cell):
    tamper_rows(out, "load.csv", 60, column, cell)
    (sentence,) = said(out, region)
    assert sentence.startswith(f"load.csv:61: {column} of ent connections on 2021-04-05 at ")


def test_emptied_capacity_is_named(out, region):
    tamper_rows(out, "load.csv", 60, "capacity", "")
    (sentence,) = said(out, region)
    assert "is unlimited, but 90.000000 when recomputed" in sentence


def test_missing_row_of_load_csv_is_named(out, region):
    tamper_rows(out, "load.csv", 60, "price", None)
    (sentence,) = said(out, region)
    assert sentence.startswith("load.csv: the row of ent connections on 2021-04-05 at ")


@pytest.mark.parametrize("price", ["-0.001", "50.001"])
def test_price_out_of_its_range_is_named(out, region, price):
    tamper_rows(out, "load.csv", 60, "price", price)
    (sentence,) = said(out, region)
    assert "prices go from 0 to 50" in sentence


def test_highest_price_is_allowed(out, region):
    tamper_rows(out, "load.csv", 60, "price", "50.0")
    assert said(out, region) == []


def test_price_of_an_unlimited_slot_is_named(tmp_path):
    base = CapacityEntry("ent", "connections", None, None, "base", 100)
    region = region_of([session("s1")], capacities=[base])
    out = write_proven(tmp_path / "plan", region, moved(region))
    free = region_of([session("s1")], capacities=[_until_noon(base)])
    tamper_rows(out, "load.csv", 137, "price", "3")
    assert any("an unlimited slot has the price 0" in line for line in said(out, free))


def _until_noon(base):
    import datetime as dt

    return CapacityEntry(base.platform, base.meter, None, dt.datetime(2021, 4, 5, 12), "base", 100)  # noqa: DTZ001


def test_row_of_a_date_without_activities_is_judged_as_idle(out, region):
    with (out / "load.csv").open("a", encoding="utf-8") as stream:
        stream.write("ent,connections,2021-04-07,08:00,90,90,0,0,0\nent,connections,2021-04-07,08:05,80,90,1,0,0\n")
    lines = said(out, region)
    assert len(lines) == 2
    assert all("2021-04-07 at 08:05" in line for line in lines)


def test_problems_of_the_rows_are_told_with_the_rules(out, region):
    tamper_rows(out, "plan.csv", 1, "id", "zz")
    lines = said(out, region)
    assert lines[0].startswith("plan.csv:2: school “A” has no session “zz”; check the plan")
    assert "School A, 2021-04-05, session s1: has no start." in lines
