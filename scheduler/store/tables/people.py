"""People, their roles, invitations and sign-ins."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, String, Table, Text, text

from scheduler.store.columns import METADATA, Moment, identity, refers

people = Table(
    "people",
    METADATA,
    identity(),
    Column("email", String(254), nullable=False, unique=True, comment="in small letters"),
    Column("name", Text, nullable=False),
    Column("language", String(2), nullable=False, server_default=text("'fr'")),
    Column("password_hash", Text, comment="argon2id; none until the invitation is taken up"),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    sqlite_autoincrement=True,
)


def _held_once(name: str, where: str, *columns: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


roles = Table(
    "roles",
    METADATA,
    identity(),
    refers("person_id", "people.id", ondelete="CASCADE"),
    Column("name", String(10), nullable=False),
    refers("region_id", "regions.id", nullable=True, ondelete="CASCADE"),
    refers("school_id", "schools.id", nullable=True, ondelete="CASCADE"),
    Column("given_at", Moment, nullable=False),
    refers("given_by", "people.id", nullable=True),
    CheckConstraint("name IN ('operator', 'region', 'principal', 'teacher')", name="name"),
    CheckConstraint("(region_id IS NOT NULL) = (name = 'region')", name="region"),
    CheckConstraint("(school_id IS NOT NULL) = (name IN ('principal', 'teacher'))", name="school"),
    # Three, for no two absent values are equal in a unique index.
    _held_once("uq_roles_operator", "name = 'operator'", "person_id"),
    _held_once("uq_roles_region", "region_id IS NOT NULL", "person_id", "region_id"),
    _held_once("uq_roles_school", "school_id IS NOT NULL", "person_id", "name", "school_id"),
    Index(None, "region_id"),
    Index(None, "school_id"),
    sqlite_autoincrement=True,
)

invitations = Table(
    "invitations",
    METADATA,
    identity(),
    refers("person_id", "people.id", ondelete="CASCADE"),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    refers("made_by", "people.id", nullable=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)
"""One-time links with which a person sets a password, the first time or anew."""

sign_ins = Table(
    "sign_ins",
    METADATA,
    identity(),
    refers("person_id", "people.id", ondelete="CASCADE"),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("program", Text, nullable=False, comment="what the browser calls itself"),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)

sign_in_failures = Table(
    "sign_in_failures",
    METADATA,
    identity(),
    Column("email", String(254), nullable=False),
    Column("address", String(64), nullable=False, comment="of the computer that asked"),
    Column("failed_at", Moment, nullable=False),
    Index(None, "email", "failed_at"),
    Index(None, "address", "failed_at"),
    sqlite_autoincrement=True,
)
