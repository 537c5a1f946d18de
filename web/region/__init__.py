"""The pages of a region: for whoever looks after its servers and its schools."""

from web.region import overview, runs, what_if
from web.region.door import blueprint

__all__ = ["blueprint", "overview", "runs", "what_if"]
