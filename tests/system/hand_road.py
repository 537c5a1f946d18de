"""The road of the regions worked out by hand: texts to a region folder, to a plan folder, to what its files say.

All of them share one quiet setting, so that each docstring needs only what is particular to it:

- Tuesday, 6 April 2021 (an even ISO week: B), the day from 08:00 to 18:00, slots of 5 minutes, shifts up to 60 minutes;
- the limit is the capacity (target utilisation 1), and a connection-minute of overload is worth 10 head-minutes, so
  that a connection above the limit for one slot costs 50;
- ``live`` is a burst: each head asks one connection of the ENT in the first 5 minutes, and nothing later. A session
  on the grid thus loads the slot in which it starts with its heads, and moving it by one slot costs 5 a head;
- sessions usually start at 08:00 or later and cannot start before 08:00, so at 08:00 the only way is later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solving import never, quiet
from written import report, rows_of

from scheduler import cli
from scheduler.service.stagger import StaggerOptions, stagger

if TYPE_CHECKING:
    from pathlib import Path

DATE = "2021-04-06"
PLATFORMS = """
platform,name,kind
ent,Mon ENT,ent
bbb,BigBlueButton,virtual-class
"""
SCHOOLS = """
school,name,level
A,Collège A,lower_secondary
"""
BURST = """
activity,platform,meter,from_minute,to_minute,share
live,ent,connections,0,5,1
"""


def region_toml(
    *, first: str = DATE, last: str = DATE, day_start: str = "08:00", slot: int = 5, policy: str = ""
) -> str:
    """Give region.toml in the setting of this module's docstring; `policy` holds further lines of its table."""
    return f"""
name = "By hand"
first_date = {first}
last_date = {last}
[day]
start = "{day_start}"
end = "18:00"
slot_minutes = {slot}
[policy]
target_utilisation = 1.0
{policy}
"""


def ent(connections: float) -> str:
    """Give a capacity.csv in which the ENT bears so many connections at any time."""
    return f"""
platform,meter,from,to,kind,amount
ent,connections,,,base,{connections}
"""


@dataclass(frozen=True)
class Planned:
    """What the files of a plan folder say.

    Attributes
    ----------
    plan, load : list of dict
        The rows of plan.csv and load.csv, cells as texts.
    report : dict
    """

    plan: list[dict[str, str]]
    load: list[dict[str, str]]
    report: dict[str, Any]

    @property
    def objective(self) -> float:
        """Give the objective in head-minutes."""
        return self.report["objective"]

    @property
    def proven(self) -> bool:
        """Tell whether the bound is the optimum, up to the 0.05 % at which prices are good enough."""
        bound = self.report["lower_bound"]
        return self.objective * (1 - 0.001) <= bound <= self.objective

    def starts(self, date: str | None = None) -> dict[str, str]:
        """Give the planned start of each activity, of one date or of the only one."""
        return {row["id"]: row["start"] for row in self.plan if date is None or row["date"] == date}

    def platforms(self) -> dict[str, str]:
        """Give the alternative that serves each activity."""
        return {row["id"]: row["platforms"] for row in self.plan}

    def taught(self) -> list[tuple[str, str]]:
        """Give date and key of every activity of the plan, in the order of dates."""
        return sorted((row["date"], row["id"]) for row in self.plan)

    def cells(self, column: str, *slots: str, platform: str = "ent", meter: str = "connections") -> list[float | None]:
        """Give a column of load.csv in some slots; None for an empty cell. A slot is ``HH:MM`` or ``DATE HH:MM``."""
        rows = {
            (row["date"], row["slot"]): row for row in self.load if (row["platform"], row["meter"]) == (platform, meter)
        }
        places = [slot.split(" ") if " " in slot else [DATE, slot] for slot in slots]
        found = [rows[date, slot][column] for date, slot in places]
        return [float(cell) if cell else None for cell in found]

    def after(self, *slots: str, **meter: str) -> list[float | None]:
        """Give the planned loads in some slots."""
        return self.cells("after", *slots, **meter)

    def slots(self, platform: str = "ent") -> set[str]:
        """Give the slots that load.csv lists."""
        return {row["slot"] for row in self.load if row["platform"] == platform}


def planned(
    folder: Path,
    *,
    gap: float = 0.001,
    objective: str = "cost",
    reorder: bool = False,
    stay_close_to: Path | None = None,
    **files: str,
) -> Planned:
    """Plan a region given as texts, check the plan folder with its proof, and give what its files say.

    Parameters
    ----------
    folder : Path
        An empty folder.
    gap : float
        At which to stop. Where the linear program's bound is below the optimum, its distance by hand: then the search
        ends as soon as the optimum is found, and with no worse plan.
    objective : str
        ``cost`` or ``level``.
    reorder : bool
        Sessions may change their order.
    stay_close_to : Path, optional
        A former plan folder to compare with.
    **files : str
        Texts by file name without ``.csv``; ``region`` is region.toml.
    """
    region, plan = write_texts(folder / "region", **files), folder / "plan"
    options = StaggerOptions(region, plan, gap=gap, objective=objective, reorder=reorder, stay_close_to=stay_close_to)
    stagger(options, never(), quiet)
    assert cli.main(["check", str(region), str(plan), "--proof"]) == cli.DONE
    return Planned(rows_of(plan / "plan.csv"), rows_of(plan / "load.csv"), report(plan))


def write_texts(folder: Path, /, **files: str) -> Path:
    """Write a region folder: the setting of this module's docstring, with `files` added or in place of its own."""
    folder.mkdir(parents=True)
    texts = {"region": region_toml(), "platforms": PLATFORMS, "schools": SCHOOLS, "usage": BURST} | files
    for name, text in texts.items():
        (folder / ("region.toml" if name == "region" else f"{name}.csv")).write_text(text.lstrip(), encoding="utf-8")
    return folder
