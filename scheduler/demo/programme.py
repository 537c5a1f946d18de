"""Weekly hours by grade, roughly as in the French programme, in a form that a timetable can be laid from.

An hour is a period of 55 minutes. Halves of an hour are taught every other week (A or B). Sources: arrêtés of
19 May 2015 (collège), 16 July 2018 (seconde, cycle terminal); rounded where a timetable could not show it.
"""

from __future__ import annotations

from dataclasses import dataclass

FRENCH, MATHS, HISTORY, ENGLISH = "FRANCAIS", "MATHS", "HIST-GEO", "ANGLAIS"
BIOLOGY, PHYSICS, TECHNOLOGY, SPORT = "SVT", "PHYS-CHIMIE", "TECHNO", "EPS"
ARTS, MUSIC, ECONOMICS, COMPUTING = "ARTS", "MUSIQUE", "SES", "NSI"
PHILOSOPHY, MANAGEMENT, LAW, LATIN = "PHILO", "GESTION", "DROIT-ECO", "LATIN"


@dataclass(frozen=True)
class Course:
    """A subject taught to a whole division.

    Attributes
    ----------
    subject : str
        What the timetable shows.
    pool : str
        The subject of the teachers who give it.
    singles, doubles : int
        Sessions of one and of two periods a week.
    half : str
        ``""``, or ``"A"`` or ``"B"``: one more period in every other week.
    """

    subject: str
    pool: str
    singles: int = 0
    doubles: int = 0
    half: str = ""

    @property
    def hours(self) -> float:
        """Hours a week, on average."""
        return self.singles + 2 * self.doubles + (0.5 if self.half else 0)


@dataclass(frozen=True)
class Lab:
    """Two half-groups at once with two teachers, who change places every other week.

    Attributes
    ----------
    first, second : str
        Pools of the two teachers.
    periods, count : int
        Length of one lab in periods, and labs a week.
    subject : str
        What the timetable shows; ``""``: each half the subject of its teacher.
    """

    first: str
    second: str
    periods: int = 1
    count: int = 1
    subject: str = ""

    @property
    def hours(self) -> float:
        """Hours a week that a pupil spends in it."""
        return self.periods * self.count


@dataclass(frozen=True)
class Bar:
    """Groups taken across several divisions at once.

    Attributes
    ----------
    name : str
        ``LV2`` (second language), ``LATIN`` or ``OPT`` (options, for a part of the pupils), ``SPE1``… (specialities).
    singles, doubles, half
        As for a course.
    """

    name: str
    singles: int = 0
    doubles: int = 0
    half: str = ""

    @property
    def hours(self) -> float:
        """Hours a week, on average."""
        return self.singles + 2 * self.doubles + (0.5 if self.half else 0)


@dataclass(frozen=True)
class Programme:
    """The week of a grade (in one track)."""

    prefix: str
    courses: tuple[Course, ...]
    labs: tuple[Lab, ...]
    bars: tuple[Bar, ...]

    @property
    def hours(self) -> float:
        """Hours a week of a pupil without Latin."""
        courses = sum(course.hours for course in self.courses)
        labs = sum(lab.hours for lab in self.labs)
        return courses + labs + sum(bar.hours for bar in self.bars if bar.name != LATIN)


_SCIENCE = (Course(BIOLOGY, BIOLOGY, 1), Course(PHYSICS, PHYSICS, 1))
_ARTS = (Course(ARTS, ARTS, 1), Course(MUSIC, MUSIC, 1))
_SCIENCE_LAB = (Lab(BIOLOGY, PHYSICS),)
_CITIZEN = "EMC"

SIXIEME = Programme(
    "6",
    (
        Course(FRENCH, FRENCH, 4, half="A"),
        Course(MATHS, MATHS, 4, half="B"),
        Course(HISTORY, HISTORY, 3),
        Course(ENGLISH, ENGLISH, 4),
        Course(TECHNOLOGY, TECHNOLOGY, 1),
        Course(SPORT, SPORT, doubles=2),
        *_SCIENCE,
        *_ARTS,
    ),
    _SCIENCE_LAB,
    (),
)


def _cycle_4(prefix: str, french: Course, history: Course, latin: int) -> Programme:
    return Programme(
        prefix,
        (
            french,
            Course(MATHS, MATHS, 3, half="A" if history.half else "B"),
            history,
            Course(ENGLISH, ENGLISH, 3),
            Course(TECHNOLOGY, TECHNOLOGY, 1, half="B"),
            Course(SPORT, SPORT, singles=1, doubles=1),
            *_SCIENCE,
            *_ARTS,
        ),
        _SCIENCE_LAB,
        (Bar("LV2", 2, half="A"), Bar(LATIN, latin)),
    )


CINQUIEME = _cycle_4("5", Course(FRENCH, FRENCH, 4, half="A"), Course(HISTORY, HISTORY, 3), 1)
QUATRIEME = _cycle_4("4", Course(FRENCH, FRENCH, 4, half="A"), Course(HISTORY, HISTORY, 3), 2)
TROISIEME = _cycle_4("3", Course(FRENCH, FRENCH, 4), Course(HISTORY, HISTORY, 3, half="B"), 2)

SECONDE = Programme(
    "2nde",
    (
        Course(FRENCH, FRENCH, 2, doubles=1),
        Course(HISTORY, HISTORY, 3),
        Course(_CITIZEN, HISTORY, half="A"),
        Course(ENGLISH, ENGLISH, 3),
        Course(ECONOMICS, ECONOMICS, 1, half="B"),
        Course(MATHS, MATHS, 4),
        Course(PHYSICS, PHYSICS, 2),
        Course(BIOLOGY, BIOLOGY, half="B"),
        Course("SNT", COMPUTING, 1, half="A"),
        Course(SPORT, SPORT, doubles=1),
    ),
    (Lab(BIOLOGY, PHYSICS, periods=2), Lab(MATHS, FRENCH, count=2, subject="AP")),
    (Bar("LV2", 2, half="A"),),
)

PREMIERE = Programme(
    "1re",
    (
        Course(FRENCH, FRENCH, 2, doubles=1),
        Course(HISTORY, HISTORY, 3),
        Course(_CITIZEN, HISTORY, half="A"),
        Course(ENGLISH, ENGLISH, 2, half="B"),
        Course(SPORT, SPORT, doubles=1),
    ),
    (Lab(BIOLOGY, PHYSICS, count=2, subject="ENS-SCI"), Lab(FRENCH, HISTORY, subject="AP")),
    (Bar("LV2", 2), Bar("SPE1", doubles=2), Bar("SPE2", doubles=2), Bar("SPE3", doubles=2)),
)

TERMINALE = Programme(
    "Tle",
    (
        Course(PHILOSOPHY, PHILOSOPHY, 2, doubles=1),
        Course(HISTORY, HISTORY, 3),
        Course(_CITIZEN, HISTORY, half="A"),
        Course(ENGLISH, ENGLISH, 2),
        Course(SPORT, SPORT, doubles=1),
    ),
    (Lab(BIOLOGY, PHYSICS, count=2, subject="ENS-SCI"),),
    (Bar("LV2", 2), Bar("SPE1", doubles=3), Bar("SPE2", doubles=3), Bar("OPT", 1, doubles=1)),
)

PREMIERE_STMG = Programme(
    "1re STMG",
    (
        Course(FRENCH, FRENCH, 1, doubles=1),
        Course(HISTORY, HISTORY, 1, half="A"),
        Course(_CITIZEN, HISTORY, half="B"),
        Course(ENGLISH, ENGLISH, 2),
        Course(SPORT, SPORT, doubles=1),
        Course(MATHS, MATHS, 3),
        Course(MANAGEMENT, MANAGEMENT, 3, doubles=3),
        Course(LAW, LAW, 2, doubles=1),
        Course("ETLV", MANAGEMENT, 1),
    ),
    (Lab(MATHS, FRENCH, subject="AP"),),
    (Bar("LV2", 2),),
)

TERMINALE_STMG = Programme(
    "Tle STMG",
    (
        Course(PHILOSOPHY, PHILOSOPHY, doubles=1),
        Course(HISTORY, HISTORY, 1, half="A"),
        Course(_CITIZEN, HISTORY, half="B"),
        Course(ENGLISH, ENGLISH, 2),
        Course(SPORT, SPORT, doubles=1),
        Course(MATHS, MATHS, 3),
        Course(MANAGEMENT, MANAGEMENT, 2, doubles=4),
        Course(LAW, LAW, 2, doubles=2),
        Course("ETLV", MANAGEMENT, 1),
    ),
    (),
    (Bar("LV2", 2),),
)

GENERAL = {
    "sixieme": SIXIEME,
    "cinquieme": CINQUIEME,
    "quatrieme": QUATRIEME,
    "troisieme": TROISIEME,
    "seconde": SECONDE,
    "premiere": PREMIERE,
    "terminale": TERMINALE,
}
TECHNOLOGICAL = {"premiere": PREMIERE_STMG, "terminale": TERMINALE_STMG}
EXAM_GRADES = ("troisieme", "premiere", "terminale")

# What pupils choose in each bar, the most chosen first, with the pool that teaches it.
SPECIALITIES = {
    "SPE1": (
        ("maths", MATHS),
        ("ses", ECONOMICS),
        ("physique", PHYSICS),
        ("hggsp", HISTORY),
        ("llce", ENGLISH),
    ),
    "SPE2": (
        ("physique", PHYSICS),
        ("hggsp", HISTORY),
        ("ses", ECONOMICS),
        ("svt", BIOLOGY),
        ("hlp", PHILOSOPHY),
    ),
    "SPE3": (
        ("svt", BIOLOGY),
        ("maths", MATHS),
        ("llce", ENGLISH),
        ("nsi", COMPUTING),
        ("hggsp", HISTORY),
    ),
    "OPT": (("maths-comp", MATHS), ("maths-exp", MATHS), ("dgemc", HISTORY)),
}
