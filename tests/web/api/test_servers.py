"""A region's servers, as programs see them: the week, loads by slot, capacities; and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api_world import REGION

from scheduler.runs.worker import Worker

if TYPE_CHECKING:
    from api_world import World

HERE = f"/regions/{REGION}"
RAISE = {"platform": "ent", "meter": "connections", "kind": "change", "amount": "+15", "note": "a raise"}


def planned(world: World) -> int:
    number: int = world.post(f"{HERE}/runs", {"gap": 0.05, "time_limit": 20}).get_json()["number"]
    Worker(world.store, "tests", 30.0, lambda _: None).work(once=True)
    return number


def test_the_week_says_whether_it_is_safe(world: World) -> None:
    before = world.get(f"{HERE}/week?date=2021-04-07").get_json()
    assert (before["monday"], before["look"], before["run"], before["peaks"]) == ("2021-04-05", "unknown", None, [])
    number = planned(world)
    after = world.get(f"{HERE}/week?date=2021-04-07").get_json()
    assert (after["run"], after["planned"]) == (number, True)
    assert {peak["platform"] for peak in after["peaks"]} == {"ent", "bbb"}
    assert after["look"] in ("over", "within")
    assert sum(after["states"].values()) == 2
    assert world.get(f"{HERE}/week?date=someday").status_code == 422


def test_loads_come_by_slot_of_a_run_or_of_what_is_in_force(world: World) -> None:
    number = planned(world)
    of_run = world.get(f"{HERE}/loads?run={number}&platform=ent").get_json()
    assert {one["platform"] for one in of_run["loads"]} == {"ent"}
    assert {len(one["after"]) for one in of_run["loads"]} == {24 * 60 // of_run["slot_minutes"]}
    week = world.get(f"{HERE}/loads?date=2021-04-06&platform=ent").get_json()
    dates = {one["date"]: one for one in of_run["loads"]}
    assert [dates[one["date"]]["after"] for one in week["loads"]] == [one["after"] for one in week["loads"]]
    assert world.get(f"{HERE}/loads?run=99").status_code == 404


def test_a_capacity_is_entered_changed_and_withdrawn(world: World) -> None:
    entries = f"{HERE}/capacities"
    revision = world.get(entries).get_json()["revision"]
    entered = world.post(entries, RAISE | {"revision": revision})
    assert entered.status_code == 201
    number = entered.get_json()["id"]
    listed = world.get(entries).get_json()
    assert listed["entries"][-1]["cells"]["amount"] == "+15"
    changed = world.ask("PUT", f"{entries}/{number}", body=RAISE | {"amount": "-50%", "revision": listed["revision"]})
    assert changed.get_json()["changed"]
    revision = changed.get_json()["revision"]
    assert world.ask("DELETE", f"{entries}/{number}?revision={revision}").get_json()["changed"]
    assert len(world.get(entries).get_json()["entries"]) == len(listed["entries"]) - 1


def test_what_cannot_be_entered_says_why(world: World) -> None:
    entries = f"{HERE}/capacities"
    wrong = world.post(entries, RAISE | {"amount": "much", "revision": 1})
    assert wrong.status_code == 422
    assert "much" in str(wrong.get_json())
    assert world.post(entries, RAISE).status_code == 422
    assert world.post(entries, RAISE | {"revision": 1}, "principal").status_code == 404


def test_accepting_and_publishing_are_tasks(world: World) -> None:
    number = planned(world)
    task = world.post(f"{HERE}/runs/{number}/accept", {"publish": True})
    assert task.status_code == 202
    later = world.post(f"{HERE}/publish", {"at": "2999-01-01T08:00:00+01:00"}).get_json()
    assert later["state"] == "waiting"
    cancelled = world.post(f"{HERE}/tasks/{later['id']}/cancel").get_json()
    assert cancelled["state"] == "cancelled"
    assert [one["kind"] for one in world.get(f"{HERE}/tasks").get_json()["tasks"]] == ["publish", "adopt"]
    assert world.post(f"{HERE}/publish", {"at": "tomorrow"}).status_code == 422
    assert world.post(f"{HERE}/publish", {"at": "2001-01-01T08:00:00+01:00"}).status_code == 422
    assert world.post(f"{HERE}/runs/99/accept", {}).status_code == 404


def test_nobody_else_sees_any_of_it(world: World) -> None:
    for who in ("principal", "teacher", "elsewhere"):
        for path in ("week", "loads", "capacities", "tasks"):
            assert world.get(f"{HERE}/{path}", who).status_code == 404
