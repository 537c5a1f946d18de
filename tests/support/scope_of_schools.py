"""The list of schools, their principals, and letters; see scope_table.py."""

from __future__ import annotations

from scope_world import LATEST, Try

from scheduler.errors import Refused
from scheduler.mail import Letter
from scheduler.service import letters, principals, school_levels, school_lists, tasks

LIST = b"school\n0670009Z\n"
SCHOOL = {"school": "0670009Z", "name": "new"}


def _invited(case: Try) -> principals.InvitedPrincipal:
    """Invite the place's own person; a refusal is told as other use cases tell theirs."""
    wanted = principals.Wanted(case.place.school, case.place.email)
    (one,) = principals.invite_principals(*case.of_region, [wanted])
    if one.refused is not None:
        raise Refused(one.refused)
    return one


TRIED = {
    "service.letters.send_letters": lambda case: letters.send_letters(*case.of_region, [Letter("a@x.fr", "b", "c")]),
    "service.principals.invite_principals": _invited,
    "service.principals.late_schools": lambda case: principals.late_schools(*case.of_region, ["published"]),
    "service.principals.principals": lambda case: principals.principals(*case.of_region),
    "service.school_levels.academies_of": lambda case: school_levels.academies_of(*case.of_region),
    "service.school_lists.bring_school_list": lambda case: school_lists.bring_school_list(
        *case.of_region, LIST, "list", made_from=LATEST
    ),
    "service.school_lists.put_school": lambda case: school_lists.put_school(*case.of_region, SCHOOL, made_from=LATEST),
    "service.school_lists.remove_school": lambda case: school_lists.remove_school(*case.of_school, made_from=LATEST),
    "service.school_lists.try_school_list": lambda case: school_lists.try_school_list(*case.of_region, LIST, "list"),
    "service.tasks.ask": lambda case: tasks.ask(*case.of_region, "publish", {}),
}

SILENT = frozenset(
    {
        "service.principals.late_schools",
        "service.school_lists.try_school_list",
        "service.school_levels.academies_of",
        "service.school_lists.bring_school_list",
        "service.school_lists.put_school",
        "service.school_lists.remove_school",
    }
)

LEFT_OUT = {"service.letters.send": "a part of a task, which is done with the rights of whoever asked for it"}
