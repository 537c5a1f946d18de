"""Regions, schools, runs, plans and publications, as programs see them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from api_world import OTHER, REGION, SCHOOL
from sqlalchemy import update

from scheduler.domain.people import EVERYTHING, service_actor
from scheduler.domain.plan import usual_plan
from scheduler.service.bookings import propose
from scheduler.service.kept_regions import one_school
from scheduler.store.sentences import as_document
from scheduler.store.tables.runs import plan_runs
from scheduler.wording import T

if TYPE_CHECKING:
    from api_world import World

RUNS = f"/regions/{REGION}/runs"
AT_SCHOOL = f"/regions/{REGION}/schools/{SCHOOL}"
FIRST, LAST = dt.date(2021, 4, 6), dt.date(2021, 4, 9)


def proposed(world: World) -> int:
    """Propose the usual timetable to the school, and give the plan's number."""
    with world.store.read() as work:
        region = one_school(work, EVERYTHING, REGION, SCHOOL, horizon=(FIRST, LAST))
    return propose(world.store, service_actor("test"), REGION, SCHOOL, usual_plan(region), FIRST, LAST).id


def test_regions_and_schools_are_listed(world: World) -> None:
    (region,) = world.get("/regions").get_json()["regions"]
    assert (region["key"], region["schools"]) == (REGION, 2)
    assert world.get("/regions", "principal").get_json() == {"regions": []}
    page = world.get(f"/regions/{REGION}/schools?sort=-school&size=1&page=2").get_json()
    assert (page["total"], page["pages"], [school["key"] for school in page["schools"]]) == (2, 2, [SCHOOL])
    mine = world.get(f"/regions/{REGION}/schools", "principal").get_json()
    assert [school["key"] for school in mine["schools"]] == [SCHOOL]
    assert world.get(f"/regions/{REGION}/schools?sort=beauty").status_code == 422
    assert world.get(f"/regions/{REGION}/schools?state=proposed").get_json()["total"] == 0


def test_a_school_is_shown(world: World) -> None:
    school = world.get(AT_SCHOOL, "principal").get_json()
    assert (school["key"], school["state"], school["version"]) == (SCHOOL, "timetable", 1)
    assert school["sessions"] > 0
    assert world.get(f"/regions/{REGION}/schools/{OTHER}", "principal").status_code == 404
    assert world.get(f"/regions/{REGION}/schools/@audiences").status_code == 200
    assert world.get(f"/regions/{REGION}/schools/@else").status_code == 422


def test_a_run_is_started_once_watched_and_stopped(world: World) -> None:
    begun = world.post(RUNS, {"gap": 0.02, "time_limit": 60})
    assert begun.status_code == 201
    run = begun.get_json()
    assert (run["number"], run["state"], run["options"]["gap"], run["asked_by"]) == (
        1,
        "queued",
        0.02,
        "region@example.org",
    )
    assert begun.headers["Location"] == f"/api/v1{RUNS}/1"

    again = world.post(RUNS, {})
    assert again.status_code == 409
    assert "planning run 1" in again.get_json(force=True)["reasons"][0]

    first = world.get(f"{RUNS}/1")
    same = world.get(f"{RUNS}/1", if_none_match=first.headers["ETag"])
    assert (same.status_code, same.data) == (304, b"")
    progress = {
        "stage": "improve",
        "step": 3,
        "bound": 90.0,
        "best": 100.0,
        "dates_done": 1,
        "dates": 4,
        "seconds": 7.5,
        "points": [[1.0, None, 120.0], [7.5, 90.0, 100.0]],
    }
    with world.store.write() as work:
        work.connection.execute(update(plan_runs).values(state="running", progress=progress, progress_at=work.now))
    later = world.get(f"{RUNS}/1", if_none_match=first.headers["ETag"])
    assert later.status_code == 200
    assert later.get_json()["progress"] == {
        **progress,
        "date": None,
        "gap": 0.1,
        "seconds_left": None,
    }

    assert world.post(f"{RUNS}/1/stop").get_json()["stop_asked_at"] is not None
    assert world.post(f"{RUNS}/1/stop").status_code == 200
    assert world.post(f"{RUNS}/2/stop").status_code == 404
    (listed,) = world.get(RUNS).get_json()["runs"]
    assert listed["number"] == 1
    assert "report" not in listed
    assert world.get(f"{RUNS}?before=1").get_json() == {"runs": []}


def test_a_run_that_failed_says_why_in_the_reader_s_language(world: World) -> None:
    world.post(RUNS, {})
    failure = as_document([T("the disk is full")])
    with world.store.write() as work:
        work.connection.execute(update(plan_runs).values(state="failed", failure=failure, ended_at=work.now))
    assert world.get(f"{RUNS}/1").get_json()["failure"] == ["the disk is full"]
    assert world.get(f"{RUNS}/1", accept_language="fr").get_json()["failure"] == ["le disque est plein"]


def test_a_proposal_is_accepted_published_and_listed(world: World) -> None:
    plan = proposed(world)
    (listed,) = world.get(f"{AT_SCHOOL}/plans", "principal").get_json()["plans"]
    assert (listed["id"], listed["state"], listed["current"]) == (plan, "proposed", True)

    too_soon = world.post(f"{AT_SCHOOL}/publications", {}, "principal")
    assert too_soon.status_code == 409

    for _ in range(2):
        accepted = world.post(f"{AT_SCHOOL}/plans/{plan}/accept", who="principal")
        assert (accepted.status_code, accepted.get_json()["state"]) == (200, "accepted")
    assert world.post(f"{AT_SCHOOL}/plans/{plan}/withdraw", who="principal").get_json()["state"] == "proposed"
    assert world.post(f"{AT_SCHOOL}/plans/{plan}/accept", who="principal").get_json()["state"] == "accepted"
    assert world.post(f"{AT_SCHOOL}/plans/{plan}/refuse", who="principal").status_code == 409

    for _ in range(2):
        published = world.post(f"{AT_SCHOOL}/publications", {"plan": plan}, "principal")
        assert (published.status_code, published.get_json()["number"]) == (200, 1)
    (head,) = world.get(f"{AT_SCHOOL}/publications", "teacher").get_json()["publications"]
    assert (head["number"], head["plan_id"], head["is_kept"]) == (1, plan, True)
    assert head["published_by"] == "principal@example.org"
    assert world.get(AT_SCHOOL).get_json()["state"] == "published"


def test_a_proposal_is_refused(world: World) -> None:
    plan = proposed(world)
    assert world.post(f"{AT_SCHOOL}/plans/{plan}/refuse", who="principal").get_json()["state"] == "refused"
    assert world.post(f"{AT_SCHOOL}/plans/{plan}/accept", who="principal").status_code == 409
    assert world.post(f"{AT_SCHOOL}/plans/{plan + 1}/accept", who="principal").status_code == 404
