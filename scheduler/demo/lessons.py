"""From the programmes of a school's divisions to lessons: what is to be taught at one time, not yet when or by whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from scheduler.demo.programme import LATIN, SPECIALITIES, Bar, Course, Lab
from scheduler.demo.randomness import spread

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from scheduler.demo.divisions import Division

LANGUAGE_GROUP = 32  # pupils of a language group that is put together from several divisions
OTHER_WEEK = {"": "", "A": "B", "B": "A"}


@dataclass(slots=True)
class Part:
    """One class session of a lesson; `need` is the index of the teaching that its teacher is found for."""

    subject: str
    groups: tuple[str, ...]
    pupils: int
    weeks: str
    need: int


@dataclass(slots=True)
class Lesson:
    """Sessions that are placed together: one for a course, several for a lab or across divisions.

    Attributes
    ----------
    subject : str
        A division has it once a day where that can be.
    divisions : tuple of int
        Indices of the divisions whose time it takes, in `weeks` (``""``: in both).
    parts : tuple of Part
        Its class sessions.
    periods : int
        1, or 2 for a double period.
    weeks : str
        ``""``, ``"A"`` or ``"B"``.
    """

    subject: str
    divisions: tuple[int, ...]
    parts: tuple[Part, ...]
    periods: int = 1
    weeks: str = ""


@dataclass(slots=True)
class Need:
    """Teaching that one teacher gives: a subject to a division or a group.

    Attributes
    ----------
    pool : str
        The teacher's subject.
    bar : int
        Needs of one bar (≥ 0) are taught at once and so by different teachers; -1 elsewhere.
    hours : float
        Periods a week.
    """

    pool: str
    bar: int
    hours: float = 0.0


@dataclass(slots=True)
class Teaching:
    """All lessons of a school and the needs for teachers that they make."""

    lessons: list[Lesson] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    bars: int = 0

    def need(self, pool: str, bar: int = -1) -> int:
        """Open a new need and give its index."""
        self.needs.append(Need(pool, bar))
        return len(self.needs) - 1

    def add(self, lesson: Lesson) -> None:
        """Keep `lesson` and count its hours with its teachers, once a teacher."""
        self.lessons.append(lesson)
        hours = lesson.periods * (0.5 if lesson.weeks else 1.0)
        for need in {part.need for part in lesson.parts}:
            self.needs[need].hours += hours


@dataclass(frozen=True)
class Choice:
    """A group of a bar: what it learns, the pool that teaches it, its parts of divisions and its pupils."""

    label: str
    pool: str
    groups: tuple[str, ...]
    pupils: int


def teaching_of(divisions: Sequence[Division], rng: random.Random, languages: tuple[str, str], latin: bool) -> Teaching:
    """Draw up every lesson of a school's week.

    Parameters
    ----------
    divisions : sequence of Division
        In the order of their grades.
    rng : random.Random
        The school's chance.
    languages : (str, str)
        The two second languages that the school offers.
    latin : bool
        Whether it offers Latin.
    """
    teaching = Teaching()
    largest = rng.choice((2, 3, 4, 4))
    numbered = list(enumerate(divisions))
    for programme, members in groupby(numbered, key=lambda item: item[1].programme):
        grade = list(members)
        flip = rng.random() < 0.5
        for bar in programme.bars:
            if bar.name == LATIN and not latin:
                continue
            size = largest if bar.name == "LV2" else 4
            for block in _blocks(grade, size):
                _add_bar(teaching, bar, block, list(_choices(bar, block, rng, languages)), flip)
        for index, division in grade:
            needs: dict[str, int] = {}
            for course in programme.courses:
                _add_course(teaching, course, index, division, needs, flip)
            for lab in programme.labs:
                _add_lab(teaching, lab, index, division, needs)
    return teaching


def _blocks(grade: list[tuple[int, Division]], largest: int) -> Iterator[list[tuple[int, Division]]]:
    """Cut the divisions of a grade into blocks of nearly equal size, at most `largest`."""
    start = 0
    for size in spread(len(grade), -(-len(grade) // largest)):
        yield grade[start : start + size]
        start += size


def _choices(
    bar: Bar, block: list[tuple[int, Division]], rng: random.Random, languages: tuple[str, str]
) -> Iterator[Choice]:
    """Share the pupils of a block out over the groups of a bar."""
    if bar.name == "LV2":
        share = rng.uniform(0.5, 0.6)
        split = [max(1, round(share * division.pupils)) for _, division in block]
        yield from _language_groups(languages[0], block, split)
        rest = [division.pupils - taken for (_, division), taken in zip(block, split, strict=True)]
        yield from _language_groups(languages[1], block, rest)
    elif bar.name == LATIN:
        names = tuple(f"{division.name}/latin" for _, division in block)
        yield Choice("LATIN", LATIN, names, sum(max(1, division.pupils // 5) for _, division in block))
    else:
        yield from _chosen_groups(bar.name, block)


def _language_groups(language: str, block: list[tuple[int, Division]], split: list[int]) -> Iterator[Choice]:
    names: list[str] = []
    pupils = 0
    for (_, division), taken in zip(block, split, strict=True):
        if names and pupils + taken > LANGUAGE_GROUP:
            yield Choice(language.upper(), language.upper(), tuple(names), pupils)
            names, pupils = [], 0
        if taken:
            names.append(f"{division.name}/{language}")
            pupils += taken
    if names:
        yield Choice(language.upper(), language.upper(), tuple(names), pupils)


def _chosen_groups(bar: str, block: list[tuple[int, Division]]) -> Iterator[Choice]:
    """Make the groups of a bar of specialities or options, each with pupils of every division of the block."""
    offered = SPECIALITIES[bar]
    # Options are for about three pupils in four; each pupil has a speciality in each of its bars.
    pupils = [division.pupils * 3 // 4 if bar == "OPT" else division.pupils for _, division in block]
    count = max(1, min(round(sum(pupils) / 24), 2 * len(offered)))
    if sum(pupils) > 12:
        count = max(2, count)
    shares = [spread(number, count) for number in pupils]
    for group in range(count):
        label, pool = offered[group % len(offered)]
        label += "2" if group >= len(offered) else ""
        # Each division's larger shares go to other groups, so that the groups end up nearly equal.
        sizes = [share[(group + place) % count] for place, share in enumerate(shares)]
        names = tuple(
            f"{division.name}/{bar.lower() + '-' if bar != 'OPT' else ''}{label}"
            for (_, division), size in zip(block, sizes, strict=True)
            if size
        )
        if names:
            yield Choice(label.upper(), pool, names, sum(sizes))


def _lengths(item: Course | Bar, flip: bool) -> Iterator[tuple[int, str]]:
    """Give the length in periods and the weeks of each weekly session."""
    yield from [(2, "")] * item.doubles
    yield from [(1, "")] * item.singles
    if item.half:
        yield 1, OTHER_WEEK[item.half] if flip else item.half


def _add_bar(
    teaching: Teaching, bar: Bar, block: list[tuple[int, Division]], choices: list[Choice], flip: bool
) -> None:
    if not choices:
        return
    needs = [teaching.need(choice.pool, teaching.bars) for choice in choices]
    teaching.bars += 1
    divisions = tuple(index for index, _ in block)
    for periods, weeks in _lengths(bar, flip):
        parts = tuple(
            Part(choice.label, choice.groups, choice.pupils, weeks, need)
            for choice, need in zip(choices, needs, strict=True)
        )
        teaching.add(Lesson(bar.name, divisions, parts, periods, weeks))


def _add_course(
    teaching: Teaching, course: Course, index: int, division: Division, needs: dict[str, int], flip: bool
) -> None:
    # One teacher gives all that a division has from one pool: its course, its labs, civics with history.
    if course.pool not in needs:
        needs[course.pool] = teaching.need(course.pool)
    for periods, weeks in _lengths(course, flip):
        part = Part(course.subject, (division.name,), division.pupils, weeks, needs[course.pool])
        teaching.add(Lesson(course.subject, (index,), (part,), periods, weeks))


def _add_lab(teaching: Teaching, lab: Lab, index: int, division: Division, needs: dict[str, int]) -> None:
    for pool in (lab.first, lab.second):
        if pool not in needs:
            needs[pool] = teaching.need(pool)
    halves = list(zip((f"{division.name}/1", f"{division.name}/2"), spread(division.pupils, 2), strict=True))
    for _ in range(lab.count):
        parts = [
            Part(lab.subject or pool, (group,), pupils, weeks, needs[pool])
            for weeks, order in (("A", halves), ("B", halves[::-1]))
            for (group, pupils), pool in zip(order, (lab.first, lab.second), strict=True)
            if pupils
        ]
        teaching.add(Lesson(lab.subject or "LAB", (index,), tuple(parts), lab.periods))
