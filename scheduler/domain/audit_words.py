"""The sentences of the audit: where a rule is broken, and by what numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.plain_rules import division, pupils_in_common
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from scheduler.domain.plain_rules import PartsApart, SchoolDay
    from scheduler.domain.region import Region


def place_words(school: str, date: str | Text, key: str, window: bool) -> Text:
    """Name an activity of a school (``""``: of the region) on a date, to open a sentence."""
    if not school:
        return T("Region, {date}, access window {key}", date=date, key=key)
    if window:
        return T("School {school}, {date}, access window {key}", school=school, date=date, key=key)
    return T("School {school}, {date}, session {key}", school=school, date=date, key=key)


def row_words(region: Region, row: int, date: str | Text) -> Text:
    """Name the activity of a row on a date; a row that the region lacks is named by its number."""
    activities = region.activities
    if not 0 <= row < len(activities):
        return T("{date}, activity number {row} (which the region does not have)", date=date, row=row)
    return place_words(activities.school_key(row), date, activities.key_of(row), bool(activities.window[row]))


def activity_words(day: SchoolDay, activity: int) -> Text:
    """Name one activity of a school's day."""
    return place_words(day.school, day.date.isoformat(), day.keys[activity], day.window[activity])


def shared_words(day: SchoolDay, one: int, other: int, apart: PartsApart) -> Text:
    """Say what two sharers have in common: the first teacher, else the room, else the pupils."""
    for teacher in day.teachers[one]:
        if teacher in day.teachers[other]:
            return T("teacher {name}", name=teacher)
    if day.room[one] and day.room[one] == day.room[other]:
        return T("room {name}", name=day.room[one])
    for group in day.groups[one]:
        if group in day.groups[other]:
            return T("group {name}", name=group)
    group, other_group = next(
        (mine, theirs)
        for mine in day.groups[one]
        for theirs in day.groups[other]
        if division(mine) == division(theirs) and pupils_in_common(mine, theirs, apart)
    )
    return T("pupils of {group} and {other}", group=group, other=other_group)


def together_words(division_name: str, half: str, common: int) -> Text:
    """Say what must have one shift, and which shift most of it has."""
    if not division_name:
        return T("the school moves by {common} minutes that day", common=common)
    if half == "morning":
        return T("division {name} moves by {common} minutes that morning", name=division_name, common=common)
    if half == "afternoon":
        return T("division {name} moves by {common} minutes that afternoon", name=division_name, common=common)
    return T("division {name} moves by {common} minutes that day", name=division_name, common=common)
