"""Publish a school's plan, go back to an earlier publication, and look at what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain import differences as compared
from scheduler.domain.school_plans import ACCEPTED, PUBLISHED, REPLACED
from scheduler.errors import NotThere, Refused
from scheduler.service.kept_regions import one_school
from scheduler.service.publication_contents import OfEarlier, OfPlan
from scheduler.service.publication_drafts import Ground, kept, read_ground
from scheduler.store.publications import Publications
from scheduler.store.school_plans import SchoolPlans
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.differences import Differences
    from scheduler.domain.people import Actor
    from scheduler.domain.publication import Publication
    from scheduler.domain.published import KeptPublication, PublicationHead
    from scheduler.domain.school_plans import SchoolPlan
    from scheduler.store import Store, Work
    from scheduler.wording import Text


def publish(store: Store, actor: Actor, region: str, school: str, plan_id: int | None = None) -> Publication:
    """Publish an accepted plan of a school.

    Parameters
    ----------
    store : Store
    actor : Actor
    region, school : str
        Keys; school ``""``: the audiences of the region.
    plan_id : int, optional
        By default the plan that was accepted last; where none waits, the published one.

    Returns
    -------
    Publication
        The new one; the last one, where that is of this plan already.

    Raises
    ------
    NotThere
    Refused
        There is no such plan that is accepted, or it was made for another timetable than the one in force.
    StoreFailed
    """
    return kept(store, lambda work: _ground_of_plan(work, actor, region, school, plan_id))


def _ground_of_plan(work: Work, actor: Actor, region: str, school: str, plan_id: int | None) -> Ground | Publication:
    """Read what the publication of a plan is made from; or give the last one, where it is of that plan."""
    plans, repository = SchoolPlans(work, actor.edits), Publications(work, actor.edits)
    last = repository.last(repository.school_row(region, school).id)
    plan = _accepted_last(plans, region, school) if plan_id is None else plans.find(region, school, plan_id)
    wanted = plan.id if plan is not None else last.plan_id if last is not None else None
    if last is not None and wanted is not None and last.plan_id == wanted:
        return _content(last)
    if plan is None or plan.state != ACCEPTED:
        raise Refused(_not_accepted(plan, school))
    if not plan.current:
        raise Refused(plan.of_other_timetable())
    placements = plans.placements(plan.id)
    if placements is None:
        raise Refused(T("the content of plan {number} was erased; make a new plan", number=plan.id))
    dates = plan.first_date, plan.last_date
    content = OfPlan(one_school(work, actor.edits, region, school, horizon=dates), school, placements)
    origin = plan.id, plan.timetable_id, plan.state
    return read_ground(work, actor, region, school, content, last, plan=origin, dates=dates)


def _accepted_last(plans: SchoolPlans, region: str, school: str) -> SchoolPlan | None:
    waiting = plans.of_school(region, school, ACCEPTED)
    return max(waiting, key=lambda plan: (plan.accepted_at or plan.made_at, plan.id), default=None)


def withdraw_to(store: Store, actor: Actor, region: str, school: str, number: int) -> Publication:
    """Go back to an earlier publication: what it said is published again, with a number of its own.

    Parameters
    ----------
    number : int
        Of the earlier publication. Where the last one says the same already, nothing is published.

    Returns
    -------
    Publication
        The new one, or the last one.

    Raises
    ------
    NotThere
    Refused
        Its content was erased, or (NoRoom) the limits no longer have room for its plan.
    StoreFailed
    """
    return kept(store, lambda work: _ground_of_earlier(work, actor, region, school, number))


def _ground_of_earlier(work: Work, actor: Actor, region: str, school: str, number: int) -> Ground | Publication:
    """Read what going back is made from; or give the last publication, where it says the same."""
    repository = Publications(work, actor.edits)
    school_id = repository.school_row(region, school).id
    earlier, last = repository.numbered(school_id, number), repository.last(school_id)
    content = _content(earlier)
    now = last.publication if last is not None and last.plan_id == earlier.plan_id else None
    # Called twice, the second time changes nothing.
    if now is not None and compared.says_already(now, content):
        return now
    plans = SchoolPlans(work, actor.edits)
    plan = None if earlier.plan_id is None else plans.find(region, school, earlier.plan_id)
    origin = earlier.plan_id, earlier.timetable_id, plan.state if plan else None
    every = [content.first_date, content.last_date, *(entry.date for entry in content.entries)]
    dates = min(every), max(every)
    return read_ground(work, actor, region, school, OfEarlier(content), last, plan=origin, dates=dates, back_to=number)


def _content(found: KeptPublication) -> Publication:
    if found.publication is None:
        raise Refused(T("the content of publication {number} was erased", number=found.number))
    return found.publication


def _not_accepted(plan: SchoolPlan | None, school: str) -> Text:
    if plan is None:
        return T("school “{key}” has accepted no plan; accept one, then publish it", key=school)
    if plan.state in (PUBLISHED, REPLACED):
        return T("another plan took the place of plan {number}; go back to its publication instead", number=plan.id)
    return T("plan {number} is not accepted; accept it, then publish it", number=plan.id)


def publications(store: Store, actor: Actor, region: str, school: str) -> list[PublicationHead]:
    """List the publications of a school, the last one first.

    Raises
    ------
    NotThere, StoreFailed
    """
    with store.read() as work:
        repository = Publications(work, actor.sees)
        return repository.heads(repository.school_row(region, school).id)


def publication(store: Store, actor: Actor, region: str, school: str, number: int | None = None) -> Publication:
    """Give a publication of a school; by default the last one.

    Raises
    ------
    NotThere, StoreFailed
    Refused
        Its content was erased.
    """
    with store.read() as work:
        repository = Publications(work, actor.sees)
        school_id = repository.school_row(region, school).id
        found = repository.last(school_id) if number is None else repository.numbered(school_id, number)
    if found is None:
        raise NotThere(T("school “{key}” has published nothing yet", key=school))
    return _content(found)


def compare(store: Store, actor: Actor, region: str, school: str, one: int, other: int) -> Differences:
    """Tell what a reader of publication `one` must learn to know publication `other`.

    Raises
    ------
    NotThere, StoreFailed
    Refused
        The content of one of them was erased.
    """
    before, after = (publication(store, actor, region, school, number) for number in (one, other))
    return compared.differences(before, after)
