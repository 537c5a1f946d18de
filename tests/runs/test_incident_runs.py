"""A broken day from the outage to the calendars: the rest is planned again against what is published."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from icalendar import Calendar
from region_files import added
from region_site import REGION, Site

from scheduler.checking.check import check_plan
from scheduler.checking.proof import verify_bound
from scheduler.domain.runs import DONE
from scheduler.files.plan_folder import read_plan_folder
from scheduler.service.adoption import adopt_run
from scheduler.service.feed_addresses import give_address
from scheduler.service.incidents import broken_now, end_incident, plan_rest, report_incident
from scheduler.service.kept_regions import thaw
from scheduler.service.publishing_all import publish_all
from scheduler.service.run_folders import plan_of_run
from scheduler.service.runs import list_runs, run_status
from scheduler.store.runs import Runs

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.runs import Run
    from scheduler.store import Store

CROWDED = added(
    "sessions.csv",
    "0670001A,E1,TU,,08:00,55,6C,Mme Zorn,,SVT,90,ent,,,,,,",
    "0670001A,E2,TU,,10:00,55,6C,Mme Zorn,,maths,90,ent,,,,,,",
    "0670002B,E2,TU,,10:00,55,2C,M. Moder,,maths,90,ent,,,,,,",
)
"""On Tuesday at 10:00 the ENT serves 180 at once, and bears 400, so a plan may fill 300 of them."""

OUTAGE = {
    "platform": "ent",
    "meter": "connections",
    "from": "2021-04-06T09:00",
    "to": "2021-04-06T13:00",
    "kind": "change",
    "amount": "-65%",
    "note": "a disk is broken",
}
"""Leaves 140, of which a plan may fill 105: one of the two at 10:00."""


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Site:
    """Give the region with a published plan at 9:10 on Tuesday morning."""
    site = Site(store, tmp_path, CROWDED)
    adopt_run(site.store, OPERATORS, REGION, site.planned(), accept_all=True)
    assert not publish_all(site.store, OPERATORS, REGION, processes=1).failed
    site.clock.turn(hours=1, minutes=40)
    return site


def incident(site: Site, lead: int = 10) -> Run:
    done = report_incident(site.store, OPERATORS, REGION, OUTAGE, lead_minutes=lead, made_from=10**6)
    site.work()
    run = run_status(site.store, OPERATORS, REGION, done.run.number)
    assert run.state == DONE, run.failure
    return run


def calendar_of(site: Site, token: str) -> dict[str, tuple[dt.datetime, int]]:
    text = site.app.test_client().get(f"/feeds/{token}.ics").text
    events = Calendar.from_ical(text).walk("VEVENT")
    return {str(one["UID"]): (one["DTSTART"].dt, int(one["SEQUENCE"])) for one in events}


def test_one_of_the_two_moves_and_the_feed_carries_it(site: Site) -> None:
    """Both teachers' calendars before and after: the same entries, one of them later, with a higher sequence."""
    schools = {"0670001A": "Mme Zorn", "0670002B": "M. Moder"}
    tokens = [
        give_address(site.store, OPERATORS, REGION, key, "teacher", who, "en", "x") for key, who in schools.items()
    ]
    before = [calendar_of(site, token) for token in tokens]
    run = incident(site)
    assert run.status == "within_limits"
    assert run.report is not None
    assert sum(one["count"] for one in run.report["touched"]) == 1
    adopt_run(site.store, OPERATORS, REGION, run.number, accept_all=True)
    assert not publish_all(site.store, OPERATORS, REGION, processes=1).failed
    after = [calendar_of(site, token) for token in tokens]
    assert [set(one) for one in after] == [set(one) for one in before]
    moved = [
        (was, now[uid]) for one, now in zip(before, after, strict=True) for uid, was in one.items() if now[uid] != was
    ]
    ((start, sequence), (later, next_sequence)), *others = moved
    assert not others
    assert abs(later - start) >= dt.timedelta(minutes=5)
    assert next_sequence == sequence + 1


def test_the_report_names_who_is_touched_and_from_when_on(site: Site) -> None:
    run = incident(site)
    assert run.report is not None
    (school,) = run.report["touched"]
    (lesson,) = school["activities"]
    assert (lesson["subject"], lesson["from"]) == ("maths", "10:00")
    assert lesson["to"] >= "09:20"
    assert run.report["rest_of_day"] == {"date": "2021-04-06", "from": "09:20"}
    assert run.report["compared_with"] == "reference.csv"


def test_what_has_begun_stays_even_where_that_is_too_much(site: Site) -> None:
    """At 9:55 with ten minutes' notice both lessons of 10:00 are as good as begun."""
    site.clock.turn(minutes=45)
    run = incident(site)
    assert run.status == "overloaded"
    assert run.report is not None
    assert run.report["touched"] == []


def test_the_plan_folder_holds_by_the_check_and_its_proof_too(site: Site, tmp_path: Path) -> None:
    run = incident(site)
    plan_of_run(site.store, OPERATORS, REGION, run.number, tmp_path / "plan")
    with site.store.read() as work:
        frozen = Runs(work, OPERATORS.sees).frozen(run)
    assert frozen is not None
    region = thaw(site.store, frozen).region
    stored = read_plan_folder(tmp_path / "plan", region)
    assert check_plan(region, stored) == []
    assert verify_bound(region, stored) == []


def test_an_incident_touches_nothing_before_it_is_adopted(site: Site) -> None:
    run = incident(site)
    current = next(one for one in list_runs(site.store, OPERATORS, REGION) if one.adopted_at)
    assert current.number != run.number
    (broken,) = broken_now(site.store, OPERATORS, REGION)
    assert broken.entry.note == "a disk is broken"


def test_when_it_works_again_the_rest_goes_back(site: Site) -> None:
    first = incident(site)
    adopt_run(site.store, OPERATORS, REGION, first.number, accept_all=True)
    publish_all(site.store, OPERATORS, REGION, processes=1)
    site.clock.turn(minutes=10)
    (broken,) = broken_now(site.store, OPERATORS, REGION)
    end_incident(site.store, OPERATORS, REGION, broken.id, made_from=10**6)
    assert broken_now(site.store, OPERATORS, REGION) == ()
    again = plan_rest(site.store, OPERATORS, REGION, lead_minutes=10)
    site.work()
    done = run_status(site.store, OPERATORS, REGION, again.number)
    # Every change counts against what is published now: nothing needs to move any more.
    assert done.report is not None
    assert (done.status, done.report["touched"]) == ("within_limits", [])
