"""The store as commands use it: opened as the settings say, by an actor who may do everything."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.people import service_actor
from scheduler.errors import NotThere, StoreAway
from scheduler.runs.patience import Pauses, waiting
from scheduler.settings import read_settings
from scheduler.store import open_store, schema
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from scheduler.cli.speaker import Speaker
    from scheduler.domain.people import Actor
    from scheduler.settings import Settings
    from scheduler.store import Store


@dataclass(frozen=True)
class Opened:
    """A store that is open, who acts on it, and how the service is set up."""

    store: Store
    actor: Actor
    settings: Settings


ANSWER_SECONDS = 300.0
"""How long a statement of what runs for weeks may take; of other commands, as long as it does."""


@contextmanager
def opened_database(*, answer_seconds: float | None = None) -> Iterator[Opened]:
    """Open the database that the environment names, whatever is in it, and close it afterwards.

    Raises
    ------
    FaultyInput
        The settings cannot be used.
    StoreFailed
        The folder of the database cannot be made.
    """
    settings = read_settings(os.environ)
    store = open_store(settings.database, answer_seconds=answer_seconds)
    try:
        yield Opened(store, service_actor("command line"), settings)
    finally:
        store.dispose()


@contextmanager
def opened_store() -> Iterator[Opened]:
    """Open the store that the environment names, and close it afterwards.

    The embedded database is made, or brought up to date, by whoever comes first; a server is left to its operator.

    Raises
    ------
    FaultyInput
        The settings cannot be used.
    StoreFailed
        The database does not answer, or its tables are not those of this program.
    """
    with opened_database() as opened:
        _make_ready(opened.store)
        yield opened


@contextmanager
def awaited_store(say: Speaker) -> Iterator[Opened]:
    """Open the store as :func:`opened_store` does, but wait for a database that does not answer yet.

    What runs for weeks may be started before its database, or while that one is restarted.
    """
    pauses = Pauses()
    with opened_database(answer_seconds=ANSWER_SECONDS) as opened:
        while True:
            try:
                _make_ready(opened.store)
                break
            except StoreAway as away:
                pause = pauses.next()
                say.note(waiting(away, pause))
                time.sleep(pause)
        yield opened


def _make_ready(store: Store) -> None:
    if not store.on_postgresql:
        found = schema.version(store)
        if found.known and not found.current:
            schema.upgrade(store)
    schema.check_current(store)


def number_of_run(opened: Opened, options: argparse.Namespace) -> int:
    """Give the number of the run that was named, or of the latest of the region.

    Raises
    ------
    NotThere
        The region has no run yet.
    """
    from scheduler.service.runs import list_runs

    if options.number is not None:
        named: int = options.number
        return named
    latest = list_runs(opened.store, opened.actor, options.region, most=1)
    if not latest:
        raise NotThere(T("There is no run of {region} yet; start one with “etale run start”.", region=options.region))
    return latest[0].number
