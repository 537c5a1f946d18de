"""Between the rows of a region's tables and domain values: the one place where they are mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.domain.calendar import Closure, Period, Week
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.folding import folded_words
from scheduler.domain.grid import Grid
from scheduler.domain.places import Lunch, Platform, Policy, School
from scheduler.domain.usage import Moment, UsageRow

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Row

    from scheduler.domain.region import Region


def grid_of(row: Row[Any]) -> Grid:
    """Take the grid from a row of `regions`."""
    return Grid(row.day_start, row.day_end, row.slot_minutes, row.timezone, row.first_date, row.last_date)


def policy_of(document: dict[str, Any]) -> Policy:
    """Take the policy from its document."""
    lunch = document["lunch"]
    return Policy(
        target_utilisation=float(document["target_utilisation"]),
        max_shift_minutes=document["max_shift_minutes"],
        move_together=document["move_together"],
        overload_weight=float(document["overload_weight"]),
        move_minutes=float(document["move_minutes"]),
        switch_minutes=float(document["switch_minutes"]),
        activity_minutes=float(document["activity_minutes"]),
        break_minutes=document["break_minutes"],
        lunch=Lunch(lunch["from"], lunch["to"], lunch["minutes"]),
    )


def policy_document(policy: Policy) -> dict[str, Any]:
    """Make the document of a policy."""
    lunch = policy.lunch
    return {
        "target_utilisation": policy.target_utilisation,
        "max_shift_minutes": policy.max_shift_minutes,
        "move_together": policy.move_together,
        "overload_weight": policy.overload_weight,
        "move_minutes": policy.move_minutes,
        "switch_minutes": policy.switch_minutes,
        "activity_minutes": policy.activity_minutes,
        "break_minutes": policy.break_minutes,
        "lunch": {"from": lunch.start, "to": lunch.end, "minutes": lunch.minutes},
    }


def region_values(region: Region) -> dict[str, Any]:
    """Give the columns of a region's own row."""
    grid = region.grid
    return {
        "name": region.name,
        "timezone": grid.timezone,
        "first_date": grid.first_date,
        "last_date": grid.last_date,
        "day_start": grid.day_start,
        "day_end": grid.day_end,
        "slot_minutes": grid.slot_minutes,
        "policy": policy_document(region.policy),
        "has_periods": region.calendar.periods is not None,
    }


def platform_of(row: Row[Any]) -> Platform:
    """Take a platform from its row."""
    return Platform(row.key, row.name, row.kind)


def platform_values(platform: Platform) -> dict[str, Any]:
    """Give the columns of a platform."""
    return {"key": platform.key, "name": platform.name, "kind": platform.kind}


def school_of(row: Row[Any]) -> School:
    """Take a school from its row."""
    return School(row.key, row.name, row.level, row.academy, row.pupils)


def school_values(school: School) -> dict[str, Any]:
    """Give the columns of a school that the region states, and what a search looks through."""
    return {
        "key": school.key,
        "name": school.name,
        "level": school.level,
        "academy": school.academy,
        "pupils": school.pupils,
        "words": " ".join(map(folded_words, (school.name, school.key, school.academy))),
    }


def capacity_of(row: Row[Any]) -> CapacityEntry:
    """Take a capacity entry from its row."""
    return CapacityEntry(row.platform, row.meter, row.start, row.end, row.kind, row.amount, row.percent, row.note)


def capacity_values(entry: CapacityEntry) -> dict[str, Any]:
    """Give the columns of a capacity entry."""
    return {
        "platform": entry.platform,
        "meter": entry.meter,
        "start": entry.start,
        "end": entry.end,
        "kind": entry.kind,
        "amount": entry.amount,
        "percent": entry.percent,
        "note": entry.note,
    }


def usage_of(row: Row[Any]) -> UsageRow:
    """Take a row of usage from its row."""
    start, end = Moment(row.start_minute, row.start_from_end), Moment(row.end_minute, row.end_from_end)
    return UsageRow(row.activity, row.platform, row.meter, start, end, row.share)


def usage_values(usage: UsageRow) -> dict[str, Any]:
    """Give the columns of a row of usage."""
    return {
        "activity": usage.activity,
        "platform": usage.platform,
        "meter": usage.meter,
        "start_minute": usage.start.minutes,
        "start_from_end": usage.start.from_end,
        "end_minute": usage.end.minutes,
        "end_from_end": usage.end.from_end,
        "share": usage.share,
    }


def period_of(row: Row[Any]) -> Period:
    """Take a period from its row."""
    return Period(row.level, row.first_date, row.last_date)


def period_values(period: Period) -> dict[str, Any]:
    """Give the columns of a period."""
    return {"level": period.level, **_dates(period.first_date, period.last_date)}


def closure_of(row: Row[Any]) -> Closure:
    """Take a closure from its row."""
    return Closure(row.school, row.first_date, row.last_date, row.note)


def closure_values(closure: Closure) -> dict[str, Any]:
    """Give the columns of a closure."""
    return {"school": closure.school, **_dates(closure.first_date, closure.last_date), "note": closure.note}


def week_of(row: Row[Any]) -> Week:
    """Take a week from its row."""
    return Week(row.school, row.monday, row.letter)


def week_values(week: Week) -> dict[str, Any]:
    """Give the columns of a week."""
    return {"school": week.school, "monday": week.monday, "letter": week.letter}


def _dates(first: dt.date, last: dt.date) -> dict[str, dt.date]:
    return {"first_date": first, "last_date": last}
