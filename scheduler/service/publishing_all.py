"""Publish whatever the schools of a region have accepted: a transaction a plan, several schools beside each other."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.errors import BrokenPlan, FaultyInput, NotThere, Refused, StoreFailed
from scheduler.execution.make import count_workers
from scheduler.service.publishing import publish
from scheduler.store import Store, open_store
from scheduler.store.published_plans import PublishedPlans
from scheduler.wording import T, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from scheduler.domain.people import Actor

SMALL = 24
"""Plans up to which starting processes takes longer than it saves."""

AHEAD = 4
"""Plans that wait for each process."""

Outcome = int | tuple[Text, ...]
"""The number of a publication, or why there is none."""


@dataclass(frozen=True)
class Task:
    """A plan to publish.

    Attributes
    ----------
    school : str
        Key.
    plan_id : int
    """

    school: str
    plan_id: int


@dataclass(frozen=True)
class PublishedAll:
    """What came of it.

    Attributes
    ----------
    published : tuple of (str, int)
        Key of the school and number of its publication.
    failed : tuple of (str, tuple of Text)
        Key of the school, and why its plan was not published; the same call tries it again.
    """

    published: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, tuple[Text, ...]], ...]


def publish_all(
    store: Store,
    actor: Actor,
    region: str,
    *,
    processes: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> PublishedAll:
    """Publish every accepted plan of a region's schools; who fails stops nobody else.

    Parameters
    ----------
    store : Store
    actor : Actor
        May change the region.
    region : str
        Key.
    processes : int, optional
        How many publish beside each other; by default one a core that this process may use, and for a few plans this
        process alone.
    on_progress : callable
        Told how many plans are dealt with, and how many there are.

    Raises
    ------
    NotThere, StoreFailed
        Before anything was published.
    """
    with store.read() as work:
        plans = PublishedPlans(work, actor.edits)
        tasks = [Task(*waiting) for waiting in plans.waiting(plans.region_row(region).id)]
    count = processes or (1 if len(tasks) <= SMALL else count_workers())
    results = _here(store, actor, region, tasks) if count == 1 else _beside(store, actor, region, tasks, count)
    done: dict[Task, Outcome] = {}
    on_progress(0, len(tasks))
    for task, result in results:
        done[task] = result
        on_progress(len(done), len(tasks))
    # In the order of the region, whoever was faster.
    every = [(task.school, done[task]) for task in tasks]
    return PublishedAll(
        published=tuple((school, result) for school, result in every if isinstance(result, int)),
        failed=tuple((school, result) for school, result in every if not isinstance(result, int)),
    )


def _published(store: Store, actor: Actor, region: str, task: Task) -> Outcome:
    try:
        return publish(store, actor, region, task.school, task.plan_id).number
    except (Refused, BrokenPlan, NotThere, StoreFailed, FaultyInput) as error:
        return _said(error)


def _said(error: Refused | BrokenPlan | NotThere | StoreFailed | FaultyInput) -> tuple[Text, ...]:
    match error:
        case Refused():
            return error.reasons
        case BrokenPlan():
            return error.violations
        case FaultyInput():
            return tuple(fault.as_text() for fault in error.faults)
        case NotThere():
            return (error.what,)
        case StoreFailed():
            return (error.reason,)


def _here(store: Store, actor: Actor, region: str, tasks: list[Task]) -> Iterator[tuple[Task, Outcome]]:
    for task in tasks:
        yield task, _published(store, actor, region, task)


def _beside(
    store: Store, actor: Actor, region: str, tasks: list[Task], processes: int
) -> Iterator[tuple[Task, Outcome]]:
    """Publish in other processes, begun afresh: connections and threads must not be forked."""
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(store.address, store.clock, actor, region),
    )
    left = deque(tasks)
    running: dict[Future[Outcome], Task] = {}
    try:
        while left or running:
            while left and len(running) < AHEAD * processes:
                future = pool.submit(_work, left[0])
                running[future] = left.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                outcome = future.result()
                yield running.pop(future), outcome
    except BrokenProcessPool:
        # Whether it was published at last, the next call finds out.
        why = (T("a process that published ended unexpectedly; publish again what is missing"),)
        yield from ((task, why) for task in (*running.values(), *left))
    finally:
        pool.shutdown(cancel_futures=True)


_process: list[tuple[Store, Actor, str]] = []
"""What a worker process has at hand from its beginning."""


def _begin(address: str, clock: Callable[[], dt.datetime], actor: Actor, region: str) -> None:
    # Only the first process decides what Ctrl-C means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _process[:] = [(open_store(address, clock), actor, region)]


def _work(task: Task) -> Outcome:
    return _published(*_process[0], task)
