"""A demo to play with: a region of real schools with invented timetables, and people who look after it.

For one machine alone: the passwords lie in a file beside the database, and pages let anybody in who asks.
"""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.demo import write_demo_region
from scheduler.domain.listing import MOST_ON_A_PAGE
from scheduler.domain.people import OPERATOR, PRINCIPAL, REGION
from scheduler.domain.runs import DONE, PLAN, RunOptions
from scheduler.errors import Refused
from scheduler.service.adoption import adopt_run
from scheduler.service.demo_people import DemoSignIn, demo_sign_ins, keep_sign_ins
from scheduler.service.people import invite
from scheduler.service.publishing_all import publish_all
from scheduler.service.region_import import import_region
from scheduler.service.regions import list_regions, list_schools
from scheduler.service.runs import list_runs, start_run
from scheduler.service.sign_in import take_up
from scheduler.wording import T

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from scheduler.domain.people import Actor
    from scheduler.store import Store

GAP = 0.02
"""Good enough to look at, and found within seconds."""
SECONDS = 20.0
"""A few schools are searched for minutes, for their gap cannot be proven small; nobody waits for that here."""
UNDECIDED = 10
"""One school in so many has not answered its proposal: so lists show that there is such a thing."""


def bring_demo(store: Store, actor: Actor, data: Path, region: str, schools: int, week: dt.date) -> str:
    """Bring the demo region and its people into a store, unless they are there; give the region's key.

    What was interrupted is finished by the next call.

    Parameters
    ----------
    store : Store
    actor : Actor
    data : Path
        The data folder, where the passwords are kept for their owner alone.
    region : str
        One of `scheduler.demo.region_names`.
    schools : int
        How many.
    week : datetime.date
        In whose week the demo is held.

    Raises
    ------
    CannotWrite
    FaultyInput
    Refused
        The store holds other regions already: a demo wants one of its own.
    """
    there = list_regions(store, actor)
    people = demo_sign_ins(data)
    if there and not people:
        what = T("this data folder holds a region that is no demo; set ETALE_DATA to an empty one for the demo")
        raise Refused(what)
    if not people:
        people = tuple(
            DemoSignIn(role, f"{role}@example.org", "-".join(secrets.token_hex(3) for _ in range(3)))
            for role in (REGION, PRINCIPAL, OPERATOR)
        )
        keep_sign_ins(data, people)
    if there:
        key = there[0].key
    else:
        with tempfile.TemporaryDirectory() as folder:
            write_demo_region(Path(folder) / "region", region, schools, week=week)
            key = import_region(store, actor, Path(folder) / "region").key
    for one in people:
        _settle(store, actor, key, one)
    return key


def _settle(store: Store, actor: Actor, region: str, one: DemoSignIn) -> None:
    school = next(_schools(store, actor, region)) if one.role == PRINCIPAL else None
    place = None if one.role == OPERATOR else region
    invited = invite(store, actor, one.email, one.role, place, school)
    if invited.token is not None:
        take_up(store, invited.token, one.password)


def wants_plan(store: Store, actor: Actor, region: str) -> bool:
    """See that a plan of the demo waits for a worker; False where one is done already."""
    runs = list_runs(store, actor, region, purposes=(PLAN,))
    if any(run.state == DONE for run in runs):
        return False
    if not any(run.active for run in runs):
        start_run(store, actor, region, RunOptions(gap=GAP, time_limit=SECONDS))
    return True


def publish_demo(store: Store, actor: Actor, region: str) -> int:
    """Adopt the demo's first plan and publish most schools, unless that was done; give how many were published.

    Raises
    ------
    Refused
        There is no plan.
    """
    runs = [run for run in list_runs(store, actor, region, purposes=(PLAN,)) if run.state == DONE]
    if not runs:
        raise Refused(T("the demo has no plan; see what the worker said above"))
    if any(run.adopted_at is not None for run in runs):
        return 0
    keys = ["", *_schools(store, actor, region)]
    decided = [key for place, key in enumerate(keys) if place % UNDECIDED != UNDECIDED // 2]
    adopt_run(store, actor, region, runs[-1].number, schools=decided)
    return len(publish_all(store, actor, region).published)


def _schools(store: Store, actor: Actor, region: str) -> Iterator[str]:
    page, more = 1, True
    while more:
        found = list_schools(store, actor, region, page=page, size=MOST_ON_A_PAGE)
        yield from (entry.school.key for entry in found.entries if entry.school.key)
        page, more = page + 1, len(found.entries) == MOST_ON_A_PAGE
