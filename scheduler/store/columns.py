"""Kinds of columns that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, ForeignKey, Integer, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""All tables. Their constraints have names of their own, for a migration must name what it changes."""

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits; SQLite counts rows by itself only in a column that says INTEGER."""

Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON value."""


Plain = Text().with_variant(Text(collation="C"), "postgresql")
"""A text of plain letters, sorted byte by byte on both; PostgreSQL would else sort by the server's language."""


class Moment(TypeDecorator[dt.datetime]):
    """A point in time: aware on both sides, kept in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse naive date-times; SQLite keeps no zone, so it is given UTC without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a point in time needs a time zone")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Give UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def identity() -> Column[int]:
    """Make the column that names a row; a number is never given twice."""
    return Column("id", Whole, primary_key=True, autoincrement=True)


def refers(name: str, target: str, **options: Any) -> Column[Any]:
    """Make a column that points at another table; nothing that is pointed at can be deleted by accident."""
    options.setdefault("nullable", False)
    ondelete = options.pop("ondelete", None)
    return Column(name, Whole, ForeignKey(target, ondelete=ondelete), **options)
