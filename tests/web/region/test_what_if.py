"""The page of what-if scenarios: forms filled in with what the region has, the tried ones side by side, adopting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import households
import pytest
from little_work import LITTLE
from run_regions import ACTOR, KEY, brought, worker
from webs import app_on

from scheduler.domain.runs import RunOptions
from scheduler.runs import planning
from scheduler.service.runs import list_runs, start_run
from scheduler.service.scenarios import list_scenarios, scenario_ground

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from scheduler.store import Store

PAGE = f"/regions/{KEY}/what-if"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(scope="module", autouse=True)
def _less_work() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(planning, "SolveParams", LITTLE)
        yield


@pytest.fixture
def kept(lite: Store, tmp_path: Path) -> Store:
    """Bring a crowded region."""
    brought(lite, tmp_path / "region", sessions=4, capacity=60)
    return lite


def signed_in(store: Store, tmp_path: Path, *, role: str = "region", region: str | None = KEY) -> FlaskClient:
    """Give a browser of somebody who is signed in."""
    secret = households.newcomer(store, f"{role}@x.fr", role, region)
    browser = app_on(store, tmp_path).test_client()
    browser.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return browser


@pytest.fixture
def browser(kept: Store, tmp_path: Path) -> FlaskClient:
    """Give the browser of whoever looks after the region."""
    return signed_in(kept, tmp_path)


def send(browser: FlaskClient, to: str = PAGE, **fields: str) -> TestResponse:
    """Send the page's form as it stands, with some fields filled in otherwise."""
    shown = browser.get(PAGE, headers=ENGLISH).text
    found = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" type="[^"]+" value="([^"]*)"', shown))
    chosen = re.findall(r'<select id="([^"]+)".*?<option value="([^"]*)" selected', shown, re.DOTALL)
    (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', shown)
    data = found | dict(chosen) | fields | {"csrf_token": token}
    return browser.post(to, data=data, headers=ENGLISH)


def test_ready_made_scenarios_are_filled_in_with_what_the_region_has(browser: FlaskClient) -> None:
    shown = browser.get(PAGE, headers=ENGLISH).text
    assert "There is no plan yet to compare them with" in shown
    assert 'value="ent/connections" selected' in shown
    assert 'id="outage-from" name="outage-from" type="datetime-local" value="2021-04-06T09:00"' in shown
    # One platform, no levels and no long sign-in: what cannot be tried is not proposed.
    assert not {"try-closed", "try-level", "try-idle"} & set(re.findall(r'name="(try-[a-z]+)"', shown))


def test_the_address_can_fill_the_form_in(browser: FlaskClient) -> None:
    shown = browser.get(f"{PAGE}?try-raise=1&raise-amount=12300", headers=ENGLISH).text
    assert re.search(r'name="try-raise" value="1" checked', shown)
    assert 'name="raise-amount" type="text" value="12300"' in shown


def test_several_ticked_ones_are_tried_each_on_its_own_or_together(browser: FlaskClient, kept: Store) -> None:
    ticked = {"try-raise": "1", "try-shift": "1"}
    assert send(browser, **ticked).status_code == 303
    assert send(browser, **ticked, together="1").status_code == 303
    titles = [run.title for run in reversed(list_runs(kept, ACTOR, KEY))]
    assert titles[:2] == [
        "6 connections more on Mon ENT, from Tuesday 6 April to Friday 9 April",
        "Sessions may move by 75 minutes at most",
    ]
    assert titles[2] == "; ".join(titles[:2])


def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(browser: FlaskClient, kept: Store) -> None:
    fields = {"try-raise": "1", "raise-amount": "lots", "try-target": "1", "target-share": "120", "gap": "7"}
    answer = send(browser, **fields)
    assert answer.status_code == 422
    assert 'id="raise-amount-fault">This is no number; write one' in answer.text
    assert 'value="lots"' in answer.text
    assert 'value="7"' in answer.text
    answer = send(browser, **(fields | {"raise-amount": "5"}))
    assert 'id="target-share-fault">This is no share in per cent' in answer.text
    answer = send(browser)
    assert "Choose what would change" in answer.text
    answer = send(browser, **{"try-raise": "1", "gap": "many"})
    assert (answer.status_code, "gap-fault" in answer.text) == (422, True)
    assert list_scenarios(kept, ACTOR, KEY) == []


def test_scenarios_stand_beside_the_current_plan_and_one_is_adopted(browser: FlaskClient, kept: Store) -> None:
    start_run(kept, ACTOR, KEY, RunOptions(gap=0.1))
    worker(kept).work(once=True)
    send(browser, **{"try-raise": "1", "raise-amount": "500", "try-audience": "1", "close": "1"})
    going = browser.get(PAGE, headers=ENGLISH).text
    assert "Being tried" in going
    assert "waiting for a worker" in browser.get(f"{PAGE}/progress", headers=ENGLISH).text
    worker(kept).work(once=True)
    assert 'data-ended="1"' in browser.get(f"{PAGE}/progress", headers=ENGLISH).text
    shown = browser.get(PAGE, headers=ENGLISH).text
    assert "Current plan, no. 1" in shown
    assert "plan no. 1" in shown
    assert re.search(
        r'Overload in connection-minutes</th>(<td class="number">[^<]+</td>){2}<td class="number best">', shown
    )
    assert shown.count("<figure>") == 2 * 3
    revision = str(scenario_ground(kept, ACTOR, KEY).revision)
    assert send(browser, f"{PAGE}/2/adopt", made_from=revision).status_code == 303
    told = browser.get(PAGE, headers=ENGLISH).text
    assert "Adopted: 500 connections more on Mon ENT" in told
    assert scenario_ground(kept, ACTOR, KEY).region.capacities[-1].amount == 500
    send(browser, f"{PAGE}/2/hide")
    assert [run.number for run in list_scenarios(kept, ACTOR, KEY)] == [3]
