"""Run whole commands on demo regions and print what they took as a table.

Each line is a fresh process, so time and memory hold everything: start-up, reading, planning, audit, writing.
The folders are made once, below a temporary folder, and their making is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from scheduler import __version__


@dataclass(frozen=True)
class Race:
    """One line of the table: a demo region cut to one date, and how it is planned."""

    schools: int
    region: str = "Grand Est"
    date: str = "2021-04-08"
    gap: float = 0.05


RACES = (Race(10), Race(40), Race(60), Race(300), Race(1000))


def one_date(folder: Path, date: str) -> None:
    """Narrow a region folder's horizon to one date."""
    toml = folder / "region.toml"
    lines = toml.read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        key = line.partition("=")[0].strip()
        if key in ("first_date", "last_date"):
            lines[at] = f"{key} = {date}"
    toml.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(race: Race, folder: Path) -> str:
    """Make a region, plan it, and give its line."""
    region, plan = folder / f"region-{race.schools}", folder / f"plan-{race.schools}"
    etale = [sys.executable, "-m", "scheduler"]
    demo = ["demo", "--region", race.region, "--schools", str(race.schools), "--out", str(region)]
    subprocess.run([*etale, *demo], check=True, stdout=subprocess.DEVNULL)
    one_date(region, race.date)
    begun = time.monotonic()
    stagger = ["stagger", str(region), "--out", str(plan), "--gap", str(race.gap), "--quiet"]
    subprocess.run([*etale, *stagger], check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - begun
    report = json.loads((plan / "report.json").read_text(encoding="utf-8"))
    return (
        f"| {race.schools:,} | {report['activities']:,} | {report['gap']:.2%} | {seconds:.0f} s "
        f"| {report['peak_memory_mib']:,.0f} MiB | {report['moved'] / report['activities']:.0%} | {report['status']} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--schools", type=int, nargs="*", help="only these sizes")
    parser.add_argument("--gap", type=float, help="another target gap")
    chosen = parser.parse_args()
    print(
        f"Étale {__version__}, {platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores"
    )
    print("| schools | activities | gap | whole command | memory | moved | status |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for race in RACES:
            if not chosen.schools or race.schools in chosen.schools:
                wanted = Race(race.schools, race.region, race.date, race.gap if chosen.gap is None else chosen.gap)
                print(run(wanted, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
