"""The rows of the region folder's files, with the contract's columns in its order."""

from __future__ import annotations

from dataclasses import dataclass

SESSION_COLUMNS = (
    "school",
    "session",
    "day",
    "weeks",
    "start",
    "minutes",
    "groups",
    "teachers",
    "room",
    "subject",
    "heads",
    "platforms",
    "activity",
    "locked",
    "earliest",
    "latest",
    "weight",
    "link",
)
WINDOW_COLUMNS = (
    "school",
    "window",
    "audience",
    "day",
    "weeks",
    "heads",
    "minutes",
    "platforms",
    "activity",
    "usual_start",
    "earliest",
    "latest",
    "weight",
)
CLOCK = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60 + 1))

LIVE, ASYNC, BROWSE = "live", "async", "browse"


@dataclass(slots=True)
class SessionRow:
    """A row of sessions.csv; times are minutes from midnight, None where the cell stays empty."""

    school: str
    session: str
    day: str
    weeks: str
    start: int
    minutes: int
    groups: tuple[str, ...]
    teachers: tuple[str, ...]
    subject: str
    heads: int
    platforms: str = ""
    activity: str = LIVE
    room: str = ""
    locked: bool = False
    earliest: int | None = None
    latest: int | None = None
    weight: str = ""
    link: str = ""

    def cells(self) -> tuple[object, ...]:
        """Give the cells in the order of ``SESSION_COLUMNS``."""
        return (
            self.school,
            self.session,
            self.day,
            self.weeks,
            CLOCK[self.start],
            self.minutes,
            "|".join(self.groups),
            "|".join(self.teachers),
            self.room,
            self.subject,
            self.heads,
            self.platforms,
            self.activity,
            "1" if self.locked else "",
            "" if self.earliest is None else CLOCK[self.earliest],
            "" if self.latest is None else CLOCK[self.latest],
            self.weight,
            self.link,
        )


@dataclass(slots=True)
class WindowRow:
    """A row of access.csv; times are minutes from midnight."""

    school: str
    window: str
    audience: str
    day: str
    heads: int
    minutes: int
    platforms: str
    usual_start: int
    earliest: int
    latest: int
    activity: str = BROWSE
    weeks: str = ""
    weight: str = ""

    def cells(self) -> tuple[object, ...]:
        """Give the cells in the order of ``WINDOW_COLUMNS``."""
        return (
            self.school,
            self.window,
            self.audience,
            self.day,
            self.weeks,
            self.heads,
            self.minutes,
            self.platforms,
            self.activity,
            CLOCK[self.usual_start],
            CLOCK[self.earliest],
            CLOCK[self.latest],
            self.weight,
        )
