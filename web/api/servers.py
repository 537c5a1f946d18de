"""A region's servers: is the week safe, loads by slot, capacities; and tasks: accept, publish."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Response

from scheduler.errors import Fault, FaultyInput
from scheduler.service import capacities, tasks
from scheduler.service.overview import laid_out, week_of
from scheduler.service.run_views import views_of_runs
from scheduler.wording import T
from web.api.gate import OF_CHANGES, api_blueprint, as_json
from web.api.region_shapes import (
    AcceptWanted,
    Edited,
    EntryList,
    EntryWanted,
    LoadList,
    LoadsWanted,
    OfEntry,
    OfTask,
    OneEntry,
    OneTask,
    OneWeek,
    PublishWanted,
    RevisionWanted,
    TaskList,
    WeekWanted,
)
from web.api.shapes import InRegion, OfRun
from web.house import house
from web.languages import language
from web.presence import actor

if TYPE_CHECKING:
    from scheduler.service.capacities import EnteredCapacity

blueprint = api_blueprint("servers", "A region's servers, and what is done with its plans")


@blueprint.get("/regions/<region>/week", responses={200: OneWeek, 304: None})
def show_week(path: InRegion, query: WeekWanted) -> Response:
    """Say whether a week is safe; without a date, the coming one."""
    week = week_of(house().store, actor(), path.region, query.date)
    return as_json(OneWeek.of(week, laid_out(week.view, language(), most=0)))


@blueprint.get("/regions/<region>/loads", responses={200: LoadList, 304: None})
def show_loads(path: InRegion, query: LoadsWanted) -> Response:
    """Give loads by slot: of a run, or by the plan that is in force."""
    if query.run is None:
        view = week_of(house().store, actor(), path.region, query.date).view
    else:
        (view,) = views_of_runs(house().store, actor(), path.region, [query.run])
    return as_json(LoadList.of(view, query.platform, query.meter))


@blueprint.get("/regions/<region>/capacities", responses={200: EntryList, 304: None})
def list_entries(path: InRegion) -> Response:
    """List the capacity entries, in the order of capacity.csv."""
    listed = capacities.list_capacities(house().store, actor(), path.region)
    return as_json(EntryList(revision=listed.revision, entries=[OneEntry.of(one) for one in listed.entries]))


@blueprint.post("/regions/<region>/capacities", responses={201: Edited, **OF_CHANGES})
def enter(path: InRegion, body: EntryWanted) -> Response:
    """Enter a capacity; the same call repeated enters it once."""
    done = capacities.enter_capacity(house().store, actor(), path.region, body.row(), made_from=body.revision)
    return as_json(_edited(done), 201)


@blueprint.put("/regions/<region>/capacities/<entry>", responses={200: Edited, **OF_CHANGES})
def change(path: OfEntry, body: EntryWanted) -> Response:
    """Put another row in the place of an entry."""
    row, made_from = body.row(), body.revision
    done = capacities.change_capacity(house().store, actor(), path.region, path.entry, row, made_from=made_from)
    return as_json(_edited(done))


def _edited(done: EnteredCapacity) -> Edited:
    warnings = [fault.as_text().in_language(language()) for fault in done.warnings]
    return Edited(id=done.id, revision=done.edited.revision, changed=done.edited.changed, warnings=warnings)


@blueprint.delete("/regions/<region>/capacities/<entry>", responses={200: Edited, **OF_CHANGES})
def withdraw(path: OfEntry, query: RevisionWanted) -> Response:
    """Withdraw an entry; what it was stays in the history."""
    made_from = query.revision
    done = capacities.withdraw_capacity(house().store, actor(), path.region, path.entry, made_from=made_from)
    return as_json(Edited(id=path.entry, revision=done.revision, changed=done.changed, warnings=[]))


@blueprint.get("/regions/<region>/tasks", responses={200: TaskList, 304: None})
def list_tasks(path: InRegion) -> Response:
    """List the latest tasks, newest first."""
    found = tasks.list_tasks(house().store, actor(), path.region, most=50)
    return as_json(TaskList(tasks=[OneTask.of(one) for one in found]))


@blueprint.post("/regions/<region>/runs/<number>/accept", responses={202: OneTask, **OF_CHANGES})
def accept(path: OfRun, body: AcceptWanted) -> Response:
    """Have a run adopted, and proposals accepted; ask the tasks what came of it."""
    done = tasks.accept_run(
        house().store, actor(), path.region, path.number, schools=body.schools, publish=body.publish
    )
    return as_json(OneTask.of(done), 202)


@blueprint.post("/regions/<region>/publish", responses={202: OneTask, **OF_CHANGES})
def publish(path: InRegion, body: PublishWanted) -> Response:
    """Have all accepted plans published, now or later."""
    return as_json(OneTask.of(tasks.publish_later(house().store, actor(), path.region, _time(body.at))), 202)


def _time(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        what, remedy = T("this is no time with its offset"), T("write it as 2021-04-06T18:00:00+02:00")
        raise FaultyInput([Fault("at", 0, what, remedy)])
    return at


@blueprint.post("/regions/<region>/tasks/<task>/cancel", responses={200: OneTask, **OF_CHANGES})
def cancel(path: OfTask) -> Response:
    """Cancel a task that nobody has begun."""
    return as_json(OneTask.of(tasks.cancel_task(house().store, actor(), path.region, path.task)))
