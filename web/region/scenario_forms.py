"""The forms of the ready-made scenarios: filled in with what the region has, and read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from scheduler.domain.grid import clock
from scheduler.domain.scenario_changes import (
    AudienceHours,
    BackToSchool,
    CapacityChange,
    ClosedPlatform,
    IdleSignOut,
    LargestShift,
    TargetUtilisation,
)
from scheduler.domain.scenario_words import audience_in_words, level_in_words
from scheduler.domain.verdict_words import platform_name
from scheduler.errors import Fault, FaultyInput
from scheduler.service.needs import meter_named
from scheduler.wording import T
from web.languages import say
from web.words import date_asked, number_asked, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scheduler.domain.region import Region
    from scheduler.domain.scenarios import Change
    from scheduler.service.scenarios import Ground
    from scheduler.wording import Text

V = TypeVar("V")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Field:
    """A field of a form; one with options is a choice."""

    name: str
    label: Text
    value: str
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Ready:
    """A ready-made scenario with its form.

    Attributes
    ----------
    key : str
        Begins the names of its fields.
    question : Text
    fields : tuple of Field
    """

    key: str
    question: Text
    fields: tuple[Field, ...]


def ready_made(ground: Ground) -> list[Ready]:
    """Give the scenarios that make sense for a region, with fields filled in from it."""
    region = ground.region
    forms = [*_of_capacity(region), *_of_platforms(region), *_of_levels(region), *_of_audiences(ground)]
    return [*forms, *_of_usage(region), *_of_policy(region)]


def _of_capacity(region: Region) -> list[Ready]:
    if not region.meters:
        return []
    first, last = (dt.datetime.combine(date, dt.time()) for date in (region.grid.first_date, region.grid.last_date))
    options = tuple((f"{one.platform}/{one.meter}", meter_named(region, one, words())) for one in region.meters)
    units = (("percent", say(T("per cent"))), ("count", say(T("connections, or logins per minute"))))
    tenth = f"{max(float(region.capacity(region.grid.first_date)[0].min()) / 10, 1):.0f}"
    nine = first + dt.timedelta(hours=9)

    def form(key: str, question: Text, amount: str, span: tuple[dt.datetime, dt.datetime], *unit: Field) -> Ready:
        meter = Field(f"{key}-meter", T("Servers"), options[0][0], options=options)
        much = Field(f"{key}-amount", T("How much"), amount)
        times = (T("From"), T("Until"))
        ends = [
            Field(f"{key}-{name}", label, at.isoformat("T", "minutes"), "datetime-local")
            for name, label, at in zip(("from", "to"), times, span, strict=True)
        ]
        return Ready(key, question, (meter, much, *unit, *ends))

    unit = Field("outage-unit", T("Counted in"), "percent", options=units)
    return [
        form("raise", T("The servers bear more"), tenth, (first, last + DAY)),
        form("outage", T("Something is out for two hours"), "50", (nine, nine + dt.timedelta(hours=2)), unit),
        form("attack", T("An attack takes half of the capacity (per cent)"), "50", (first, first + DAY)),
    ]


def _of_platforms(region: Region) -> list[Ready]:
    options = tuple((one.key, platform_name(region, one.key)) for one in region.platforms)
    if len(options) < 2:
        return []
    closed = Field("closed-platform", T("Closed"), options[-1][0], options=options)
    instead = Field("closed-instead", T("Its classes go to"), options[-2][0], options=options)
    return [Ready("closed", T("A platform is closed"), (closed, instead))]


def _of_levels(region: Region) -> list[Ready]:
    found = sorted({school.level for school in region.schools} - {""})
    if not found:
        return []
    options = tuple((level, _said(level_in_words(level))) for level in found)
    date = min(region.grid.first_date + DAY, region.grid.last_date).isoformat()
    level = Field("level-level", T("Level"), options[0][0], options=options)
    return [Ready("level", T("A level is taught on site again"), (level, Field("level-date", T("From"), date, "date")))]


def _of_audiences(ground: Ground) -> list[Ready]:
    options = tuple((one, _said(audience_in_words(one))) for one in ground.audiences if one)
    if not options:
        return []
    usual = "parents" if "parents" in ground.audiences else options[0][0]
    audience = Field("audience-audience", T("Audience"), usual, options=options)
    hour = Field("audience-earliest", T("Only from"), "15:00", "time")
    return [Ready("audience", T("Parents, or another audience, connect later"), (audience, hour))]


def _of_usage(region: Region) -> list[Ready]:
    if not any(row.end.from_end and row.end.minutes > 0 for row in region.usage):
        return []
    minutes = Field("idle-minutes", T("Minutes after the end of an activity"), "10")
    return [Ready("idle", T("Who does nothing is signed out sooner"), (minutes,))]


def _of_policy(region: Region) -> list[Ready]:
    policy = region.policy
    share = Field("target-share", T("Per cent of the capacities"), f"{min(100 * policy.target_utilisation + 5, 100):g}")
    longer = policy.max_shift_minutes + -(-15 // region.grid.slot_minutes) * region.grid.slot_minutes
    return [
        Ready("target", T("Plans may fill another share of the servers"), (share,)),
        Ready("shift", T("Sessions may move farther, or less far"), (Field("shift-shift", T("Minutes"), str(longer)),)),
    ]


def _said(text: Text | str) -> str:
    said = text if isinstance(text, str) else say(text)
    return said[:1].upper() + said[1:]


def change_asked(key: str, form: Mapping[str, str]) -> Change:
    """Read the form of one scenario.

    Raises
    ------
    FaultyInput
        What cannot be read; a fault's `file` is the field.
    """
    return READERS[key](_Reader(key, form))


class _Reader:
    """Reads the fields of one form; what cannot be read is a fault at its field."""

    def __init__(self, key: str, form: Mapping[str, str]):
        self._key, self._form = key, form

    def text(self, name: str) -> str:
        return self._form.get(f"{self._key}-{name}", "").strip()

    def number(self, name: str) -> float:
        return self._known(name, number_asked(self.text(name), float), T("this is no number"), T("write one"))

    def whole(self, name: str) -> int:
        return self._known(name, number_asked(self.text(name)), T("this is no whole number"), T("write one"))

    def date(self, name: str) -> dt.date:
        what, remedy = T("this is no date"), T("choose one, such as 2021-04-06")
        return self._known(name, date_asked(self.text(name)), what, remedy)

    def time(self, name: str) -> int:
        try:
            clock = dt.time.fromisoformat(self.text(name))
        except ValueError:
            clock = None
        minute = None if clock is None else 60 * clock.hour + clock.minute
        return self._known(name, minute, T("this is no time"), T("write one, such as 15:00"))

    def moment(self, name: str) -> dt.datetime:
        try:
            at = dt.datetime.fromisoformat(self.text(name)).replace(tzinfo=None, second=0, microsecond=0)
        except ValueError:
            at = None
        return self._known(name, at, T("this is no time"), T("choose date and time"))

    def _known(self, name: str, value: V | None, what: Text, remedy: Text) -> V:
        if value is None:
            raise FaultyInput([Fault(f"{self._key}-{name}", 0, what, remedy)])
        return value

    def capacity(self, sign: int, *, percent: bool) -> CapacityChange:
        platform, _, meter = self.text("meter").partition("/")
        span = self.moment("from"), self.moment("to")
        return CapacityChange(platform, meter, sign * abs(self.number("amount")), percent, *span)


READERS: dict[str, Callable[[_Reader], Change]] = {
    "raise": lambda form: form.capacity(1, percent=False),
    "outage": lambda form: form.capacity(-1, percent=form.text("unit") == "percent"),
    "attack": lambda form: form.capacity(-1, percent=True),
    "closed": lambda form: ClosedPlatform(form.text("platform"), form.text("instead")),
    "level": lambda form: BackToSchool(form.text("level"), form.date("date")),
    "audience": lambda form: AudienceHours(form.text("audience"), form.time("earliest")),
    "idle": lambda form: IdleSignOut(form.whole("minutes")),
    "target": lambda form: TargetUtilisation(form.number("share") / 100),
    "shift": lambda form: LargestShift(form.whole("shift")),
}
"""How the form of each ready-made scenario is read."""


def form_of(change: Change) -> dict[str, str]:
    """Fill the form of a change in, ticked, as an address of the page says it."""
    match change:
        case CapacityChange():
            key = "raise" if change.amount > 0 else "attack" if change.percent else "outage"
            span = {"from": change.start.isoformat("T", "minutes"), "to": change.end.isoformat("T", "minutes")}
            fields = {"meter": f"{change.platform}/{change.meter}", "amount": f"{abs(change.amount):g}"} | span
            fields |= {"unit": "count"} if key == "outage" else {}
        case ClosedPlatform(platform, instead):
            key, fields = "closed", {"platform": platform, "instead": instead}
        case BackToSchool(level, date):
            key, fields = "level", {"level": level, "date": date.isoformat()}
        case AudienceHours(audience, earliest):
            key, fields = "audience", {"audience": audience, "earliest": clock(earliest)}
        case IdleSignOut(minutes):
            key, fields = "idle", {"minutes": str(minutes)}
        case TargetUtilisation(share):
            key, fields = "target", {"share": f"{100 * share:g}"}
        case LargestShift(minutes):
            key, fields = "shift", {"shift": str(minutes)}
    return {f"try-{key}": "1"} | {f"{key}-{name}": value for name, value in fields.items()}
