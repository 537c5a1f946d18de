"""Open the store for those who need not know how it is kept, and say whether it can be worked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.errors import StoreFailed
from scheduler.store import Store, open_store, schema

if TYPE_CHECKING:
    from scheduler.wording import Text

__all__ = ["Store", "open_store", "trouble_of"]


def trouble_of(store: Store) -> Text | None:
    """Say why the store cannot be worked with now; None where all is well."""
    try:
        schema.check_current(store)
    except StoreFailed as failed:
        return failed.reason
    return None
