"""A planning run as people look at it: how far it is, how good its plan is, whom it moves, and beside another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.verdict import peaks
from scheduler.files.words import SpokenWords
from scheduler.service.load_views import LoadView, view_of_run
from scheduler.service.needs import Needs, meter_named, needs_of
from scheduler.store.run_schools import RunSchoolRepository
from scheduler.store.tasks import Tasks
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.domain.people import Actor
    from scheduler.domain.run_schools import RunSchools
    from scheduler.domain.runs import Run
    from scheduler.domain.tasks import Task
    from scheduler.domain.verdict import Tally
    from scheduler.store import Store

SCHOOLS_A_PAGE = 50


@dataclass(frozen=True)
class RunLook:
    """What there is to see of a run.

    Attributes
    ----------
    run : Run
        With its report.
    view : LoadView
    schools : RunSchools
    states : dict
        State of a proposal -> number of schools.
    tasks : list of Task
        That have to do with it, newest first.
    needs : Needs
    """

    run: Run
    view: LoadView
    schools: RunSchools
    states: dict[str, int]
    tasks: list[Task]
    needs: Needs


def look_at_run(store: Store, actor: Actor, region: str, number: int, *, language: str, page: int = 1) -> RunLook:
    """Look at a run.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    number : int
    language : str
        Of the sentences with figures.
    page : int
        Of its schools, from 1.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        view = view_of_run(work, actor.sees, region, number)
        run = _some(view)
        repository = RunSchoolRepository(work, actor.sees)
        schools = repository.of_run(run.id, most=SCHOOLS_A_PAGE, after=(page - 1) * SCHOOLS_A_PAGE)
        states = repository.states_of_run(run.id)
        tasks = [task for task in Tasks(work, actor.sees).listed(region, 50) if _concerns(task, number)]
    needs = needs_of(view.region, run.report or {}, view.tally, SpokenWords(language))
    return RunLook(run, view, schools, states, tasks, needs)


def _some(view: LoadView) -> Run:
    if view.run is None:
        raise AssertionError("the view of a run has a run")
    return view.run


def _concerns(task: Task, number: int) -> bool:
    return "run" not in task.about or task.about["run"] == number


@dataclass(frozen=True)
class ComparedRow:
    """One figure of several runs.

    Attributes
    ----------
    name : str or Text
    cells : tuple of str
        One a run, said.
    best : frozenset of int
        Places of the best ones; empty where all are equal, or none can be.
    """

    name: str | Text
    cells: tuple[str, ...]
    best: frozenset[int]


def compare_views(views: Sequence[LoadView], language: str) -> tuple[ComparedRow, ...]:
    """Set the figures of several runs beside each other; see also their curves.

    Parameters
    ----------
    views : sequence of LoadView
        Of runs that are done; one that is not has no figures.
    language : str
    """
    words = SpokenWords(language)
    tallies = [view.tally for view in views]
    rows = [
        _row(T("Overload in connection-minutes"), tallies, lambda one: one.overload, lambda v: words.number(round(v))),
        _row(T("Sessions that move"), tallies, lambda one: one.sessions_moved, words.number),
        _row(
            T("Share of sessions that move"),
            tallies,
            lambda one: one.sessions_moved / one.sessions if one.sessions else 0.0,
            words.share,
        ),
        _row(T("Minutes of shift on average"), tallies, lambda one: one.mean_shift_minutes, words.tenths),
        _row(T("Largest shift in minutes"), tallies, lambda one: one.largest_shift_minutes, words.number),
        _row(T("Cost in head-minutes"), tallies, lambda one: one.objective, lambda v: words.number(round(v))),
        _row(T("Proven gap"), tallies, lambda one: max(one.gap, 0.0), words.share),
    ]
    return (*rows, *_peak_rows(views, words))


def _row(
    name: Text,
    tallies: Sequence[Tally | None],
    take: Callable[[Tally], float],
    say: Callable[[float], str],
) -> ComparedRow:
    return _compared(name, [None if one is None else take(one) for one in tallies], say)


def _compared(name: str | Text, values: Sequence[float | None], say: Callable[[float], str]) -> ComparedRow:
    cells = tuple("–" if value is None else say(value) for value in values)
    known = [value for value in values if value is not None]
    if len(known) < 2 or len(set(cells)) == 1:
        return ComparedRow(name, cells, frozenset())
    least = min(known)
    best = frozenset(place for place, value in enumerate(values) if value is not None and np.isclose(value, least))
    return ComparedRow(name, cells, best)


def _peak_rows(views: Sequence[LoadView], words: SpokenWords) -> list[ComparedRow]:
    """Give the highest share of its capacity that each meter reaches, by run."""
    found = []
    for view in views:
        mine = peaks(view.region, view.figures) if view.figures else ()
        found.append({view.region.meters[peak.meter]: peak.utilisation_after for peak in mine})
    rows = []
    for meter in dict.fromkeys(meter for one in found for meter in one):
        region = next(view.region for view, one in zip(views, found, strict=True) if meter in one)
        name = T("Highest use of {meter}", meter=meter_named(region, meter, words))
        rows.append(_compared(name, [one.get(meter) for one in found], words.share))
    return rows


def views_of_runs(store: Store, actor: Actor, region: str, numbers: Sequence[int]) -> list[LoadView]:
    """Look at the loads of several runs, each under its own limits.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return [view_of_run(work, actor.sees, region, number) for number in numbers]
