"""Who may come to which page of a region: every route for every role, by a few rules that need no list of routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from region_site import REGION, Site
from scope_world import everything

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.routing import Rule

    from scheduler.store import Store

SCHOOL = "0670001A"
FILLED = {"region": REGION, "school": SCHOOL}
"""What goes into the open places of addresses; whatever is not named gets a 1."""

PEOPLE = {
    "operator": ("operator", None),
    "region": ("region", None),
    "principal": ("principal", SCHOOL),
    "teacher": ("teacher", SCHOOL),
}
MAY_COME_IN = {"operator", "region"}


@pytest.fixture
def site(lite: Store, tmp_path: Path) -> Site:
    return Site(lite, tmp_path)


def routes(site: Site) -> list[tuple[str, Rule]]:
    """Give every method and route of a region's pages."""
    rules = [rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("region.")]
    assert len(rules) > 10
    return [(method, rule) for rule in rules for method in sorted(rule.methods or ()) if method in ("GET", "POST")]


def address(site: Site, rule: Rule, **other: str) -> str:
    with site.app.test_request_context():
        values = {name: (FILLED | other).get(name, 1) for name in rule.arguments}
        return site.app.url_for(rule.endpoint, **values)


def token(site: Site) -> str:
    """Give a token that the browser's cookie belongs to."""
    page = site.browser.get("/account").text + site.browser.get("/sign-in").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("who", PEOPLE)
def test_only_who_looks_after_the_region_comes_in(site: Site, who: str) -> None:
    role, school = PEOPLE[who]
    site.enter(f"{who}@x.fr", role, school)
    mine = token(site)
    before = everything(site.store)
    for method, rule in routes(site):
        if method == "POST" and who in MAY_COME_IN:
            continue  # what they may change is tried page by page
        answer = site.browser.open(
            address(site, rule), method=method, data={"csrf_token": mine} if method == "POST" else None
        )
        told = (method, rule.rule, answer.status_code)
        if who in MAY_COME_IN:
            assert answer.status_code in (200, 303, 404, 422), told
            if not rule.arguments - {"region"}:
                assert answer.status_code in (200, 303), told
        else:
            assert answer.status_code == 404, told
            assert "Little Region" not in answer.text.partition("<main")[2], told
    assert everything(site.store) == before


def test_whoever_looks_after_a_region_finds_no_other_one(site: Site) -> None:
    for method, rule in routes(site):
        data = {"csrf_token": token(site)} if method == "POST" else None
        here = address(site, rule, region="elsewhere")
        answer = site.browser.open(here, method=method, data=data)
        assert answer.status_code == 404, (method, rule.rule, answer.status_code)


def test_nobody_is_led_to_where_one_signs_in_and_changes_nothing(site: Site) -> None:
    site.browser = site.app.test_client()
    before = everything(site.store)
    mine = token(site)
    for method, rule in routes(site):
        data = {"csrf_token": mine} if method == "POST" else None
        answer = site.browser.open(address(site, rule), method=method, data=data)
        if method == "GET":
            assert answer.status_code == 303, rule.rule
            assert answer.location.startswith("/sign-in?next="), rule.rule
        else:
            assert answer.status_code == 401, rule.rule
    assert everything(site.store) == before


def test_every_post_asks_for_the_token_of_its_form(site: Site) -> None:
    """Even of whoever may do it: a foreign page must not be able to lend their cookie."""
    before = everything(site.store)
    for method, rule in routes(site):
        if method == "POST":
            assert site.browser.post(address(site, rule), data={}).status_code == 400, rule.rule
    assert everything(site.store) == before
