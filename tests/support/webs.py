"""Applications for tests: on a store of their own, with settings that read nothing from the surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.settings import read_settings
from web import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from scheduler.settings import Settings
    from scheduler.store import Store

SECRET = "for tests, and long enough to be taken"  # noqa: S105 - signs cookies of tests alone


def settings_for(folder: Path, **variables: str) -> Settings:
    """Give settings with a data folder; `variables` are named without ``ETALE_``, in small letters."""
    given = {"data": str(folder), "secret_key": SECRET} | variables
    return read_settings({f"ETALE_{name.upper()}": value for name, value in given.items()})


def app_on(store: Store, folder: Path, **variables: str) -> Flask:
    """Make an application on a store."""
    return create_app(settings_for(folder, **variables), store)
