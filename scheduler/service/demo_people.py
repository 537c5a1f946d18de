"""As whom one can sign in to a demo: their passwords lie beside its database, for this machine alone."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.errors import CannotWrite
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE = "demo-sign-ins.json"


@dataclass(frozen=True)
class DemoSignIn:
    """Somebody to sign in as.

    Attributes
    ----------
    role : str
        ``region``, ``principal`` or ``operator``.
    email, password : str
    """

    role: str
    email: str
    password: str


def demo_sign_ins(data: Path) -> tuple[DemoSignIn, ...]:
    """Give the people of the demo that lies in a data folder; none where there is no demo."""
    try:
        kept = json.loads((data / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(DemoSignIn(**one) for one in kept)


def keep_sign_ins(data: Path, people: Sequence[DemoSignIn]) -> None:
    """Keep the people of a demo in its data folder, for its owner alone.

    Raises
    ------
    CannotWrite
    """
    file = data / FILE
    text = json.dumps([vars(one) for one in people])
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotWrite(T("{file} cannot be written ({reason})", file=file, reason=reason)) from error
