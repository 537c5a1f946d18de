"""A crowded region: not always room for all its schools at once.

Each school has a lesson of 6A at eight and one of 6B at ten, on a Tuesday. Every head asks one connection of
the ENT from the lesson's start to its end, in slots of 15 minutes; a lesson has 30 heads and lasts 45 minutes. `Crowd`
keeps such a region and makes plans of its schools.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from region_files import write_region
from sqlalchemy import insert, select

from scheduler.domain.ledger import MILLION, Account
from scheduler.domain.people import EVERYTHING, service_actor
from scheduler.domain.plan import Plan, usual_plan
from scheduler.service.bookings import propose
from scheduler.service.kept_regions import freeze, one_school
from scheduler.service.regions import import_region
from scheduler.store.ledger import Ledger
from scheduler.store.school_plans import SchoolPlans, pack_plan
from scheduler.store.tables.runs import plan_runs, school_plans

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.region import Region
    from scheduler.domain.school_plans import SchoolPlan
    from scheduler.store import Store

ACTOR = service_actor("test")
KEY = "crowded"
TUESDAY, WEDNESDAY = dt.date(2021, 4, 6), dt.date(2021, 4, 7)
ENT = Account("ent", "connections", TUESDAY)
SLOTS = 96
AT_EIGHT, AT_NINE, AT_TEN = 32, 36, 40
LESSON = 30 * MILLION
REGION = """\
name = "Crowded"
first_date = 2021-04-06
last_date = 2021-04-07
[day]
slot_minutes = 15
[policy]
target_utilisation = 1.0
"""
COLUMNS = "school,session,day,start,minutes,groups,heads,platforms"


class Crowd:
    """A crowded region in a store.

    Parameters
    ----------
    store : Store
    folder : Path
        Where the region folder is written.
    schools : int
    capacity : int
        Connections that the ENT bears.
    """

    def __init__(self, store: Store, folder: Path, schools: int, capacity: int):
        self.store, self.folder = store, folder
        self.keys = [f"S{number:03d}" for number in range(schools)]
        self._usual: dict[str, Plan] = {}
        self.bring(capacity)

    @classmethod
    def there(cls, store: Store, keys: list[str]) -> Crowd:
        """Take some schools of a crowded region that is in the store already."""
        crowd = cls.__new__(cls)
        crowd.store, crowd.keys, crowd._usual = store, keys, {}
        return crowd

    def bring(self, capacity: int, minutes: int = 45) -> None:
        """Bring the region in, or in again with another capacity or other timetables."""
        rows = [
            f"{key},{name},TU,{start},{minutes},{group},30,ent"
            for key in self.keys
            for name, start, group in (("early", "08:00", "6A"), ("late", "10:00", "6B"))
        ]
        files = {
            "region.toml": REGION,
            "platforms.csv": "platform,name,kind\nent,Mon ENT,ent\n",
            "capacity.csv": f"platform,meter,from,to,kind,amount,note\nent,connections,,,base,{capacity},\n",
            "schools.csv": "school,name,level,academy,pupils\n" + "".join(f"{key},{key},,,\n" for key in self.keys),
            "sessions.csv": "\n".join([COLUMNS, *rows, ""]),
            "access.csv": None,
            "usage.csv": "activity,platform,meter,from_minute,to_minute,share\nlive,ent,connections,0,end,1\n",
        }
        import_region(self.store, ACTOR, write_region(self.folder, files), KEY)

    def region(self, school: str) -> Region:
        """Give the region with one school."""
        with self.store.read() as work:
            return one_school(work, EVERYTHING, KEY, school)

    def plan(self, school: str, early: int = 0, late: int = 0) -> Plan:
        """Give the plan of a school that moves its lessons by so many minutes."""
        if school not in self._usual:
            self._usual[school] = usual_plan(self.region(school))
        plan = self._usual[school]
        return Plan(plan.row, plan.day, (plan.start + np.array([early, late])).astype(np.int16), plan.alternative)

    def proposal(self, school: str, early: int = 0, late: int = 0) -> SchoolPlan:
        """Propose such a plan."""
        return propose(self.store, ACTOR, KEY, school, self.plan(school, early, late), TUESDAY, WEDNESDAY)

    def total(self) -> np.ndarray:
        """Give what is booked on Tuesday, by slot, in lessons."""
        return self._sums()[1]

    def committed(self) -> np.ndarray:
        """Give what is committed on Tuesday, by slot, in lessons."""
        return self._sums()[0]

    def _sums(self) -> tuple[np.ndarray, np.ndarray]:
        with self.store.read() as work:
            ledger = Ledger(work, EVERYTHING, SchoolPlans(work, EVERYTHING).region_row(KEY).id)
            total = ledger.totals(TUESDAY, TUESDAY).get(ENT, ledger.no_total)
        return total.committed / LESSON, total.booked / LESSON

    def run(self, number: int, early: dict[str, int] | None = None) -> None:
        """Put a finished run into the store that proposes to move the early lessons of some schools."""
        with self.store.write() as work:
            plans = SchoolPlans(work, EVERYTHING)
            region = plans.region_row(KEY)
            values = {
                "region_id": region.id,
                "number": number,
                "first_date": TUESDAY,
                "last_date": WEDNESDAY,
                "state": "done",
                "asked_at": work.now,
                "options": {},
                "input": freeze(work, EVERYTHING, KEY),
                "input_digest": bytes(32),
                "region_revision": region.revision,
            }
            work.connection.execute(insert(plan_runs).values(values))
            run_id = work.connection.execute(select(plan_runs.c.id).where(plan_runs.c.number == number)).scalar_one()
            for key in self.keys:
                school = plans.school_row(KEY, key)
                plan = usual_plan(one_school(work, EVERYTHING, KEY, key))
                start = (plan.start + np.array([(early or {}).get(key, 0), 0])).astype(np.int16)
                row = {
                    "school_id": school.id,
                    "run_id": run_id,
                    "timetable_id": school.timetable_id,
                    "state": "proposed",
                    "made_at": work.now,
                    "first_date": TUESDAY,
                    "last_date": WEDNESDAY,
                    "activities": len(plan),
                    "moved": 0,
                    "shift_minutes": 0,
                    "placements": pack_plan(Plan(plan.row, plan.day, start, plan.alternative)),
                }
                work.connection.execute(insert(school_plans).values(row))

    def of_run(self, number: int) -> list[SchoolPlan]:
        """List the plans of a run."""
        with self.store.read() as work:
            return SchoolPlans(work, EVERYTHING).of_run(KEY, number)

    def states(self, school: str) -> list[str]:
        """List the states of a school's plans, oldest first."""
        with self.store.read() as work:
            return [plan.state for plan in reversed(SchoolPlans(work, EVERYTHING).of_school(KEY, school))]
