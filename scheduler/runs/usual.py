"""What the usual times ask of the servers, without any plan: a look before the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.errors import Fault, FaultyInput
from scheduler.runs.endings import finish_look
from scheduler.service.kept_regions import thaw
from scheduler.store.run_outcomes import packed_loads
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.runs.keeper import Keeper
    from scheduler.store import Store
    from scheduler.store.leases import Lease


def look_at_usual(store: Store, lease: Lease, keeper: Keeper) -> None:
    """Reckon the loads of the usual times and store them; nothing is proposed to anybody.

    Raises
    ------
    FaultyInput, NotThere
        The region cannot be read.
    LeaseLost, GivenBack
    """
    frozen = lease.frozen
    if frozen is None:
        what = T("what this run was to be made from was erased")
        raise FaultyInput([Fault("", 0, what, T("start another one"))])
    region = keeper.patiently(lambda: thaw(store, frozen)).region
    usual = usual_plan(region)
    rows = packed_loads(region, figures(region, usual, usual), ())
    finish_look(store, lease, keeper, rows)
