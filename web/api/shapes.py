"""What is sent and answered, as JSON; made from the domain's values, and from nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from scheduler.domain.listing import MOST_ON_A_PAGE, SORTS, STATES
from scheduler.domain.runs import RunOptions
from web.languages import say

if TYPE_CHECKING:
    from scheduler.domain.listing import RegionEntry, SchoolEntry
    from scheduler.domain.published import PublicationHead
    from scheduler.domain.runs import Run, RunProgress
    from scheduler.domain.school_plans import SchoolPlan

AUDIENCES = "@audiences"
"""Stands in addresses for the audiences of the region itself, whose key is empty."""

LARGEST = 2**31 - 1

RegionKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$", description="key of the region")]
SchoolKey = Annotated[
    str, Field(pattern=rf"^([A-Za-z0-9._-]{{1,40}}|{AUDIENCES})$", description=f"key of the school, or {AUDIENCES}")
]
Number = Annotated[int, Field(ge=1, le=LARGEST)]


class Asked(BaseModel):
    """A part of a request; what it does not name is a fault. Addresses are text, so numbers are read from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sent(BaseModel):
    """A body: nothing is taken for what it is not, and nothing is passed over."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Told(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(Told):
    """One thing that is wrong in what was sent."""

    where: str
    what: str
    remedy: str


class Problem(Told):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    advice: str
    request: str = Field(description="number of the request, for the operator")
    reasons: list[str] | None = None
    faults: list[Fault] | None = None


class InRegion(Asked):
    """A region."""

    region: RegionKey


class OfRun(InRegion):
    """A planning run."""

    number: Number


class InSchool(InRegion):
    """A school."""

    school: SchoolKey

    @property
    def key(self) -> str:
        """The key as the services know it."""
        return "" if self.school == AUDIENCES else self.school


class OfPlan(InSchool):
    """A plan of a school."""

    plan: Number


class RunsWanted(Asked):
    """Which runs."""

    most: int = Field(50, ge=1, le=200)
    before: Number | None = Field(None, description="only runs of a smaller number")


class SchoolsWanted(Asked):
    """Which schools, in which order."""

    search: str = Field("", max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="words of name, key, academy")
    level: str | None = Field(None, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    academy: str | None = Field(None, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    state: Literal[STATES] | None = None  # type: ignore[valid-type]
    sort: Literal[(*SORTS, *(f"-{name}" for name in SORTS))] = "name"  # type: ignore[valid-type]
    page: int = Field(1, ge=1, le=10**9)
    size: int = Field(50, ge=1, le=MOST_ON_A_PAGE)


class RunWanted(Sent):
    """What a planning run shall do; as the options of `etale stagger`."""

    gap: float = Field(0.01, ge=0, le=1, allow_inf_nan=False, description="proven gap that is good enough")
    time_limit: float | None = Field(None, ge=0, le=1e9, allow_inf_nan=False, description="seconds")
    objective: Literal["cost", "level"] = "cost"
    reorder: bool = False
    seed: int = Field(0, ge=0, lt=2**63)
    start_from: Number | None = Field(None, description="number of a run that is done")
    stay_close_to: Number | None = Field(None, description="number of a run that is done")

    def options(self) -> RunOptions:
        """Give them as the services know them."""
        return RunOptions(**self.model_dump())


class PublicationWanted(Sent):
    """What shall be published."""

    plan: Number | None = Field(None, description="an accepted plan; by default the one accepted last")


class SignInWanted(Sent):
    """Who signs in."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1000, repr=False)


class SignedIn(Told):
    """A sign-in."""

    token: str = Field(description="secret; ends after 12 hours without use, and after 30 days")


class Progress(Told):
    """How far a run has come."""

    stage: str
    step: int
    date: dt.date | None
    bound: float | None
    best: float | None
    gap: float | None
    dates_done: int
    dates: int
    seconds: float
    seconds_left: float | None
    points: list[list[float | None]] = Field(
        description="How they closed in: seconds, and the sums of bounds and of best plans over the dates told of."
    )

    @classmethod
    def of(cls, progress: RunProgress) -> Progress:
        """Tell of a progress."""
        told = vars(progress) | {"points": [list(point) for point in progress.points]}
        return cls(gap=progress.gap, **told)


class RunHead(Told):
    """A planning run in a list."""

    region: str
    number: int
    first_date: dt.date
    last_date: dt.date
    state: str
    region_revision: int
    asked_at: dt.datetime
    asked_by: str | None
    begun_at: dt.datetime | None
    ended_at: dt.datetime | None
    stop_asked_at: dt.datetime | None
    stopped_by: str | None
    status: str | None
    objective: float | None = Field(description="head-minutes")
    lower_bound: float | None = Field(description="head-minutes")
    gap: float | None

    @classmethod
    def of(cls, run: Run) -> RunHead:
        """Tell of a run in a list."""
        return cls(**{name: getattr(run, name) for name in cls.model_fields})


class OneRun(RunHead):
    """A planning run, with how far it is and what came of it."""

    options: dict[str, Any]
    progress: Progress | None
    progress_at: dt.datetime | None
    failure: list[str] = Field(description="why it failed")
    report: dict[str, Any] | None = Field(description="report.json of the plan folder")

    @classmethod
    def of(cls, run: Run) -> OneRun:
        """Tell of a run."""
        same = {name: getattr(run, name) for name in (*RunHead.model_fields, "progress_at", "report")}
        return cls(
            **same,
            options=run.options.as_document(),
            progress=None if run.progress is None else Progress.of(run.progress),
            failure=[say(reason) for reason in run.failure],
        )


class RunList(Told):
    """Planning runs, newest first."""

    runs: list[RunHead]


class OneRegion(Told):
    """A region in a list."""

    key: str
    name: str
    first_date: dt.date
    last_date: dt.date
    revision: int
    schools: int
    with_timetable: int
    sessions: int

    @classmethod
    def of(cls, entry: RegionEntry) -> OneRegion:
        """Tell of a region."""
        return cls(**vars(entry))


class RegionList(Told):
    """The regions that are open as a whole to whoever asks."""

    regions: list[OneRegion]


class OneSchool(Told):
    """A school."""

    key: str
    name: str
    level: str
    academy: str
    pupils: int | None
    state: str = Field(description=", ".join(STATES))
    version: int | None = Field(description="number of the timetable in force")
    brought_at: dt.datetime | None
    source: str
    sessions: int
    windows: int
    left_at: dt.datetime | None

    @classmethod
    def of(cls, entry: SchoolEntry) -> OneSchool:
        """Tell of a school."""
        same = {name: value for name, value in vars(entry).items() if name != "school"}
        school = entry.school
        return cls(
            key=school.key or AUDIENCES,
            name=school.name,
            level=school.level,
            academy=school.academy,
            pupils=school.pupils,
            **same,
        )


class SchoolList(Told):
    """A page of schools."""

    schools: list[OneSchool]
    total: int
    page: int
    pages: int
    size: int


class OnePlan(Told):
    """A plan of a school."""

    id: int
    run: int | None = Field(description="number of the planning run; none: a change of the school's own")
    state: str
    timetable: int = Field(description="number of the timetable it was made for")
    current: bool = Field(description="that timetable is in force")
    made_at: dt.datetime
    accepted_at: dt.datetime | None
    published_at: dt.datetime | None
    first_date: dt.date
    last_date: dt.date
    activities: int
    moved: int
    shift_minutes: int

    @classmethod
    def of(cls, plan: SchoolPlan) -> OnePlan:
        """Tell of a plan."""
        return cls(**{name: getattr(plan, name) for name in cls.model_fields})


class PlanList(Told):
    """The plans of a school, newest first."""

    plans: list[OnePlan]


class OnePublication(Told):
    """A publication of a school."""

    number: int
    published_at: dt.datetime
    published_by: str
    plan_id: int | None
    first_date: dt.date
    last_date: dt.date
    entries: int
    is_kept: bool = Field(description="its content was not erased")

    @classmethod
    def of(cls, head: PublicationHead) -> OnePublication:
        """Tell of a publication."""
        return cls(**{name: getattr(head, name) for name in cls.model_fields})


class PublicationList(Told):
    """The publications of a school, the last one first."""

    publications: list[OnePublication]
