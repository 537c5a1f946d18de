"""Workers of a Dask cluster. The only file that imports Dask; it is imported when a cluster is asked for."""

from __future__ import annotations

import itertools
import time
from asyncio import CancelledError
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import dask.config
import distributed

import scheduler
from scheduler.errors import Fault, FaultyInput
from scheduler.execution.seat import Seat
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Collection

CONNECT_SECONDS = 10.0
"""Longest wait for the scheduler to answer."""

GATHER_SECONDS = 60.0
"""Longest wait for a reply that is ready; its worker may die just then."""

LOOK_SECONDS = 1.0
"""How often the scheduler is asked which workers live."""

RETURN_SECONDS = 10.0
"""Longest wait, where no worker is left, for one to come: Dask starts dead ones again, which takes some seconds."""

PAUSE_SECONDS = 30.0
"""A busy worker that Dask has paused for so long, because of its memory, is given up: states do not go away."""


class DaskWorkers:
    """A place (scheduler.execution.place) whose seats are the workers of a Dask cluster.

    States do not go through Dask: they lie in this module of each worker (`_seats`), and a batch is a Dask task that
    may run on no other worker. Such a task of a dead worker waits for ever; only the scheduler's list of workers tells
    that it has died.

    Parameters
    ----------
    address : str
        Of the scheduler.

    Raises
    ------
    FaultyInput
        Nobody answers there, or there is no worker, or a worker has another version of this program or none.
    """

    def __init__(self, address: str):
        self._client = _connect(address)
        self._numbers = itertools.count()
        self._seats: dict[int, str] = {}
        self._futures: dict[int, distributed.Future[bytes]] = {}
        self._looked = 0.0
        self._paused: dict[str, float] = {}
        with ExitStack() as undone:
            undone.callback(self._client.close)
            self._prepare(address)
            undone.pop_all()

    def _prepare(self, address: str) -> None:
        """See that the workers are fit, and clear what runs that were killed have left there."""
        workers = list(self._workers())
        if not workers:
            what = T("the Dask scheduler at {address} has no workers", address=address)
            raise _fault(what, T("start some with “dask worker {address}”", address=address))
        for worker, version in self._versions(workers).items():
            if version != scheduler.__version__:
                what = T(
                    "the Dask worker {worker} does not have Étale {version}",
                    worker=worker,
                    version=scheduler.__version__,
                )
                raise _fault(what, T("install the same version there as here"))
        # A function without a name in this module is sent whole: the cluster's scheduler need not have this program.
        living = self._client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.clients))
        self._client.run(_keep, living, workers=workers, on_error="ignore")

    def open(self) -> list[int]:
        """Give a seat at every worker that lives."""
        workers = self._workers()
        for seat in [seat for seat, worker in self._seats.items() if worker not in workers]:
            del self._seats[seat]
        return self._seats_at(workers)

    def send(self, seat: int, data: bytes) -> None:
        """Send a batch to a worker."""
        # Batches that build states are big, and that is meant.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
            self._futures[seat] = self._client.submit(
                _answer,
                self._name(seat),
                data,
                workers=[self._seats[seat]],
                allow_other_workers=False,
                pure=False,
                retries=0,
            )

    def wait(self, seconds: float) -> list[tuple[int, bytes | None]]:
        """Wait for replies, and look for dead workers from time to time."""
        if self._client.status == "connecting":
            # All futures are cancelled; what that means is seen when the scheduler is there again, or given up.
            time.sleep(seconds)
            return []
        if self._futures and self._client.status == "running":
            with suppress(TimeoutError, CancelledError), self._client.as_current():
                distributed.wait(list(self._futures.values()), timeout=seconds, return_when="FIRST_COMPLETED")
        arrivals: dict[int, bytes | None] = dict.fromkeys(self._gone())
        for seat, future in list(self._futures.items()):
            if future.done() and seat not in arrivals:
                with suppress(TimeoutError):
                    arrivals[seat] = _reply(future)
                    del self._futures[seat]
        return list(arrivals.items())

    def instead(self, seat: int) -> list[int]:
        """Give up a seat, and give those at all workers that live."""
        worker, name = self._seats.pop(seat), self._name(seat)
        if seat in self._futures:
            self._futures.pop(seat).release()
        workers = self._workers()
        if worker in workers:
            # Its states are of no use any more, but they take memory.
            self._client.run(_forget, name, workers=[worker], on_error="ignore")
        last = time.monotonic() + RETURN_SECONDS
        while not (seats := self._seats_at(workers)) and self._client.status == "running" and time.monotonic() < last:
            time.sleep(LOOK_SECONDS / 10)
            workers = self._workers()
        return seats

    def close(self) -> None:
        """Have the workers forget all states of this run, and leave the cluster."""
        for future in self._futures.values():
            future.release()
        self._futures.clear()
        self._seats.clear()
        workers = list(self._workers())
        if workers:
            self._client.run(_forget, self._client.id, workers=workers, on_error="ignore")
        self._client.close()

    def _name(self, seat: int) -> str:
        return f"{self._client.id}/{seat}"

    def _workers(self) -> dict[str, str]:
        """Ask the scheduler for the workers that live, and their states; none where it does not answer."""
        self._looked = time.monotonic()
        if self._client.status != "running":
            return {}
        try:
            known = self._client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, TimeoutError):
            return {}
        return {str(worker): str(facts.get("status", "running")) for worker, facts in known.items()}

    def _versions(self, workers: list[str]) -> dict[str, object]:
        """Ask workers for their version of this program; an exception where they have none."""
        return dict(self._client.run(_version, workers=workers, on_error="return"))

    def _seats_at(self, workers: dict[str, str]) -> list[int]:
        """Give the seats at all workers that run, with new ones where there are none yet."""
        running = [worker for worker, status in workers.items() if status == "running"]
        new = [worker for worker in running if worker not in self._seats.values()]
        versions = self._versions(new) if new else {}
        for worker in new:
            if versions.get(worker) == scheduler.__version__:
                self._seats[next(self._numbers)] = worker
        return [seat for seat, worker in self._seats.items() if worker in running]

    def _gone(self) -> list[int]:
        """Give the seats whose worker has died, or has been paused for too long with a batch to do."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return []
        workers = self._workers()
        self._paused = {one: self._paused.get(one, now) for one, status in workers.items() if status == "paused"}
        return [
            seat
            for seat, worker in self._seats.items()
            if worker not in workers or (seat in self._futures and now - self._paused.get(worker, now) >= PAUSE_SECONDS)
        ]


def _connect(address: str) -> distributed.Client:
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        what = T("no Dask scheduler answers at {address} ({reason})", address=address, reason=error)
        raise _fault(what, T("start one with “dask scheduler”, and give the address that it prints")) from error


def _fault(what: Text, remedy: Text) -> FaultyInput:
    return FaultyInput([Fault("", 0, what, remedy)])


def _reply(future: distributed.Future[bytes]) -> bytes | None:
    """Give the reply of a future that is done; None where Dask has lost it."""
    if future.status != "finished":
        return None
    try:
        return future.result(timeout=GATHER_SECONDS)
    except CancelledError:
        return None


# What runs on the workers

_seats: dict[str, Seat] = {}
"""The seats of all runs at this worker, by the id of the run's client and their number."""


def _answer(name: str, data: bytes) -> bytes:
    return _seats.setdefault(name, Seat()).answer(data)


def _version() -> str:
    return scheduler.__version__


def _keep(clients: Collection[str]) -> None:
    """Forget the states of all clients but these."""
    for name in list(_seats):
        if name.split("/")[0] not in clients:
            _seats.pop(name, None)


def _forget(prefix: str) -> None:
    """Forget the states of a client, or of one of its seats."""
    for name in list(_seats):
        if name == prefix or name.startswith(prefix + "/"):
            _seats.pop(name, None)
