"""Wishes in words: what a school wishes, what stands against it, and what finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.grid import clock
from scheduler.errors import Fault
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.wishes import Wish

MOST_NAMED = 5
"""So many sessions a sentence names; the others are counted."""


def wish_words(wish: Wish) -> Text:
    """Say a wish: ``teacher “Mme Rhin”: no start before 09:00``."""
    whom = _whom(wish)
    if wish.minute is None:
        return T("{whom}: locked at the usual start", whom=whom)
    if wish.kind == "earliest":
        return T("{whom}: no start before {time}", whom=whom, time=clock(wish.minute))
    return T("{whom}: no start after {time}", whom=whom, time=clock(wish.minute))


def _whom(wish: Wish) -> Text:
    match wish.of_what:
        case "session":
            return T("session “{name}”", name=wish.name)
        case "teacher":
            return T("teacher “{name}”", name=wish.name)
        case "group":
            return T("group “{name}”", name=wish.name)
        case "day":
            return T("day {name}", name=wish.name)
    return T("the whole school")


def fault_of(school: str, wish: Wish, against: Sequence[str]) -> Fault:
    """Say that a wish forbids usual starts (CONTRACT section 3, rule 7)."""
    named = ", ".join(against[:MOST_NAMED])
    values = {"school": school, "wish": wish_words(wish), "sessions": named}
    if len(against) > MOST_NAMED:
        others = len(against) - MOST_NAMED
        what = T("school {school}, {wish}: this forbids the usual start of {sessions} and {others} more",
                 **values, others=others)  # fmt: skip
    else:
        what = T("school {school}, {wish}: this forbids the usual start of {sessions}", **values)
    return Fault("", 0, what, T("choose a time that these respect, or wish it of others; until then it does not count"))


def idle_of(school: str, wish: Wish) -> Fault:
    """Say that a wish finds no session."""
    what = T("school {school}, {wish}: this finds no session in the timetable", school=school, wish=wish_words(wish))
    return Fault("", 0, what, T("write the name as the timetable does, or withdraw the wish"))
