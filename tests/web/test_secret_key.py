"""The key that signs cookies is made once, for its owner alone."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from webs import settings_for

from scheduler.errors import CannotWrite, FaultyInput
from web.secret_key import secret_key

if TYPE_CHECKING:
    from pathlib import Path


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "new" / "data", secret_key="")
    key = secret_key(settings)
    assert len(key) == 64
    assert secret_key(settings) == key
    file = settings.data / "secret-key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert settings.data.stat().st_mode & 0o777 == 0o700
    assert [found.name for found in settings.data.iterdir()] == ["secret-key"]


def test_many_that_begin_at_once_agree(tmp_path: Path) -> None:
    for number in range(10):
        settings = settings_for(tmp_path / str(number), secret_key="")
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(secret_key, [settings] * 8))
        assert len(keys) == 1
        assert len(list(settings.data.iterdir())) == 1


def test_the_settings_go_first_and_show_no_secret(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, secret_key="k" * 32, metrics_token="m" * 16)
    assert secret_key(settings) == "k" * 32
    assert not list(tmp_path.iterdir())
    assert "kkkk" not in repr(settings)
    assert "mmmm" not in repr(settings)


def test_a_short_key_is_a_fault_that_does_not_repeat_it(tmp_path: Path) -> None:
    with pytest.raises(FaultyInput) as faulty:
        settings_for(tmp_path, secret_key="hunter2")  # noqa: S106 - no secret
    assert [fault.file for fault in faulty.value.faults] == ["ETALE_SECRET_KEY"]
    assert "hunter2" not in str(faulty.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotWrite, match="secret-key"):
        secret_key(settings_for(tmp_path, secret_key=""))


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(CannotWrite, match="secret-key"):
        secret_key(settings_for(tmp_path / "data", secret_key=""))
