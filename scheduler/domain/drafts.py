"""Timetables as other programs' files tell them, before a school has settled what they leave open.

A reader understands one format and gives a :class:`TimetableDraft`; nothing is stored and nothing invented: what a file
does not say is None or ``""``, and each event that could not be understood is listed with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from scheduler.errors import Fault
    from scheduler.wording import Text

NOTHING_GIVEN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class TimetableFile:
    """A file as it was handed over.

    Attributes
    ----------
    name : str
        As its owner calls it; what it holds is found by its content.
    content : bytes
    """

    name: str
    content: bytes


@dataclass(frozen=True)
class Bell:
    """A period of a school's day.

    Attributes
    ----------
    label : str
        How the program calls it: ``1``, ``M1``.
    start, end : int
        Minutes of the day.
    weekday : str
        ``MO`` … ``SU``; ``""``: every day.
    """

    label: str
    start: int
    end: int
    weekday: str = ""


@dataclass(frozen=True)
class ReadOptions:
    """What a person may say beside the files, for formats that need it.

    Attributes
    ----------
    bells : tuple of Bell
        The school's periods, for files that number them only.
    first_date, last_date : datetime.date or None
        The dates asked for: dated events outside are left out with a note. Both or none.
    week_letters : mapping of datetime.date to str
        Letter of the week of each Monday that is known; others follow CONTRACT section 2 (odd ISO weeks are A).
    solution : str
        Which solution of an XHSTT archive; ``""``: the only one.
    timezone : str
        IANA name of the zone in which the school lives.
    """

    bells: tuple[Bell, ...] = ()
    first_date: dt.date | None = None
    last_date: dt.date | None = None
    week_letters: Mapping[dt.date, str] = field(default_factory=dict)
    solution: str = ""
    timezone: str = "Europe/Paris"


@dataclass(frozen=True)
class DraftSession:
    """A class session as a file tells it.

    Attributes
    ----------
    lines : tuple of int
        Where the file tells it: lines from 1 (or numbers of events, where a format has no lines); several where the
        file has a row a class or a row a date.
    day : str
        ``MO`` … ``SU``, or an ISO date.
    weeks : str
        ``A``, ``B``, or ``""`` for every week.
    start, minutes : int
        Minutes of the day, and length.
    groups, teachers : tuple of str
        A part of a division is named ``division/part`` where the division is known (CONTRACT section 1).
    room, subject : str
    heads : int or None
        People connecting, the teacher included; None: the file does not say.
    program_key : str
        What the program itself calls it, where that is stable from one export to the next; ``""``: nothing.
    given : mapping of str to str
        Columns of sessions.csv that only our own tables have, as written: session, platforms, activity, locked,
        earliest, latest, weight, link.
    """

    lines: tuple[int, ...]
    day: str
    weeks: str
    start: int
    minutes: int
    groups: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    room: str = ""
    subject: str = ""
    heads: int | None = None
    program_key: str = ""
    given: Mapping[str, str] = NOTHING_GIVEN


@dataclass(frozen=True)
class DraftGroup:
    """A division or group that a file knows.

    Attributes
    ----------
    name : str
        As in :attr:`DraftSession.groups`.
    heads : int or None
        Its pupils.
    level : str
        ``primary``, ``lower_secondary``, ``upper_secondary``; ``""``: the file does not say.
    """

    name: str
    heads: int | None = None
    level: str = ""


@dataclass(frozen=True)
class LeftOut:
    """An event of a file that became no session.

    Attributes
    ----------
    line : int
        As in :attr:`DraftSession.lines`; 0: the whole file.
    text : str
        What stands there, cut to what a person needs to find it; never a pupil's name.
    why : Text
        What it lacks or is, and what to do where anything can be done.
    events : int
        How many events it stands for, usually 1.
    wanted : bool
        False for what is rightly no class session (a duty, a cancelled event): it asks nobody for anything.
    """

    line: int
    text: str
    why: Text
    events: int = 1
    wanted: bool = True


@dataclass(frozen=True)
class TimetableDraft:
    """What a reader understood.

    Attributes
    ----------
    format : str
        Key of the format, as the command line names it: ``edt``, ``ics``, …
    program : str
        Its name for people: ``EDT``, ``PRONOTE``.
    sessions : tuple of DraftSession
        In file order.
    groups : tuple of DraftGroup
        Those that the sessions name or the file lists, by name.
    left_out : tuple of LeftOut
        In file order.
    events : int
        Events that the file holds: each line of a session and each event left out, once.
    notes : tuple of Fault
        What else deserves a look, ``file:line: what; remedy``.
    school : str
        The school's UAI or key, where the file tells it.
    school_name : str
    bells : tuple of Bell
    mondays : mapping of datetime.date to str
        Letters of weeks that the file tells.

    Raises
    ------
    ValueError
        An event is neither in a session nor left out.
    """

    format: str
    program: str
    sessions: tuple[DraftSession, ...]
    groups: tuple[DraftGroup, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    events: int = 0
    notes: tuple[Fault, ...] = ()
    school: str = ""
    school_name: str = ""
    bells: tuple[Bell, ...] = ()
    mondays: Mapping[dt.date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = sum(len(session.lines) for session in self.sessions) + sum(one.events for one in self.left_out)
        if found != self.events:
            raise ValueError(f"{self.events} events were read, and {found} are accounted for")
