"""The region makes a planning run its own: each school is kept what the run gives it, and may be taken at its word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from scheduler.domain.ledger import Entry, fitted, loads_by_school, nothing
from scheduler.domain.plan import joined
from scheduler.domain.runs import USUAL, WHAT_IF
from scheduler.domain.school_plans import PROPOSED
from scheduler.domain.school_rows import SchoolRows
from scheduler.errors import Refused, StoreFailed
from scheduler.service.booked import reckon_plan
from scheduler.service.kept_regions import head_of, rules_of, thaw
from scheduler.service.rooms import overcommitted
from scheduler.store import audit
from scheduler.store.ledger import Ledger
from scheduler.store.runs import Runs
from scheduler.store.school_plans import SchoolPlans, pack_loads
from scheduler.store.timetables import TimetableRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scheduler.domain.ledger import Account
    from scheduler.domain.people import Actor
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region
    from scheduler.domain.room import Shortage
    from scheduler.domain.school_plans import SchoolPlan
    from scheduler.store import Store, Work
    from scheduler.store.school_plans import RunMade

ATTEMPTS = 3
"""How often to reckon where others change the rules meanwhile."""

Loads = dict[int, dict["Account", "NDArray[np.int64]"]]
"""What plans ask, by plan."""


@dataclass(frozen=True)
class Adoption:
    """What came of adopting a run.

    Attributes
    ----------
    run : int
    schools : int
        How many have a quota from it.
    accepted : int
        How many proposals became accepted plans by this very call.
    left_out : tuple of str
        Keys of the schools whose proposals were not accepted because another timetable is in force now, or because
        they break a rule that was changed since the run.
    short : tuple of Shortage
        Where more is committed now than the limit: the run's plan is overloaded, or former plans are still published.
    """

    run: int
    schools: int
    accepted: int
    left_out: tuple[str, ...]
    short: tuple[Shortage, ...]


@dataclass(frozen=True)
class _Reckoned:
    """What the plans of a run come to by the `rules` of a region; `broken` are the proposals that break them."""

    rules: Mapping[str, str]
    loads: Loads
    broken: frozenset[int]


def adopt_run(
    store: Store,
    actor: Actor,
    region_key: str,
    number: int,
    *,
    accept_all: bool = False,
    schools: Sequence[str] | None = None,
) -> Adoption:
    """Keep for every school what a run's plan gives it, in the place of all former quotas of the run's dates.

    So a school can accept its proposal whatever others do, and whatever another plan of its own leaves of it; more
    than that it gets as far as something is free. Nothing is kept for schools that left since. Adopting twice changes
    nothing.

    Parameters
    ----------
    store : Store
    actor : Actor
        May change the whole region.
    region_key : str
    number : int
        Of the run.
    accept_all : bool
        Accept all proposals of the run too, but those of schools with another timetable by now, and those that no
        longer keep the rules.
    schools : sequence of str, optional
        Accept the proposals of these only.

    Raises
    ------
    NotThere
    Refused
        The run is not done, or its input was erased before what schools ask was reckoned.
    StoreFailed
        Rules change all the time.
    """
    chosen = None if accept_all else frozenset(schools or ())
    for _ in range(ATTEMPTS):
        seen = _reckoned(store, actor, region_key, number)
        done = store.in_work(partial(_adopt, actor, region_key, number, seen, chosen))
        if done is not None:
            break
    else:
        raise StoreFailed(T("others change this region all the time; try again in a moment"))
    with store.read() as work:
        run = SchoolPlans(work, actor.edits).run(region_key, number)
        dates = run.first_date, run.last_date
        return replace(done, short=tuple(overcommitted(work, actor.edits, region_key, *dates)))


def _adopt(
    actor: Actor, region_key: str, number: int, seen: _Reckoned, chosen: frozenset[str] | None, work: Work
) -> Adoption | None:
    """Adopt a run and accept the proposals of the schools that are `chosen` (None: all).

    None where other rules are in force than those by which its plans were reckoned.
    """
    plans = SchoolPlans(work, actor.edits)
    run = plans.run(region_key, number)
    plans.lock_region(run.region_id)
    if rules_of(head_of(work, actor.edits, region_key)) != seen.rules:
        return None
    accepts = chosen is None or bool(chosen)
    if accepts:
        TimetableRepository(work, actor.edits).lock_schools(run.region_id)
    gone = plans.gone(run.region_id)
    made = [plan for plan in plans.of_run(region_key, number) if plan.school_id not in gone]
    # What was accepted meanwhile is booked as it was reckoned then.
    booked = plans.with_loads(run.id) - {plan.id for plan in made if plan.state == PROPOSED}
    plans.keep_loads({plan_id: pack_loads(loads) for plan_id, loads in seen.loads.items() if plan_id not in booked})
    open_ones = [plan for plan in made if plan.state == PROPOSED and (chosen is None or plan.school in chosen)]
    accepted = [plan for plan in open_ones if plan.current and plan.id not in seen.broken]
    plans.replace_accepted(accepted)
    plans.accept([plan.id for plan in accepted])
    changed = _keep(work, plans, made, accepted, run)
    Runs(work, actor.edits).note_adopted(run.id)
    if changed or accepted:
        after = {"run": number, "accepted": len(accepted)}
        audit.note(work, actor, region_key, "run.adopted", region_key, after=after)
    left_out = tuple(plan.school for plan in open_ones if plan not in accepted)
    return Adoption(number, len(made), len(accepted), left_out, ())


def _keep(work: Work, plans: SchoolPlans, made: list[SchoolPlan], accepted: list[SchoolPlan], run: RunMade) -> bool:
    """Put the quotas of a run in force, and book what was accepted; tell whether anything changed."""
    ledger = Ledger(work, plans.scope, run.region_id)
    dates = run.first_date, run.last_date
    former = {(school, account): entry for school, account, entry in ledger.all_entries(*dates)}
    loads = plans.loads(plan.id for plan in made)
    quotas = {
        (plan.school_id, account): fitted(amount, ledger.slots)
        for plan in made
        for account, amount in loads[plan.id].items()
    }
    taken = {plan.school_id for plan in accepted}
    booked = {key: entry.booked for key, entry in former.items() if key[0] not in taken}
    for school_id, asked in plans.all_in_force(sorted(taken), *dates, ledger.slots):
        booked |= {(school_id, account): amount for account, amount in asked.items()}
    none = nothing(ledger.slots)
    entries = {key: Entry(booked.get(key, none), quotas.get(key)) for key in sorted(booked.keys() | quotas.keys())}
    entries = {key: entry for key, entry in entries.items() if not entry.empty}
    if entries.keys() == former.keys() and all(entries[key].same_as(former[key]) for key in entries):
        return False
    ledger.replace(*dates, entries)
    return True


def _reckoned(store: Store, actor: Actor, region_key: str, number: int) -> _Reckoned:
    """Reckon what plans of a run ask where that is not known, or not by the rules of now, before anything is locked."""
    with store.read() as work:
        plans = SchoolPlans(work, actor.edits)
        run = plans.run(region_key, number)
        if run.state != "done":
            raise Refused(T("the planning run {number} is not done; wait for it, or choose another one", number=number))
        if run.purpose in (WHAT_IF, USUAL):
            raise Refused(T("planning run {number} is only a trial; start a plan to be adopted", number=number))
        made = plans.of_run(region_key, number)
        rules = rules_of(head_of(work, actor.edits, region_key))
        judged = run.input is not None and rules_of(run.input) == rules
        anew, broken = ({}, frozenset[int]()) if judged else _judged_anew(work, actor, made)
        # What a proposal was found to ask by other rules, at a former adoption, does not count.
        again = {plan.id for plan in made if plan.state == PROPOSED} if judged else set()
        known = (plans.with_loads(run.id) - again) | anew.keys()
        placed = [(plan, plans.placements(plan.id)) for plan in made if plan.id not in known]
    found = [(plan, placements) for plan, placements in placed if placements is not None]
    if not placed:
        return _Reckoned(rules, anew, broken)
    if run.input is None or len(found) < len(placed):
        raise Refused(T("what the run was made of was erased; start a new one"))
    region = thaw(store, run.input).region
    region = replace(region, grid=replace(region.grid, first_date=run.first_date, last_date=run.last_date))
    return _Reckoned(rules, anew | _loads(region, found), broken)


def _judged_anew(work: Work, actor: Actor, made: Sequence[SchoolPlan]) -> tuple[Loads, frozenset[int]]:
    """Audit proposals by the rules of now: give what those that hold ask, and the numbers of the others."""
    loads: Loads = {}
    broken = set()
    for plan in made:
        if plan.state == PROPOSED and plan.current:
            try:
                loads[plan.id] = reckon_plan(work, actor.edits, plan).loads
            except Refused:
                broken.add(plan.id)
    return loads, frozenset(broken)


def _loads(region: Region, placed: Sequence[tuple[SchoolPlan, Plan]]) -> Loads:
    """Reckon what the plans of several schools ask, all at once."""
    rows, parts, plan_of = SchoolRows(region), [], {}
    for plan, placements in placed:
        plan_of[rows.codes[plan.school]] = plan.id
        parts.append(rows.plan(plan.school, placements, (plan.first_date - region.grid.first_date).days))
    asked: Loads = {plan_id: {} for plan_id in plan_of.values()}
    return asked | {plan_of[code]: loads for code, loads in loads_by_school(region, joined(parts))}
