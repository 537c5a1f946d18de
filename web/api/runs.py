"""Planning runs of a region."""

from __future__ import annotations

from flask import Response, url_for

from scheduler.service import runs
from web.api.gate import OF_CHANGES, api_blueprint, as_json
from web.api.shapes import InRegion, OfRun, OneRun, RunHead, RunList, RunsWanted, RunWanted
from web.house import house
from web.presence import actor

blueprint = api_blueprint("runs", "Planning runs of a region")


@blueprint.get("/regions/<region>/runs", responses={200: RunList, 304: None})
def list_runs(path: InRegion, query: RunsWanted) -> Response:
    """List planning runs, newest first."""
    found = runs.list_runs(house().store, actor(), path.region, most=query.most, before=query.before)
    return as_json(RunList(runs=[RunHead.of(run) for run in found]))


@blueprint.post("/regions/<region>/runs", responses={201: OneRun, **OF_CHANGES})
def start_run(path: InRegion, body: RunWanted) -> Response:
    """Start a planning run of the region as it is now."""
    run = runs.start_run(house().store, actor(), path.region, body.options())
    return as_json(OneRun.of(run), 201, Location=url_for("runs.show_run", region=run.region, number=run.number))


@blueprint.get("/regions/<region>/runs/<number>", responses={200: OneRun, 304: None})
def show_run(path: OfRun) -> Response:
    """Show a planning run; while it goes, ask again with If-None-Match."""
    return as_json(OneRun.of(runs.run_status(house().store, actor(), path.region, path.number)))


@blueprint.post("/regions/<region>/runs/<number>/stop", responses={200: OneRun, **OF_CHANGES})
def stop_run(path: OfRun) -> Response:
    """Stop a planning run and keep the best plan so far; stopping twice changes nothing."""
    return as_json(OneRun.of(runs.stop_run(house().store, actor(), path.region, path.number)))
