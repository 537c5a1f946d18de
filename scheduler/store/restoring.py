"""A backup's rows into a database that others use meanwhile: they see the former state or the new one, never a mix.

On SQLite the former rows are deleted and the new ones written in one transaction; readers go on with what was. On
PostgreSQL deleting would look through other tables for every row that goes, and emptying tables would keep readers
out for as long as it takes to fill them. So new tables are made and filled in a schema beside the former ones, and
take their place at the end, within a moment, in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, inspect, select, text, update
from sqlalchemy.exc import OperationalError

from scheduler.errors import Refused
from scheduler.store import schema
from scheduler.store.copy import copy_rows, is_empty
from scheduler.store.failures import is_crossed, is_held
from scheduler.store.tables import METADATA
from scheduler.store.tables.people import sign_ins
from scheduler.store.tables.runs import plan_runs
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.store.engine import Work

BESIDE = "etale_restore"
"""Schema in which PostgreSQL has the new tables until they take the place of the former ones."""

FIRST, LAST = ("regions", "schools"), ("audit_chains", "audit_entries")
"""In which order every writer holds tables; whoever goes another way is waited for by those that it waits for."""

ATTEMPTS = 30
"""How often the former tables are asked for, a second each time, while others hold them."""


def restore_rows(source: Work, target: Work, *, replace: bool) -> dict[str, int]:
    """Put all rows of one database in the place of another's, and end what must not go on from a former time.

    Parameters
    ----------
    source : Work
        Reads a backup of this program's tables.
    target : Work
        Writes; its database has this program's tables.
    replace : bool
        Whether rows may be there already; they are lost then.

    Returns
    -------
    dict
        How many rows were restored, by table.

    Raises
    ------
    Refused
        There are rows, and `replace` does not say that they may go.
    FaultyInput
        The database does not take a row.
    """
    schema.check_same(target)
    _check_empty(target, replace)
    if target.on_postgresql:
        counts, fence = _fill_beside(source, target, replace)
    else:
        fence = _last_fence(target)
        for table in reversed(METADATA.sorted_tables):
            target.connection.execute(delete(table))
        counts = copy_rows(source, target)
    _end_what_went_on(target, fence)
    return counts


def _check_empty(work: Work, replace: bool) -> None:
    if not replace and not is_empty(work):
        raise Refused(
            T("the database is not empty; with --replace all that is in it is lost and the backup takes its place")
        )


def _end_what_went_on(work: Work, fence: int) -> None:
    """Give running runs back to the queue, out of reach of whoever held them, and end every sign-in."""
    active = plan_runs.c.state.in_(("queued", "running"))
    free = {"state": "queued", "worker": None, "lease_until": None, "fence": plan_runs.c.fence + fence + 1}
    work.connection.execute(update(plan_runs).where(active).values(free))
    work.connection.execute(update(sign_ins).where(sign_ins.c.revoked_at.is_(None)).values(revoked_at=work.now))


def _last_fence(work: Work) -> int:
    """Give the highest fence of any run: a worker that still holds one must not be taken for a later one."""
    return int(work.connection.execute(select(func.coalesce(func.max(plan_runs.c.fence), 0))).scalar_one())


def _fill_beside(source: Work, target: Work, replace: bool) -> tuple[dict[str, int], int]:
    connection = target.connection
    # An upgrade or another restore is waited for until its end.
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": schema.UPGRADE_LOCK})
    place = connection.execute(text("SELECT current_schema()")).scalar_one()
    connection.execute(text(f"CREATE SCHEMA {BESIDE}"))
    connection.execute(text(f"SET LOCAL search_path = {BESIDE}"))
    schema.take_steps(target)
    counts, counted = copy_rows(source, target), _counted(target)

    connection.execute(text("SELECT set_config('search_path', quote_ident(:place), true)"), {"place": place})
    _hold(target)
    _check_empty(target, replace)
    fence = _last_fence(target)
    _go_on_counting(target, counted)
    # All that the steps make, for that may be more than what is declared: what is removed is forgotten first.
    made = inspect(connection).get_table_names(schema=BESIDE)
    connection.execute(text(f"DROP TABLE {', '.join(made)}"))
    for name in made:
        connection.execute(text(f"ALTER TABLE {BESIDE}.{name} SET SCHEMA {_quoted(place)}"))
    connection.execute(text(f"DROP SCHEMA {BESIDE}"))
    return counts, fence


def _hold(work: Work) -> None:
    """Keep everybody out of the former tables; whoever is in them finishes first."""
    between = [name for name in METADATA.tables if name not in FIRST + LAST]
    former = ", ".join((*FIRST, *between, *LAST))
    work.connection.execute(text("SET LOCAL lock_timeout = '1s'"))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with work.connection.begin_nested():
                work.connection.execute(text(f"LOCK TABLE {former} IN ACCESS EXCLUSIVE MODE"))
            return
        except OperationalError as error:
            if attempt == ATTEMPTS or not (is_held(error) or is_crossed(error)):
                raise


def _counted(work: Work) -> dict[str, tuple[str, int]]:
    """Give of each table that numbers its rows where its numbers come from, and the highest of them."""
    found = {}
    for table in METADATA.sorted_tables:
        if table.autoincrement_column is not None:
            highest = work.connection.execute(select(func.max(table.c.id))).scalar_one()
            found[table.name] = _sequence(work, table.name), highest or 0
    return found


def _go_on_counting(work: Work, counted: dict[str, tuple[str, int]]) -> None:
    """Have the new tables number their rows from where the former ones were, for a number is never given twice."""
    for table, (sequence, highest) in counted.items():
        query = select(func.pg_sequence_last_value(func.to_regclass(_sequence(work, table))))
        last = max(highest, work.connection.execute(query).scalar_one() or 0)
        if last:
            work.connection.execute(select(func.setval(func.to_regclass(sequence), last)))


def _sequence(work: Work, table: str) -> str:
    return str(work.connection.execute(select(func.pg_get_serial_sequence(table, "id"))).scalar_one())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
