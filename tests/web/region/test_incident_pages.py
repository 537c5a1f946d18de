"""It is broken now: the form, the plan of the rest of the day, who is touched, and what people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from region_files import added
from region_site import REGION, Site, hidden_fields

from scheduler.service.adoption import adopt_run
from scheduler.service.capacities import list_capacities
from scheduler.service.publishing_all import publish_all
from scheduler.service.runs import list_runs

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

CROWDED = added(
    "sessions.csv",
    "0670001A,E2,TU,,10:00,55,6C,Mme Zorn,,maths,90,ent,,,,,,",
    "0670002B,E2,TU,,10:00,55,2C,M. Moder,,maths,90,ent,,,,,,",
)
BROKEN = {"platform": "ent", "meter": "connections", "how": "percent", "amount": "65", "to": "13:00", "lead": "10"}


@pytest.fixture
def site(lite: Store, tmp_path: Path) -> Site:
    """Give the region with a published plan at 7:30 on Tuesday morning."""
    site = Site(lite, tmp_path, CROWDED)
    adopt_run(site.store, OPERATORS, REGION, site.planned(), accept_all=True)
    publish_all(site.store, OPERATORS, REGION, processes=1)
    return site


def report(site: Site, **other: str) -> str:
    revision = hidden_fields(site.page("/incident"))["revision"]
    answer = site.send("/incident", "/incident", **BROKEN | other, revision=revision)
    assert answer.status_code == 303, answer.text
    site.work()
    return site.follow(answer)


def test_the_rest_of_the_day_is_planned_and_says_who_moves(site: Site) -> None:
    page = report(site, note="a disk is broken")
    assert "In 1 schools, 1 lessons or access windows begin or are served otherwise than published." in page
    assert "<td>maths</td>" in page
    assert "Accept for all schools and publish now" in page
    assert "un serveur est en panne" in page
    assert "a server is failing" in page
    shown = site.page("/incident")
    assert "Broken at this moment" in shown
    assert "a disk is broken" in shown


def test_nothing_works_needs_no_amount_and_ends_with_the_day(site: Site) -> None:
    report(site, how="down", amount="", to="")
    entry = list_capacities(site.store, OPERATORS, REGION).entries[-1].entry
    assert (entry.amount, entry.percent) == (-100.0, True)
    assert str(entry.end) == "2021-04-07 00:00:00"


def test_what_was_typed_comes_back_with_its_faults(site: Site) -> None:
    revision = hidden_fields(site.page("/incident"))["revision"]
    for wrong in ({"amount": "much"}, {"lead": "a while"}, {"lead": "999"}, {"how": "less", "amount": ""}):
        answer = site.send("/incident", "/incident", **BROKEN | wrong, revision=revision, note="half & half")
        assert answer.status_code == 422, wrong
        assert 'value="half &amp; half"' in answer.text
    assert len(list_runs(site.store, OPERATORS, REGION)) == 1


def test_it_works_again_with_one_click(site: Site) -> None:
    report(site)
    site.clock.turn(minutes=30)
    page = site.page("/incident")
    entry = list_capacities(site.store, OPERATORS, REGION).entries[-1]
    answer = site.send("/incident", f"/incident/{entry.id}/end", revision=hidden_fields(page)["revision"])
    assert "It counts as working from now on." in site.follow(answer)
    assert "Broken at this moment" not in site.page("/incident")
    again = site.send("/incident", "/incident/again", lead="10")
    site.work()
    assert "Who is touched?" in site.follow(again)


def test_on_another_day_the_page_says_that_it_cannot(site: Site) -> None:
    site.clock.turn(days=30)
    site.enter("later@region.fr", "region")
    assert "Today is not among the dates of the region" in site.page("/incident")
    revision = hidden_fields(site.page("/incident"))["revision"]
    answer = site.send("/incident", "/incident", **BROKEN, revision=revision)
    assert answer.status_code == 422
    assert "today is not among the dates of the region" in answer.text.lower()


def test_without_a_mail_server_nothing_is_sent(site: Site) -> None:
    report(site)
    answer = site.send("/runs/2", "/incident/runs/2/tell")
    assert "No mail server is set" in site.follow(answer)
