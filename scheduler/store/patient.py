"""Connections to PostgreSQL that wait only so long for an answer.

A server that lost its power or its network is noticed by the keepalives of TCP. One whose processes stand still, say on
a disk that hangs, answers those all the same: whoever asks it would wait for ever, one thread after the other.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import Engine

R = TypeVar("R")


def connect_patiently(engine: Engine, seconds: float) -> None:
    """Let no statement over the connections of an engine take longer; its connection is closed then."""

    class Patient(psycopg.Connection[Any]):
        """Waits for an answer, but not for ever."""

        def wait(self, gen: Generator[Any, Any, R], *arguments: Any, **named: Any) -> R:
            """Wait for the server.

            Raises
            ------
            OperationalError
            """
            try:
                return super().wait(_limited(gen, seconds), *arguments, **named)
            except _NoAnswer as silent:
                # Asking it to cancel would be waiting again.
                self.pgconn.finish()
                raise psycopg.OperationalError(f"no answer within {seconds:g} s") from silent

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]) -> Patient:
        return Patient.connect(*arguments, **named)


class _NoAnswer(Exception):
    """The server took too long."""


def _limited(steps: Generator[Any, Any, R], seconds: float) -> Generator[Any, Any, R]:
    """Take the steps of an exchange with the server, which are asked for at least every tenth of a second."""
    until = time.monotonic() + seconds
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > until:
                raise _NoAnswer
            wanted = steps.send(ready)
    except StopIteration as end:
        result: R = end.value
        return result
