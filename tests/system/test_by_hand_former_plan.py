"""Tiny regions worked out by hand: plans that stay close to a former plan (CONTRACT section 4, ``--stay-close-to``).

The setting is in :mod:`hand_road`: 30 heads start in one slot and load it with 30; a slot of shift costs 5 a head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_road import BURST, DATE, Planned, ent, planned, region_toml
from written import rows_of

from scheduler import cli

if TYPE_CHECKING:
    from pathlib import Path

THREE = """
school,session,day,start,minutes,heads,platforms,locked,weight
A,x,TU,08:00,55,30,ent,1,
A,y,TU,08:00,55,30,ent,,
A,z,TU,08:00,55,30,ent,,0.5
"""
OUTAGE = f"ent,connections,{DATE}T08:00,{DATE}T08:05,change,"


@pytest.fixture
def former(tmp_path: Path) -> Path:
    """Under 60, `z` of weight 1/2 makes way for `x` and `y`: 08:05, at 75 head-minutes."""
    done = planned(tmp_path / "former", capacity=ent(60), sessions=THREE)
    assert done.starts() == {"x": "08:00", "y": "08:00", "z": "08:05"}
    assert done.objective == 75
    return tmp_path / "former" / "plan"


def shifts(done: Planned) -> dict[str, str]:
    return {row["id"]: row["shift_minutes"] for row in done.plan}


def test_what_was_planned_stays_though_the_usual_start_is_free_again(tmp_path: Path, former: Path):
    """Under 90 all three could start at 08:00, but `z` was told 08:05; its shift from the usual start is still 5."""
    done = planned(tmp_path / "new", stay_close_to=former, capacity=ent(90), sessions=THREE)
    assert done.starts() == {"x": "08:00", "y": "08:00", "z": "08:05"}
    assert shifts(done) == {"x": "0", "y": "0", "z": "5"}
    told = done.report
    assert (done.objective, told["moved"], told["largest_shift_minutes"], told["stopped_by"]) == (0, 0, 0, "gap")
    plain = planned(tmp_path / "plain", capacity=ent(90), sessions=THREE)
    assert set(plain.starts().values()) == {"08:00"}


def test_who_makes_way_is_counted_from_where_they_stand(tmp_path: Path, former: Path):
    """Under 30 `y` must leave 08:00 too. From the former plan: `y` to 08:05 and `z` from there to 08:10: 150 + 75.

    `y` straight to 08:10 would be 300. From the usual timetable the same plan costs 150 + 2 × 75.
    """
    done = planned(tmp_path / "new", stay_close_to=former, capacity=ent(30), sessions=THREE)
    assert done.starts() == {"x": "08:00", "y": "08:05", "z": "08:10"}
    assert (done.objective, done.report["moved"], done.report["largest_shift_minutes"]) == (225, 2, 5)
    assert shifts(done) == {"x": "0", "y": "5", "z": "10"}
    assert done.proven
    plain = planned(tmp_path / "plain", capacity=ent(30), sessions=THREE)
    assert (plain.objective, plain.report["largest_shift_minutes"]) == (300, 10)


@pytest.mark.parametrize(
    ("move_minutes", "moved", "objective"), [(0, {0, 1, 2, 3, 4}, 600), (1, {1}, 630)], ids=["by minutes", "by heads"]
)
def test_a_small_change_of_capacity_moves_few(tmp_path: Path, move_minutes: int, moved: set[int], objective: float):
    """40 sessions under 300: ten start in each slot from 08:00 to 08:15. Then 08:00 loses room for one.

    Somebody must go from 08:00 to 08:20, or one after the other a slot on: 600 head-minutes either way, and with
    move_minutes 1 the first is cheaper, for one session moves at all: 600 + 30.
    """
    rows = "".join(f"A,s{at:02d},TU,08:00,55,30,ent\n" for at in range(40))
    files = {
        "region": region_toml(policy=f"move_minutes = {move_minutes}"),
        "sessions": "school,session,day,start,minutes,heads,platforms\n" + rows,
    }
    before = planned(tmp_path / "former", capacity=ent(300), **files)
    assert before.after("08:00", "08:05", "08:10", "08:15") == [300, 300, 300, 300]
    capacity = ent(300) + OUTAGE + "-30\n"
    done = planned(tmp_path / "new", stay_close_to=tmp_path / "former" / "plan", capacity=capacity, **files)
    assert done.report["moved"] in moved - {0}
    assert done.report["moved"] == sum(done.starts()[key] != start for key, start in before.starts().items())
    assert done.objective == objective
    assert done.proven


TWO_WAYS = """
school,session,day,start,minutes,heads,platforms,locked
A,stays,TU,08:00,55,30,ent,1
A,either,TU,08:00,55,30,ent|bbb,
"""


def test_going_back_to_the_usual_platforms_is_a_switch(tmp_path: Path):
    """Where nothing may move, `either` is served by BBB: 10 × 30. Then BBB fails: back to the ENT is 10 × 30 again."""
    files = {
        "region": region_toml(policy="max_shift_minutes = 0"),
        "usage": BURST + "live,bbb,connections,0,5,1\n",
        "sessions": TWO_WAYS,
    }
    before = planned(tmp_path / "former", capacity=ent(30), **files)
    assert before.platforms()["either"] == "bbb"
    failed = ent(60) + "bbb,connections,,,base,0\n"
    done = planned(tmp_path / "new", stay_close_to=tmp_path / "former" / "plan", capacity=failed, **files)
    assert done.platforms()["either"] == "ent"
    assert (done.objective, done.report["switched"], done.report["switch_head_minutes"]) == (300, 1, 300)
    assert done.proven
    kept = planned(tmp_path / "kept", stay_close_to=tmp_path / "former" / "plan", capacity=ent(60), **files)
    assert kept.platforms()["either"] == "bbb"
    assert (kept.objective, kept.report["switched"]) == (0, 0)


def test_an_alternative_that_is_gone_counts_as_the_usual_one(tmp_path: Path):
    files = {"region": region_toml(policy="max_shift_minutes = 0"), "usage": BURST + "live,bbb,connections,0,5,1\n"}
    planned(tmp_path / "former", capacity=ent(30), sessions=TWO_WAYS, **files)
    sessions = TWO_WAYS.replace("ent|bbb", "ent")
    done = planned(
        tmp_path / "new", stay_close_to=tmp_path / "former" / "plan", capacity=ent(60), sessions=sessions, **files
    )
    assert (done.objective, done.report["switched"]) == (0, 0)
    assert ["“bbb” is none of its alternatives" in warning for warning in done.report["warnings"]] == [True]


def test_after_an_edit_of_the_timetable_starts_are_compared_to_the_minute(tmp_path: Path, former: Path):
    """`z` was to start at 08:05; now it usually starts at 08:03, so it can at 08:03 and 08:08: 2 × 30 × 1/2 at best."""
    sessions = THREE.replace("z,TU,08:00", "z,TU,08:03")
    done = planned(tmp_path / "new", stay_close_to=former, capacity=ent(200), sessions=sessions)
    assert done.starts()["z"] == "08:03"
    assert (done.objective, done.report["moved"], done.report["largest_shift_minutes"]) == (30, 1, 2)
    assert shifts(done)["z"] == "0"
    assert done.proven


def test_what_the_rules_now_forbid_is_paid_for(tmp_path: Path, former: Path):
    """`z` is locked at 08:00 now: 5 minutes from what it was told, 75, and no plan can do better."""
    sessions = THREE.replace("30,ent,,0.5", "30,ent,1,0.5")
    done = planned(tmp_path / "new", stay_close_to=former, capacity=ent(90), sessions=sessions)
    assert done.starts()["z"] == "08:00"
    assert (done.objective, done.report["moved"]) == (75, 1)
    assert done.proven


def test_what_is_new_counts_from_its_usual_start_and_what_is_gone_not_at_all(tmp_path: Path, former: Path):
    """`z` is gone, and `n` is new at 08:00, where only two may start: it makes way: 150 × 0.4, from its usual start."""
    sessions = THREE.replace("A,z,TU,08:00,55,30,ent,,0.5", "A,n,TU,08:00,55,30,ent,,0.4")
    done = planned(tmp_path / "new", stay_close_to=former, capacity=ent(60), sessions=sessions)
    assert done.starts() == {"x": "08:00", "y": "08:00", "n": "08:05"}
    assert done.objective == 60
    (warning,) = done.report["warnings"]
    assert "names what the region does not have" in warning
    assert "school “A” has no session “z”" in warning


def test_the_lowest_level_comes_first_and_then_the_former_plan(tmp_path: Path, former: Path):
    """Of 90 heads, 30 must start at once at least. At that level the former plan's own order is cheapest: 225."""
    done = planned(tmp_path / "new", objective="level", stay_close_to=former, capacity=ent(60), sessions=THREE)
    assert done.report["level"] == pytest.approx(0.5)
    assert done.objective == 225
    assert done.starts() == {"x": "08:00", "y": "08:05", "z": "08:10"}


def test_the_command_line_stays_close_and_says_so(tmp_path: Path, former: Path, capsys: pytest.CaptureFixture[str]):
    region, out = str(tmp_path / "former" / "region"), tmp_path / "again"
    assert cli.main(["stagger", region, "--out", str(out), "--stay-close-to", str(former), "--quiet"]) == cli.DONE
    told = " ".join(capsys.readouterr().out.split())
    assert "compared with the former plan, no class session moves" in told
    assert "Compared with the former plan, not the usual timetable" in told
    assert (out / "plan.csv").read_bytes() == (former / "plan.csv").read_bytes()
    assert [(row["id"], row["start"]) for row in rows_of(out / "reference.csv")] == [("z", "08:05")]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "What moves, and how far, is counted from the former plan" in page
    assert 'href="reference.csv"' in page


def test_a_former_plan_may_be_replaced_by_the_new_one(tmp_path: Path, former: Path):
    region = str(tmp_path / "former" / "region")
    assert cli.main(["stagger", region, "--out", str(former), "--stay-close-to", str(former), "--quiet"]) == cli.DONE
    assert cli.main(["check", region, str(former), "--proof"]) == cli.DONE


def test_a_former_plan_that_cannot_be_read_is_a_fault(tmp_path: Path, former: Path, capsys: pytest.CaptureFixture[str]):
    region, out = str(tmp_path / "former" / "region"), tmp_path / "again"
    (former / "plan.csv").write_text("school,kind\n", encoding="utf-8")
    assert cli.main(["stagger", region, "--out", str(out), "--stay-close-to", str(former), "--quiet"]) == cli.FAULTY
    assert "plan.csv:1: the header lacks" in capsys.readouterr().err
    assert not out.exists()
