"""How long each page of a region takes at the size of a region: asked of the application, without a network."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import TYPE_CHECKING

from benchmarks.databases import fresh_store, kinds
from benchmarks.tables import Table, whole
from scheduler.domain.people import service_actor
from scheduler.domain.runs import USUAL, RunOptions
from scheduler.runs.worker import Worker
from scheduler.service.people import invite
from scheduler.service.region_frame import frame_of
from scheduler.service.regions import import_region
from scheduler.service.runs import RunWanted, start_run
from scheduler.service.sign_in import take_up
from scheduler.settings import read_settings
from web import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from benchmarks.figures import Figures
    from benchmarks.instances import Instances
    from scheduler.store import Store

SCHOOLS = (4000,)
PART = "pages"
COLUMNS = ("schools", "database", "page", "times", "median", "slowest", "size", "target", "× former")
KEY, EMAIL, PASSWORD = "region", "region@example.org", "four words for a benchmark"
ACTOR = service_actor("benchmark")
TIMES = 7
TARGET = 0.3
"""Seconds that any page may take (median)."""
GAP, SECONDS = 0.05, 240.0
LEFT_OUT = {"region.export", "region.progress", "region.scenario_progress"}
"""Files, and parts of pages that are fetched beside them."""


def pages(instances: Instances, figures: Figures, schools: tuple[int, ...]) -> None:
    """Print the table: every page of a region on every database that there is here."""
    table = Table("Pages", COLUMNS)
    for count in schools:
        folder = instances.whole_france(count)
        for kind in kinds():
            with fresh_store(kind, instances.folder) as store:
                import_region(store, ACTOR, folder, KEY)
                _plan(store)
                app = create_app(
                    read_settings({"ETALE_DATA": str(instances.folder), "ETALE_SECRET_KEY": "x" * 40}), store
                )
                client = _signed_in(app, store)
                for name, address in _addresses(app):
                    _measure(table, figures, (count, kind, name), client, address)


def _plan(store: Store) -> None:
    """Have the usual times looked at, and one date planned."""
    frame = frame_of(store, ACTOR, KEY)
    start_run(store, ACTOR, KEY, RunOptions(), wanted=RunWanted(purpose=USUAL))
    date = frame.first_date + dt.timedelta(days=1)
    start_run(store, ACTOR, KEY, RunOptions(gap=GAP, time_limit=SECONDS), wanted=RunWanted((date, date)))
    Worker(store, "benchmark", 300.0, lambda _: None).work(once=True)


def _signed_in(app: Flask, store: Store) -> FlaskClient:
    token = invite(store, ACTOR, EMAIL, "region", KEY).token
    take_up(store, str(token), PASSWORD)
    client = app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    form = {"csrf_token": found[1] if found else "", "email": EMAIL, "password": PASSWORD}
    client.post("/sign-in", data=form)
    return client


def _addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Give every page of a region, with the second run, the first entry and so on in its address."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if (
                not rule.endpoint.startswith("region.")
                or "GET" not in (rule.methods or ())
                or rule.endpoint in LEFT_OUT
            ):
                continue
            values = {"region": KEY, "number": 2, "table": "access", "entry": 1, "school": "0010001W"}
            if rule.arguments <= values.keys():
                address = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
                yield rule.endpoint.removeprefix("region."), address


def _measure(table: Table, figures: Figures, case: tuple[int, str, str], client: FlaskClient, address: str) -> None:
    count, kind, page = case
    seconds, size = [], 0
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = client.get(address)
        seconds.append(time.perf_counter() - begun)
        size = len(answer.data)
        if answer.status_code != 200:
            return
    seconds.sort()
    median = seconds[len(seconds) // 2]
    name = f"{count} schools, {kind}, {page}"
    table.row(
        *(whole(count), kind, page, str(TIMES), f"{1000 * median:.0f} ms", f"{1000 * seconds[-1]:.0f} ms"),
        f"{size / 1024:.0f} KiB",
        f"{1000 * TARGET:.0f} ms{'' if median <= TARGET else ', missed'}",
        figures.ratio(PART, name, "seconds", median),
    )
    figures.keep(PART, name, seconds=median)
