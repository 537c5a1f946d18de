"""The key that signs cookies."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from scheduler.errors import CannotWrite
from scheduler.wording import T

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.settings import Settings

FILE = "secret-key"


def secret_key(settings: Settings) -> str:
    """Give the key of the settings, else the one in the data folder; it is made there once.

    Raises
    ------
    CannotWrite
        The file can be neither read nor made.
    """
    if settings.secret_key is not None:
        return settings.secret_key
    file = settings.data / FILE
    try:
        if not file.exists():
            _make(file)
        return file.read_text(encoding="ascii")
    except OSError as error:
        reason = T(
            "{file}: the key that signs cookies cannot be kept there ({reason}); let Étale write in that folder, "
            "or set ETALE_SECRET_KEY",
            file=file,
            reason=error.strerror or type(error).__name__,
        )
        raise CannotWrite(reason) from error


def _make(file: Path) -> None:
    """Make a key, unless another process just did: a link is made whole or, where there is one, not at all."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{FILE}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
            opened.write(secrets.token_hex(32))
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
