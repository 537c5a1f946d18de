"""How the sessions of a school are held from home: on which platforms, which of them stay fixed or on site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.demo.programme import ARTS, MUSIC, SPORT, TECHNOLOGY
from scheduler.demo.rows import ASYNC, SessionRow

if TYPE_CHECKING:
    import random

    from scheduler.demo.presets import Preset

CALM_SUBJECTS = frozenset({ARTS, MUSIC, TECHNOLOGY, "EMC", "SNT", "ETLV"})
MARGIN = 30  # minutes that a session with bounds may move either way


@dataclass(frozen=True)
class Habits:
    """What a school does from home.

    Attributes
    ----------
    ent : str
        Key of the ENT, which every session goes through.
    live : str
        The platforms of a session in a virtual class, alternatives included.
    calm : str
        The same for subjects that could also be done at one's own pace.
    virtual_share : float
        Share of the sessions that meet in a virtual class; the others are on the ENT alone.
    gym : bool
        Whether some sport is still on site, in the only gymnasium.
    exams : bool
        Whether the classes before an examination still sit for tests.
    """

    ent: str
    live: str
    calm: str
    virtual_share: float
    gym: bool
    exams: bool


def habits_of(preset: Preset, rng: random.Random) -> Habits:
    """Draw a school's habits: half have one platform, others an alternative of platform or of pace."""
    usual, other = preset.virtual[0], preset.virtual[-1]
    style = rng.random()
    if style < 0.35:
        live = f"{preset.ent}+{usual}|{preset.ent}+{other}"
    elif style < 0.45:
        live = f"{preset.ent}+{other}|{preset.ent}+{usual}"
    else:
        live = f"{preset.ent}+{usual}"
    calm = f"{live}|{preset.ent}@{ASYNC}" if rng.random() < 0.4 else live
    return Habits(
        preset.ent,
        live,
        calm,
        rng.uniform(0.6, 0.7),
        gym=rng.random() < 0.5,
        exams=rng.random() < 0.6,
    )


class Host:
    """Fills in the cells of a school's sessions that say how they are held; one object a school."""

    def __init__(self, habits: Habits, rng: random.Random):
        self.habits = habits
        self.rng = rng
        self.virtual: dict[tuple[str, str], bool] = {}
        self.gym_taken: dict[str, list[tuple[int, int]]] = {}
        self.examined: set[str] = set()

    def dress(self, row: SessionRow, exam_grade: bool) -> None:
        """Decide everything about `row` but its time and people."""
        habits, rng = self.habits, self.rng
        if row.subject == SPORT:
            self._sport(row)
            return
        # A teacher holds most of a group's sessions in one way, and sometimes in the other.
        group = (row.groups[0], row.subject)
        usually = self.virtual.setdefault(group, rng.random() < habits.virtual_share)
        if usually if rng.random() < 0.8 else rng.random() < habits.virtual_share:
            row.platforms = habits.calm if row.subject in CALM_SUBJECTS else habits.live
            if rng.random() < 0.04:
                row.link = f"https://visio.example.org/{row.school}/{row.session}"
        else:
            row.platforms = habits.ent
        if exam_grade and habits.exams and row.minutes > 60:
            self._exam(row)
        elif rng.random() < 0.02:
            row.earliest, row.latest = row.start - MARGIN, row.start + MARGIN
        elif exam_grade and rng.random() < 0.03:
            row.weight = "2"

    def _sport(self, row: SessionRow) -> None:
        """Sport is a programme to follow at home, now and then a session on site when the gymnasium is free."""
        row.platforms, row.activity = self.habits.ent, ASYNC
        if not self.habits.gym or row.weeks or self.rng.random() > 0.12:
            return
        end = row.start + row.minutes
        taken = self.gym_taken.setdefault(row.day, [])
        if all(end <= start or stop <= row.start for start, stop in taken):
            taken.append((row.start, end))
            row.platforms, row.room, row.locked = "", "GYMNASE", True

    def _exam(self, row: SessionRow) -> None:
        """One test a division at most, at its usual hour: half of them online, half in a room of their own."""
        division = row.groups[0].split("/")[0]
        if division in self.examined or "/" in row.groups[0] or self.rng.random() > 0.3:
            return
        self.examined.add(division)
        row.subject, row.locked, row.link = f"DS {row.subject}", True, ""
        if self.rng.random() < 0.5:
            row.platforms, row.room = "", f"SALLE-{100 + len(self.examined)}"
