"""The demo region as a whole: schools one by one into the folder, then capacities from what they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.demo.access import regional_windows, windows_of
from scheduler.demo.calendar import Presence, closures, horizon, periods, weeks
from scheduler.demo.calibrate import base_capacities, capacity_rows
from scheduler.demo.data import PRIMARY, School
from scheduler.demo.facts import readme
from scheduler.demo.folder import REGION_FILE, check_place, region_toml, write_csv
from scheduler.demo.loads import USES, Tally
from scheduler.demo.pool import schools_of
from scheduler.demo.presets import BBB, CNED, Preset, preset_of, regions_in
from scheduler.demo.primary import primary_week
from scheduler.demo.rows import SESSION_COLUMNS, WINDOW_COLUMNS, SessionRow, WindowRow
from scheduler.demo.timetable import secondary_week
from scheduler.errors import Fault, FaultyInput
from scheduler.whole_folder import whole_folder
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

PLATFORM_NAMES = {CNED: "Ma classe à la maison (CNED)", BBB: "BigBlueButton (académie)"}


@dataclass(frozen=True)
class DemoSummary:
    """What was written.

    Attributes
    ----------
    name : str
        The region's name, as in its region.toml.
    path : Path
        The folder.
    schools, divisions, pupils : int
        Schools of all levels, their divisions (classes) and pupils.
    sessions, windows : int
        Rows of the session files and of access.csv.
    occurrences : int
        Class sessions in the horizon, each date counted.
    """

    name: str
    path: Path
    schools: int
    divisions: int
    sessions: int
    windows: int
    pupils: int
    occurrences: int


def write_demo_region(
    out: Path, region: str = "Grand Est", schools: int | None = None, seed: int = 0, week: date | None = None
) -> DemoSummary:
    """Write a realistic region folder from the bundled list of real schools.

    Parameters
    ----------
    out : Path
        A new folder, an empty one, or a region folder, which is replaced whole.
    region : str
        One of ``region_names()``, in any case and with or without accents.
    schools : int, optional
        How many schools, primary ones included, from 1; all without it. The first N of a fixed order, whatever
        the seed, that keeps the mix of levels.
    seed : int
        Of all that is invented. The same arguments give the same files, byte for byte; a school's files do not
        depend on which others are taken.
    week : date, optional
        The same days are held in the week of this date instead of the real one, so that they can be played through.

    Raises
    ------
    FaultyInput
        If the region is unknown, the number out of range, or `out` holds something else.
    CannotWrite
        If the folder cannot be written.
    """
    preset = preset_of(region) if week is None else preset_of(region).held_in_week_of(week)
    pool = schools_of(regions_in(preset))
    if schools is not None and not 1 <= schools <= len(pool):
        what = T("{region} has no {count} schools", count=schools, region=preset.name)
        remedy = T("give a number from 1 to {most}", most=len(pool))
        raise FaultyInput([Fault("", 0, what, remedy)])
    chosen = pool[:schools]
    share = sum(school.pupils for school in chosen) / sum(school.pupils for school in pool)
    scaled_to = None if len(chosen) == len(pool) else len(chosen)
    check_place(out)
    with whole_folder(out) as folder:
        writer = _Writer(folder, preset, chosen, seed)
        writer.write_calendar()
        writer.write_activities()
        writer.write_platforms(share, scaled_to)
        writer.write_notes()
    return writer.summary(out)


class _Writer:
    """Writes the files of one region; keeps counts and loads of what has gone by, never the rows themselves."""

    def __init__(self, folder: Path, preset: Preset, schools: Sequence[School], seed: int):
        self.folder = folder
        self.preset = preset
        self.schools = schools
        self.seed = seed
        self.tally = Tally(len(horizon(preset)))
        self.closures = closures(preset, schools)
        self.weeks = weeks(preset, schools)
        self.presence = Presence(preset, self.closures, self.weeks)
        self.divisions = self.sessions = self.windows = self.occurrences = 0

    def write_calendar(self) -> None:
        """Write schools, periods, closures and weeks."""
        rows = ((school.key, school.name, school.level, school.academy, school.pupils) for school in self.schools)
        self._csv("schools.csv", ("school", "name", "level", "academy", "pupils"), rows)
        self._csv("periods.csv", ("level", "first_date", "last_date"), periods(self.preset))
        self._csv("closures.csv", ("school", "first_date", "last_date", "note"), self.closures)
        self._csv("weeks.csv", ("school", "monday", "week"), self.weeks)

    def write_activities(self) -> None:
        """Write one session file a school, and all access windows."""
        (self.folder / "sessions").mkdir()
        for school in self.schools:
            self._write_sessions(school)
        self._csv("access.csv", WINDOW_COLUMNS, (row.cells() for row in self._all_windows()))

    def _write_sessions(self, school: School) -> None:
        draw = primary_week if school.level == PRIMARY else secondary_week
        rows, divisions = draw(school, self.preset, self.seed)
        path = self.folder / "sessions" / f"{school.key}.csv"
        write_csv(path, SESSION_COLUMNS, (row.cells() for row in rows))
        self.divisions += divisions
        self.sessions += len(rows)
        dates = self.presence.of_school(school)
        for row in rows:
            self._count(row, dates.get((row.day, row.weeks), []))

    def _count(self, row: SessionRow, dates: list[int]) -> None:
        self.occurrences += len(dates)
        self.tally.add(dates, row.platforms, row.activity, row.start, row.minutes, row.heads)

    def _all_windows(self) -> Iterator[WindowRow]:
        pupils = 0
        for school in self.schools:
            pupils += school.pupils
            dates = self.presence.of_school(school)
            for row in windows_of(school, self.preset, self.seed):
                yield self._seen(row, dates.get((row.day, ""), []))
        regional = self.presence.of_region()
        for row in regional_windows(self.preset, pupils):
            yield self._seen(row, regional.get(row.day, []))

    def _seen(self, row: WindowRow, dates: list[int]) -> WindowRow:
        self.windows += 1
        self.tally.add(dates, row.platforms, row.activity, row.usual_start, row.minutes, row.heads)
        return row

    def write_platforms(self, share: float, scaled_to: int | None) -> None:
        """Write platforms, usage and capacities; the activities must have been written."""
        preset = self.preset
        platforms = [(preset.ent, preset.ent_name, "ent")]
        platforms += [(key, PLATFORM_NAMES[key], "virtual-class") for key in preset.virtual]
        self._csv("platforms.csv", ("platform", "name", "kind"), platforms)
        used = self.tally.activities_on()
        usage = [
            (use.activity, key, use.meter, use.begin, use.end, f"{use.share:g}")
            for use in USES
            for key, _, kind in platforms
            if use.virtual == (kind == "virtual-class") and (use.activity, key) in used
        ]
        self._csv("usage.csv", ("activity", "platform", "meter", "from_minute", "to_minute", "share"), usage)
        bases = base_capacities(preset, self.tally.peaks(preset.ent))
        rows = (row.cells() for row in capacity_rows(preset, bases, share, scaled_to))
        self._csv("capacity.csv", ("platform", "meter", "from", "to", "kind", "amount", "note"), rows)

    def write_notes(self) -> None:
        """Write region.toml and the README."""
        primary = sum(school.level == PRIMARY for school in self.schools)
        texts = {
            REGION_FILE: region_toml(self.preset),
            "README.md": readme(self.preset, len(self.schools), primary),
        }
        for name, text in texts.items():
            (self.folder / name).write_text(text, encoding="utf-8", newline="\n")

    def summary(self, out: Path) -> DemoSummary:
        """Sum up what was written."""
        pupils = sum(school.pupils for school in self.schools)
        return DemoSummary(
            self.preset.name,
            out,
            len(self.schools),
            self.divisions,
            self.sessions,
            self.windows,
            pupils,
            self.occurrences,
        )

    def _csv(
        self, name: str, columns: Sequence[str], rows: Iterator[Sequence[object]] | Sequence[Sequence[object]]
    ) -> None:
        write_csv(self.folder / name, columns, rows)
