"""The other side of the Timefold race: run by an interpreter that has ``timefold``, never imported by us.

Reads a problem as JSON (see :mod:`benchmarks.rivals.timefold_here`) and writes the ways chosen. Timefold compiles the
classes below to Java bytecode, so they hold plain lists and whole numbers only, and their annotations must be real.
"""

import json
import sys
import time
from dataclasses import dataclass, field
from typing import Annotated, Any

BEGUN = time.monotonic()

from timefold.solver import SolverFactory  # noqa: E402 - importing it starts the Java machine, which counts as time
from timefold.solver.config import (  # noqa: E402
    Duration,
    EnvironmentMode,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    SolverConfigOverride,
    TerminationConfig,
)
from timefold.solver.domain import (  # noqa: E402
    PlanningEntityCollectionProperty,
    PlanningScore,
    PlanningVariable,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import HardSoftScore, IncrementalScoreCalculator  # noqa: E402


@planning_entity
@dataclass
class Activity:
    """An activity and the way it takes: its number counts first the alternatives of one shift, then the shifts.

    Few and flat fields, because each Python object is handed to Java one by one, which takes longer than to search.
    """

    number: int
    heads: float
    low: int
    first_slot: int
    slot_cost: int
    move_cost: int
    profiles: list[int]
    switch_costs: list[int]
    ways: Annotated[list[int], ValueRangeProvider(id="ways")]
    way: Annotated[int | None, PlanningVariable(value_range_provider_refs=["ways"])] = field(default=None)


@planning_solution
@dataclass
class Date:
    """The whole date.

    `limit` is by meter × slots + slot. By profile: the pieces' meters, first slots and amounts. By activity, what
    binds it: the other one, the distance, and 1 where the other is the later one, 0 the earlier, 2 tied.
    """

    activities: Annotated[list[Activity], PlanningEntityCollectionProperty]
    slots: int
    limit: list[float]
    price: int
    meters: list[list[int]]
    firsts: list[list[int]]
    amounts: list[list[list[float]]]
    others: list[list[int]]
    distances: list[list[int]]
    roles: list[list[int]]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


class Calculator(IncrementalScoreCalculator):
    """Hard: slots by which distances and ties are broken. Soft: the objective.

    Loads are whole numbers kept as floats, for Timefold's Python integers are big numbers, and slow.
    """

    slots: int
    limit: list[float]
    load: list[float]
    shift: list[int]
    meters: list[list[int]]
    firsts: list[list[int]]
    amounts: list[list[list[float]]]
    others: list[list[int]]
    distances: list[list[int]]
    roles: list[list[int]]
    price: int
    hard: int
    soft: float

    def reset_working_solution(self, solution: Date) -> None:
        """Begin anew from a solution."""
        self.slots = solution.slots
        self.limit = solution.limit
        self.meters = solution.meters
        self.firsts = solution.firsts
        self.amounts = solution.amounts
        self.price = solution.price
        self.others = solution.others
        self.distances = solution.distances
        self.roles = solution.roles
        self.hard = 0
        self.soft = 0.0
        self.load = [0.0] * len(solution.limit)
        self.shift = [0] * len(solution.activities)
        for activity in solution.activities:
            self.shift[activity.number] = activity.low + activity.way // len(activity.profiles)
        for activity in solution.activities:
            # Each bond is seen from both of its ends.
            self.hard += self.broken(activity.number)
            self.add(activity, 1)
        self.hard = self.hard // 2

    def broken(self, number: int) -> int:
        """Count the slots by which the bonds of an activity are broken."""
        mine = self.shift[number]
        total = 0
        others = self.others[number]
        distances = self.distances[number]
        roles = self.roles[number]
        for place in range(len(others)):
            other = self.shift[others[place]]
            role = roles[place]
            if role == 1:
                lacking = mine + distances[place] - other
            elif role == 0:
                lacking = other + distances[place] - mine
            else:
                lacking = abs(mine - other)
            if lacking > 0:
                total += lacking
        return total

    def add(self, activity: Activity, sign: int) -> None:
        """Add (1) or take away (-1) the cost and the load of an activity."""
        alternative = activity.way % len(activity.profiles)
        level = activity.way // len(activity.profiles)
        shift = activity.low + level
        cost = activity.switch_costs[alternative] + activity.slot_cost * abs(shift)
        if shift != 0:
            cost += activity.move_cost
        self.soft += sign * cost
        heads = sign * activity.heads
        profile = activity.profiles[alternative]
        meters = self.meters[profile]
        over = 0.0
        for piece in range(len(meters)):
            row = meters[piece] * self.slots
            slot = activity.first_slot + level + self.firsts[profile][piece]
            for amount in self.amounts[profile][piece]:
                if 0 <= slot < self.slots:
                    free = self.limit[row + slot] - self.load[row + slot]
                    asked = heads * amount
                    if free < 0:
                        over += free
                    if free - asked < 0:
                        over += asked - free
                    self.load[row + slot] = self.load[row + slot] + asked
                slot += 1
        self.soft += over * self.price

    def before_entity_added(self, entity: Activity) -> None:
        """Do nothing: entities never come."""

    def after_entity_added(self, entity: Activity) -> None:
        """Do nothing: entities never come."""

    def before_entity_removed(self, entity: Activity) -> None:
        """Do nothing: entities never go."""

    def after_entity_removed(self, entity: Activity) -> None:
        """Do nothing: entities never go."""

    def before_variable_changed(self, entity: Activity, variable_name: str) -> None:
        """Take the activity away."""
        self.hard -= self.broken(entity.number)
        self.add(entity, -1)

    def after_variable_changed(self, entity: Activity, variable_name: str) -> None:
        """Put the activity back where it is now."""
        self.shift[entity.number] = entity.low + entity.way // len(entity.profiles)
        self.hard += self.broken(entity.number)
        self.add(entity, 1)

    def calculate_score(self) -> HardSoftScore:
        """Give the score."""
        return HardSoftScore.of(-self.hard, -int(self.soft))


def date_of(told: dict[str, Any]) -> Date:
    """Make the date from its JSON; every activity begins on the way told."""
    ranges: dict[int, list[int]] = {}
    activities = []
    for number, one in enumerate(told.pop("activities")):
        count = one.pop("count")
        ways = ranges.setdefault(count, list(range(count)))
        activities.append(Activity(number=number, ways=ways, **one))
    return Date(activities, **told)


def main(asked: str, answered: str, seconds: float) -> None:
    """Solve for `seconds` from the start of this process, and write the chosen ways."""
    with open(asked, encoding="utf-8") as stream:
        date = date_of(json.load(stream))
    config = SolverConfig(
        solution_class=Date,
        entity_class_list=[Activity],
        environment_mode=EnvironmentMode.NO_ASSERT,
        random_seed=0,
        score_director_factory_config=ScoreDirectorFactoryConfig(incremental_score_calculator_class=Calculator),
        termination_config=TerminationConfig(spent_limit=Duration(seconds=1)),
    )
    # Making the factory compiles the classes, which is part of the time.
    factory = SolverFactory.create(config)
    left = max(seconds - (time.monotonic() - BEGUN), 1.0)
    limit = TerminationConfig(spent_limit=Duration(milliseconds=int(1000 * left)))
    found = factory.build_solver(SolverConfigOverride(termination_config=limit)).solve(date)
    score = found.score
    with open(answered, "w", encoding="utf-8") as stream:
        ways = [activity.way for activity in found.activities]
        json.dump({"ways": ways, "hard": score.hard_score, "soft": score.soft_score}, stream)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
