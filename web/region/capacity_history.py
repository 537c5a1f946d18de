"""Who changed what of the capacities, and how a change is undone: by a new one, which is told as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scheduler.errors import NotThere
from scheduler.service.capacities import change_capacity, enter_capacity, withdraw_capacity
from scheduler.service.region_edits import history
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scheduler.domain.history import Done
    from scheduler.domain.people import Actor
    from scheduler.service.house import Store
    from scheduler.wording import Text

ENTERED, CHANGED, WITHDRAWN, REPLACED = (f"capacity.{verb}" for verb in ("entered", "changed", "withdrawn", "replaced"))
VERBS: dict[str, Text] = {
    ENTERED: T("entered"),
    CHANGED: T("changed"),
    WITHDRAWN: T("withdrawn"),
    REPLACED: T("replaced by a file"),
}
LOOKED_THROUGH = 1000
"""So far back a change can be undone."""


class Change(NamedTuple):
    """A change as the page tells it.

    Attributes
    ----------
    done : Done
    verb : Text
    before, after : list of str
        Rows of capacity.csv.
    can_be_undone : bool
    """

    done: Done
    verb: Text
    before: list[str]
    after: list[str]
    can_be_undone: bool


def changes_of(entries: Iterable[Done]) -> list[Change]:
    """Tell changes; what was erased is told without its content."""
    return [
        Change(
            one,
            VERBS[one.what],
            _rows(one.before),
            _rows(one.after),
            one.what != REPLACED and (one.before or one.after) is not None,
        )
        for one in entries
        if one.what in VERBS
    ]


def _rows(told: Any) -> list[str]:
    cells = told if isinstance(told, list) else [told] if told else []
    return ["; ".join(str(cell) for name, cell in row.items() if name != "entry" and cell != "") for row in cells]


def undone(store: Store, actor: Actor, region: str, number: int, made_from: int) -> None:
    """Undo a change.

    Raises
    ------
    FaultyInput, Refused
        Other entries forbid it by now.
    NotThere
        There is no such change, or what it led to is gone.
    """
    done = next(
        (one for one in history(store, actor, region, "capacity", most=LOOKED_THROUGH) if one.number == number), None
    )
    if done is None or done.what not in VERBS or done.what == REPLACED or (done.before or done.after) is None:
        raise NotThere(T("there is no such change"))
    if done.what == ENTERED:
        withdraw_capacity(store, actor, region, done.after["entry"], made_from=made_from)
    elif done.what == CHANGED:
        change_capacity(store, actor, region, done.before["entry"], _cells(done.before), made_from=made_from)
    else:
        enter_capacity(store, actor, region, _cells(done.before), made_from=made_from)


def _cells(told: dict[str, Any]) -> dict[str, str]:
    return {name: cell for name, cell in told.items() if name != "entry"}
