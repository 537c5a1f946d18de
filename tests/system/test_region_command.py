"""``etale region``: whole programs, with a database of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import stores
from region_files import edited, same_by_school, write_region

from scheduler.files.region_folder import read_region

ROOT = Path(__file__).parents[2]


def etale(database: str, *arguments: str | Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    here = {"PYTHONPATH": str(ROOT), "ETALE_DATABASE": database, "LANG": language, "LC_ALL": language}
    command = [sys.executable, "-m", "scheduler", *map(str, arguments)]
    return subprocess.run(command, env=os.environ | here, capture_output=True, text=True, check=False)


def test_a_region_goes_in_is_listed_and_comes_out(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'data' / 'etale.db'}"
    folder = write_region(tmp_path / "r")
    none = etale(database, "region", "list")
    assert (none.returncode, none.stdout) == (0, "")
    assert "etale region import" in none.stderr
    done = etale(database, "region", "import", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        "little-region: Little Region: schools 2, sessions 5, access windows 2; new timetables 3, schools that left 0\n"
    )
    assert "nothing has changed" in etale(database, "region", "import", folder).stdout
    french = etale(database, "region", "list", language="fr_FR.UTF-8").stdout
    assert french.startswith("little-region\u00a0: Little Region, du 2021-04-06 au 2021-04-09\u00a0: établissements 2")
    out = etale(database, "region", "export", "little-region", "--out", tmp_path / "out")
    assert out.returncode == 0, out.stderr
    assert same_by_school(read_region(folder).region, read_region(tmp_path / "out").region)
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_what_cannot_be_done_is_said_with_status_2(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'etale.db'}"
    missing = etale(database, "region", "export", "none", "--out", tmp_path / "out")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == "etale: there is no region “none”\n"
    assert not (tmp_path / "out").exists()
    etale(database, "region", "import", write_region(tmp_path / "r"))
    other = write_region(tmp_path / "s", edited("region.toml", "Little Region", "Little-Region"))
    refused = etale(database, "region", "import", other)
    assert refused.returncode == 2
    assert "say with a key" in refused.stderr
    faulty = etale(database, "region", "import", tmp_path / "nowhere")
    assert faulty.returncode == 2
    assert "the region folder cannot be read" in faulty.stderr
    setting = etale("mysql://x", "region", "list")
    assert setting.returncode == 2
    assert "ETALE_DATABASE" in setting.stderr
    away = etale("postgresql://postgres@127.0.0.1:1/none", "region", "list")
    assert away.returncode == 2
    assert "the database does not answer" in away.stderr


def test_a_server_without_tables_is_left_to_its_operator() -> None:
    if stores.server() is None:
        pytest.skip(stores.NO_SERVER)
    name = f"etale_test_{os.getpid()}_bare"
    stores.on_server("CREATE DATABASE {}", name)
    try:
        done = etale(stores.address_of(name), "region", "list")
    finally:
        stores.on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    assert done.returncode == 2
    assert "etale db upgrade" in done.stderr
