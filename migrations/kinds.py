"""Kinds of columns that steps use. Never change one: steps that were taken have used it."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Document = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Moment = sa.DateTime(timezone=True)
