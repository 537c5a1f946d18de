"""The plan folder: written whole or not at all, and read back as it was."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from builders import MONDAY, changed, region_of, session
from plan_samples import lines, small_region, write
from written import report

from scheduler.domain.calendar import Calendar, Closure
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.outcome import Level
from scheduler.domain.plan import Plan, usual_plan
from scheduler.errors import FaultyInput
from scheduler.files.plan_folder import RunConditions, read_plan_folder
from scheduler.wording import T

# What is written


def test_plan_rows_stand_by_date_school_kind_start_and_id(tmp_path):
    region = small_region()
    out = write(tmp_path / "plan", region, changed(region, {"s2": -5, "w": 10}, {"s2": 1}))
    assert lines(out, "plan.csv") == [
        "school,kind,id,date,start,minutes,platforms,shift_minutes",
        "B,session,s2,2021-04-05,08:55,55,ent@async,-5",
        "A,session,s10,2021-04-05,08:00,55,ent,0",
        "A,session,s9,2021-04-05,08:00,55,ent,0",
        "A,access,w,2021-04-05,08:10,60,ent,10",
        ",access,all,2021-04-05,08:00,60,ent,0",
        "B,session,s1,2021-04-06,08:00,55,ent,0",
    ]


def test_load_rows_are_the_slots_of_the_day_and_those_with_a_load_or_a_price(tmp_path):
    entry = CapacityEntry("ent", "connections", dt.datetime(2021, 4, 5, 8, 0), None, "base", 100)  # noqa: DTZ001
    region = region_of([session("s1", start="07:30", heads=3)], capacities=[entry])
    price = np.zeros((1, 288))
    price[0, 100] = 0.1 + 0.2
    price[0, 240] = 1e-7
    rows = lines(write(tmp_path / "plan", region, price=price), "load.csv")
    assert rows[0] == "platform,meter,date,slot,capacity,limit,before,after,price"
    assert rows[1] == "ent,connections,2021-04-05,07:25,,,3.000000,3.000000,0.0"
    assert rows[9] == "ent,connections,2021-04-05,08:05,100.000000,100.000000,0.750000,0.750000,0.0"
    assert f"ent,connections,2021-04-05,08:20,100.000000,100.000000,0.750000,0.750000,{0.1 + 0.2!r}" in rows
    assert rows[-1] == "ent,connections,2021-04-05,20:00,100.000000,100.000000,0.000000,0.000000,1e-07"
    assert len(rows) == 1 + 1 + 138 + 1


def test_report_has_the_fields_of_the_contract_in_order(tmp_path):
    region = small_region()
    plan = changed(region, {"s2": 5}, {"s2": 1})
    said = report(write(tmp_path / "plan", region, plan, bound=10.0, warnings=(T("Beware."),)))
    assert list(said) == [
        *("version", "region", "status", "objective", "shift_head_minutes", "switch_head_minutes"),
        *("overload_connection_minutes", "lower_bound", "gap", "activities", "moved", "switched"),
        *("largest_shift_minutes", "stopped_by", "seconds", "peak_memory_mib", "seed"),
        *("peaks", "shortfalls", "days", "warnings"),
    ]
    assert said["shift_head_minutes"] == 150.0
    assert said["switch_head_minutes"] == 900.0
    assert said["objective"] == pytest.approx(1050 + 10 * said["overload_connection_minutes"])
    assert said["lower_bound"] == 20.0
    assert said["gap"] == pytest.approx((said["objective"] - 20) / said["objective"])
    assert (said["activities"], said["moved"], said["switched"], said["largest_shift_minutes"]) == (6, 1, 1, 5)
    assert said["warnings"] == ["Beware."]
    assert [day["date"] for day in said["days"]] == ["2021-04-05", "2021-04-06"]
    assert list(said["days"][0]) == [
        *("date", "activities", "moved", "objective", "lower_bound", "gap"),
        *("shift_head_minutes", "overload_connection_minutes", "status"),
    ]


def test_peaks_and_shortfalls_are_reckoned(tmp_path):
    region = region_of([session("s1", heads=100)], capacity=80)
    said = report(write(tmp_path / "plan", region))
    assert said["status"] == "overloaded"
    assert said["peaks"] == [
        {
            "platform": "ent",
            "meter": "connections",
            "capacity_at_peak": 80.0,
            "before": 100.0,
            "after": 100.0,
            "utilisation_before": 1.25,
            "utilisation_after": 1.25,
        }
    ]
    assert said["shortfalls"] == [
        {
            "platform": "ent",
            "meter": "connections",
            "date": "2021-04-05",
            "from": "07:55",
            "to": "08:10",
            "missing_connections": 20.0,
        }
    ]


def test_meter_without_capacity_above_0_has_no_utilisation(tmp_path):
    region = region_of([session("s1")], capacity=0)
    (peak,) = report(write(tmp_path / "plan", region))["peaks"]
    assert peak["utilisation_before"] is None
    assert peak["capacity_at_peak"] == 0.0


def test_region_without_any_activity_has_a_plan_folder(tmp_path):
    calendar = Calendar(closures=(Closure("", MONDAY, MONDAY),))
    region = region_of([session("s1")], capacity=10, calendar=calendar)
    out = write(tmp_path / "plan", region)
    assert len(lines(out, "plan.csv")) == len(lines(out, "load.csv")) == 1
    said = report(out)
    assert (said["activities"], said["objective"], said["gap"], said["days"]) == (0, 0.0, 0.0, [])
    assert said["peaks"][0]["before"] == 0.0
    assert len(read_plan_folder(out, region).plan) == 0


def test_level_and_reorder_are_told(tmp_path):
    region = small_region()
    assert "order_kept" not in report(write(tmp_path / "plan", region))
    out = write(tmp_path / "plan", region, level=Level(0.9, 0.8), conditions=RunConditions(1, 1, "en", False))
    assert (report(out)["level"], report(out)["level_lower_bound"], report(out)["order_kept"]) == (0.9, 0.8, False)
    assert not read_plan_folder(out, region).order_kept


def test_bound_that_noise_lifts_above_the_objective_is_put_back(tmp_path):
    region = region_of([session("s1", heads=100)], capacity=80)
    objective = report(write(tmp_path / "plan", region))["objective"]
    said = report(write(tmp_path / "plan", region, bound=objective * (1 + 1e-13)))
    assert said["lower_bound"] == objective
    assert said["gap"] == 0.0
    # With --reorder a plan may truly be below the bound.
    assert report(write(tmp_path / "plan", region, bound=objective * 1.5))["gap"] == pytest.approx(-0.5)


def test_further_files_are_written(tmp_path):
    out = write(tmp_path / "plan", small_region(), extra={"feeds/A/group-6a.ics": b"BEGIN", "result.html": b"<html>"})
    assert (out / "feeds" / "A" / "group-6a.ics").read_bytes() == b"BEGIN"
    assert (out / "result.html").read_bytes() == b"<html>"


@pytest.mark.parametrize("name", ["../x", "/x", "feeds/../../x"])
def test_further_file_outside_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="does not name a file"):
        write(tmp_path / "plan", small_region(), extra={name: b""})
    assert list(tmp_path.iterdir()) == []


# Round trip


def by_key(region, plan):
    return {
        (region.activities.key_of(row), day): (start, way)
        for row, day, start, way in zip(*(column.tolist() for column in vars(plan).values()), strict=True)
    }


def test_what_is_written_is_read_back(tmp_path):
    region = small_region()
    plan = changed(region, {"s2": -5, "w": 10}, {"s2": 1})
    price = np.zeros((1, 288))
    price[0, 100] = 1 / 3
    out = write(tmp_path / "plan", region, plan, price=price)
    stored = read_plan_folder(out, region)
    assert stored.problems == ()
    assert by_key(region, stored.plan) == by_key(region, plan)
    assert (stored.prices(region, 1) == price).all()
    assert stored.report == report(out)
    assert (stored.shift_minutes == stored.plan.shift(region)).all()
    assert sorted(stored.line.tolist()) == list(range(2, 8))


def test_order_of_rows_and_columns_does_not_matter(tmp_path):
    region = small_region()
    out = write(tmp_path / "plan", region)
    turned = [";".join(reversed(line.split(","))) for line in lines(out, "plan.csv")]
    (out / "plan.csv").write_text("\n".join([turned[0], *reversed(turned[1:])]), encoding="utf-8")
    assert by_key(region, read_plan_folder(out, region).plan) == by_key(region, usual_plan(region))


def test_alternative_is_found_by_its_meaning(tmp_path):
    region = region_of([session("s1", platforms="ent+cned|ent@async")])
    out = write(tmp_path / "plan", region, changed(region, {}, {"s1": 1}))
    text = (out / "plan.csv").read_text(encoding="utf-8")
    for written, number in (("cned+ent", 0), ("ent + cned", 0), ("ent@ async", 1), ("cned + ent@live", 0)):
        (out / "plan.csv").write_text(text.replace("ent@async", written), encoding="utf-8")
        stored = read_plan_folder(out, region)
        assert (stored.problems, stored.plan.alternative.tolist()) == ((), [number])


def test_rows_that_name_what_the_region_lacks_are_problems(tmp_path):
    region = small_region()
    out = write(tmp_path / "plan", region)
    with (out / "plan.csv").open("a", encoding="utf-8") as stream:
        stream.write("Z,session,s1,2021-04-05,08:00,55,ent,0\nA,session,zz,2021-04-05,08:00,55,ent,0\n")
        stream.write("A,access,s9,2021-04-05,08:00,55,ent,0\nA,session,s9,2021-05-05,08:00,55,ent,0\n")
        stream.write("A,session,s9,2021-04-06,08:00,55,bbb,0\n")
    with (out / "load.csv").open("a", encoding="utf-8") as stream:
        stream.write("cned,connections,2021-04-05,08:00,,,0,0,0\nent,connections,2021-05-05,08:00,,,0,0,0\n")
        stream.write("ent,connections,2021-04-05,08:01,,,0,0,0\nent,connections,2021-04-05,08:00,,,0,0,0\n")
    stored = read_plan_folder(out, region)
    said = [str(problem) for problem in stored.problems]
    assert [line.split(";")[0] for line in said] == [
        "plan.csv:8: school “Z” is not in the region",
        "plan.csv:9: school “A” has no session “zz”",
        "plan.csv:10: school “A” has no access window “s9”",
        "plan.csv:11: 2021-05-05 is not in the horizon",
        "plan.csv:12: “bbb” is none of its alternatives",
        "load.csv:278: cned has no limited meter connections",
        "load.csv:279: 2021-05-05 is not in the horizon",
        "load.csv:280: no slot of 5 minutes begins then",
        "load.csv:281: this slot is listed twice, first in line 8",
    ]
    assert len(stored.plan) == 7


def test_every_fault_of_the_folder_is_listed_at_once(tmp_path):
    region = small_region()
    out = write(tmp_path / "plan", region)
    (out / "plan.csv").write_text("school,kind,id,date,start\nA,lesson,s9,2021-02-30,25:00\n", encoding="utf-8")
    (out / "load.csv").write_text(
        "platform,meter,date,slot,capacity,limit,before,after,price\nent,connections,2021-04-05,08:00,x,-1,nan,,inf\n",
        encoding="utf-8",
    )
    (out / "report.json").write_text('{\n"gap": NaN}', encoding="utf-8")
    with pytest.raises(FaultyInput) as raised:
        read_plan_folder(out, region)
    said = [str(fault) for fault in raised.value.faults]
    for words in (
        "plan.csv:1: the header lacks",
        "kind “lesson”",
        "date “2021-02-30”",
        "start “25:00”",
        "capacity “x”",
        "limit “-1”",
        "before “nan”",
        "after is empty",
        "price “inf”",
        "report.json: this is not JSON: NaN",
    ):
        assert any(words in line for line in said), words


@pytest.mark.parametrize("contents", ["", "[1]", "{", '{"a": 1' + "0" * 5000 + "}", "[" * 100_000, "\udcff"])
def test_report_that_is_none_is_a_fault(tmp_path, contents):
    out = write(tmp_path / "plan", small_region())
    (out / "report.json").write_bytes(contents.encode("utf-8", "surrogateescape"))
    with pytest.raises(FaultyInput, match=r"report\.json"):
        read_plan_folder(out, small_region())


def test_folder_that_is_missing_is_a_fault(tmp_path):
    with pytest.raises(FaultyInput) as raised:
        read_plan_folder(tmp_path / "nowhere", small_region())
    assert [fault.file for fault in raised.value.faults] == [str(tmp_path / "nowhere")]


@pytest.mark.parametrize("lost", ["plan.csv", "load.csv", "report.json"])
def test_file_that_is_missing_is_a_fault(tmp_path, lost):
    out = write(tmp_path / "plan", small_region())
    (out / lost).unlink()
    with pytest.raises(FaultyInput) as raised:
        read_plan_folder(out, small_region())
    assert [fault.file for fault in raised.value.faults] == [lost]


def test_same_plan_gives_the_same_bytes(tmp_path):
    region = small_region()
    plan = usual_plan(region)
    turned = Plan(plan.row[::-1], plan.day[::-1], plan.start[::-1], plan.alternative[::-1])
    one, other = write(tmp_path / "one", region, plan), write(tmp_path / "other", region, turned)
    for name in ("plan.csv", "load.csv", "report.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes()
