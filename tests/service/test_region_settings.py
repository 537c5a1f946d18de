"""Settings and calendar are replaced as a whole, by the rules of their files, with what was in the audit log."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from kept import COLLEGE, KEY, keep_region, principal, region_head
from region_files import ACCESS

from scheduler.domain.calendar import Closure, Period, Week
from scheduler.domain.people import EVERYTHING
from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.service.capacities import list_capacities, withdraw_capacity
from scheduler.service.kept_regions import head_of
from scheduler.service.region_edits import history
from scheduler.service.region_settings import (
    change_settings,
    open_settings,
    replace_closures,
    replace_periods,
    replace_weeks,
)
from scheduler.store import Store, audit

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region

FIRST, LAST = dt.date(2021, 4, 6), dt.date(2021, 4, 7)
DATES = {"first_date": "2021-04-06", "last_date": "2021-04-07"}


@pytest.fixture
def actor(store: Store) -> Actor:
    keep_region(store)
    return region_head(store)


def head(store: Store) -> Region:
    with store.read() as work:
        return head_of(work, EVERYTHING, KEY)


def test_settings_are_changed_and_the_log_says_what_they_were(store: Store, actor: Actor) -> None:
    found = open_settings(store, actor, KEY)
    found.settings["last_date"] = "2021-04-16"
    found.settings["day"]["end"] = "20:00"
    found.settings["policy"] |= {"max_shift_minutes": 45, "move_together": "day"}
    found.settings["policy"]["lunch"]["minutes"] = 50
    edited = change_settings(store, actor, KEY, found.settings, made_from=found.revision)
    region = head(store)
    assert (region.grid.last_date, region.grid.day_end) == (dt.date(2021, 4, 16), 1200)
    assert (region.policy.max_shift_minutes, region.policy.move_together, region.policy.lunch.minutes) == (
        45,
        "day",
        50,
    )
    assert open_settings(store, actor, KEY).settings == found.settings
    assert not change_settings(store, actor, KEY, found.settings, made_from=found.revision).changed
    (done,) = history(store, actor, KEY, "settings")
    assert done.before == {
        "last_date": "2021-04-09",
        "day.end": "19:00",
        "policy.max_shift_minutes": 60,
        "policy.move_together": "session",
        "policy.lunch.minutes": 45,
    }
    assert done.after["policy.lunch.minutes"] == 50
    assert (edited.revision, open_settings(store, actor, KEY).revision) == (found.revision + 1, found.revision + 1)


def test_faulty_settings_are_told_all_at_once(store: Store, actor: Actor) -> None:
    found = open_settings(store, actor, KEY)
    found.settings["policy"] |= {"max_shift_minutes": 7, "target_utilisation": "much"}
    del found.settings["name"]
    with pytest.raises(FaultyInput) as caught:
        change_settings(store, actor, KEY, found.settings | {"colour": "red"}, made_from=found.revision)
    assert [str(fault.what) for fault in caught.value.faults] == [
        "the key “name” is missing",
        "“policy.target_utilisation” is of the wrong kind",
        "“policy.max_shift_minutes” is 7, not a multiple of the slot",
        "the key “colour” is unknown",
    ]
    assert open_settings(store, actor, KEY).revision == found.revision


def test_a_day_that_timetables_in_force_go_beyond_is_refused(store: Store, actor: Actor) -> None:
    found = open_settings(store, actor, KEY)
    for day, said in (
        ({"start": "08:05"}, "from 08:05 to 19:00, among them those of 0670001A;"),
        ({"end": "14:00"}, "from 07:30 to 14:00, among them those of access.csv, 0670001A, 0670002B;"),
    ):
        with pytest.raises(Refused) as caught:
            change_settings(store, actor, KEY, found.settings | {"day": day}, made_from=found.revision)
        assert said in str(caught.value)
    change_settings(store, actor, KEY, found.settings | {"day": {"start": "08:00"}}, made_from=found.revision)
    assert head(store).grid.day_start == 480


def test_weeks_that_let_two_windows_of_one_key_meet_are_refused(store: Store) -> None:
    header, *rows = ACCESS.splitlines()
    rows += [
        f"{COLLEGE},visit,parents,2021-04-08,,4,10,ent" + "," * 5,
        f"{COLLEGE},visit,parents,TH,A,4,10,ent" + "," * 5,
    ]
    keep_region(store, {"access.csv": "\n".join([header, *rows])})
    actor = region_head(store)
    revision = open_settings(store, actor, KEY).revision
    week = {"monday": "2021-04-05", "week": "A"}
    with pytest.raises(FaultyInput, match="“visit” can fall on a date"):
        replace_weeks(store, actor, KEY, [week], made_from=revision)
    assert head(store).calendar.weeks == ()
    replace_weeks(store, actor, KEY, [week | {"school": "0670002B"}], made_from=revision)


def test_the_calendar_is_replaced_table_by_table(store: Store, actor: Actor) -> None:
    revision = open_settings(store, actor, KEY).revision
    replace_periods(store, actor, KEY, [DATES | {"level": "lower_secondary"}], made_from=revision)
    replace_closures(store, actor, KEY, [DATES | {"school": COLLEGE, "note": "flood"}], made_from=revision)
    replace_weeks(store, actor, KEY, [{"monday": "2021-04-05", "week": "a"}], made_from=revision)
    calendar = head(store).calendar
    assert calendar.periods == (Period("lower_secondary", FIRST, LAST),)
    assert calendar.closures == (Closure(COLLEGE, FIRST, LAST, "flood"),)
    assert calendar.weeks == (Week("", dt.date(2021, 4, 5), "A"),)
    found = open_settings(store, actor, KEY)
    assert (found.periods, found.revision) == ([DATES | {"level": "lower_secondary"}], revision + 3)
    assert not replace_weeks(store, actor, KEY, found.weeks, made_from=found.revision).changed
    replace_periods(store, actor, KEY, [], made_from=found.revision)
    assert head(store).calendar.periods == ()
    replace_periods(store, actor, KEY, None, made_from=found.revision)
    assert head(store).calendar.periods is None
    told = [(done.before, done.after) for done in history(store, actor, KEY, "periods")]
    assert told == [([], None), (found.periods, []), (None, found.periods)]
    with store.read() as work:
        assert audit.verify(work) == []


def test_faulty_rows_are_told_all_at_once(store: Store, actor: Actor) -> None:
    revision = open_settings(store, actor, KEY).revision
    rows = [DATES, {"school": "X", "first_date": "2021-04-31", "last_date": "2021-04-01"}]
    with pytest.raises(FaultyInput) as caught:
        replace_closures(store, actor, KEY, rows, made_from=revision)
    assert [(fault.line, str(fault.what)) for fault in caught.value.faults] == [
        (3, "school “X” is not in schools.csv"),
        (3, "first_date “2021-04-31” is not a date"),
    ]
    with pytest.raises(FaultyInput, match="is not a Monday"):
        replace_weeks(store, actor, KEY, [{"monday": "2021-04-06", "week": "A"}], made_from=revision)


def test_edits_of_different_tables_do_not_cross_and_those_of_one_do(store: Store, actor: Actor) -> None:
    other = region_head(store, "other")
    revision = open_settings(store, actor, KEY).revision
    replace_closures(store, other, KEY, [DATES], made_from=revision)
    replace_periods(store, actor, KEY, [DATES], made_from=revision)
    first = list_capacities(store, actor, KEY).entries[0]
    withdraw_capacity(store, actor, KEY, first.id, made_from=revision)
    with pytest.raises(Refused, match="other@"):
        replace_closures(store, actor, KEY, [], made_from=revision)
    assert len(head(store).calendar.closures) == 1


def test_settings_are_of_those_who_hold_the_region(store: Store, actor: Actor) -> None:
    found = open_settings(store, actor, KEY)
    school = principal(store, COLLEGE)
    with pytest.raises(NotThere):
        open_settings(store, school, KEY)
    with pytest.raises(NotThere):
        change_settings(store, school, KEY, found.settings, made_from=found.revision)
    with pytest.raises(NotThere):
        replace_weeks(store, school, KEY, [], made_from=found.revision)
