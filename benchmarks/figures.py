"""Our own former figures, kept in figures.toml, and how the present ones compare."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.conditions import commit, conditions, today
from benchmarks.tables import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORD = Path(__file__).with_name("figures.toml")
KEY = ("part", "case")
MEASURED = ("seconds", "gap", "objective", "peak_mib")


@dataclass(frozen=True)
class Figures:
    """What was recorded, by part and case; of several records of a case, the last one counts.

    Attributes
    ----------
    former, target : dict
        (part, case) -> a table of figures.toml: some of `seconds`, `gap`, `objective` and `peak_mib`.
    record : Path or None
        Where new figures are added, if they are to be.
    """

    former: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    target: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    record: Path | None = None

    def ratio(self, part: str, case: str, measure: str, now: float | None) -> str:
        """Give a figure as a multiple of the former one of the same part and case."""
        then = self.former.get((part, case), {}).get(measure)
        return f"× {now / then:.2f}" if now is not None and then else NOTHING

    def wanted(self, part: str, case: str, measure: str) -> float | None:
        """Give the target, where there is one."""
        found: float | None = self.target.get((part, case), {}).get(measure)
        return found

    def keep(self, part: str, case: str, **measured: float | None) -> None:
        """Add figures to the record, where one is wanted, with date, commit and conditions."""
        if self.record is None:
            return
        told = {"part": part, "case": case, **measured}
        told |= {"date": today().isoformat(), "commit": commit(), "conditions": conditions()}
        lines = [f"{name} = {_toml(value)}" for name, value in told.items() if value is not None]
        with self.record.open("a", encoding="utf-8") as stream:
            stream.write("\n[[figure]]\n" + "\n".join(lines) + "\n")


def _toml(value: float | str) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value:.6g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:.1f}"


def read_figures(path: Path = RECORD, record: Path | None = None) -> Figures:
    """Read a record of figures.

    Raises
    ------
    ValueError
        A table lacks its part or case.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Figures(_by_case(tables.get("figure", [])), _by_case(tables.get("target", [])), record)


def _by_case(tables: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    for table in tables:
        missing = [name for name in KEY if name not in table]
        if missing:
            raise ValueError(f"a table of figures lacks {' and '.join(missing)}: {table}")
    return {(table["part"], table["case"]): table for table in tables}
