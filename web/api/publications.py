"""Publications of a school."""

from __future__ import annotations

from flask import Response

from scheduler.service import publishing
from web.api.gate import OF_CHANGES, api_blueprint, as_json
from web.api.shapes import InSchool, OnePublication, PublicationList, PublicationWanted
from web.house import house
from web.presence import actor

blueprint = api_blueprint("publications", "Publications of a school")


@blueprint.get("/regions/<region>/schools/<school>/publications", responses={200: PublicationList, 304: None})
def list_publications(path: InSchool) -> Response:
    """List the publications of a school, the last one first."""
    found = publishing.publications(house().store, actor(), path.region, path.key)
    return as_json(PublicationList(publications=[OnePublication.of(head) for head in found]))


@blueprint.post("/regions/<region>/schools/<school>/publications", responses={200: OnePublication, **OF_CHANGES})
def publish(path: InSchool, body: PublicationWanted) -> Response:
    """Publish an accepted plan; the same plan twice is one publication."""
    store, who = house().store, actor()
    number = publishing.publish(store, who, path.region, path.key, body.plan).number
    heads = publishing.publications(store, who, path.region, path.key)
    return as_json(OnePublication.of(next(head for head in heads if head.number == number)))
