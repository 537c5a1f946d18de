"""What a region's plan asks of its servers, seen from the stored loads of a run: nothing is solved or laid out anew.

Loads are those of the run, limits those of now: so what was entered since the run, or is only thought of
(`LoadView.on_servers`), shows what it does to the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.domain.load import Cost, DayFigures, overload_minutes
from scheduler.domain.region import Meter
from scheduler.domain.runs import USUAL
from scheduler.domain.verdict import Tally
from scheduler.service.kept_regions import head_of, on_dates
from scheduler.store.run_outcomes import loads_of
from scheduler.store.runs import Runs

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scheduler.domain.people import Scope
    from scheduler.domain.region import Region
    from scheduler.domain.runs import Run
    from scheduler.store import Work
    from scheduler.store.run_outcomes import LoadsOfDate


@dataclass(frozen=True, eq=False)
class LoadView:
    """Loads, limits and capacities of some dates.

    Attributes
    ----------
    region : Region
        Without activities; its horizon is the dates that are seen. Its meters are those whose loads are known.
    run : Run or None
        Whose loads they are, with its report; None: no run touches the dates.
    figures : tuple of DayFigures
        One a date with loads. Counts of activities and costs of shifts are 0: the run's report has them.
    prices : dict
        Day -> head-minutes a connection, shape (meters, slots).
    unknown : tuple of Meter
        Limited now, but not when the run was made: what is asked of them is not known.
    """

    region: Region
    run: Run | None
    figures: tuple[DayFigures, ...]
    prices: dict[int, NDArray[np.float64]]
    unknown: tuple[Meter, ...] = ()

    @property
    def planned(self) -> bool:
        """Whether there is a plan; else loads after are those before."""
        return self.run is not None and self.run.purpose != USUAL

    @property
    def tally(self) -> Tally | None:
        """What the run's plan comes to over all its dates; None where there is no plan, or it was made long ago."""
        told = (self.run.report or {}).get("tally") if self.run is not None else None
        return None if told is None else Tally(**told)

    def on_servers(self, region: Region) -> LoadView:
        """See the same loads under other capacities, or another target utilisation.

        Parameters
        ----------
        region : Region
            As it would be; only platforms, policy and capacities are taken.
        """
        now = replace(self.region, policy=region.policy, platforms=region.platforms, capacities=region.capacities)
        known = {meter: at for at, meter in enumerate(self.region.meters)}
        view = _known_only(now, set(known))
        at = [known[meter] for meter in view.meters]
        figures = tuple(_under(view, day.day, day.before[at], day.after[at]) for day in self.figures)
        prices = {day: price[at] for day, price in self.prices.items()}
        unknown = tuple(meter for meter in now.meters if meter not in known)
        return replace(self, region=view, figures=figures, prices=prices, unknown=unknown)


def current_view(work: Work, scope: Scope, region_key: str, first_date: dt.date, last_date: dt.date) -> LoadView:
    """See the plan by which a region goes on some dates, under the limits of now.

    Raises
    ------
    NotThere
    """
    region = on_dates(head_of(work, scope, region_key), (first_date, last_date))
    run = Runs(work, scope).current(region_key, first_date, last_date)
    if run is not None:
        run = Runs(work, scope).one(region_key, run.number)
    return _view(work, region, run)


def view_of_run(
    work: Work, scope: Scope, region_key: str, number: int, dates: tuple[dt.date, dt.date] | None = None
) -> LoadView:
    """See a run's own loads under its own limits, on its dates or on some of them.

    Raises
    ------
    NotThere
    """
    run = Runs(work, scope).one(region_key, number)
    region = on_dates(head_of(work, scope, region_key), dates or (run.first_date, run.last_date))
    return _view(work, region, run, own_limits=True)


def _view(work: Work, region: Region, run: Run | None, *, own_limits: bool = False) -> LoadView:
    if run is None:
        return LoadView(region, None, (), {})
    dates = {date: day for day, date in enumerate(region.grid.dates)}
    stored = [loads for loads in loads_of(work, run.id) if loads.date in dates]
    found = {(Meter(loads.platform, loads.meter), dates[loads.date]): loads for loads in stored}
    known = {meter for meter, _ in found}
    view = _known_only(region, known)
    figures, prices = [], {}
    for day in sorted({day for _, day in found}):
        mine = [found.get((meter, day)) for meter in view.meters]
        before, after, prices[day] = (_column(view, mine, name) for name in ("before", "after", "price"))
        one = _under(view, day, before, after)
        if own_limits:
            one = replace(one, limit=_column(view, mine, "limit"), capacity=_column(view, mine, "capacity"))
        figures.append(one)
    unknown = () if own_limits else tuple(meter for meter in region.meters if meter not in known)
    return LoadView(view, run, tuple(figures), prices, unknown if figures else ())


def _column(region: Region, loads: Sequence[LoadsOfDate | None], name: str) -> NDArray[np.float64]:
    """Stack one column of the loads of each meter; a meter that is not there has nothing."""
    rows = [np.zeros(region.grid.slots) if one is None else one.columns[name] for one in loads]
    return np.array(rows, dtype=np.float64).reshape(len(rows), region.grid.slots)


def _under(region: Region, day: int, before: NDArray[np.float64], after: NDArray[np.float64]) -> DayFigures:
    """Set loads of one date against what the region bears then."""
    date = region.grid.dates[day]
    limit = region.limit(date)
    over = overload_minutes(region, after, limit)
    cost = Cost(0.0, 0.0, over, region.policy.overload_weight)
    return DayFigures(day, 0, 0, 0, 0, cost, before, after, region.capacity(date), limit)


def _known_only(region: Region, known: set[Meter]) -> Region:
    """Leave out the capacities of meters whose loads are not known."""
    kept = tuple(entry for entry in region.capacities if Meter(entry.platform, entry.meter) in known)
    return replace(region, capacities=kept)
