"""What programs ask and are told of a region's servers: a week, loads by slot, capacities, tasks."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from scheduler.domain.grid import clock
from scheduler.domain.verdict import peaks, shortfalls
from scheduler.files.region_writer import cells_of
from web.api.shapes import Asked, InRegion, Number, Sent, Told
from web.languages import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.capacity import KeptCapacity
    from scheduler.domain.tasks import Task
    from scheduler.service.load_views import LoadView
    from scheduler.service.overview import Loads, Week

Text = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]


class WeekWanted(Asked):
    """Which week."""

    date: dt.date | None = Field(None, ge=dt.date(1970, 1, 1), le=dt.date(2999, 12, 31))


class LoadsWanted(WeekWanted):
    """Which loads: of a run, or by the plan that is in force in the week of a date."""

    run: Number | None = None
    platform: Text | None = None
    meter: Text | None = None


class OneShortage(Told):
    """Slots in a row in which something is missing."""

    platform: str
    meter: str
    date: dt.date
    start: str = Field(description="HH:MM")
    end: str = Field(description="HH:MM, exclusive")
    missing: float


class OnePeak(Told):
    """The highest load of a limited meter."""

    platform: str
    meter: str
    before: float
    after: float
    utilisation_before: float | None
    utilisation_after: float | None


class OneWeek(Told):
    """Whether a week is safe."""

    monday: dt.date
    answer: list[str]
    look: Literal["over", "within", "unknown"]
    run: int | None
    planned: bool
    peaks: list[OnePeak]
    missing: list[OneShortage]
    states: dict[str, int] = Field(description="how many schools are how far")

    @classmethod
    def of(cls, week: Week, loads: Loads) -> OneWeek:
        """Tell of a week."""
        view = week.view
        return cls(
            monday=week.monday,
            answer=[say(one) for one in loads.answer],
            look=loads.look,  # type: ignore[arg-type]
            run=None if view.run is None else view.run.number,
            planned=view.planned,
            peaks=_peaks(view),
            missing=_missing(view),
            states=week.states,
        )


def _peaks(view: LoadView) -> list[OnePeak]:
    meters = view.region.meters
    return [
        OnePeak(
            platform=meters[one.meter].platform,
            meter=meters[one.meter].meter,
            before=one.before,
            after=one.after,
            utilisation_before=one.utilisation_before,
            utilisation_after=one.utilisation_after,
        )
        for one in (peaks(view.region, view.figures) if view.figures else ())
    ]


def _missing(view: LoadView) -> list[OneShortage]:
    region = view.region
    minutes, meters = region.grid.slot_minutes, region.meters
    return [
        OneShortage(
            platform=meters[one.meter].platform,
            meter=meters[one.meter].meter,
            date=region.grid.dates[one.day],
            start=clock(one.first * minutes),
            end=clock(one.last * minutes),
            missing=one.missing,
        )
        for day in view.figures
        for one in shortfalls(region, day, planned=True)
    ]


class LoadOfDate(Told):
    """The load of one meter on one date, a number a slot from 00:00 on; null: without limit."""

    platform: str
    meter: str
    date: dt.date
    capacity: list[float | None]
    limit: list[float | None]
    before: list[float]
    after: list[float]
    price: list[float]


class LoadList(Told):
    """Loads by slot."""

    slot_minutes: int
    run: int | None
    loads: list[LoadOfDate]

    @classmethod
    def of(cls, view: LoadView, platform: str | None, meter: str | None) -> LoadList:
        """Tell of loads, of one platform or meter or of all."""
        region = view.region
        wanted = [
            (at, place)
            for at, place in enumerate(region.meters)
            if platform in (None, place.platform) and meter in (None, place.meter)
        ]
        loads = [
            LoadOfDate(
                platform=place.platform,
                meter=place.meter,
                date=region.grid.dates[day.day],
                capacity=_bounded(day.capacity[at].tolist()),
                limit=_bounded(day.limit[at].tolist()),
                before=day.before[at].tolist(),
                after=day.after[at].tolist(),
                price=view.prices[day.day][at].tolist() if day.day in view.prices else [0.0] * region.grid.slots,
            )
            for at, place in wanted
            for day in view.figures
        ]
        number = None if view.run is None else view.run.number
        return cls(slot_minutes=region.grid.slot_minutes, run=number, loads=loads)


def _bounded(values: Sequence[float]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values]


class OfEntry(InRegion):
    """A capacity entry."""

    entry: Number


class EntryWanted(Sent):
    """A capacity entry, in the cells of capacity.csv."""

    platform: Text
    meter: Text
    from_: Text = Field("", alias="from")
    to: Text = ""
    kind: Literal["base", "change"]
    amount: Text = Field(description="such as 20000, +15000, -8000 or -50%")
    note: Text = ""
    revision: int = Field(ge=0, lt=2**31, description="the region's revision that this was decided from")

    def row(self) -> dict[str, str]:
        """Give the cells."""
        return self.model_dump(by_alias=True, exclude={"revision"})


class RevisionWanted(Asked):
    """What a withdrawal was decided from."""

    revision: int = Field(ge=0, lt=2**31)


class OneEntry(Told):
    """A capacity entry."""

    id: int
    cells: dict[str, str] = Field(description="as a row of capacity.csv")
    entered_at: dt.datetime
    entered_by: str

    @classmethod
    def of(cls, kept: KeptCapacity) -> OneEntry:
        """Tell of an entry."""
        return cls(id=kept.id, cells=cells_of(kept.entry), entered_at=kept.entered_at, entered_by=kept.entered_by)


class EntryList(Told):
    """The capacity entries of a region."""

    revision: int
    entries: list[OneEntry]


class Edited(Told):
    """What an edit led to."""

    id: int
    revision: int
    changed: bool
    warnings: list[str]


class AcceptWanted(Sent):
    """Which proposals of a run are accepted."""

    schools: list[Text] | None = Field(None, max_length=20_000, description="keys; null: all")
    publish: bool = False


class PublishWanted(Sent):
    """When what is accepted is published."""

    at: Text | None = Field(None, description="ISO date-time with its offset; null: now")


class OneTask(Told):
    """Something that is done beside requests."""

    id: int
    kind: str
    state: str
    asked_at: dt.datetime
    due_at: dt.datetime
    begun_at: dt.datetime | None
    ended_at: dt.datetime | None
    result: dict[str, Any]
    told: list[str]

    @classmethod
    def of(cls, task: Task) -> OneTask:
        """Tell of a task."""
        same = {name: getattr(task, name) for name in cls.model_fields if name != "told"}
        return cls(**same, told=[say(one) for one in task.told])


class OfTask(InRegion):
    """A task."""

    task: Number


class TaskList(Told):
    """Tasks, newest first."""

    tasks: list[OneTask]
