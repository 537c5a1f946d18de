"""The region folders that races are run on: made once, kept, and never counted as time."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.command import demo
from benchmarks.synthetic import write_synthetic

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DATE = "2021-04-08"
"""The date that a region is cut to: a Thursday of distance teaching."""

FRANCE = 5930
"""Schools of the demo of France that the national week is cut from."""

WEEK = 4000
"""Schools of the national week."""


@dataclass(frozen=True)
class Instances:
    """Region folders below one folder; what is there already is used again."""

    folder: Path

    def demo(self, schools: int) -> Path:
        """Give one date of the demo of Grand Est; beyond its schools, one date of the national week."""
        if schools >= WEEK:
            return self._made(f"france-{schools}-{DATE}", lambda out: _copy(self.france(schools), out, _one_date))
        return self._made(f"demo-{schools}", lambda out: _demo_date(out, schools))

    def grand_est(self, schools: int) -> Path:
        """Give the demo of Grand Est with all its dates."""
        return self._made(f"grand-est-{schools}", lambda out: demo(out, "Grand Est", schools))

    def synthetic(self, schools: int) -> Path:
        """Give a synthetic region."""
        return self._made(f"synthetic-{schools}", lambda out: write_synthetic(out, schools))

    def france(self, schools: int = WEEK) -> Path:
        """Give four dates of a national week, cut to `schools`."""
        return self._made(f"france-{schools}", lambda out: _france(out, schools))

    def whole_france(self, schools: int) -> Path:
        """Give a week of so many schools of the demo of France, with all its dates."""
        return self._made(f"whole-france-{schools}", lambda out: demo(out, "France", schools))

    def changed(self, region: Path) -> Path:
        """Give a region after a quarter of its first platform has failed for two hours of the morning."""
        return self._made(f"{region.name}-changed", lambda out: _copy(region, out, _outage))

    def plan(self, name: str) -> Path:
        """Give where a plan is to be written."""
        return self.folder / f"plan-{name}"

    def _made(self, name: str, make: Callable[[Path], None]) -> Path:
        out, making = self.folder / name, self.folder / f"{name}.making"
        if not out.is_dir():
            shutil.rmtree(making, ignore_errors=True)
            make(making)
            making.rename(out)
        return out


def _demo_date(out: Path, schools: int) -> None:
    demo(out, "Grand Est", schools)
    _one_date(out)


def _copy(region: Path, out: Path, change: Callable[[Path], None]) -> None:
    shutil.copytree(region, out)
    change(out)


def _one_date(folder: Path) -> None:
    """Narrow a region folder's horizon to one date."""
    toml = folder / "region.toml"
    lines = toml.read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        key = line.partition("=")[0].strip()
        if key in ("first_date", "last_date"):
            lines[at] = f"{key} = {DATE}"
    toml.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _outage(folder: Path) -> None:
    capacity = folder / "capacity.csv"
    text = capacity.read_text(encoding="utf-8")
    row = next(csv.DictReader(text.splitlines()))
    cells = {"from": f"{DATE}T09:00", "to": f"{DATE}T11:00", "kind": "change", "amount": "-25%", "note": ""}
    changed = [cells.get(column, row[column]) for column in row]
    capacity.write_text(text.rstrip("\n") + "\n" + ",".join(changed) + "\n", encoding="utf-8")


def _france(out: Path, schools: int) -> None:
    demo(out, "France", FRANCE)
    cut(out, schools)


def cut(folder: Path, schools: int) -> None:
    """Leave `schools` of a region's schools, spread evenly over its list, and as tight a capacity as before.

    Capacities shrink as the pupils do.

    Raises
    ------
    ValueError
        The region has fewer schools.
    """
    columns, rows = _read(folder / "schools.csv")
    if len(rows) < schools:
        raise ValueError(f"{folder} has {len(rows)} schools, fewer than {schools}")
    kept = [rows[place * len(rows) // schools] for place in range(schools)]
    share = sum(int(row["pupils"]) for row in kept) / sum(int(row["pupils"]) for row in rows)
    keys = {row["school"] for row in kept} | {""}
    _write(folder / "schools.csv", columns, kept)
    for path in (folder / "sessions").iterdir():
        if path.stem not in keys:
            path.unlink()
    for name in ("access.csv", "closures.csv", "weeks.csv"):
        if (folder / name).is_file():
            columns, rows = _read(folder / name)
            _write(folder / name, columns, [row for row in rows if row["school"] in keys])
    columns, rows = _read(folder / "capacity.csv")
    _write(folder / "capacity.csv", columns, [row | {"amount": _scaled(row["amount"], share)} for row in rows])


def _scaled(amount: str, share: float) -> str:
    """Shrink an amount and keep its sign; a percentage stays."""
    if amount.endswith("%"):
        return amount
    return f"{float(amount) * share:{'+' if amount[0] in '+-' else ''}.0f}"


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows = list(reader)
    return list(reader.fieldnames or ()), rows


def _write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
