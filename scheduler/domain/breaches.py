"""How many times a plan breaks each hard rule: for plans that others made, and that promise nothing.

The audit's own functions are counted, so that a comparison and the audit cannot disagree (CONTRACT section 3).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain import audit
from scheduler.domain.findings import Findings
from scheduler.domain.placed import placed_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scheduler.domain.placed import PlacedDay
    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

RULES = ("start", "lock", "bounds", "alternative", "apart", "overlapping", "together")
"""One start a whole number of slots away (rule 1); locked sessions stay (2); bounds and the largest shift (2); one of
its alternatives (3); sharers keep order and gap (4); overlapping ones their distance (5); what moves together (6)."""


@dataclass(frozen=True)
class Breaches:
    """How often each hard rule is broken.

    Attributes
    ----------
    counts : tuple of int
        One a name in `RULES`, in that order.
    clashes : int
        Of the pairs that rule 4 counts, those that take place at the same time though they do not usually: the same
        teacher, pupils or room twice at once.
    """

    counts: tuple[int, ...] = (0,) * len(RULES)
    clashes: int = 0

    @property
    def total(self) -> int:
        """How often any rule is broken."""
        return sum(self.counts)

    def of(self, rule: str) -> int:
        """Give how often one of `RULES` is broken."""
        return self.counts[RULES.index(rule)]

    def with_more(self, rule: str, more: int) -> Breaches:
        """Give the same with one rule broken so many times more."""
        counts = [count + more * (name == rule) for name, count in zip(RULES, self.counts, strict=True)]
        return Breaches(tuple(counts), self.clashes)


def count_breaches(region: Region, plan: Plan) -> Breaches:
    """Count what :func:`scheduler.domain.audit.audit` finds fault with, rule by rule and without an upper end."""
    found = Findings()
    elements = audit.every_activity_once(region, plan, found)
    counts = Counter(start=found.count)
    clashes = 0
    for day in placed_days(region, plan, elements):
        counts["start"] += _length(audit.whole_slots(day, region.grid))
        counts["lock"] += _length(audit.locked_stay(day))
        counts["bounds"] += _length(audit.bounds(day, region))
        counts["alternative"] += _length(audit.one_of_its_alternatives(day, region))
        counts["apart"] += _length(audit.sharers_keep_apart(day))
        counts["overlapping"] += _length(audit.overlapping_sharers_keep_distance(day))
        counts["together"] += _length(audit.move_together(day))
        clashes += _length(_clashes(day))
    return Breaches(tuple(counts[rule] for rule in RULES), clashes)


def _length(found: Iterable[object]) -> int:
    return sum(1 for _ in found)


def _clashes(day: PlacedDay) -> Iterator[tuple[int, int]]:
    """Give the sharers that are put at the same time."""
    start, minutes = day.start, day.usual.minutes
    for one, other, _ in day.ties.kept:
        if start[one] < start[other] + minutes[other] and start[other] < start[one] + minutes[one]:
            yield one, other
