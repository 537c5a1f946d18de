"""What tasks do: each with the rights that whoever asked for it has when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.domain.people import EVERYTHING, person_actor, service_actor
from scheduler.domain.tasks import ADOPT, MAIL
from scheduler.errors import BrokenPlan, CannotWrite, FaultyInput, NotThere, Refused
from scheduler.service.adoption import adopt_run
from scheduler.service.letters import send
from scheduler.service.publishing_all import publish_all
from scheduler.store.people import People
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.domain.people import Actor
    from scheduler.domain.tasks import Task
    from scheduler.service.letters import Post
    from scheduler.store import Store
    from scheduler.wording import Text

MOST_TOLD = 20
"""So many schools for which something failed are told one by one."""

Done = tuple[dict[str, Any], tuple["Text", ...]]
"""Figures of what was done, and what people are to know of it."""


def do_task(
    store: Store,
    task: Task,
    on_progress: Callable[[int, int], None],
    post: Post | None = None,
    keep: Callable[[dict[str, Any]], None] = lambda figures: None,
) -> Done:
    """Do a task; done twice it changes nothing more, and of letters none is sent twice.

    Parameters
    ----------
    store : Store
    task : Task
    on_progress : callable
        Told how much is done, of how much.
    post : Post, optional
        How letters are sent.
    keep : callable
        Writes figures down at once, so that whoever takes the task over knows them.

    Raises
    ------
    NotThere, Refused
        It cannot be done, or whoever asked may not any more.
    StoreFailed
    """
    actor = asker(store, task)
    if task.kind == MAIL:
        return send(store, actor, task, on_progress, post, keep)
    if task.kind == ADOPT:
        figures, told = _adopt(store, actor, task)
        if not task.about.get("publish"):
            return figures, told
        more, also = _publish(store, actor, task, on_progress)
        return figures | more, (*told, *also)
    return _publish(store, actor, task, on_progress)


def asker(store: Store, task: Task) -> Actor:
    """Give whoever asked for a task, with the rights of now.

    Raises
    ------
    Refused
        They are kept out by now.
    """
    if task.asked_by is None:
        return service_actor("command line")
    with store.read() as work:
        person = People(work, EVERYTHING).find(task.asked_by)
    if person.disabled:
        raise Refused(T("{email} may not do this any more; somebody else must ask for it", email=task.asked_by))
    return person_actor(person.id, person.email, [post.role for post in person.posts])


def _adopt(store: Store, actor: Actor, task: Task) -> Done:
    schools = task.about["schools"]
    done = adopt_run(store, actor, task.region, task.about["run"], accept_all=schools is None, schools=schools)
    left = [
        T("{school}: not accepted, for another timetable or another rule is in force by now", school=school)
        for school in done.left_out
    ]
    short = [one.sentence() for one in done.short]
    figures = {"schools": done.schools, "accepted": done.accepted, "left_out": len(done.left_out)}
    return figures, (*_some(left), *_some(short))


def _publish(store: Store, actor: Actor, task: Task, on_progress: Callable[[int, int], None]) -> Done:
    done = publish_all(store, actor, task.region, on_progress=on_progress)
    failed = [
        T("{school}: {why}", school=school or task.region, why=reasons[0]) for school, reasons in done.failed if reasons
    ]
    return {"published": len(done.published), "failed": len(done.failed)}, _some(failed)


def _some(told: list[Text]) -> tuple[Text, ...]:
    if len(told) <= MOST_TOLD:
        return tuple(told)
    return (*told[:MOST_TOLD], T("and {count} more", count=len(told) - MOST_TOLD))


def why_not(error: NotThere | Refused | FaultyInput | BrokenPlan | CannotWrite) -> tuple[Text, ...]:
    """Say why a task cannot be done."""
    match error:
        case NotThere():
            return (error.what,)
        case Refused():
            return tuple(error.reasons)
        case FaultyInput():
            return _some([fault.as_text() for fault in error.faults])
        case CannotWrite():
            return (error.reason,)
        case _:
            return _some(list(error.violations))
