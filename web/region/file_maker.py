"""Make the files of a run in a process of their own: ``python -m web.region.file_maker REGION NUMBER PLACE FOLDER``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def make(region: str, number: str, place: Path, folder: Path) -> int:
    """Call ``etale run export`` and give the files their place; give its exit status."""
    try:
        export = [sys.executable, "-m", "scheduler.cli.owned", "run", "export", region, number]
        options = ["--out", str(place / "plan"), "--sheets", str(place / "sheets")]
        status = subprocess.run([*export, *options], check=False, stdout=subprocess.DEVNULL).returncode  # noqa: S603 - our own program
        if status == 0 and not folder.exists():
            (place / "sheets").rename(folder)
        return status
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(make(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])))
