"""Plans of a school: proposals, and what became of them."""

from __future__ import annotations

from flask import Response

from scheduler.service import bookings
from web.api.gate import OF_CHANGES, api_blueprint, as_json
from web.api.shapes import InSchool, OfPlan, OnePlan, PlanList
from web.house import house
from web.presence import actor

blueprint = api_blueprint("plans", "Plans of a school: proposals, and what became of them")


@blueprint.get("/regions/<region>/schools/<school>/plans", responses={200: PlanList, 304: None})
def list_plans(path: InSchool) -> Response:
    """List the plans of a school, newest first."""
    found = bookings.school_plans(house().store, actor(), path.region, path.key)
    return as_json(PlanList(plans=[OnePlan.of(plan) for plan in found]))


@blueprint.post("/regions/<region>/schools/<school>/plans/<plan>/accept", responses={200: OnePlan, **OF_CHANGES})
def accept_plan(path: OfPlan) -> Response:
    """Accept a proposal and book what it asks; where there is no room, `reasons` names other starts."""
    return as_json(OnePlan.of(bookings.accept(house().store, actor(), path.region, path.key, path.plan)))


@blueprint.post("/regions/<region>/schools/<school>/plans/<plan>/refuse", responses={200: OnePlan, **OF_CHANGES})
def refuse_plan(path: OfPlan) -> Response:
    """Refuse a proposal."""
    return as_json(OnePlan.of(bookings.refuse(house().store, actor(), path.region, path.key, path.plan)))


@blueprint.post("/regions/<region>/schools/<school>/plans/<plan>/withdraw", responses={200: OnePlan, **OF_CHANGES})
def withdraw_plan(path: OfPlan) -> Response:
    """Make an accepted plan a proposal again and give back what it booked."""
    taken_back = bookings.withdraw_acceptance(house().store, actor(), path.region, path.key, path.plan)
    return as_json(OnePlan.of(taken_back))
