"""reference.csv: the former plan that a plan is compared with, written, read back, and every fault of it named."""

from __future__ import annotations

import json

import pytest
from builders import changed, moved, region_of, session, window
from plan_samples import lines, small_region, write
from random_references import random_reference
from random_regions import random_region
from written import report

from scheduler.domain.plan import usual_plan
from scheduler.domain.reference import Reference
from scheduler.errors import FaultyInput
from scheduler.files.plan_folder import read_plan_folder


def as_rows(reference: Reference) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in vars(reference.plan).values()), strict=True))


@pytest.fixture
def region():
    return small_region()


@pytest.fixture
def out(tmp_path, region):
    reference = Reference.of(region, changed(region, {"s10": 7, "s1": -5, "w": 10}, {"s2": 1}))
    return write(tmp_path / "plan", region, moved(region, s10=5), reference=reference)


def test_it_holds_what_the_former_plan_does_otherwise_than_usual(out):
    assert lines(out, "reference.csv") == [
        "school,kind,id,date,start,platforms",
        "B,session,s2,2021-04-05,09:00,ent@async",
        "A,session,s10,2021-04-05,08:07,ent",
        "A,access,w,2021-04-05,08:10,ent",
        "B,session,s1,2021-04-06,07:55,ent",
    ]
    assert report(out)["compared_with"] == "reference.csv"


def test_without_a_former_plan_there_is_none(tmp_path, region):
    out = write(tmp_path / "plan", region)
    assert not (out / "reference.csv").exists()
    assert "compared_with" not in report(out)
    assert read_plan_folder(out, region).reference is None


def test_a_former_plan_that_is_as_usual_is_told_all_the_same(tmp_path, region):
    out = write(tmp_path / "plan", region, reference=Reference.of(region, usual_plan(region)))
    assert len(lines(out, "reference.csv")) == 1
    assert as_rows(read_plan_folder(out, region).reference) == []


@pytest.mark.parametrize("seed", range(8))
def test_what_is_written_is_read_back(tmp_path, seed):
    region = random_region(seed)
    reference = random_reference(region, seed)
    stored = read_plan_folder(write(tmp_path / "plan", region, reference=reference), region)
    assert stored.problems == ()
    assert as_rows(stored.reference) == as_rows(reference)


def test_rows_of_several_windows_of_one_key_find_their_dates(tmp_path):
    rows = [window("w", school="", day="MO"), window("w", school="", day="TU", start="09:00")]
    region = region_of([*rows, session("s")], days=2)
    reference = Reference.of(region, moved(region, w=5))
    stored = read_plan_folder(write(tmp_path / "plan", region, reference=reference), region)
    assert as_rows(stored.reference) == as_rows(reference) == [(0, 0, 485, 0), (1, 1, 545, 0)]


def test_rows_that_name_what_the_region_lacks_are_problems(out, region):
    with (out / "reference.csv").open("a", encoding="utf-8") as stream:
        stream.write("Z,session,s1,2021-04-05,08:00,ent\nA,session,zz,2021-04-05,08:00,ent\n")
        stream.write("A,session,s9,2021-05-05,08:00,ent\nA,session,s9,2021-04-05,08:05,bbb\n")
        stream.write("A,session,s9,2021-04-06,08:05,ent\nA,session,s10,2021-04-05,08:05,ent\n")
    stored = read_plan_folder(out, region)
    assert [str(problem).split(";")[0] for problem in stored.problems] == [
        "reference.csv:6: school “Z” is not in the region",
        "reference.csv:7: school “A” has no session “zz”",
        "reference.csv:8: 2021-05-05 is not in the horizon",
        "reference.csv:9: “bbb” is none of its alternatives",
        "reference.csv:10: it does not take place on 2021-04-06",
        "reference.csv:11: this activity is listed twice, first in line 3",
    ]
    starts = {region.activities.key_of(row): (start, way) for row, _, start, way in as_rows(stored.reference)}
    assert starts["s9"] == (485, 0)
    assert starts["s10"] == (487, 0)


def test_every_fault_is_listed_with_those_of_the_other_files(out, region):
    (out / "plan.csv").write_text("school,kind,id,date,start\n", encoding="utf-8")
    (out / "reference.csv").write_text(
        "school,kind,id,date,start,platforms\nA,lesson,s9,2021-02-30,25:00,ent\nA,session,,2021-04-05,,ent\n"
        "A,session,s9,2021-04-05,08:00,ent,more\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultyInput) as raised:
        read_plan_folder(out, region)
    said = [str(fault) for fault in raised.value.faults]
    for words in (
        "plan.csv:1: the header lacks",
        "reference.csv:2: kind “lesson”",
        "reference.csv:2: date “2021-02-30”",
        "reference.csv:2: start “25:00”",
        "reference.csv:3: id is empty",
        "reference.csv:3: start is empty",
        "reference.csv:4: ",
    ):
        assert any(line.startswith(words) for line in said), (words, said)


def test_a_file_that_report_json_names_but_that_is_missing_is_a_fault(out, region):
    (out / "reference.csv").unlink()
    with pytest.raises(FaultyInput) as raised:
        read_plan_folder(out, region)
    assert [fault.file for fault in raised.value.faults] == ["reference.csv"]


@pytest.mark.parametrize("contents", [b"", b"\xff\xfe\x00", b"nothing,known\n1,2\n"])
def test_a_file_that_is_no_table_is_a_fault(out, region, contents):
    (out / "reference.csv").write_bytes(contents)
    with pytest.raises(FaultyInput, match=r"reference\.csv"):
        read_plan_folder(out, region)


def test_a_file_that_report_json_does_not_name_is_a_problem_and_does_not_count(out, region):
    told = report(out)
    del told["compared_with"]
    (out / "report.json").write_text(json.dumps(told), encoding="utf-8")
    stored = read_plan_folder(out, region)
    assert stored.reference is None
    (problem,) = stored.problems
    assert str(problem).startswith("reference.csv: report.json does not name this file")
