"""People and their roles, as far as somebody may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, or_, select, true

from scheduler.domain.people import ROLES, Person, Post, Role, may_give
from scheduler.errors import NotThere
from scheduler.store.scoped import Repository, in_schools
from scheduler.store.tables.people import people, roles
from scheduler.store.tables.regions import regions, schools
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Row

    from scheduler.domain.people import Actor

_of_region = regions.alias("of_region")
"""The region that a role is of, or that its school lies in."""

POSTS = roles.outerjoin(schools, schools.c.id == roles.c.school_id).outerjoin(
    _of_region, _of_region.c.id == func.coalesce(roles.c.region_id, schools.c.region_id)
)
"""Roles, each with what it is of."""

POST_COLUMNS = (
    roles.c.person_id,
    roles.c.name.label("role_name"),
    roles.c.region_id.label("role_region_id"),
    roles.c.school_id.label("role_school_id"),
    roles.c.given_at,
    _of_region.c.id.label("of_region_id"),
    _of_region.c.key.label("region_key"),
    _of_region.c.name.label("region_name"),
    schools.c.key.label("school_key"),
    schools.c.name.label("school_name"),
)
"""What :func:`post_of` reads, under names that those of a person do not take."""


class People(Repository):
    """The people who hold a role in the scope, with those roles; an operator's scope holds everybody."""

    def listed(self, region: str | None = None, school: str | None = None) -> list[Person]:
        """List people by e-mail address: all, or those with roles in a region, or in a school of it.

        Raises
        ------
        NotThere
            The region or the school is not in the scope.
        """
        where: list[ColumnElement[bool]] = []
        if region is not None and school is not None:
            where.append(schools.c.id == self.school_row(region, school).id)
        elif region is not None:
            where.append(_of_region.c.id == self.region_row(region).id)
        found = self._people(*where)
        return self._with_posts(found)

    def find(self, email: str) -> Person:
        """Find somebody by e-mail address.

        Raises
        ------
        NotThere
        """
        found = self._people(people.c.email == email)
        if not found:
            raise NotThere(T("there is nobody with the e-mail address “{email}”", email=email))
        return self._with_posts(found)[0]

    def posts(self, person_ids: Iterable[int]) -> dict[int, tuple[Post, ...]]:
        """Give the roles in the scope that some people hold, by person."""
        found: dict[int, tuple[Post, ...]] = {}
        query = select(*POST_COLUMNS).select_from(POSTS).order_by(roles.c.id)
        mine = roles.c.person_id.in_(sorted(person_ids)), self._sees_role()
        for row in self.connection.execute(query.where(*mine)):
            found[row.person_id] = (*found.get(row.person_id, ()), post_of(row))
        return found

    def answers_for(self, person_id: int) -> bool:
        """Tell whether whoever has this scope may give every role that a person holds, so may act on the person."""
        query = select(*POST_COLUMNS).select_from(POSTS).where(roles.c.person_id == person_id)
        held = [post_of(row) for row in self.connection.execute(query)]
        return all(may_give(self.scope, post.role.name, post.region_id, post.role.school_id) for post in held)

    def holds(self, person_id: int, role: Role) -> bool:
        """Tell whether a person holds a role of the scope."""
        return any(post.role == role for post in self.posts([person_id]).get(person_id, ()))

    def is_wider(self, person_id: int, role: Role) -> bool:
        """Tell whether a role reaches further than every role that a person holds, or is the first."""
        held = self.connection.execute(select(roles.c.name).where(roles.c.person_id == person_id)).scalars()
        return all(ROLES.index(role.name) < ROLES.index(name) for name in held)

    def schools_called(self, key: str) -> list[tuple[str, str]]:
        """List the schools in the scope with a key: the keys of region and school; some regions may share one."""
        found = self.connection.execute(self.schools().where(schools.c.key == key).order_by(regions.c.key))
        return [(row.region_key, row.key) for row in found]

    def give(self, person_id: int, role: Role, by: Actor) -> None:
        """Write down that a person holds a role; whether it may be given was asked before."""
        values = {"person_id": person_id, "given_at": self.work.now, "given_by": by.person_id}
        of_what = {"name": role.name, "region_id": role.region_id, "school_id": role.school_id}
        self.connection.execute(insert(roles).values(**values, **of_what))

    def take(self, person_id: int, role: Role) -> None:
        """Write down that a person holds a role no more."""
        mine = roles.c.person_id == person_id, roles.c.name == role.name
        of_region = roles.c.region_id.is_not_distinct_from(role.region_id)
        of_school = roles.c.school_id.is_not_distinct_from(role.school_id)
        self.connection.execute(delete(roles).where(*mine, of_region, of_school))

    def _people(self, *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
        joined = people.outerjoin(POSTS, roles.c.person_id == people.c.id)
        query = select(people).select_from(joined).where(self._sees_role(), *where).distinct()
        return self.connection.execute(query.order_by(people.c.email)).all()

    def _sees_role(self) -> ColumnElement[bool]:
        """Give the condition that a role is of a region or a school in the scope."""
        if self.scope.everything:
            return true()
        of_school = roles.c.school_id.is_not(None) & in_schools(self.scope)
        return or_(roles.c.region_id.in_(sorted(self.scope.regions)), of_school)

    def _with_posts(self, found: Sequence[Row[Any]]) -> list[Person]:
        posts = self.posts(row.id for row in found)
        return [person_of(row, posts.get(row.id, ())) for row in found]


def post_of(row: Any) -> Post:
    """Make the value of a row (of the database) with :data:`POST_COLUMNS`."""
    return Post(
        Role(row.role_name, row.role_region_id, row.role_school_id),
        row.of_region_id,
        row.region_key,
        row.school_key,
        row.region_name or "",
        row.school_name or "",
        row.given_at,
    )


def person_of(row: Row[Any], posts: tuple[Post, ...]) -> Person:
    """Make the value of a row of table `people`."""
    return Person(
        row.id,
        row.email,
        row.name,
        row.language,
        taken_up=row.password_hash is not None,
        disabled=row.disabled_at is not None,
        posts=posts,
    )
