"""What a run is planned from: its frozen region, the dates it has finished, and the former runs that were named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scheduler.domain.people import service_actor
from scheduler.domain.runs import INCIDENT, WHAT_IF
from scheduler.errors import Fault, FaultyInput
from scheduler.service.kept_regions import thaw, versions_of
from scheduler.service.outcomes import problems_of
from scheduler.service.planning import starts_from
from scheduler.service.run_folders import reference_in, stored_plan_of_run
from scheduler.service.standing import standing_in
from scheduler.store.run_dates import kept_dates
from scheduler.store.run_outcomes import Version, school_ids
from scheduler.store.runs import Runs
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.outcome import DayResult
    from scheduler.domain.problem import Problem
    from scheduler.domain.reference import Reference
    from scheduler.domain.region import Region
    from scheduler.domain.rest_of_day import Rest
    from scheduler.optimizer.day import Start
    from scheduler.service.standing import StandingRegion
    from scheduler.store import Store
    from scheduler.store.leases import Lease
    from scheduler.wording import Text

WORKER = service_actor("worker")


@dataclass(frozen=True)
class Inputs:
    """What is planned.

    Attributes
    ----------
    region : Region
    versions : dict
        Key of the school, ``""`` for the region's audiences -> its version.
    warnings : list of Text
    reference : Reference or None
        To stay close to.
    problems : list of Problem
        One a date with activities.
    starts : list of Start or None
        One a problem.
    done : dict
        Day -> what was finished before.
    enough : float
        Head-minutes above the cheapest plan that do not matter on a date; see scheduler.optimizer.params.
    standing : StandingRegion or None
        Of a day that has begun: what stands, and the problems recentred on it.
    """

    region: Region
    versions: dict[str, Version]
    warnings: list[Text]
    reference: Reference | None
    problems: list[Problem]
    starts: list[Start] | None
    done: dict[int, DayResult]
    enough: float = 0.0
    standing: StandingRegion | None = None

    @property
    def solved(self) -> list[Problem]:
        """The problems that are solved: those of the rest of the day, where one has begun."""
        return self.problems if self.standing is None else [rest.problem for rest in self.standing.rests]

    def whole(self, results: Sequence[DayResult]) -> list[DayResult]:
        """Give results of the problems that are solved as results of whole days."""
        rests = self._rests()
        return [replace(one, plan=rests[one.day].whole(one.plan)) if rests else one for one in results]

    @property
    def done_of_solved(self) -> dict[int, DayResult]:
        """What was finished before, as results of the problems that are solved."""
        rests = self._rests()
        return {day: replace(one, plan=rests[day].rest(one.plan)) if rests else one for day, one in self.done.items()}

    def _rests(self) -> dict[int, Rest]:
        return {} if self.standing is None else {rest.problem.day: rest for rest in self.standing.rests}


def read_inputs(store: Store, lease: Lease) -> Inputs:
    """Read what a run is planned from.

    Raises
    ------
    FaultyInput, NotThere, Refused
        It cannot be planned: what the region says, or a run that it builds upon, was erased or will not do.
    StoreFailed
    """
    if lease.frozen is None:
        what = T("what this run was to be made from was erased")
        raise FaultyInput([Fault("", 0, what, T("start another one"))])
    read, options = thaw(store, lease.frozen), lease.options
    formers = {
        number: stored_plan_of_run(store, WORKER, lease.region, number, read.region)
        for number in {options.stay_close_to, options.start_from}
        if number is not None
    }
    with store.read() as work:
        standing = standing_in(work, WORKER.sees, lease.frozen, read.region)
    reference, unknown = reference_in(formers, options.stay_close_to, read.region)
    if standing is not None:
        reference, unknown = standing.reference, list(standing.warnings)
    problems = problems_of(read.region, reference) if standing is None else standing.problems
    starts = None
    if options.start_from is not None:
        starts = starts_from(formers[options.start_from], read.region, problems)
    with store.read() as work:
        done, ids = kept_dates(work, lease.run_id, lease.first_date), school_ids(work, lease.region_id)
    return Inputs(
        read.region,
        {school: Version(ids[school], version) for school, version in versions_of(lease.frozen).items()},
        [*(fault.as_text() for fault in read.warnings), *unknown],
        reference,
        problems,
        starts,
        done,
        _enough(store, lease, len(problems)),
        standing,
    )


def _enough(store: Store, lease: Lease, dates: int) -> float:
    """Say what does not matter on a date that stays close to a plan: the gap, as a share of that plan's cost.

    Its own cost may be nearly nothing, and a share of that would be sought for long.
    """
    if lease.purpose == INCIDENT:
        with store.read() as work:
            current = Runs(work, WORKER.sees).current(lease.region, lease.first_date, lease.last_date)
        if current is None or current.objective is None:
            return 0.0
        return lease.options.gap * current.objective / ((current.last_date - current.first_date).days + 1)
    if lease.purpose != WHAT_IF or lease.options.stay_close_to is None or not dates:
        return 0.0
    with store.read() as work:
        former = Runs(work, WORKER.sees).one(lease.region, lease.options.stay_close_to)
    return lease.options.gap * (former.objective or 0.0) / dates
