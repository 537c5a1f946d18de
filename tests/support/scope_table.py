"""Everything that takes an actor or a scope, and how it is tried on what belongs to others.

:data:`TRIED` is to be extended, here or in a file ``scope_of_<subject>.py`` beside it: whoever adds a public use case
or a method of a repository writes a line that
calls it, or says in :data:`LEFT_OUT` why there is nothing to try. What there can be is furnished in scope_world.py.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from scope_input import OF_INPUT, OF_OPERATORS
from scope_world import FIRST, LAST, Try, plan_of

import scheduler.service
import scheduler.store
from scheduler.domain.listing import SchoolSearch
from scheduler.domain.runs import RunOptions
from scheduler.service import (
    adoption,
    audit_log,
    booked,
    bookings,
    feed_addresses,
    kept_regions,
    people,
    publishing,
    publishing_all,
    quotas,
    regions,
    rooms,
    run_folders,
    runs,
    sign_in,
)
from scheduler.store.changes import Changes
from scheduler.store.listing import ListingRepository
from scheduler.store.people import People
from scheduler.store.regions import RegionRepository
from scheduler.store.runs import Runs
from scheduler.store.school_plans import SchoolPlans
from scheduler.store.scoped import Repository
from scheduler.store.timetables import TimetableRepository

ROOMS = (scheduler.service, scheduler.store)
ASKERS = re.compile(r"\b(Actor|Scope|SignedIn)\b")
"""What the annotation of a parameter says where a function asks who is there."""

BY_ROW = frozenset(
    {"school_id", "region_id", "plan_id", "plan_ids", "plans", "person_id", "school_ids", "ids", "run", "run_id"}
)
"""First parameters of repositories' methods that go on from a row: whoever has it found it in the scope."""

Trial = Callable[[Try], object]


def _plan(case: Try) -> Any:
    """Give the plan of the north's school: the place's own would not fit where there is no such place."""
    return plan_of(case.store, "north", "nalder")


OF_PEOPLE: Mapping[str, Trial] = {
    "service.audit_log.list_changes": lambda case: audit_log.list_changes(*case.asking, case.place.region),
    "service.audit_log.verify_changes": lambda case: audit_log.verify_changes(*case.asking),
    "service.people.disable": lambda case: people.disable(*case.asking, case.place.email),
    "service.people.end_sign_ins": lambda case: people.end_sign_ins(*case.asking, case.place.email),
    "service.people.invite": lambda case: people.invite(*case.asking, *case.teacher).person,
    "service.people.invite_again": lambda case: people.invite_again(*case.asking, case.place.email).person,
    "service.people.list_people": lambda case: people.list_people(*case.of_school),
    "service.people.take_role": lambda case: people.take_role(*case.asking, *case.teacher),
    "service.sign_in.end_my_other_sign_ins": lambda case: sign_in.end_my_other_sign_ins(case.store, case.who),
    "service.sign_in.end_my_sign_in": lambda case: sign_in.end_my_sign_in(case.store, case.who, case.place.sign_in_id),
    "service.sign_in.my_sign_ins": lambda case: sign_in.my_sign_ins(case.store, case.who),
    "store.changes.Changes.listed": lambda case: case.reading(Changes, lambda them: them.listed(case.place.region)),
    "store.people.People.find": lambda case: case.reading(People, lambda them: them.find(case.place.email)),
    "store.people.People.listed": lambda case: case.reading(People, lambda them: them.listed(*case.school)),
    "store.people.People.posts": lambda case: case.reading(People, lambda them: them.posts([case.place.person_id])),
    "store.people.People.schools_called": lambda case: case.reading(
        People, lambda them: them.schools_called(case.place.school)
    ),
}

OF_REGIONS: Mapping[str, Trial] = {
    "store.runs.Runs.current": lambda case: case.reading(
        Runs, lambda them: them.current(case.place.region, FIRST, LAST)
    ),
    "service.kept_regions.freeze": lambda case: case.within(
        lambda work, scope: kept_regions.freeze(work, scope, case.place.region)
    ),
    "service.kept_regions.head_of": lambda case: case.within(
        lambda work, scope: kept_regions.head_of(work, scope, case.place.region)
    ),
    "service.kept_regions.one_school": lambda case: case.within(
        lambda work, scope: kept_regions.one_school(work, scope, *case.school, case.place.timetable_id)
    ),
    "service.region_export.export_region": lambda case: case.written(
        lambda folder: regions.export_region(*case.asking, case.place.region, folder)
    ),
    "service.regions.list_regions": lambda case: regions.list_regions(*case.asking),
    "service.regions.list_schools": lambda case: regions.list_schools(*case.asking, case.place.region),
    "service.regions.look_up_school": lambda case: regions.look_up_school(*case.of_school),
    "service.regions.open_school": lambda case: regions.open_school(*case.of_school),
    "store.listing.ListingRepository.entry": lambda case: case.reading(
        ListingRepository, lambda them: them.entry(*case.school)
    ),
    "store.listing.ListingRepository.page": lambda case: case.reading(
        ListingRepository, lambda them: them.page(case.place.region, SchoolSearch())
    ),
    "store.listing.ListingRepository.regions": lambda case: case.reading(
        ListingRepository, lambda them: them.regions()
    ),
    "store.regions.RegionRepository.head": lambda case: case.reading(
        RegionRepository, lambda them: them.head(case.place.region)
    ),
    "store.regions.RegionRepository.head_for": lambda case: case.reading(
        RegionRepository, lambda them: them.head_for(*case.school)
    ),
    "store.scoped.Repository.region_row": lambda case: case.reading(
        Repository, lambda them: them.region_row(case.place.region)
    ),
    "store.scoped.Repository.school_row": lambda case: case.reading(
        Repository, lambda them: them.school_row(*case.school)
    ),
    "store.scoped.Repository.schools": lambda case: case.reading(
        Repository, lambda them: them.connection.execute(them.schools()).all()
    ),
    "store.timetables.TimetableRepository.content": lambda case: case.reading(
        TimetableRepository, lambda them: them.content(*case.school, case.place.timetable_id)
    ),
}

OF_PLANS: Mapping[str, Trial] = {
    "service.adoption.adopt_run": lambda case: adoption.adopt_run(*case.asking, case.place.region, 1),
    "service.booked.reckon_own": lambda case: case.within(
        lambda work, scope: booked.reckon_own(work, scope, *case.school, _plan(case), (FIRST, LAST))
    ),
    "service.booked.settle": lambda case: case.changing(
        lambda work, scope: booked.settle(work, scope, *case.school, FIRST, LAST)
    ),
    "service.bookings.accept": lambda case: bookings.accept(*case.of_school, case.place.plan_id),
    "service.bookings.propose": lambda case: bookings.propose(*case.of_school, _plan(case), FIRST, LAST),
    "service.bookings.refuse": lambda case: bookings.refuse(*case.of_school, case.place.plan_id),
    "service.bookings.school_plans": lambda case: bookings.school_plans(*case.of_school),
    "service.bookings.withdraw_acceptance": lambda case: bookings.withdraw_acceptance(
        *case.of_school, case.place.plan_id
    ),
    "service.feed_addresses.addresses": lambda case: feed_addresses.addresses(*case.of_school),
    "service.feed_addresses.give_address": lambda case: feed_addresses.give_address(
        *case.of_school, "group", "6A", "fr", "mine"
    ),
    "service.feed_addresses.renew_address": lambda case: feed_addresses.renew_address(
        *case.of_school, case.place.feed_id
    ),
    "service.feed_addresses.withdraw_address": lambda case: feed_addresses.withdraw_address(
        *case.of_school, case.place.feed_id
    ),
    "service.feed_addresses.withdraw_all": lambda case: feed_addresses.withdraw_all(*case.of_school),
    "service.feed_addresses.published_feeds": lambda case: feed_addresses.published_feeds(*case.of_school),
    "service.publishing.compare": lambda case: publishing.compare(*case.of_school, 1, 1),
    "service.publishing.publication": lambda case: publishing.publication(*case.of_school),
    "service.publishing.publications": lambda case: publishing.publications(*case.of_school),
    "service.publishing.publish": lambda case: publishing.publish(*case.of_school, case.place.plan_id),
    "service.publishing.withdraw_to": lambda case: publishing.withdraw_to(*case.of_school, 1),
    "service.publishing_all.publish_all": lambda case: publishing_all.publish_all(
        *case.asking, case.place.region, processes=1
    ),
    "service.quotas.set_quota": lambda case: quotas.set_quota(
        *case.asking, case.place.region, "ent", "connections", 9.0, FIRST, LAST, case.place.school
    ),
    "service.rooms.free": lambda case: rooms.free(*case.asking, case.place.region, FIRST),
    "service.rooms.overcommitted": lambda case: case.within(
        lambda work, scope: list(rooms.overcommitted(work, scope, case.place.region, FIRST, LAST))
    ),
    "service.rooms.room_for": lambda case: rooms.room_for(*case.of_school, FIRST),
    "service.run_folders.plan_of_run": lambda case: case.written(
        lambda folder: run_folders.plan_of_run(*case.asking, case.place.region, 1, folder)
    ),
    "service.runs.list_runs": lambda case: runs.list_runs(*case.asking, case.place.region),
    "service.runs.run_status": lambda case: runs.run_status(*case.asking, case.place.region, 1),
    "service.runs.start_run": lambda case: runs.start_run(*case.asking, case.place.region, RunOptions()),
    "service.runs.stop_run": lambda case: runs.stop_run(*case.asking, case.place.region, 1),
    "store.runs.Runs.listed": lambda case: case.reading(Runs, lambda them: them.listed(case.place.region)),
    "store.runs.Runs.one": lambda case: case.reading(Runs, lambda them: them.one(case.place.region, 1)),
    "store.school_plans.SchoolPlans.find": lambda case: case.reading(
        SchoolPlans, lambda them: them.find(*case.school, case.place.plan_id)
    ),
    "store.school_plans.SchoolPlans.of_run": lambda case: case.reading(
        SchoolPlans, lambda them: them.of_run(case.place.region, 1)
    ),
    "store.school_plans.SchoolPlans.of_school": lambda case: case.reading(
        SchoolPlans, lambda them: them.of_school(*case.school)
    ),
    "store.school_plans.SchoolPlans.regions": lambda case: case.reading(SchoolPlans, lambda them: them.regions()),
    "store.school_plans.SchoolPlans.run": lambda case: case.reading(
        SchoolPlans, lambda them: them.run(case.place.region, 1)
    ),
}

SUBJECTS = [import_module(path.stem) for path in sorted(Path(__file__).parent.glob("scope_of_*.py"))]
"""Tables of a subject each, in files of their own: TRIED, SILENT and LEFT_OUT as here."""


def _of_subjects(table: str) -> Any:
    return ChainMap({}, *(getattr(subject, table) for subject in SUBJECTS))


TRIED: Mapping[str, Trial] = {
    **OF_REGIONS,
    **OF_PLANS,
    **OF_INPUT,
    **OF_PEOPLE,
    **OF_OPERATORS,
    **_of_subjects("TRIED"),
}
"""How each of them is called; what they give is searched for what belongs to others."""

SILENT = frozenset(
    {
        "service.adoption.adopt_run",
        "service.audit_log.verify_changes",
        "service.backups.restore",
        "service.backups.take_backup",
        "service.booked.settle",
        "service.bookings.refuse",
        "service.bookings.withdraw_acceptance",
        "service.capacities.change_capacity",
        "service.capacities.enter_capacity",
        "service.capacities.withdraw_capacity",
        "service.erasing.erasable",
        "service.erasing.erase",
        "service.feed_addresses.give_address",
        "service.feed_addresses.published_feeds",
        "service.feed_addresses.renew_address",
        "service.feed_addresses.withdraw_address",
        "service.feed_addresses.withdraw_all",
        "service.people.disable",
        "service.people.end_sign_ins",
        "service.people.take_role",
        "service.publishing.compare",
        "service.publishing_all.publish_all",
        "service.quotas.set_quota",
        "service.region_settings.change_settings",
        "service.region_settings.replace_closures",
        "service.region_settings.replace_periods",
        "service.region_settings.replace_weeks",
        "service.rooms.free",
        "service.rooms.overcommitted",
        "service.rooms.room_for",
        "service.run_folders.plan_of_run",
        "service.runs.start_run",
        "store.runs.Runs.current",
        "service.sign_in.end_my_other_sign_ins",
        "service.sign_in.end_my_sign_in",
        "service.sign_in.my_sign_ins",
        "service.timetables.bring_timetable",
        "service.timetables.changes_between",
        "service.timetables.plans_of_other_versions",
        "service.verifying.check_database",
        "service.wishes.state_wish",
        "service.wishes.withdraw_wish",
        "store.school_plans.SchoolPlans.of_run",
        "store.versions.VersionRepository.plans_of_others",
        *(name for subject in SUBJECTS for name in subject.SILENT),
    }
)
"""Those whose answer names no place or person, even to an operator; all others show that there was something."""

LEFT_OUT: Mapping[str, str] = {
    "service.booked.no_room": "goes on from a plan that was found in the scope",
    "service.booked.reckon_plan": "goes on from a plan that was found in the scope",
    "service.runs.queue_run": "a part of starting a run, which is tried",
    "service.publication_drafts.read_ground": "a part of publishing, which is tried",
    "service.run_folders.reference_of_run": "goes on from a region that was found in the scope",
    "service.run_folders.stored_plan_of_run": "goes on from a region that was found in the scope",
    "service.sign_in.change_password": "asks nothing but one's own password",
    "store.audit.note": "writes only; whose chain it is was decided before",
    "store.capacities.CapacityRepository.put": "goes on from an entry that was found in its region",
    "store.capacities.CapacityRepository.take_out": "goes on from an entry that was found in its region",
    "store.figures.Figures.feeds": "counts for operators",
    "store.figures.Figures.publications": "counts for operators",
    "store.figures.Figures.runs_by_state": "counts for operators",
    "store.ledger.Ledger.all_entries": "of a region whose number was found in the scope",
    "store.ledger.Ledger.replace": "of a region whose number was found in the scope",
    "store.ledger.Ledger.totals": "of a region whose number was found in the scope",
    "store.person_export.everything_about": "only for operators; tried where erasing is",
    "store.regions.RegionRepository.begin": "writes only; for operators",
    "store.runs.Runs.active": "goes on from the row of a region",
    "store.runs.Runs.add": "goes on from the row of a region",
    "store.school_plans.SchoolPlans.keep_loads": "writes only; of plans that were found in the scope",
    "store.scoped.in_regions": "a condition, tried by every repository",
    "store.scoped.in_schools": "a condition, tried by every repository",
    **_of_subjects("LEFT_OUT"),
}
"""What is not tried, each with the reason."""


def found() -> set[str]:
    """Name every public function that takes an actor or a scope, and every public method of a repository."""
    names = set()
    for module in _modules():
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(thing) and _asks(thing):
                names.add(f"{module.__name__}.{name}")
            elif inspect.isclass(thing) and issubclass(thing, Repository):
                names |= {f"{module.__name__}.{name}.{method}" for method in _methods(thing)}
    return {name.removeprefix("scheduler.") for name in names}


def _modules() -> Iterator[Any]:
    for room in ROOMS:
        for entry in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            yield import_module(entry.name)


def _asks(function: Callable[..., Any]) -> bool:
    annotations = [str(parameter.annotation) for parameter in inspect.signature(function).parameters.values()]
    return any(ASKERS.search(annotation) for annotation in annotations)


def _methods(repository: type) -> Iterator[str]:
    for name, method in vars(repository).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            first = [*inspect.signature(method).parameters, "self"][1]
            if first not in BY_ROW:
                yield name
