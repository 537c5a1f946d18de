"""The audit log, as far as somebody may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.domain.changes import Change
from scheduler.errors import NotThere
from scheduler.store import audit
from scheduler.store.scoped import Repository
from scheduler.wording import T

if TYPE_CHECKING:
    from sqlalchemy import Row


class Changes(Repository):
    """The chains of the regions that are in the scope, whole; with everything in it, that of the service too."""

    def listed(self, region: str, *, of_what: str | None = None, most: int = 100) -> list[Change]:
        """List the latest entries of a chain, the newest first; of one thing alone where it is named.

        Raises
        ------
        NotThere
            The region is not in the scope, or only some schools of it.
        """
        if region != audit.SERVICE_CHAIN:
            self.region_row(region)
        elif not self.scope.everything:
            raise NotThere(T("there is no region “{key}”", key=region))
        return [_change_of(row) for row in audit.entries(self.work, region, of_what=of_what, most=most)]


def _change_of(row: Row[Any]) -> Change:
    return Change(
        row.chain, row.number, row.at, row.who, row.what, row.of_what, row.before, row.after, erased=row.salt is None
    )
