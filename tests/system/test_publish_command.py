"""``etale publish`` as a person types it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import stores
from agreement import agreement
from kept_schools import COLLEGE, LYCEE, REGION, accept, keep_region

from scheduler.store import open_store

ROOT = Path(__file__).parents[2]


def etale(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in French on a database."""
    environment = os.environ | {"ETALE_DATABASE": database, "ETALE_LANG": "fr", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "scheduler", "publish", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


@pytest.mark.slow
def test_a_region_publishes_what_its_schools_have_accepted(tmp_path: Path) -> None:
    database = stores.sqlite_address(tmp_path)
    store = open_store(database)
    keep_region(store, tmp_path)
    for school in (COLLEGE, LYCEE):
        accept(store, school)
    done = etale(database, REGION)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "plans publiés\u00a0: 2\u202f; non publiés\u00a0: 0\n"
    accept(store, shift=10)
    done = etale(database, REGION, "--school", COLLEGE)
    assert done.stdout == f"{COLLEGE}\u00a0: publication 2\n"
    for arguments in (["nowhere"], [REGION, "--school", "nobody"]):
        failed = etale(database, *arguments)
        assert (failed.returncode, failed.stdout) == (2, "")
        assert "Traceback" not in failed.stderr
    assert agreement(store) == []
    store.dispose()
