"""Regions and their schools."""

from __future__ import annotations

from flask import Response

from scheduler.service import regions
from web.api.gate import api_blueprint, as_json
from web.api.shapes import InRegion, InSchool, OneRegion, OneSchool, RegionList, SchoolList, SchoolsWanted
from web.house import house
from web.presence import actor

blueprint = api_blueprint("schools", "Regions and their schools")


@blueprint.get("/regions", responses={200: RegionList, 304: None})
def list_regions() -> Response:
    """List the regions that are open as a whole to whoever asks."""
    found = regions.list_regions(house().store, actor())
    return as_json(RegionList(regions=[OneRegion.of(entry) for entry in found]))


@blueprint.get("/regions/<region>/schools", responses={200: SchoolList, 304: None})
def list_schools(path: InRegion, query: SchoolsWanted) -> Response:
    """List schools, page by page."""
    found = regions.list_schools(house().store, actor(), path.region, **query.model_dump())
    told = [OneSchool.of(entry) for entry in found.entries]
    return as_json(SchoolList(schools=told, total=found.total, page=found.page, pages=found.pages, size=found.size))


@blueprint.get("/regions/<region>/schools/<school>", responses={200: OneSchool, 304: None})
def show_school(path: InSchool) -> Response:
    """Show a school."""
    return as_json(OneSchool.of(regions.look_up_school(house().store, actor(), path.region, path.key)))
