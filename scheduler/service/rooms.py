"""How much room there is: for the region, for one school, and where more is committed than there is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.domain.ledger import SchoolStanding, Standing, ceiling, limits
from scheduler.domain.room import Shortage, short_runs
from scheduler.domain.verdict_words import platform_name
from scheduler.service.kept_regions import head_of, one_school
from scheduler.store.ledger import Ledger
from scheduler.store.school_plans import SchoolPlans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from scheduler.domain.people import Actor, Scope
    from scheduler.domain.region import Region
    from scheduler.store import Store, Work


def free(store: Store, actor: Actor, region_key: str, date: dt.date) -> list[Standing]:
    """Give limit, committed and booked of every limited meter on a date, by slot.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return list(_standings(work, actor.sees, region_key, date, date)[1])


def room_for(store: Store, actor: Actor, region_key: str, school_key: str, date: dt.date) -> list[SchoolStanding]:
    """Give what a school has booked and may book of every limited meter on a date, by slot.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        school = SchoolPlans(work, actor.sees).school_row(region_key, school_key)
        bounds = limits(_on(one_school(work, actor.sees, region_key, school_key), date, date))
        ledger = Ledger(work, actor.sees, school.region_id)
        entries, totals = ledger.entries(school.id, date, date), ledger.totals(date, date)
    found = []
    for account, limit in bounds.items():
        entry = entries.get(account, ledger.no_entry)
        most = ceiling(entry, totals.get(account, ledger.no_total), limit)
        found.append(SchoolStanding(account, limit, most, entry))
    return found


def overcommitted(
    work: Work, scope: Scope, region_key: str, first_date: dt.date, last_date: dt.date
) -> Iterator[Shortage]:
    """Find where more is committed to schools than the limit, by date, meter and time.

    What comes of rounding each school's load up, a millionth a school, is left out.
    """
    region, standings = _standings(work, scope, region_key, first_date, last_date)
    minutes, noise = region.grid.slot_minutes, len(region.schools) + 1
    for standing in standings:
        for first, last, missing in short_runs(standing.missing):
            if missing > noise:
                name = platform_name(region, standing.account.platform)
                yield Shortage(standing.account, name, first * minutes, last * minutes, missing)


def _standings(
    work: Work, scope: Scope, region_key: str, first_date: dt.date, last_date: dt.date
) -> tuple[Region, Iterator[Standing]]:
    region = _on(head_of(work, scope, region_key), first_date, last_date)
    ledger = Ledger(work, scope, SchoolPlans(work, scope).region_row(region_key).id)
    totals = ledger.totals(first_date, last_date)
    standings = (
        Standing(account, limit, totals.get(account, ledger.no_total)) for account, limit in limits(region).items()
    )
    return region, standings


def _on(region: Region, first_date: dt.date, last_date: dt.date) -> Region:
    """Give a region with another horizon."""
    return replace(region, grid=replace(region.grid, first_date=first_date, last_date=last_date))
