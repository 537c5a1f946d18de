"""What schools lock and wish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from scheduler.domain.wishes import KeptWish, Wish
from scheduler.store.scoped import Repository
from scheduler.store.tables.people import people
from scheduler.store.tables.timetables import wishes

if TYPE_CHECKING:
    from sqlalchemy import Row


class WishRepository(Repository):
    """The wishes of the schools in the scope."""

    def of_school(self, region: str, school: str) -> tuple[KeptWish, ...]:
        """List a school's wishes in the order in which they were stated.

        Raises
        ------
        NotThere
        """
        school_id = self.school_row(region, school).id
        joined = wishes.outerjoin(people, people.c.id == wishes.c.stated_by)
        query = select(wishes, people.c.email).select_from(joined).where(wishes.c.school_id == school_id)
        return tuple(map(_kept, self.connection.execute(query.order_by(wishes.c.id))))

    def put(self, school_id: int, wish: Wish, person_id: int | None) -> None:
        """Keep a wish, in the place of the one of the same subject if there is one; the school is held already."""
        told = {"minute": wish.minute, "note": wish.note, "stated_at": self.work.now, "stated_by": person_id}
        names = dict(zip(("kind", "of_what", "name"), wish.subject, strict=True))
        mine = [wishes.c.school_id == school_id, *(wishes.c[name] == value for name, value in names.items())]
        if not self.connection.execute(update(wishes).where(*mine).values(told)).rowcount:
            self.connection.execute(insert(wishes).values(names | told | {"school_id": school_id}))

    def take_out(self, school_id: int, wish_id: int) -> None:
        """Forget a wish; the school is held already."""
        self.connection.execute(delete(wishes).where(wishes.c.school_id == school_id, wishes.c.id == wish_id))


def _kept(row: Row[Any]) -> KeptWish:
    wish = Wish(row.kind, row.of_what, row.name, row.minute, row.note)
    return KeptWish(row.id, wish, row.stated_at, row.email or "")
