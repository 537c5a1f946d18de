"""Laying a school's lessons on the board: across divisions first, then long ones, then the rest; first bells first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.demo.board import DAYS, Board, any_bit, slot_of
from scheduler.demo.programme import LATIN

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from scheduler.demo.bells import BellGrid
    from scheduler.demo.divisions import Division
    from scheduler.demo.lessons import Lesson, Teaching

LATE_START_SHARE = 0.14  # of the mornings of a division that do not begin with the first bell
WANDERING_SHARE = 0.3  # of the lessons that look for a period anywhere in the day rather than early
TEACHER_DAY = 7


@dataclass(frozen=True)
class Placed:
    """A lesson with its place in the week and its teachers (indices of the staff), one a part."""

    lesson: Lesson
    slot: int
    teachers: tuple[int, ...]


class _Layer:
    """The state of laying one school's week."""

    def __init__(self, board: Board, divisions: int, teacher_of: Sequence[int], rng: random.Random):
        self.board = board
        self.divisions = divisions
        self.teacher_of = teacher_of
        self.rng = rng
        self.places: dict[int, tuple[Lesson, tuple[int, ...], int]] = {}

    def resources(self, lesson: Lesson) -> tuple[int, ...]:
        teachers = {self.divisions + self.teacher_of[part.need] for part in lesson.parts}
        return (*lesson.divisions, *sorted(teachers))

    def lay(self, lesson: Lesson) -> bool:
        """Put `lesson` where it fits best; give False where it fits nowhere even after moving another."""
        resources = self.resources(lesson)
        for gently in (2, 1, 0):
            free = self.board.free(resources, lesson, gently)
            if free:
                self._put(lesson, resources, self._choose(free, lesson))
                return True
        return self._make_room(lesson, resources)

    def _choose(self, free: int, lesson: Lesson) -> int:
        if lesson.weeks:
            shared = free & self.board.half_taken(lesson)
            if shared:
                return any_bit(shared, self.rng)
        columns = self.board.columns
        if not free & columns[0] and self.rng.random() < WANDERING_SHARE:
            return any_bit(free, self.rng)
        for column in columns:
            if free & column:
                return any_bit(free & column, self.rng)
        return any_bit(free, self.rng)

    def _put(self, lesson: Lesson, resources: tuple[int, ...], slot: int) -> None:
        self.board.put(resources, lesson, slot)
        self.places[id(lesson)] = (lesson, resources, slot)

    def _make_room(self, lesson: Lesson, resources: tuple[int, ...]) -> bool:
        """Move one short lesson of a resource elsewhere, so that `lesson` gets its place."""
        wanted = set(resources)
        others = [
            place
            for place in self.places.values()
            if place[0].periods == 1 and len(place[1]) <= 3 and not wanted.isdisjoint(place[1])
        ]
        for other, held, slot in others:
            self.board.lift(held, other, slot)
            target = self.board.free(resources, lesson, 0)
            # `other` needs a new place beside `lesson`: try the places that its own slot opened.
            reach = 1 << slot if lesson.periods == 1 else (1 << slot) | (1 << slot >> 1)
            if target & reach:
                start = any_bit(target & reach, self.rng)
                self.board.put(resources, lesson, start)
                free = self.board.free(held, other, 0)
                if free:
                    self._put(other, held, self._choose(free, other))
                    self.places[id(lesson)] = (lesson, resources, start)
                    return True
                self.board.lift(resources, lesson, start)
            self.board.put(held, other, slot)
        return False


def lay_week(
    grid: BellGrid,
    divisions: Sequence[Division],
    teaching: Teaching,
    teacher_of: Sequence[int],
    rng: random.Random,
) -> list[Placed]:
    """Lay the usual week of a school; what fits nowhere is left out (rare; see the tests for how rare).

    No division and no teacher has two lessons at one time, and every full day leaves a lunch period free.
    """
    teachers = max(teacher_of, default=-1) + 1
    limits = [_day_limit(division) for division in divisions] + [TEACHER_DAY] * teachers
    board = Board(grid, len(divisions) + teachers, limits)
    for index in range(len(divisions)):
        for day in range(len(DAYS)):
            if rng.random() < LATE_START_SHARE:
                board.banned[index] |= 1 << slot_of(day, 0)
    layer = _Layer(board, len(divisions), teacher_of, rng)
    order = list(teaching.lessons)
    rng.shuffle(order)
    order.sort(key=_priority)
    for lesson in order:
        layer.lay(lesson)
    return [
        Placed(lesson, slot, tuple(teacher_of[part.need] for part in lesson.parts))
        for lesson, _, slot in (layer.places[id(one)] for one in teaching.lessons if id(one) in layer.places)
    ]


def _day_limit(division: Division) -> int:
    return -int(-(division.programme.hours - 4) // 4) + 1


def _priority(lesson: Lesson) -> tuple[bool, int, int, bool]:
    """Order lessons: Latin (for few pupils) last, then by divisions tied, length, and weekly before fortnightly."""
    return (lesson.subject == LATIN, -len(lesson.divisions), -lesson.periods, bool(lesson.weeks))
