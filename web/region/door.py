"""The door of a region's pages: whoever comes in sees the region as a whole, and may change it where they change it.

Every page of a region belongs to this blueprint, so none can be written that does not ask who is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from scheduler.service.region_frame import RegionFrame, frame_of
from web.house import house
from web.presence import actor
from web.region.state_words import plan_state_words, state_words

if TYPE_CHECKING:
    from collections.abc import MutableMapping

blueprint = Blueprint("region", __name__, url_prefix="/regions/<region>")

LOOKING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""


@blueprint.url_value_preprocessor
def _take_region(endpoint: str | None, values: MutableMapping[str, Any] | None) -> None:
    """Remember which region is asked for; views go on taking it as their argument."""
    g.region_key = (values or {}).get("region", "")


@blueprint.before_request
def _come_in() -> None:
    """Let in whoever may; for everybody else the region is not there."""
    g.region_frame = frame_of(house().store, actor(), g.region_key, to_change=request.method not in LOOKING)


@blueprint.url_defaults
def _same_region(endpoint: str, values: dict[str, Any]) -> None:
    """Let links between the pages of a region leave the region out."""
    values.setdefault("region", g.get("region_key"))


@blueprint.context_processor
def _show_frame() -> dict[str, Any]:
    # An error page of somebody who was not let in has none.
    return {"frame": g.get("region_frame"), "state_words": state_words, "plan_state_words": plan_state_words}


def frame() -> RegionFrame:
    """Give what all pages of the region say of it."""
    found: RegionFrame = g.region_frame
    return found
