"""A what-if scenario becomes the region's own: its changes are entered as capacities, rules and dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scheduler.domain.runs import DONE
from scheduler.domain.scenario_changes import BackToSchool, CapacityChange, LargestShift, TargetUtilisation
from scheduler.domain.scenarios import ADOPTABLE
from scheduler.errors import FaultyInput, Refused
from scheduler.files.region_writer import cells_of
from scheduler.service.capacities import enter_capacity
from scheduler.service.region_settings import change_settings, open_settings, replace_periods
from scheduler.service.scenarios import changes_of, note_on, scenario_ground, scenario_run
from scheduler.store import audit
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.domain.scenarios import Change
    from scheduler.store import Store, Work


@dataclass(frozen=True)
class AdoptedScenario:
    """What came of adopting a scenario.

    Attributes
    ----------
    made : tuple of Change
        Now the region's own.
    left_out : tuple of Change
        That cannot be made here (`scheduler.domain.scenario_words.why_not`).
    """

    made: tuple[Change, ...]
    left_out: tuple[Change, ...]


def adopt_scenario(store: Store, actor: Actor, region: str, number: int, *, made_from: int) -> AdoptedScenario:
    """Make the changes of a scenario the region's own, as far as that can be done here; its plan is not adopted.

    Each change is entered by the use case that a person would use, one after the other: where somebody else crosses
    the second of two, the first stays, and adopting again enters nothing twice.

    Parameters
    ----------
    store : Store
    actor : Actor
        May change the whole region.
    region : str
    number : int
        Of the scenario's run.
    made_from : int
        The region's revision that the actor has looked at.

    Raises
    ------
    FaultyInput
        A change does not go with the region as it is now.
    NotThere
    Refused
        The run is not done, nothing of it can be adopted, or somebody else changed the same meanwhile.
    """
    run = scenario_run(store, actor, region, number)
    changes = changes_of(run)
    made = tuple(change for change in changes if isinstance(change, ADOPTABLE))
    if run.state != DONE:
        raise Refused(T("scenario {number} is not at its end yet; wait for it", number=number))
    if not made:
        raise Refused(T("nothing of this scenario can be adopted here"))
    here = scenario_ground(store, actor, region).region
    faults = [fault for change in made for fault in change.faults(here)]
    if faults:
        raise FaultyInput(faults)
    for change in made:
        _make(store, actor, region, change, run.title, made_from)
    store.in_work(lambda work: _note(work, actor, region, number))
    return AdoptedScenario(made, tuple(change for change in changes if change not in made))


def _make(store: Store, actor: Actor, region: str, change: Change, title: str, made_from: int) -> None:
    match change:
        case CapacityChange() if change.entry(title) not in scenario_ground(store, actor, region).region.capacities:
            enter_capacity(store, actor, region, cells_of(change.entry(title)), made_from=made_from)
        case BackToSchool():
            here: Region = scenario_ground(store, actor, region).region
            rows = [cells_of(period) for period in change.on(here).calendar.periods or ()]
            replace_periods(store, actor, region, rows, made_from=made_from)
        case TargetUtilisation(share):
            _change_policy(store, actor, region, {"target_utilisation": share}, made_from)
        case LargestShift(minutes):
            _change_policy(store, actor, region, {"max_shift_minutes": minutes}, made_from)


def _change_policy(store: Store, actor: Actor, region: str, policy: dict[str, Any], made_from: int) -> None:
    settings = open_settings(store, actor, region).settings
    whole = settings | {"policy": settings["policy"] | policy}
    change_settings(store, actor, region, whole, made_from=made_from)


def _note(work: Work, actor: Actor, region: str, number: int) -> None:
    note_on(work, actor, region, number, {"adopted": work.now.isoformat()})
    audit.note(work, actor, region, "scenario.adopted", str(number))
