"""Tasks that are done beside requests: adopting a run and publishing, at once or at a set time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

    from scheduler.wording import Text

ADOPT, PUBLISH, MAIL = "adopt", "publish", "mail"
WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"


@dataclass(frozen=True)
class Task:
    """A task of a region.

    Attributes
    ----------
    id : int
    region : str
        Key.
    kind : str
        ``adopt``, ``publish`` or ``mail``.
    about : dict
        What it is done with: ``run`` (number), ``schools`` (keys; None: all), ``letters``.
    state : str
        ``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``.
    asked_at, due_at : datetime.datetime
    asked_by : str or None
        E-mail address; None: the service itself.
    begun_at, ended_at : datetime.datetime or None
    result : dict
        Figures: how much is done, of how much.
    told : tuple of Text
        What people are to know of it.
    """

    id: int
    region: str
    kind: str
    about: dict[str, Any]
    state: str
    asked_at: dt.datetime
    due_at: dt.datetime
    asked_by: str | None
    begun_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    result: dict[str, Any] = field(default_factory=dict)
    told: tuple[Text, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it is still to end."""
        return self.state in (WAITING, RUNNING)
