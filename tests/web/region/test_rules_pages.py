"""The rules of a region: settings, who waits, what one head asks, the platforms; tried, saved, undone, as files."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from households import OPERATORS
from region_site import REGION, Site, hidden_fields

from scheduler.service.audiences import audience_rows
from scheduler.service.region_settings import open_settings
from scheduler.service.region_tables import region_head

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store


@pytest.fixture
def site(lite: Store, tmp_path: Path) -> Site:
    return Site(lite, tmp_path)


def typed_in(page: str) -> dict[str, str]:
    """Read what stands in the fields of the settings."""
    found = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" type="[^"]+" required value="([^"]*)"', page))
    chosen = re.search(r'name="policy.move_together">.*?<option value="([^"]+)" selected>', page, re.S)
    assert chosen is not None
    return {name: unescape(value) for name, value in found.items()} | {"policy.move_together": chosen[1]}


def settings(site: Site) -> dict[str, Any]:
    return open_settings(site.store, OPERATORS, REGION).settings


def tried(site: Site, **other: str) -> str:
    fields = typed_in(site.page("/rules")) | {name.replace("__", "."): value for name, value in other.items()}
    answer = site.send("/rules", "/rules/try", **fields)
    assert answer.status_code == 200, answer.text
    return answer.text


def saved(site: Site, **other: str) -> str:
    fields = hidden_fields(tried(site, **other))
    return site.follow(site.send("/rules", "/rules/save", **{name: unescape(one) for name, one in fields.items()}))


def test_other_settings_are_shown_before_they_are_saved(site: Site) -> None:
    before = settings(site)
    page = tried(site, policy__max_shift_minutes="45", policy__lunch__minutes="40")
    assert "Lessons move by so many minutes at most: 60 → 45" in page
    assert "Lunch lasts (minutes): 45 → 40" in page
    assert "only a new plan follows these rules" in page
    assert settings(site) == before
    saved(site, policy__max_shift_minutes="45", policy__lunch__minutes="40", policy__move_together="half-day")
    policy = settings(site)["policy"]
    assert (policy["max_shift_minutes"], policy["lunch"]["minutes"], policy["move_together"]) == (45, 40, "half-day")
    assert "Nothing: all of it is in force already." in tried(site)


def test_another_share_shows_what_the_plan_would_lack(site: Site) -> None:
    site.planned()
    assert re.search(r"is short of \d+ connections?", tried(site, policy__target_utilisation="5"))
    saved(site, policy__target_utilisation="72,5")
    assert settings(site)["policy"]["target_utilisation"] == 0.725


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("policy__max_shift_minutes", "far"),
        ("policy__max_shift_minutes", "7"),
        ("policy__target_utilisation", "150"),
        ("last_date", "2021-04-01"),
        ("timezone", "Europe/Nowhere"),
        ("day__end", "06:00"),
        ("name", ""),
    ],
)
def test_what_cannot_be_comes_back_as_it_was_typed(site: Site, name: str, text: str) -> None:
    before = settings(site)
    fields = typed_in(site.page("/rules")) | {name.replace("__", "."): text}
    answer = site.send("/rules", "/rules/try", **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert typed_in(answer.text)[name.replace("__", ".")] == text
    assert settings(site) == before


def test_a_change_is_told_and_undone(site: Site) -> None:
    page = saved(site, policy__break_minutes="10", policy__target_utilisation="60")
    assert "75 → 60" in page
    number = re.findall(r"/rules/undo/(\d+)", page)[0]
    site.follow(site.send("/rules", f"/rules/undo/{number}"))
    policy = settings(site)["policy"]
    assert (policy["break_minutes"], policy["target_utilisation"]) == (5, 0.75)


WINDOW = {
    "window": "noon",
    "audience": "grandparents",
    "day": "WE",
    "weeks": "",
    "heads": "30",
    "minutes": "20",
    "platforms": "ent",
    "activity": "",
    "usual_start": "12:00",
    "earliest": "11:00",
    "latest": "14:00",
    "weight": "",
}


def revision(site: Site) -> str:
    return str(open_settings(site.store, OPERATORS, REGION).revision)


def windows(site: Site) -> dict[str, dict[str, str]]:
    return {row["window"]: row for row in audience_rows(site.store, OPERATORS, REGION)}


def test_parents_wait_until_three(site: Site) -> None:
    page = site.follow(site.send("/rules/access", "/rules/access/between", audience="", earliest="17:30", latest=""))
    assert "It is saved" in page
    row = windows(site)["evening"]
    assert (row["earliest"], row["latest"], row["usual_start"]) == ("17:30", "19:00", "17:30")
    site.planned()


def test_a_window_is_added_changed_and_withdrawn(site: Site) -> None:
    site.follow(site.send("/rules/access", "/rules/access", revision=revision(site), **WINDOW))
    site.follow(site.send("/rules/access", "/rules/access", revision=revision(site), **WINDOW | {"heads": "31"}))
    assert windows(site)["noon"]["heads"] == "31"
    place = list(windows(site)).index("noon")
    site.follow(site.send("/rules/access", "/rules/access/withdraw", revision=revision(site), row=str(place)))
    assert set(windows(site)) == {"evening"}


def test_a_window_that_cannot_be_comes_back(site: Site) -> None:
    wrong = WINDOW | {"heads": "some", "latest": "11:05"}
    answer = site.send("/rules/access", "/rules/access", revision=revision(site), **wrong)
    assert answer.status_code == 422
    assert 'value="grandparents"' in answer.text
    assert set(windows(site)) == {"evening"}


def usage(site: Site) -> list[tuple[str, str, float]]:
    return [(one.activity, one.platform, one.share) for one in region_head(site.store, OPERATORS, REGION).usage]


def test_usage_has_a_picture_and_rows_that_add_up(site: Site) -> None:
    page = site.page("/rules/usage")
    assert page.count('class="curve head"') == 4
    row = {"activity": "live", "platform": "ent", "meter": "connections", "from_minute": "end", "to_minute": "end+60"}
    site.follow(site.send("/rules/usage", "/rules/usage", revision=revision(site), **row, share="0,4"))
    assert ("live", "ent", 0.4) in usage(site)
    site.planned()


def test_an_activity_keeps_loading_what_timetables_may_use(site: Site) -> None:
    rows = usage(site)
    place = str([one[0] for one in rows].index("async"))
    answer = site.send("/rules/usage", "/rules/usage/withdraw", revision=revision(site), row=place)
    assert answer.status_code == 422
    assert "share of 0" in answer.text
    assert usage(site) == rows


def test_platforms_are_renamed_and_go_only_when_nothing_names_them(site: Site) -> None:
    row = {"platform": "ent", "name": "Notre ENT", "kind": "ent"}
    site.follow(site.send("/rules/platforms", "/rules/platforms", revision=revision(site), **row))
    site.follow(
        site.send("/rules/platforms", "/rules/platforms", revision=revision(site), platform="new", name="", kind="")
    )
    named = {one.key: one.name for one in region_head(site.store, OPERATORS, REGION).platforms}
    assert named == {"ent": "Notre ENT", "bbb": "BigBlueButton", "new": "new"}
    keys = list(named)
    for key, status in (("bbb", 422), ("new", 303)):
        place = str(keys.index(key))
        answer = site.send("/rules/platforms", "/rules/platforms/withdraw", revision=revision(site), row=place)
        assert answer.status_code == status, answer.text
        keys = [one.key for one in region_head(site.store, OPERATORS, REGION).platforms]
    assert set(keys) == {"ent", "bbb"}


@pytest.mark.parametrize("table", ["access", "usage"])
@pytest.mark.parametrize("form", ["", "?form=excel"])
def test_files_go_out_and_come_back_as_they_were(site: Site, table: str, form: str) -> None:
    before = windows(site), usage(site)
    out = site.get(f"/rules/{table}.csv{form}").data
    fields = {"file": (io.BytesIO(out), f"{table}.csv"), "revision": revision(site)}
    site.follow(site.send(f"/rules/{table}", f"/rules/{table}/file", **fields))
    assert (windows(site), usage(site)) == before


def test_there_is_no_other_table(site: Site) -> None:
    assert site.get("/rules/people").status_code == 404
    assert site.get("/rules/people.csv").status_code == 404
