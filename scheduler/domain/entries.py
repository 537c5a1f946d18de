"""Entries of a publication: what people read of one activity on one date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region
    from scheduler.domain.timetable import Alternative

SESSION, ACCESS = "session", "access"
Identity = tuple[str, str, dt.date]
"""Kind, key and date: what an entry stays the same by, within its school."""
Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity on one date.

    Attributes
    ----------
    kind : str
        ``session`` or ``access``, as in plan.csv.
    id : str
        The session's or window's key.
    date : datetime.date
    start, usual_start, minutes : int
        Planned and usual start in minutes of the day, and length.
    groups, teachers : tuple of str
    room, subject, audience, link : str
        ``""`` where there is none.
    serving, usually : Alternative
        What serves it by the plan, and what serves it usually.
    sequence : int
        How often it has changed since it was first published.
    changed_at : datetime.datetime
        When it last changed, in UTC.
    cancelled : bool
        It was published and no longer takes place.
    """

    kind: str
    id: str
    date: dt.date
    start: int
    usual_start: int
    minutes: int
    groups: tuple[str, ...]
    teachers: tuple[str, ...]
    room: str
    subject: str
    audience: str
    serving: Alternative
    usually: Alternative
    link: str
    sequence: int
    changed_at: dt.datetime
    cancelled: bool = False

    @property
    def identity(self) -> Identity:
        """What it stays the same entry by, within its school, also when it moves."""
        return self.kind, self.id, self.date

    @property
    def end(self) -> int:
        """Planned end in minutes of the day."""
        return self.start + self.minutes

    @property
    def platforms(self) -> str:
        """The alternative that serves it, as the region writes it."""
        return self.serving.text

    @property
    def moved(self) -> bool:
        """Whether it is planned at another time than usual."""
        return self.start != self.usual_start

    def says_the_same_as(self, other: Entry) -> bool:
        """Tell whether both say the same to a reader, whenever that was first said."""
        return _TOLD(self) == _TOLD(other)


_TOLD = attrgetter(*(field.name for field in fields(Entry) if field.name not in ("sequence", "changed_at")))


def entries_of(region: Region, plan: Plan, elements: NDArray[np.intp], published_at: dt.datetime) -> Iterator[Entry]:
    """Copy the `elements` of a plan as entries that were never published before.

    Whole columns are looked up at once: a region's week has millions of entries.
    """
    activities, words, dates = region.activities, region.activities.words, region.grid.dates
    rows = plan.row[elements]
    window = activities.window[rows]
    columns = zip(
        window.tolist(),
        _spelt(words.keys, activities.key[rows]),
        _spelt(dates, plan.day[elements]),
        plan.start[elements].tolist(),
        activities.start[rows].tolist(),
        activities.minutes[rows].tolist(),
        # A code means nothing in a row of the other kind.
        _spelt_where(~window, words.groups, activities.groups[rows], ()),
        _spelt_where(~window, words.teachers, activities.teachers[rows], ()),
        _spelt_where(~window, words.rooms, activities.room[rows], ""),
        _spelt_where(~window, words.subjects, activities.subject[rows], ""),
        _spelt_where(window, words.audiences, activities.audience[rows], ""),
        _spelt(words.alternatives, activities.alternatives[rows]),
        plan.alternative[elements].tolist(),
        _spelt_where(~window, words.links, activities.link[rows], ""),
        strict=True,
    )
    for is_window, key, date, start, usual_start, minutes, *told, alternatives, chosen, link in columns:
        groups, teachers, room, subject, audience = told
        yield Entry(
            kind=ACCESS if is_window else SESSION,
            id=key,
            date=date,
            start=start,
            usual_start=usual_start,
            minutes=minutes,
            groups=groups,
            teachers=teachers,
            room=room,
            subject=subject,
            audience=audience,
            serving=alternatives[chosen],
            usually=alternatives[0],
            link=link,
            sequence=0,
            changed_at=published_at,
        )


def _spelt(words: Sequence[Word], codes: NDArray[np.integer]) -> list[Word]:
    """Look up a column of codes."""
    return [words[code] for code in codes.tolist()]


def _spelt_where(
    wanted: NDArray[np.bool_], words: Sequence[Word], codes: NDArray[np.integer], otherwise: Word
) -> list[Word]:
    """Look up a column of codes in the rows that are `wanted`; the others hold `otherwise`."""
    return [words[code] if want else otherwise for code, want in zip(codes.tolist(), wanted.tolist(), strict=True)]
