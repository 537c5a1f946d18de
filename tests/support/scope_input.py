"""How what regions and schools enter, and what operators do, is tried on what belongs to others; see scope_table.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from region_files import write_region
from scope_world import LATEST, RAISE, Try

from scheduler.domain.school_year import SchoolYear
from scheduler.domain.wishes import Wish
from scheduler.service import (
    backups,
    capacities,
    erasing,
    person_export,
    region_edits,
    region_settings,
    regions,
    timetables,
    verifying,
    wishes,
)
from scheduler.store.capacities import CapacityRepository
from scheduler.store.versions import VersionRepository
from scheduler.store.wishes import WishRepository

Trial = Callable[[Try], object]

SETTINGS = {"name": "RENAMED", "first_date": "2021-04-06", "last_date": "2021-04-16"}
PERIOD = {"level": "", "first_date": "2021-04-06", "last_date": "2021-04-16"}
CLOSURE = {"school": "", "first_date": "2021-04-15", "last_date": "2021-04-15", "note": "strike"}
WEEK = {"school": "", "monday": "2021-04-12", "week": "B"}
TIMETABLE = b"session,day,start,minutes,groups,heads\nS9,TU,08:00,55,6A,25\n"
WISH = Wish("lock", "day", "TU", None, "")
YEAR = SchoolYear(2019)

OF_INPUT: Mapping[str, Trial] = {
    # Reading goes first, for what follows changes what there is to read.
    "service.capacities.list_capacities": lambda case: capacities.list_capacities(*case.of_region),
    "store.capacities.CapacityRepository.of_region": lambda case: case.reading(
        CapacityRepository, lambda them: them.of_region(case.place.region)
    ),
    "service.region_settings.open_settings": lambda case: region_settings.open_settings(*case.of_region),
    "service.wishes.list_wishes": lambda case: wishes.list_wishes(*case.of_school),
    "store.wishes.WishRepository.of_school": lambda case: case.reading(
        WishRepository, lambda them: them.of_school(*case.school)
    ),
    "service.capacities.change_capacity": lambda case: capacities.change_capacity(
        *case.of_region, case.place.capacity_id, RAISE, made_from=LATEST
    ),
    "service.capacities.enter_capacity": lambda case: capacities.enter_capacity(
        *case.of_region, {**RAISE, "amount": "7"}, made_from=LATEST
    ),
    "service.capacities.withdraw_capacity": lambda case: capacities.withdraw_capacity(
        *case.of_region, case.place.capacity_id, made_from=LATEST
    ),
    "service.region_edits.begin_edit": lambda case: case.changing(
        lambda work, _: region_edits.begin_edit(work, case.actor, case.place.region, region_settings.SETTINGS, LATEST)
    ),
    "service.region_edits.history": lambda case: region_edits.history(*case.of_region, "capacity"),
    "service.region_settings.change_settings": lambda case: region_settings.change_settings(
        *case.of_region, SETTINGS, made_from=LATEST
    ),
    "service.region_settings.replace_closures": lambda case: region_settings.replace_closures(
        *case.of_region, [CLOSURE], made_from=LATEST
    ),
    "service.region_settings.replace_periods": lambda case: region_settings.replace_periods(
        *case.of_region, [PERIOD], made_from=LATEST
    ),
    "service.region_settings.replace_weeks": lambda case: region_settings.replace_weeks(
        *case.of_region, [WEEK], made_from=LATEST
    ),
    "service.wishes.state_wish": lambda case: wishes.state_wish(*case.of_school, WISH),
    "service.wishes.withdraw_wish": lambda case: wishes.withdraw_wish(*case.of_school, case.place.wish_id),
    "service.timetables.bring_timetable": lambda case: timetables.bring_timetable(
        *case.of_school, sessions=TIMETABLE, source="brought"
    ),
    "service.timetables.changes_between": lambda case: timetables.changes_between(*case.of_school, 1, 1),
    "service.timetables.plans_of_other_versions": lambda case: timetables.plans_of_other_versions(*case.of_school),
    "service.timetables.return_to": lambda case: timetables.return_to(*case.of_school, 1),
    "service.timetables.versions": lambda case: timetables.versions(*case.of_school),
    "store.versions.VersionRepository.numbered": lambda case: case.reading(
        VersionRepository, lambda them: them.numbered(*case.school, 1)
    ),
    "store.versions.VersionRepository.of_school": lambda case: case.reading(
        VersionRepository, lambda them: them.of_school(*case.school)
    ),
    "store.versions.VersionRepository.plans_of_others": lambda case: case.reading(
        VersionRepository, lambda them: them.plans_of_others(*case.school)
    ),
}

OF_OPERATORS: Mapping[str, Trial] = {
    "service.backups.restore": lambda case: backups.restore(*case.asking, case.folder),
    "service.backups.take_backup": lambda case: backups.take_backup(*case.asking, case.folder),
    "service.erasing.erasable": lambda case: erasing.erasable(*case.asking, YEAR, case.place.region),
    "service.erasing.erase": lambda case: erasing.erase(*case.asking, YEAR, case.place.region),
    "service.person_export.export_person": lambda case: person_export.export_person(*case.asking, case.place.email),
    "service.verifying.check_database": lambda case: list(verifying.check_database(*case.asking)),
    # The last one: who may do it loses the schools that all others were tried with.
    "service.region_import.import_region": lambda case: regions.import_region(
        *case.asking, write_region(case.folder), case.place.region
    ),
}
