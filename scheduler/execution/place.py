"""The face of places: what gives seats outside of this process."""

from __future__ import annotations

from typing import Protocol


class Place(Protocol):
    """Seats outside of this process, by numbers that are never used again."""

    def open(self) -> list[int]:
        """Give the seats there are, at the beginning of a run; what has died since the last run is left out."""

    def send(self, seat: int, data: bytes) -> None:
        """Send a batch to an idle seat. That a seat has died is told by `wait`, not here."""

    def wait(self, seconds: float) -> list[tuple[int, bytes | None]]:
        """Wait for replies, so long at most, and give them by seat; None for a seat that has died, told once."""

    def instead(self, seat: int) -> list[int]:
        """Give up a seat that died or lost its states, and give those that may take its shards; none: this process."""

    def close(self) -> None:
        """End what was begun. A later `open` may begin anew, or give no seat."""


class Nowhere:
    """The place without seats: everything is done in this process."""

    def open(self) -> list[int]:
        """Give no seat."""
        return []

    def send(self, seat: int, data: bytes) -> None:
        """Refuse: there is no seat."""
        raise NotImplementedError

    def wait(self, _seconds: float) -> list[tuple[int, bytes | None]]:
        """Give no reply, at once."""
        return []

    def instead(self, _seat: int) -> list[int]:
        """Give no seat."""
        return []

    def close(self) -> None:
        """Do nothing."""
