"""What each region is given: dates, platforms, the parents' rule and events, after the published facts.

The numbers F01…F24 are the facts of April 2021 and March 2020 (press and vendors; the README of a written folder
names the sources). A region without a published fact of its own has the national dates and invented events.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from scheduler.demo.data import LOWER, PRIMARY, UPPER, secondary_schools
from scheduler.errors import Fault, FaultyInput
from scheduler.school_holidays import fold
from scheduler.wording import T

PARIS_TIME = "Europe/Paris"
FRANCE = "France"
CNED, BBB = "cned", "bbb"
BOTH_METERS = ("connections", "logins_per_minute")
DAY_START, DAY_END = 7 * 60 + 30, 19 * 60


@dataclass(frozen=True)
class Event:
    """A row (or two) of capacity.csv, on a day counted from the first of the horizon.

    Attributes
    ----------
    platform : str
        ``ent`` stands for the region's own.
    meters : tuple of str
        The meters it concerns.
    day, start : int
        Day of the horizon from 0, minute of the day.
    minutes : int
        How long; 0: for good.
    connections : int
        A change of the whole region's capacity in connections; 0: see `percent`.
    percent : int
        A change in percent of the base capacity.
    note : str
        What the row's note says.
    """

    platform: str
    meters: tuple[str, ...]
    day: int
    start: int
    minutes: int
    note: str
    connections: int = 0
    percent: int = 0


@dataclass(frozen=True)
class ParentsRule:
    """When a school's parents usually come, and between what times they may; minutes of the day."""

    usual: int = 8 * 60
    earliest: int = DAY_START
    latest: int = DAY_END


@dataclass(frozen=True)
class Preset:
    """Everything that differs from region to region.

    Attributes
    ----------
    name : str
        As in the bundled list.
    first_date, last_date : date
        The horizon, school days of all its academies.
    timezone : str
        IANA name.
    ent, ent_name : str
        Key and name of the region's ENT.
    virtual : tuple of str
        Virtual-class platforms, the usual one first; schools may have the second as an alternative.
    languages : (str, str)
        Second languages taught.
    parents : ParentsRule
        Of all schools but those of the academies in `parents_of`.
    parents_of : dict of str to ParentsRule
        By academy.
    rota : bool
        Whether upper secondary pupils also have hours by grade on the ENT (F07).
    events : tuple of Event
        Changes of capacity.
    small_base : float
        Share of the calibrated base that is there on the first day; 1 except where a fact says so.
    week : str
        Letter of the first week of the horizon.
    levels_until : dict of str to date
        Last date of distance teaching by level.
    facts : tuple of str
        Facts that the preset rests on.
    later : timedelta
        How long after the real dates all of it is held, in whole weeks.
    """

    name: str
    first_date: date = date(2021, 4, 6)
    last_date: date = date(2021, 4, 9)
    timezone: str = PARIS_TIME
    ent: str = "ent"
    ent_name: str = "Espace numérique de travail"
    virtual: tuple[str, ...] = (CNED, BBB)
    languages: tuple[str, str] = ("espagnol", "allemand")
    parents: ParentsRule = ParentsRule()
    parents_of: dict[str, ParentsRule] = field(default_factory=dict)
    rota: bool = False
    events: tuple[Event, ...] = ()
    small_base: float = 1.0
    week: str = "A"
    levels_until: dict[str, date] = field(
        # Distance teaching ran to 26 April in primary and to 3 May in secondary schools (AEF info, 7 April 2021).
        default_factory=lambda: {
            PRIMARY: date(2021, 4, 23),
            LOWER: date(2021, 4, 30),
            UPPER: date(2021, 4, 30),
        }
    )
    facts: tuple[str, ...] = ()
    later: timedelta = timedelta(0)

    def held_in_week_of(self, day: date) -> Preset:
        """Give the same days in another week: the first one is in that of `day`."""
        monday, wanted = (one - timedelta(days=one.weekday()) for one in (self.first_date, day))
        later = wanted - monday
        return replace(
            self,
            first_date=self.first_date + later,
            last_date=self.last_date + later,
            levels_until={level: last + later for level, last in self.levels_until.items()},
            later=self.later + later,
        )


_CNED_ATTACK = Event(
    # More than 20 attacks in one morning (AEF info, 7 April 2021); the share of lost capacity is invented.
    CNED,
    ("connections",),
    0,
    8 * 60,
    120,
    "attacks on the CNED's virtual classes",
    percent=-20,
)
_RAISE = Event("ent", BOTH_METERS, 1, 0, 0, "capacity raised overnight", percent=10)
_GENERIC = (_CNED_ATTACK, _RAISE)

GRAND_EST = Preset(
    "Grand Est",
    ent="mbn",
    ent_name="Mon Bureau Numérique",
    languages=("allemand", "espagnol"),
    events=(
        # A server was lost for two hours on Tuesday morning (AEF info, 7 April 2021); that it was half is invented.
        Event("ent", BOTH_METERS, 0, 9 * 60, 120, "lost a server for two hours", percent=-50),
        # F20: 15,000 connections added overnight.
        Event("ent", ("connections",), 1, 0, 0, "overnight raise", connections=15000),
    ),
    facts=("F20",),
)
ILE_DE_FRANCE = Preset(
    "Île-de-France",
    ent="monlycee",
    ent_name="monlycée.net",
    # F21: Paris restricted parents until 15:00.
    parents_of={"Paris": ParentsRule(17 * 60, earliest=15 * 60)},
    rota=True,  # F07: hours by grade
    events=_GENERIC,
    facts=("F07", "F21"),
)
HAUTS_DE_FRANCE = Preset(
    "Hauts-de-France",
    # F10: the morning of 26 April, when the secondary schools (but not the primary ones) began at a distance.
    first_date=date(2021, 4, 26),
    last_date=date(2021, 4, 30),
    ent="neo",
    ent_name="NEO / ONE (Open Digital Education)",
    # F10: parents locked out 07:30-17:30.
    parents=ParentsRule(17 * 60 + 30, earliest=17 * 60 + 30),
    events=(_RAISE,),
    facts=("F10", "F11", "F13", "F22"),
)
AUVERGNE_RHONE_ALPES = Preset(
    "Auvergne-Rhône-Alpes",
    ent_name="Ma classe en AURA",
    # Lyon sent teachers from BigBlueButton to the CNED's virtual classes (AEF info, 7 April 2021).
    virtual=(BBB, CNED),
    events=(_RAISE,),
    facts=("F15", "F16"),
)
NORMANDIE = Preset(
    "Normandie",
    ent_name="ENT des collèges et lycées (Kosmos)",
    # F01, F04: 5,000 simultaneous connections, 8,500 a day or two later.
    small_base=5000 / 8500,
    events=(_CNED_ATTACK,),
    facts=("F01", "F02", "F04", "F05", "F06"),
)
NOUVELLE_AQUITAINE = Preset(
    "Nouvelle-Aquitaine",
    # F08 (Creuse): parents before 08:30 and after 17:00.
    parents=ParentsRule(17 * 60, earliest=17 * 60),
    events=_GENERIC,
    facts=("F08", "F09"),
)
_ITALIAN = ("espagnol", "italien")


def _overseas(name: str, zone: str, first: date, last: date) -> Preset:
    """Give a region with its own clock and holidays one week of its own calendar and invented events."""
    until = dict.fromkeys((PRIMARY, LOWER, UPPER), last)
    return Preset(name, first, last, zone, events=_GENERIC, languages=("espagnol", "allemand"), levels_until=until)


_OWN = {
    preset.name: preset
    for preset in (
        GRAND_EST,
        ILE_DE_FRANCE,
        HAUTS_DE_FRANCE,
        AUVERGNE_RHONE_ALPES,
        NORMANDIE,
        NOUVELLE_AQUITAINE,
        Preset("Provence-Alpes-Côte d'Azur", languages=_ITALIAN, events=_GENERIC),
        Preset("Corse", languages=_ITALIAN, events=_GENERIC),
        # The Caribbean academies were on holiday from 27 March to 11 April, Guyane from 1 to 18 April.
        _overseas("Guadeloupe", "America/Guadeloupe", date(2021, 4, 12), date(2021, 4, 16)),
        _overseas("Martinique", "America/Martinique", date(2021, 4, 12), date(2021, 4, 16)),
        _overseas("Guyane", "America/Cayenne", date(2021, 4, 19), date(2021, 4, 23)),
        _overseas("La Réunion", "Indian/Reunion", date(2021, 4, 6), date(2021, 4, 9)),
        _overseas("Mayotte", "Indian/Mayotte", date(2021, 4, 6), date(2021, 4, 9)),
    )
}


def region_names() -> tuple[str, ...]:
    """Give the names that ``write_demo_region`` knows: the 18 regions, and France.

    "France" is the 13 regions of Paris time: those overseas have their own clocks and holidays, and a region
    folder has one clock.
    """
    return (*sorted({school.region for school in secondary_schools()}, key=fold), FRANCE)


def preset_of(region: str) -> Preset:
    """Find a region by its name, whatever its case and accents.

    Raises
    ------
    FaultyInput
        If there is no such region; the fault lists the known names.
    """
    for name in region_names():
        if fold(name) == fold(region):
            return _OWN.get(name) or Preset(name, events=_GENERIC)
    known = ", ".join(region_names())
    raise FaultyInput(
        [
            Fault(
                "",
                0,
                T("there is no region “{region}” in the bundled list", region=region),
                T("use one of: {names}", names=known),
            )
        ]
    )


def regions_in(preset: Preset) -> tuple[str, ...]:
    """Give the regions of the bundled list that `preset` takes its schools from."""
    if preset.name != FRANCE:
        return (preset.name,)
    return tuple(name for name in region_names()[:-1] if _OWN.get(name, preset).timezone == PARIS_TIME)


def parents_rule(preset: Preset, academy: str) -> ParentsRule:
    """Give the rule for the parents of a school of `academy`."""
    return preset.parents_of.get(academy, preset.parents)
