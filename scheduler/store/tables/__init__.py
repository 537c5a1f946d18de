"""The tables, one file a subject."""

from scheduler.store.columns import METADATA
from scheduler.store.tables import audit, ledger, people, publications, regions, runs, tasks, timetables

__all__ = ["METADATA", "audit", "ledger", "people", "publications", "regions", "runs", "tasks", "timetables"]
