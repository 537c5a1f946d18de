"""Ask for what takes longer than a request, or is to be done at a set time; scheduler.runs.taskmaster does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.domain.runs import DONE, USUAL, WHAT_IF
from scheduler.domain.tasks import ADOPT, PUBLISH
from scheduler.errors import Fault, FaultyInput, Refused
from scheduler.store import audit
from scheduler.store.runs import Runs
from scheduler.store.tasks import Tasks
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from scheduler.domain.people import Actor
    from scheduler.domain.tasks import Task
    from scheduler.store import Store, Work


def accept_run(
    store: Store, actor: Actor, region: str, number: int, *, schools: Sequence[str] | None = None, publish: bool = False
) -> Task:
    """Have a run adopted, and the proposals of all schools or of some accepted.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    number : int
        Of a run that is done.
    schools : sequence of str, optional
        Keys of the schools whose proposals are accepted; default: all.
    publish : bool
        Publish what is accepted as soon as that is done.

    Raises
    ------
    NotThere
    Refused
        The run is not done, or proposes nothing.
    """

    def put(work: Work) -> Task:
        run = Runs(work, actor.edits).one(region, number)
        if run.state != DONE or run.purpose in (WHAT_IF, USUAL):
            raise Refused(T("planning run {number} has no plan that could be accepted", number=number))
        about = {"run": number, "schools": None if schools is None else sorted(schools), "publish": publish}
        return _ask(work, actor, region, ADOPT, about, work.now)

    return store.in_work(put)


def publish_later(store: Store, actor: Actor, region: str, at: dt.datetime | None = None) -> Task:
    """Have all accepted plans of a region published.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    at : datetime.datetime, optional
        Aware; default: now.

    Raises
    ------
    NotThere
    FaultyInput
        The time has passed.
    """

    def put(work: Work) -> Task:
        if at is not None and at < work.now:
            raise FaultyInput([Fault("at", 0, T("this time has passed"), T("choose a later one, or publish now"))])
        return _ask(work, actor, region, PUBLISH, {}, at or work.now)

    return store.in_work(put)


def ask(store: Store, actor: Actor, region: str, kind: str, about: dict[str, Any]) -> Task:
    """Have a task of any kind done as soon as a worker is free.

    Raises
    ------
    NotThere
        There is no such region that the actor may change.
    """
    return store.in_work(lambda work: _ask(work, actor, region, kind, about, work.now))


def _ask(work: Work, actor: Actor, region: str, kind: str, about: dict[str, Any], due_at: dt.datetime) -> Task:
    tasks = Tasks(work, actor.edits)
    row = tasks.region_row(region)
    tasks.lock_region(row.id)
    task_id = tasks.add(row.id, kind, about, due_at, actor.person_id)
    told = {name: len(value) if name == "letters" else value for name, value in about.items()}
    audit.note(work, actor, region, f"task.{kind}", str(task_id), after=told | {"due_at": due_at.isoformat()})
    return tasks.one(region, task_id)


def cancel_task(store: Store, actor: Actor, region: str, task_id: int) -> Task:
    """Cancel a task that nobody has begun; one that was cancelled stays so.

    Raises
    ------
    NotThere
    Refused
        It was begun already.
    """

    def cancel(work: Work) -> Task:
        tasks = Tasks(work, actor.edits)
        if tasks.cancel(region, task_id):
            audit.note(work, actor, region, "task.cancelled", str(task_id))
        elif tasks.one(region, task_id).state != "cancelled":
            raise Refused(T("this was begun already, and cannot be cancelled any more"))
        return tasks.one(region, task_id)

    return store.in_work(cancel)


def list_tasks(store: Store, actor: Actor, region: str, *, most: int = 20) -> list[Task]:
    """List the latest tasks of a region, newest first.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return Tasks(work, actor.sees).listed(region, most)
