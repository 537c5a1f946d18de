"""What a plan folder, the page and the terminal tell of the reasons: true to the plan, in both languages."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import moved, region_of, session, window

from scheduler.checking.check import check_plan
from scheduler.domain.explanation import Explanation, explain
from scheduler.domain.load import figures
from scheduler.domain.outcome import DayProof, LeastRaises, Level, Outcome
from scheduler.domain.plan import usual_plan
from scheduler.domain.problem import build_problem
from scheduler.files.plan_folder import RunConditions, read_plan_folder, write_plan_folder
from scheduler.files.result_page import result_page
from scheduler.files.terminal_summary import terminal_summary

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.load import DayFigures
    from scheduler.domain.region import Region


def told(
    region: Region, least: LeastRaises | None = None, level: Level | None = None, **minutes: int
) -> tuple[Outcome, tuple[DayFigures, ...], Explanation]:
    """Give a run of a plan that moves some sessions, at a price of 2 from 8:00 to 8:10."""
    plan = moved(region, **minutes)
    price = np.zeros((len(region.meters), region.grid.slots))
    price[:1, 96:98] = 2.0
    found = figures(region, plan, usual_plan(region))
    proofs = tuple(DayProof(day.day, 0.0, price) for day in found)
    outcome = Outcome(plan, proofs, "work", 0, level, least_raises={} if least is None else {0: least})
    problems = [build_problem(region, day.day) for day in found]
    return outcome, found, explain(region, problems, outcome, found)


def crowded(**options: object) -> Region:
    """Give a region of three schools and parents, with room for 40: at 8:00 of two classes one is too many."""
    rows = [
        session("b", school="B", activity="browse"),
        session("first", activity="browse", teachers="X", subject="Maths", groups="6A"),
        session("second", start="09:00", teachers="X", platforms="", groups="6B"),
        session("alone", school="C", start="14:00", activity="browse", heads=3),
        window("parents", school="", start="10:00", heads=30),
    ]
    return region_of(rows, **({"capacity": 40} | options))


MOVES = {"first": 60, "second": 60, "alone": 5, "parents": -5}


def test_moves_are_written_a_row_each(tmp_path: Path):
    region = crowded()
    outcome, found, explanation = told(region, **MOVES)
    write_plan_folder(tmp_path / "p", region, outcome, found, RunConditions(1.0, 1.0), (), explanation)
    rows = list(csv.reader(io.StringIO((tmp_path / "p" / "moves.csv").read_text(encoding="utf-8"))))
    assert [",".join(row) for row in rows] == [
        "school,kind,id,date,start,shift_minutes,reason,platform,meter,from,to,head_minutes_to_put_back,in_the_way,moves_with",
        "A,session,first,2021-04-05,09:00,60,full,ent,connections,08:00,08:55,9200.000,,",
        "A,session,second,2021-04-05,10:00,60,sharer,,,,,,first,",
        "C,session,alone,2021-04-05,14:05,5,nothing,,,,,-15.000,,",
        ",access,parents,2021-04-05,09:55,-5,nothing,,,,,-15.000,,",
    ]
    report = json.loads((tmp_path / "p" / "report.json").read_text(encoding="utf-8"))
    assert report["moves_by_reason"] == {"full": 1, "sharer": 1, "nothing": 2}
    place = {"platform": "ent", "meter": "connections", "date": "2021-04-05", "from": "08:00", "to": "08:10"}
    assert report["dearest_slots"] == [place | {"price": 2.0, "saves": 4.0}]
    assert (report["raises"], report["raise_estimates"]) == ([], [])
    # The parents' window went over 9:55, when the first class is over: nothing else of the check is touched.
    assert [str(text) for text in check_plan(region, read_plan_folder(tmp_path / "p", region))] == []


def test_what_is_missing_is_written(tmp_path: Path):
    region = crowded(target_utilisation=0.5)
    outcome, found, explanation = told(region, LeastRaises(np.array([10.0]), 123.5))
    write_plan_folder(tmp_path / "p", region, outcome, found, RunConditions(1.0, 1.0), (), explanation)
    report = json.loads((tmp_path / "p" / "report.json").read_text(encoding="utf-8"))
    place = {"platform": "ent", "meter": "connections", "date": "2021-04-05"}
    assert report["raises"] == [
        place | {"from": "08:00", "to": "08:55", "missing_connections": 40.0, "capacity_raise": 80},
        place | {"from": "10:00", "to": "11:00", "missing_connections": 10.0, "capacity_raise": 20},
    ]
    day = place | {"from": "00:00", "to": "24:00", "capacity_raise": 20}
    assert report["raise_estimates"] == [{"date": "2021-04-05", "head_minutes": 123.5, "raises": [day]}]


def test_without_an_explanation_the_folder_is_as_it_was(tmp_path: Path):
    region = crowded()
    outcome, found, _ = told(region)
    write_plan_folder(tmp_path / "p", region, outcome, found, RunConditions(1.0, 1.0))
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == ["load.csv", "plan.csv", "report.json"]


def test_the_page_says_why():
    region = crowded()
    outcome, found, explanation = told(region, **MOVES)
    page = result_page(region, outcome, found, 1.0, "en", explanation=explanation).decode()
    for sentence in (
        "Collège A: Maths (6A), Monday 5 April, moves from 8:00 to 9:00. Mon Bureau Numérique has no room for it from "
        "8:00 to 8:55; putting it back would cost 9,200 head-minutes.",
        "Collège A: 6B, Monday 5 April, moves from 9:00 to 10:00. Its usual time would be no dearer; Maths (6A), "
        "usually at 8:00, is in the way now.",
        "Collège C: session alone, Monday 5 April, moves from 14:00 to 14:05. Nothing speaks against its usual time "
        "any more; putting it back would save 15 head-minutes.",
    ):
        assert f"<li>{sentence}</li>" in page
    assert "<dt>nothing speaks against going back</dt><dd>2</dd>" in page
    assert "moves from 10:00 to 9:55" not in page, "parents move too, but the largest moves are of sessions"
    assert '<td>8:00</td><td>8:10</td><td class="number">4.0</td>' in page


@pytest.mark.parametrize(
    ("limit_raise", "said"),
    [
        (
            10.0,
            "Estimate for Monday 5 April: a plan within every limit needs about 20 connections more on Mon Bureau "
            "Numérique, all day; it would cost some 124 head-minutes or a little more, this one costs 28,000.",
        ),
        (
            0.0,
            "Estimate for Monday 5 April: a plan within every limit needs no more capacity; it would cost some 124 "
            "head-minutes or a little more, this one costs 28,000.",
        ),
    ],
)
def test_the_page_says_what_is_missing(limit_raise: float, said: str):
    region = crowded(target_utilisation=0.5)
    outcome, found, explanation = told(region, LeastRaises(np.array([limit_raise]), 123.7))
    page = result_page(region, outcome, found, 1.0, "en", explanation=explanation).decode()
    assert said in page
    assert (
        "Mon Bureau Numérique, Monday 5 April from 8:00 to 8:55: 40 connections too few with this plan; a capacity "
        "higher by 80 would do."
    ) in page
    assert "No activity moves." in page


def test_a_tie_and_a_level_are_said():
    rows = [
        session("b", school="B", activity="browse"),
        session("early", activity="browse", groups="6A", subject="Maths"),
        session("late", activity="browse", groups="6A", start="10:00", heads=5),
    ]
    region = region_of(rows, capacity=40, move_together="day")
    _, _, full = told(region, early=60, late=60)
    assert full.count_by_reason == {"full": 1, "together": 1}
    roomy = replace(region, capacities=(replace(region.capacities[0], amount=100.0),))
    outcome, found, level = told(roomy, level=Level(0.3, 0.3), early=60, late=60)
    assert level.count_by_reason == {"level": 1, "together": 1}
    page = result_page(roomy, outcome, found, 1.0, "en", explanation=level).decode()
    assert (
        "It would lift the highest load of Mon Bureau Numérique from 8:00 to 8:55; putting it back would save" in page
    )
    assert "It moves with Maths (6A), and Mon Bureau Numérique has no room for that from 8:00 to 8:55" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_terminal_says_it_in_a_line_or_two(language: str):
    region = crowded()
    outcome, found, explanation = told(region, **MOVES)
    with_reasons = terminal_summary(region, outcome, found, 1.0, language, explanation=explanation)
    without = terminal_summary(region, outcome, found, 1.0, language)
    assert all(len(line) <= 80 for line in with_reasons.splitlines())
    assert 2 <= len(with_reasons.splitlines()) - len(without.splitlines()) <= 5
    if language == "en":
        said = "Moves: 1 for want of room, 1 to make way for another and 2 that could go back one by one at no cost."
        assert said in " ".join(with_reasons.split())
