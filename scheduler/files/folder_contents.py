"""Which files of a region folder are there, and which look like a misspelt name of one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.errors import Fault, FaultyInput
from scheduler.files.csv_rows import Source
from scheduler.wording import T

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.files.fault_list import Findings

REQUIRED = ("region.toml", "platforms.csv", "schools.csv", "usage.csv")
FILES = ("region.toml", "platforms.csv", "capacity.csv", "schools.csv", "periods.csv", "closures.csv", "weeks.csv")
"""In the order in which faults are listed; sessions.csv, sessions/*.csv, access.csv and usage.csv follow."""
KNOWN = (*FILES, "sessions.csv", "access.csv", "usage.csv")
SESSIONS_FOLDER = "sessions"
ALIKE = 0.85


@dataclass(frozen=True)
class FolderContents:
    """The files to read.

    Attributes
    ----------
    files : dict of str to Source
        Those of the top folder that are there.
    sessions : tuple of Source
        sessions.csv, if it is there, then sessions/*.csv by name.
    """

    files: dict[str, Source]
    sessions: tuple[Source, ...]

    @property
    def settings(self) -> Source | None:
        """The file region.toml."""
        return self.files.get("region.toml")

    def sources(self, name: str) -> tuple[Source, ...]:
        """Give the file of that name, or nothing."""
        return (self.files[name],) if name in self.files else ()

    def is_missing(self, name: str) -> bool:
        """Tell whether a file that must be there is not."""
        return name in REQUIRED and name not in self.files


def look_into(folder: Path, findings: Findings) -> FolderContents:
    """Find the files of a region folder, and name those that are missing or look misspelt.

    Raises
    ------
    FaultyInput
        There is no such folder, or it cannot be read.
    """
    try:
        entries = {path.name: path for path in sorted(folder.iterdir())}
        inner = entries.get(SESSIONS_FOLDER)
        parts = sorted(inner.iterdir()) if inner and inner.is_dir() else []
    except OSError as error:
        what = T("the region folder cannot be read ({reason})", reason=error.strerror or type(error).__name__)
        fault = Fault(str(folder), 0, what, T("name an existing folder that you may read"))
        raise FaultyInput([fault]) from error
    misspelt = _misspelt(entries)
    for name in REQUIRED:
        if name not in entries:
            alike = next((found for found, meant in misspelt.items() if meant == name), None)
            remedy = (
                T("rename “{file}” to it", file=alike)
                if alike
                else T("add it; see the description of the region folder")
            )
            findings.faults.add(name, 0, T("the file is missing"), remedy)
    for found, meant in misspelt.items():
        what = T("this file is not read, but its name looks like {file}", file=meant)
        findings.warnings.add(found, 0, what, T("rename it if it is meant"))
    sessions = [Source(path, f"{SESSIONS_FOLDER}/{path.name}") for path in parts if _is_table(path)]
    for path in parts:
        if path.suffix.lower() == ".csv" and path.suffix != ".csv":
            what = T("this file is not read: its name does not end in .csv")
            findings.warnings.add(f"{SESSIONS_FOLDER}/{path.name}", 0, what, T("write the ending in small letters"))
    files = {name: Source(entries[name], name) for name in KNOWN if name in entries}
    first = (files["sessions.csv"],) if "sessions.csv" in files else ()
    return FolderContents(files, (*first, *sessions))


def _is_table(path: Path) -> bool:
    # A shell's *.csv does not match hidden files either; macOS leaves some on shared drives.
    return path.suffix == ".csv" and not path.name.startswith(".")


def _misspelt(entries: dict[str, Path]) -> dict[str, str]:
    """Find names that look like a known one and are none; give the known name of each."""
    stems = {name.partition(".")[0]: name for name in KNOWN}
    misspelt = {}
    for name, path in entries.items():
        if name in KNOWN or name == SESSIONS_FOLDER or name.startswith("."):
            continue
        if path.suffix.lower() in (".csv", ".toml") or path.is_dir():
            alike = difflib.get_close_matches(path.stem.lower(), stems, n=1, cutoff=ALIKE)
            if alike:
                misspelt[name] = stems[alike[0]]
    return misspelt
