"""The calendar of a region: periods, closures and weeks by hand, holidays from the official calendars, all undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from region_files import REGION as REGION_TOML
from region_files import added
from region_site import REGION, Site, hidden_fields

from scheduler.service.days_off import days_off
from scheduler.service.region_settings import open_settings, replace_closures

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.service.region_settings import RegionInput
    from scheduler.store import Store


@pytest.fixture
def site(lite: Store, tmp_path: Path) -> Site:
    return Site(lite, tmp_path)


def kept(site: Site) -> RegionInput:
    return open_settings(site.store, OPERATORS, REGION)


def send(site: Site, address: str, **fields: object) -> str:
    revision = str(kept(site).revision)
    return site.follow(site.send("/calendar", f"/calendar/{address}", revision=revision, **fields))


def test_dates_of_a_level_are_added_and_withdrawn(site: Site) -> None:
    assert "Every one of them is taught at a distance" in site.page("/calendar")
    dates = {"first_date": "2021-04-06", "last_date": "2021-04-07"}
    page = send(site, "periods", level="lower_secondary", **dates)
    assert kept(site).periods == [{"level": "lower_secondary", **dates}]
    assert "lower secondary: Tuesday 6 April to Wednesday 7 April" in page
    send(site, "periods/withdraw", row="0")
    assert kept(site).periods == []
    assert "No date: nothing is taught at a distance." in site.page("/calendar")
    send(site, "periods/all")
    assert kept(site).periods is None


def test_a_closure_of_one_school_and_of_all(site: Site) -> None:
    send(site, "closures", school="0670001A", first_date="2021-04-08", last_date="2021-04-08", note="works")
    page = send(site, "closures", school="", first_date="2021-04-09", last_date="2021-04-09", note="")
    assert "Collège du Rhin" in page
    assert "every school, and the audiences of the region" in page
    assert [row["school"] for row in kept(site).closures] == ["0670001A", ""]


def test_what_was_typed_comes_back_with_its_fault(site: Site) -> None:
    fields = {"school": "9999999Z", "first_date": "2021-04-08", "last_date": "2021-04-01", "note": "a & b"}
    answer = site.send("/calendar", "/calendar/closures", revision=str(kept(site).revision), **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="9999999Z"' in answer.text
    assert 'value="a &amp; b"' in answer.text
    assert kept(site).closures == []


def test_weeks_have_letters(site: Site) -> None:
    page = send(site, "weeks", school="", monday="2021-04-05", week="B")
    assert "week of Monday 5 April: B" in page
    answer = site.send("/calendar", "/calendar/weeks", revision=str(kept(site).revision), monday="2021-04-06", week="A")
    assert answer.status_code == 422  # no Monday


def test_each_change_can_be_undone(site: Site) -> None:
    send(site, "closures", school="", first_date="2021-04-09", last_date="2021-04-09", note="x")
    page = send(site, "closures/withdraw", row="0")
    assert kept(site).closures == []
    number = re.findall(r"/calendar/undo/closures/(\d+)", page)[0]
    send(site, f"undo/closures/{number}")
    assert [row["note"] for row in kept(site).closures] == ["x"]


def test_a_row_is_not_withdrawn_in_the_place_of_another(site: Site) -> None:
    send(site, "closures", school="", first_date="2021-04-09", last_date="2021-04-09", note="first")
    seen = hidden_fields(site.page("/calendar"))["revision"]
    rows = [{"school": "", "first_date": "2021-04-08", "last_date": "2021-04-08", "note": "new"}, *kept(site).closures]
    replace_closures(site.store, OPERATORS, REGION, rows, made_from=int(seen))
    answer = site.send("/calendar", "/calendar/closures/withdraw", revision=seen, row="0")
    assert "Something was changed meanwhile" in site.follow(answer)
    assert len(kept(site).closures) == 2


def with_easter(lite: Store, folder: Path) -> Site:
    """Bring the region with a horizon from Good Friday to the spring holidays, and a third school in Nancy."""
    changes = added("schools.csv", "0540003C,Collège de la Meurthe,lower_secondary,Nancy-Metz,300")
    text = REGION_TOML.replace("2021-04-06", "2021-04-02").replace("2021-04-09", "2021-04-27")
    return Site(lite, folder, {**changes, "region.toml": text})


def test_holidays_are_those_of_the_academy_and_the_department(lite: Store, tmp_path: Path) -> None:
    site = with_easter(lite, tmp_path)
    found = {(one.name, one.where): one for one in days_off(site.store, OPERATORS, REGION)}
    friday = found["Vendredi saint", "067"]
    assert friday.schools == ("0670001A", "0670002B")  # not in the Meurthe
    assert found["Lundi de Pâques", ""].schools == ("",)
    spring = [one for one in found.values() if one.kind == "school"]
    # In April 2021 all zones had the same holidays, from the 10th to the 25th.
    assert {(one.where, str(one.first_date), str(one.last_date)) for one in spring} == {
        ("Strasbourg", "2021-04-10", "2021-04-25"),
        ("Nancy-Metz", "2021-04-10", "2021-04-25"),
    }


def test_holidays_are_taken_over_with_one_click_and_only_once(lite: Store, tmp_path: Path) -> None:
    site = with_easter(lite, tmp_path)
    friday = next(one for one in days_off(site.store, OPERATORS, REGION) if one.name == "Vendredi saint")
    page = send(site, "take", days=friday.key)
    assert "taken over" in page
    assert [row["school"] for row in kept(site).closures] == ["0670001A", "0670002B"]
    send(site, "take", days=friday.key)
    assert len(kept(site).closures) == 2
    assert site.send("/calendar", "/calendar/take", revision="0", days="nothing").status_code == 404
