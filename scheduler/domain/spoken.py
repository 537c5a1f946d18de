"""Times, dates and whole numbers as sentences, for what is said before the reader's language is known.

Where the language is known already, scheduler.wording_times says the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.wording import T, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


def spoken_time(minute: int) -> Text:
    """Say a minute of the day, 0 to 1440."""
    return T("{hour}:{minute}", hour=minute // 60, minute=f"{minute % 60:02d}")


def spoken_date(date: dt.date) -> Text:
    """Say a date with its weekday and without its year."""
    said = {"weekday": _weekdays()[date.weekday()], "month": _months()[date.month - 1]}
    if date.day == 1:
        return T("{weekday} 1 {month}", **said)
    return T("{weekday} {day} {month}", day=date.day, **said)


def spoken_whole(number: int) -> str | Text:
    """Say a whole number from 0 on, with its thousands apart."""
    thousands, rest = divmod(number, 1000)
    return T("{thousands},{rest}", thousands=spoken_whole(thousands), rest=f"{rest:03d}") if thousands else str(rest)


def either_of(items: Sequence[str | Text]) -> str | Text:
    """Join words of which one is to be chosen; at least one."""
    said = items[0]
    for item in items[1:-1]:
        said = T("{list}, {item}", list=said, item=item)
    return T("{list} or {item}", list=said, item=items[-1]) if len(items) > 1 else said


def _weekdays() -> tuple[Text, ...]:
    return (
        T("Monday"),
        T("Tuesday"),
        T("Wednesday"),
        T("Thursday"),
        T("Friday"),
        T("Saturday"),
        T("Sunday"),
    )


def _months() -> tuple[Text, ...]:
    return (
        T("January"),
        T("February"),
        T("March"),
        T("April"),
        T("May"),
        T("June"),
        T("July"),
        T("August"),
        T("September"),
        T("October"),
        T("November"),
        T("December"),
    )
