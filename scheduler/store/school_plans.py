"""School plans in the store."""

from __future__ import annotations

import datetime as dt
import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sqlalchemy import and_, bindparam, insert, or_, select, update

from scheduler.domain.ledger import Account, fitted, highest
from scheduler.domain.plan import Plan
from scheduler.domain.school_plans import ACCEPTED, PROPOSED, REPLACED, SchoolPlan
from scheduler.errors import NotThere
from scheduler.store.packed import (
    document_bytes,
    pack_arrays,
    pack_bytes,
    pack_whole,
    unpack_arrays,
    unpack_bytes,
    unpack_whole,
)
from scheduler.store.scoped import Repository, in_regions, in_schools
from scheduler.store.tables.regions import regions, schools
from scheduler.store.tables.runs import plan_runs, school_plans
from scheduler.store.tables.timetables import timetables
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Row, Select

    from scheduler.domain.ledger import Amounts

IN_FORCE = or_(school_plans.c.state == ACCEPTED, school_plans.c.published_at.is_not(None))
"""Plans that may be what people go by: accepted ones, and every one that was published and may show in calendars."""


class RunMade(NamedTuple):
    """What is to be known of a run beside its plans; `input` is None once it is erased."""

    id: int
    region_id: int
    state: str
    first_date: dt.date
    last_date: dt.date
    purpose: str
    input: bytes | None


class SchoolPlans(Repository):
    """The plans of the schools in a scope."""

    def find(self, region: str, school: str, plan_id: int) -> SchoolPlan:
        """Find a plan of a school.

        Raises
        ------
        NotThere
        """
        wanted = regions.c.key == region, schools.c.key == school, school_plans.c.id == plan_id
        row = self.connection.execute(self._plans().where(*wanted)).first()
        if row is None:
            raise NotThere(T("there is no plan {number} of the school “{key}”", number=plan_id, key=school))
        return _plan(row)

    def of_school(self, region: str, school: str, *states: str) -> list[SchoolPlan]:
        """List the plans of a school, those in given states or all, newest first."""
        query = self._plans().where(regions.c.key == region, schools.c.key == school)
        if states:
            query = query.where(school_plans.c.state.in_(states))
        return [_plan(row) for row in self.connection.execute(query.order_by(school_plans.c.id.desc()))]

    def of_run(self, region: str, number: int) -> list[SchoolPlan]:
        """List the plans that a run made, by school."""
        wanted = regions.c.key == region, plan_runs.c.number == number
        query = self._plans().where(*wanted).order_by(school_plans.c.school_id)
        return [_plan(row) for row in self.connection.execute(query)]

    def placements(self, plan_id: int) -> Plan | None:
        """Give where a plan puts each row of the school's version; None once it is erased."""
        query = select(school_plans.c.placements).where(school_plans.c.id == plan_id)
        packed = self.connection.execute(query).scalar_one()
        return None if packed is None else unpack_plan(packed)

    def loads(self, plan_ids: Iterable[int]) -> dict[int, dict[Account, NDArray[np.int64]]]:
        """Give what plans ask, by plan; of some it was not reckoned yet."""
        query = select(school_plans.c.id, school_plans.c.loads).where(school_plans.c.loads.is_not(None))
        rows = self.connection.execute(query.where(school_plans.c.id.in_(list(plan_ids))))
        return {row.id: unpack_loads(row.loads) for row in rows}

    def with_loads(self, run_id: int) -> set[int]:
        """List the plans of a run of which it is known what they ask."""
        known = school_plans.c.run_id == run_id, school_plans.c.loads.is_not(None)
        return set(self.connection.execute(select(school_plans.c.id).where(*known)).scalars())

    def in_force(self, school_id: int, first: dt.date, last: dt.date, slots: int) -> dict[Account, NDArray[np.int64]]:
        """Give the most that a school's plans in force ask in each slot of some dates, both ends included.

        `slots` is how many a date has now; what was reckoned in others is given in these.

        On each date these are the accepted plans and the one last published, whatever became of it: calendars go on
        showing it until another one is published for the same date.
        """
        return dict(self.all_in_force([school_id], first, last, slots)).get(school_id, {})

    def all_in_force(
        self, school_ids: Sequence[int] | Select[Any], first: dt.date, last: dt.date, slots: int
    ) -> Iterator[tuple[int, dict[Account, NDArray[np.int64]]]]:
        """Give the same for several schools, by id, ascending; schools without such a plan are left out."""
        table = school_plans.c
        query = (
            select(table.school_id, table.state, table.first_date, table.last_date, table.loads)
            .where(IN_FORCE, table.school_id.in_(school_ids))
            .where(table.first_date <= last, table.last_date >= first)
            .order_by(table.school_id, table.published_at.desc(), table.id.desc())
            .execution_options(yield_per=500)
        )
        for school_id, rows in groupby(self.connection.execute(query), key=lambda row: row.school_id):
            yield school_id, _asked(rows, first, last, slots)

    def every(self, region_id: int) -> Select[Any]:
        """Select the ids of all schools of a region, of those too that left it."""
        return select(schools.c.id).where(schools.c.region_id == region_id)

    def listed(self, region_id: int) -> list[int]:
        """List the ids of the schools that a region has now, without its own audiences."""
        now = self.every(region_id).where(schools.c.left_at.is_(None), schools.c.key != "")
        return list(self.connection.execute(now.order_by(schools.c.id)).scalars())

    def gone(self, region_id: int) -> set[int]:
        """Give the ids of the schools that left a region."""
        left = self.every(region_id).where(schools.c.left_at.is_not(None))
        return set(self.connection.execute(left).scalars())

    def regions(self) -> list[tuple[int, str]]:
        """List the regions in the scope: id and key."""
        query = select(regions.c.id, regions.c.key).where(in_regions(self.scope)).order_by(regions.c.id)
        return [(row.id, row.key) for row in self.connection.execute(query)]

    def run(self, region: str, number: int) -> RunMade:
        """Find a run of a region that is in the scope, whole.

        Raises
        ------
        NotThere
        """
        wanted = plan_runs.c.region_id == self.region_row(region).id, plan_runs.c.number == number
        columns = [plan_runs.c[name] for name in RunMade._fields]
        row = self.connection.execute(select(*columns).where(*wanted)).first()
        if row is None:
            raise NotThere(T("there is no planning run {number} in the region “{key}”", number=number, key=region))
        return RunMade(*row)

    def add(
        self, school_id: int, timetable_id: int, made_by: int | None, dates: tuple[dt.date, dt.date], own: OwnPlan
    ) -> int:
        """Keep a plan of a school's own as a proposal; give its id."""
        values = {
            "school_id": school_id,
            "timetable_id": timetable_id,
            "state": PROPOSED,
            "made_at": self.work.now,
            "made_by": made_by,
            "first_date": dates[0],
            "last_date": dates[1],
        }
        kept = insert(school_plans).values(**values, **own.values()).returning(school_plans.c.id)
        return int(self.connection.execute(kept).scalar_one())

    def same_as(self, school_id: int, timetable_id: int, dates: tuple[dt.date, dt.date], plan: Plan) -> int | None:
        """Find a proposal of the school's own that is this very plan."""
        mine = and_(
            school_plans.c.school_id == school_id,
            school_plans.c.run_id.is_(None),
            school_plans.c.state == PROPOSED,
            school_plans.c.timetable_id == timetable_id,
            school_plans.c.first_date == dates[0],
            school_plans.c.last_date == dates[1],
            school_plans.c.placements == pack_plan(plan),
        )
        return self.connection.execute(select(school_plans.c.id).where(mine)).scalars().first()

    def replace_own_proposals(self, school_id: int, dates: tuple[dt.date, dt.date], but: int) -> None:
        """Let a new proposal of the school's own take the place of its former ones of the same dates."""
        former = and_(
            school_plans.c.school_id == school_id,
            school_plans.c.run_id.is_(None),
            school_plans.c.state == PROPOSED,
            school_plans.c.first_date >= dates[0],
            school_plans.c.last_date <= dates[1],
            school_plans.c.id != but,
        )
        self._update(former, state=REPLACED)

    def replace_accepted(self, plans: Sequence[SchoolPlan]) -> None:
        """Let plans take the place of those of their schools that are accepted for none but their dates."""
        by_dates: dict[tuple[dt.date, dt.date], list[SchoolPlan]] = {}
        for plan in plans:
            by_dates.setdefault((plan.first_date, plan.last_date), []).append(plan)
        for (first, last), some in by_dates.items():
            former = and_(
                school_plans.c.school_id.in_([plan.school_id for plan in some]),
                school_plans.c.id.not_in([plan.id for plan in some]),
                school_plans.c.state == ACCEPTED,
                school_plans.c.first_date >= first,
                school_plans.c.last_date <= last,
            )
            self._update(former, state=REPLACED)

    def accept(self, plan_ids: Sequence[int]) -> None:
        """Note that plans were accepted now."""
        self._update(school_plans.c.id.in_(plan_ids), state=ACCEPTED, accepted_at=self.work.now)

    def turn(self, plan_id: int, state: str) -> None:
        """Give a plan another state, in which it is not accepted."""
        self._update(school_plans.c.id == plan_id, state=state, accepted_at=None)

    def keep_loads(self, loads: dict[int, bytes]) -> None:
        """Note what plans ask, packed by :func:`pack_loads`."""
        if loads:
            which = school_plans.c.id == bindparam("plan")
            rows = [{"plan": plan_id, "loads": packed} for plan_id, packed in loads.items()]
            self.connection.execute(update(school_plans).where(which), rows)

    def _update(self, which: ColumnElement[bool], **values: Any) -> None:
        self.connection.execute(update(school_plans).where(which).values(**values))

    def _plans(self) -> Select[Any]:
        joined = (
            school_plans.join(schools, schools.c.id == school_plans.c.school_id)
            .join(regions, regions.c.id == schools.c.region_id)
            .join(timetables, timetables.c.id == school_plans.c.timetable_id)
            .outerjoin(plan_runs, plan_runs.c.id == school_plans.c.run_id)
        )
        mine = [column for column in school_plans.c if column.name not in ("placements", "loads")]
        others = (
            schools.c.key.label("school"),
            schools.c.region_id,
            schools.c.timetable_id.label("timetable_in_force"),
            regions.c.key.label("region"),
            timetables.c.number.label("timetable"),
            plan_runs.c.number.label("run"),
            plan_runs.c.options,
        )
        return select(*mine, *others).select_from(joined).where(in_schools(self.scope))


class OwnPlan:
    """A plan of a school's own with its figures, ready to be kept.

    Parameters
    ----------
    plan : Plan
    shift : ndarray of int
        Planned start − usual start of each element, in minutes.
    """

    def __init__(self, plan: Plan, shift: NDArray[np.int64]):
        self.plan, self.shift = plan, shift

    def values(self) -> dict[str, Any]:
        """Give the columns."""
        return {
            "activities": len(self.plan),
            "moved": int(np.count_nonzero(self.shift)),
            "shift_minutes": int(np.abs(self.shift).sum()),
            "placements": pack_plan(self.plan),
        }


def pack_plan(plan: Plan) -> bytes:
    """Pack where a plan puts each row of a school's version; equal plans give equal bytes."""
    order = np.lexsort((plan.row, plan.day))
    return pack_arrays(
        {
            "row": plan.row[order].astype(np.int32),
            "day": plan.day[order].astype(np.int16),
            "start": plan.start[order].astype(np.int16),
            "alternative": plan.alternative[order].astype(np.int16),
        }
    )


def unpack_plan(packed: bytes) -> Plan:
    """Undo :func:`pack_plan`."""
    return Plan(**unpack_arrays(packed))


def pack_loads(loads: Amounts) -> bytes:
    """Pack what a school's plan asks: a line that names the accounts and their lengths, then their amounts, packed."""
    parts = [(account, pack_whole(amount)) for account, amount in sorted(loads.items())]
    named = [[account.platform, account.meter, account.date.isoformat(), len(part)] for account, part in parts]
    return pack_bytes(document_bytes(named) + b"\n" + b"".join(part for _, part in parts))


def unpack_loads(packed: bytes) -> dict[Account, NDArray[np.int64]]:
    """Undo :func:`pack_loads`."""
    named, _, amounts = unpack_bytes(packed).partition(b"\n")
    loads, first = {}, 0
    for platform, meter, date, length in json.loads(named):
        loads[Account(platform, meter, dt.date.fromisoformat(date))] = unpack_whole(amounts[first : first + length])
        first += length
    return loads


def _asked(rows: Iterable[Any], first: dt.date, last: dt.date, slots: int) -> dict[Account, NDArray[np.int64]]:
    """Give the most that plans in force ask on some dates; `rows` of one school, last published first."""
    parts: list[Amounts] = []
    published: set[dt.date] = set()
    for row in rows:
        loads = {} if row.loads is None else unpack_loads(row.loads)
        begin, end = max(first, row.first_date), min(last, row.last_date)
        dates = {begin + dt.timedelta(days) for days in range((end - begin).days + 1)}
        if row.state != ACCEPTED:
            dates -= published
            published |= dates
        parts.append({account: fitted(amount, slots) for account, amount in loads.items() if account.date in dates})
    return highest(parts)


def _plan(row: Row[Any]) -> SchoolPlan:
    names = SchoolPlan.__dataclass_fields__
    told = {name: getattr(row, name) for name in names if name != "order_kept"}
    return SchoolPlan(**told, order_kept=not (row.options or {}).get("reorder", False))
