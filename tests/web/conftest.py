"""An application on a fresh SQLite store (`app`, `client`); tests that need both kinds of store take `store` itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stores
from argon2 import PasswordHasher
from webs import app_on

from scheduler.service import passwords

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from scheduler.store import Store


@pytest.fixture(scope="module", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hash passwords quickly: that real ones take long is tried elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Store]:
    """Give a fresh SQLite store with all tables."""
    yield from stores.opened(stores.sqlite_address(tmp_path))


@pytest.fixture
def app(lite: Store, tmp_path: Path) -> Flask:
    """Make an application with the settings of one machine."""
    return app_on(lite, tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser that keeps cookies."""
    return app.test_client()
