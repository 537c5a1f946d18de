"""What is kept: the only room that knows SQLAlchemy.

Glossary
--------
store
    One database, SQLite or PostgreSQL (:class:`~scheduler.store.engine.Store`).
work
    One transaction on it, reading or writing (:class:`~scheduler.store.engine.Work`). A use case opens one, and it
    ends with the block: committed, or as if it had never been.
repository
    The rows of one subject as domain values; made from a work and a scope, and every query of it takes that scope.
scope
    What somebody may see (scheduler.domain.people).
"""

from scheduler.store.engine import Store, Work, open_store

__all__ = ["Store", "Work", "open_store"]
