"""The ledger in the store: entries of schools, and their sums, which change together under the region's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.domain.grid import MINUTES_A_DATE
from scheduler.domain.ledger import Account, Entry, Total, fitted, nothing
from scheduler.store.packed import pack_whole, unpack_whole
from scheduler.store.scoped import Repository
from scheduler.store.tables.ledger import ledger_entries, ledger_totals
from scheduler.store.tables.regions import regions, schools

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Row, Table

    from scheduler.domain.people import Scope
    from scheduler.store.engine import Work


class Ledger(Repository):
    """The accounts of one region.

    Parameters
    ----------
    work : Work
    scope : Scope
    region_id : int
        Found within the scope by whoever asks. Lock the region before the ledger is made where anything is written.

    Attributes
    ----------
    slots : int
        Of a date, as the region divides it now; what was written in other slots is given in these.
    revision : int
        Of the region's input.
    """

    def __init__(self, work: Work, scope: Scope, region_id: int):
        super().__init__(work, scope)
        query = select(regions.c.slot_minutes, regions.c.revision).where(regions.c.id == region_id)
        region = self.connection.execute(query).one()
        self.region_id, self.revision = region_id, int(region.revision)
        self.slots = MINUTES_A_DATE // int(region.slot_minutes)

    def entries(self, school_id: int, first: dt.date, last: dt.date) -> dict[Account, Entry]:
        """Give a school's entries of some dates, both ends included."""
        mine = ledger_entries.c.school_id == school_id, ledger_entries.c.date.between(first, last)
        return {_account(row): self._entry(row) for row in self.connection.execute(select(ledger_entries).where(*mine))}

    def all_entries(
        self, first: dt.date | None = None, last: dt.date | None = None
    ) -> Iterator[tuple[int, Account, Entry]]:
        """Give the entries of all schools, of some dates or of all: school, account and entry, school by school."""
        query = select(ledger_entries).where(ledger_entries.c.school_id.in_(self._schools()))
        if first is not None and last is not None:
            query = query.where(ledger_entries.c.date.between(first, last))
        query = query.order_by(ledger_entries.c.school_id).execution_options(yield_per=1000)
        for row in self.connection.execute(query):
            yield row.school_id, _account(row), self._entry(row)

    def totals(self, first: dt.date | None = None, last: dt.date | None = None) -> dict[Account, Total]:
        """Give the sums of some dates or of all; an account that is not there has none."""
        query = select(ledger_totals).where(ledger_totals.c.region_id == self.region_id)
        if first is not None and last is not None:
            query = query.where(ledger_totals.c.date.between(first, last))
        found, other_slots = {}, []
        for row in self.connection.execute(query):
            account, committed = _account(row), unpack_whole(row.committed)
            found[account] = Total(committed, unpack_whole(row.booked))
            if len(committed) != self.slots:
                other_slots.append(account)
        # The largest of a sum is not the sum of the largest: in other slots it is summed anew.
        return found | self._summed(other_slots)

    def _summed(self, accounts: list[Account]) -> dict[Account, Total]:
        if not accounts:
            return {}
        wanted = ledger_entries.c.school_id.in_(self._schools()), _in_accounts(ledger_entries, accounts)
        rows = self.connection.execute(select(ledger_entries).where(*wanted))
        return dict.fromkeys(accounts, self.no_total) | summed((_account(row), self._entry(row)) for row in rows)

    @property
    def no_entry(self) -> Entry:
        """What a school has where it has no entry."""
        return Entry(nothing(self.slots))

    @property
    def no_total(self) -> Total:
        """The sums where nobody has an entry."""
        return Total(nothing(self.slots), nothing(self.slots))

    def change(self, school_id: int, changed: Mapping[Account, Entry]) -> None:
        """Write entries of a school, and the sums with them.

        Parameters
        ----------
        school_id : int
        changed : mapping
            The entries as they are to be; an empty one is taken out.
        """
        if not changed:
            return
        dates = [account.date for account in changed]
        former, totals = self.entries(school_id, min(dates), max(dates)), self.totals(min(dates), max(dates))
        sums = {
            account: totals.get(account, self.no_total).changed(former.get(account, self.no_entry), entry)
            for account, entry in changed.items()
        }
        mine = ledger_entries.c.school_id == school_id
        _write(self.work, ledger_entries, mine, [_entry_row(school_id, *item) for item in changed.items()])
        region = ledger_totals.c.region_id == self.region_id
        _write(self.work, ledger_totals, region, [_total_row(self.region_id, *item) for item in sums.items()])

    def replace(
        self, first: dt.date, last: dt.date, entries: Mapping[tuple[int, Account], Entry]
    ) -> dict[Account, Total]:
        """Put all entries of some dates, both ends included, in the place of the former ones; give the new sums.

        Parameters
        ----------
        first, last : datetime.date
        entries : mapping
            (school id, account) -> entry.
        """
        ours = ledger_entries.c.school_id.in_(self._schools()), ledger_entries.c.date.between(first, last)
        self.connection.execute(delete(ledger_entries).where(*ours))
        rows = [_entry_row(school_id, account, entry) for (school_id, account), entry in entries.items()]
        sums = summed((account, entry) for (_, account), entry in entries.items())
        region = ledger_totals.c.region_id == self.region_id, ledger_totals.c.date.between(first, last)
        self.connection.execute(delete(ledger_totals).where(*region))
        _insert(self.work, ledger_entries, [row for row in rows if row["booked"] is not None])
        totals = [_total_row(self.region_id, *item) for item in sums.items()]
        _insert(self.work, ledger_totals, [row for row in totals if row["booked"] is not None])
        return sums

    def _schools(self) -> Any:
        return select(schools.c.id).where(schools.c.region_id == self.region_id)

    def _entry(self, row: Row[Any]) -> Entry:
        quota = None if row.quota is None else fitted(unpack_whole(row.quota), self.slots)
        return Entry(fitted(unpack_whole(row.booked), self.slots), quota)


def summed(entries: Iterable[tuple[Account, Entry]]) -> dict[Account, Total]:
    """Sum entries by account."""
    sums: dict[Account, tuple[NDArray[Any], NDArray[Any]]] = {}
    for account, entry in entries:
        if account not in sums:
            sums[account] = entry.committed.copy(), entry.booked.copy()
        else:
            committed, booked = sums[account]
            committed += entry.committed
            booked += entry.booked
    return {account: Total(*both) for account, both in sums.items()}


def _account(row: Row[Any]) -> Account:
    return Account(row.platform, row.meter, row.date)


def _entry_row(school_id: int, account: Account, entry: Entry) -> dict[str, Any]:
    """Give the row of an entry; without `booked` where it is empty and so has none."""
    packed = {
        "booked": None if entry.empty else pack_whole(entry.booked),
        "quota": None if entry.quota is None else pack_whole(entry.quota),
    }
    return {"school_id": school_id, **account._asdict(), **packed}


def _total_row(region_id: int, account: Account, total: Total) -> dict[str, Any]:
    """Give the row of sums; without `booked` where they are zero and so have none."""
    packed = {
        "committed": pack_whole(total.committed),
        "booked": pack_whole(total.booked) if total.committed.any() else None,
    }
    return {"region_id": region_id, **account._asdict(), **packed}


def _in_accounts(table: Table, accounts: Iterable[Account]) -> ColumnElement[bool]:
    return tuple_(table.c.platform, table.c.meter, table.c.date).in_(list(accounts))


def _write(work: Work, table: Table, owner: ColumnElement[bool], rows: list[dict[str, Any]]) -> None:
    """Write rows of one owner over the former ones, and take out the empty ones."""
    gone = [Account(row["platform"], row["meter"], row["date"]) for row in rows if row["booked"] is None]
    if gone:
        work.connection.execute(delete(table).where(owner, _in_accounts(table, gone)))
    _insert(work, table, [row for row in rows if row["booked"] is not None])


def _insert(work: Work, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, over those that are there."""
    if not rows:
        return
    insert = postgresql.insert(table) if work.on_postgresql else sqlite.insert(table)
    key = [column.name for column in table.primary_key]
    others = {column.name: insert.excluded[column.name] for column in table.c if column.name not in key}
    work.connection.execute(insert.on_conflict_do_update(index_elements=key, set_=others), rows)
