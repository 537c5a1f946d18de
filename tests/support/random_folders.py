"""Random region folders, the same for a seed, that use all that the contract allows in unusual ways."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SCHOOLS = ("0670001A", "b", "B", ".hidden", "x_1-y.z", "sessions")
PLATFORMS = ("ent", "bbb", "c.n-ed")
PLAIN = ("6A", "6A/latin", 'Mme "Rhin"', "a;b", "a,b", "été", "日本", "=1+1", "  blanks  ", "l’œuf", "'x'", "a\u2028b")
FREE = (*PLAIN, "two\nlines", "tab\there", 'a "b"\r\nc;d', "a|b", "")
WAYS = (
    "",
    "ent",
    "ent|bbb",
    "bbb|ent",
    " ent + bbb |ent @ async",
    "ent|ent@async|bbb+ent",
    "ent@async",
    "c.n-ed@live|ent",
)
NUMBERS = (0.0, 1.0, 0.1, 1 / 3, 2.5, 1e-7, 123456.789, 1e9)
DATES = ("2021-04-06", "2021-04-07", "2021-04-09", "2021-04-14", "2022-01-03")


class RandomFolder:
    """Draws and writes one folder."""

    def __init__(self, seed: int):
        self._draw = np.random.default_rng(seed)
        self.schools = [key for key in SCHOOLS if self._chance(0.5)]
        self._level = {key: self._one(("primary", "lower_secondary", "x")) for key in self.schools}

    def _one(self, choices: Sequence[Any]) -> Any:
        return choices[int(self._draw.integers(len(choices)))]

    def _chance(self, share: float) -> bool:
        return bool(self._draw.random() < share)

    def _whole(self, low: int, high: int) -> int:
        return int(self._draw.integers(low, high + 1))

    def write(self, folder: Path) -> Path:
        """Write the folder and give it back."""
        (folder / "sessions").mkdir(parents=True)
        toml = self._toml()
        (folder / "region.toml").write_bytes(("\ufeff" * self._whole(0, 1) + toml).encode())
        tables: dict[str, list[dict[str, Any]]] = {
            "platforms.csv": [{"platform": key, "name": self._one(FREE), "kind": self._one(FREE)} for key in PLATFORMS],
            "schools.csv": [self._school(key) for key in self.schools],
            "usage.csv": self._usage(),
        }
        if self._chance(0.7):
            tables["capacity.csv"] = self._capacities()
        if self._chance(0.5):
            tables["periods.csv"] = [
                {"level": self._one(("", "primary", "x")), "first_date": self._one(DATES), "last_date": "2022-02-01"}
                for _ in range(self._whole(0, 2))
            ]
        if self._chance(0.5):
            tables["closures.csv"] = [
                {"school": key, "first_date": DATES[0], "last_date": self._one(DATES), "note": self._one(FREE)}
                for key in ["", *self.schools][: self._whole(0, 3)]
            ]
        if self._chance(0.5):
            tables["weeks.csv"] = [
                {"school": key, "monday": "2021-04-05", "week": self._one("AB")}
                for key in ["", *self.schools]
                if self._chance(0.5)
            ]
        sessions = [self._session(place) for place in range(self._whole(1, 12) if self.schools else 0)]
        for place, name in enumerate(("sessions.csv", "sessions/z.csv", "sessions/a.csv")):
            rows = sessions[place::3]
            if rows or self._chance(0.2):
                tables[name] = rows
        windows = [self._window(place) for place in range(self._whole(0 if sessions else 1, 4))]
        if windows:
            tables["access.csv"] = windows
        for name, rows in tables.items():
            (folder / name).write_bytes(self._csv(name, rows))
        return folder

    def _toml(self) -> str:
        name = self._one(('"Île-de-France"', '"a \\"b\\" \\\\ c"', "'Grand Est'", '"日本"'))
        policy = [
            f"target_utilisation = {self._one((1, 0.75, 1 / 3))}",
            f"max_shift_minutes = {self._one((0, 60, 3000))}",
            f'move_together = "{self._one(("session", "half-day", "day", "school"))}"',
            f"overload_weight = {self._one(NUMBERS)!r}",
            f"switch_minutes = {self._one((3, 1 / 7))}",
            'lunch = { from = "12:00", to = "24:00", minutes = 30 }',
        ]
        kept = [line for line in policy if self._chance(0.6)]
        day = f'[day]\nslot_minutes = {self._one((5, 10, 15))}\nend = "{self._one(("19:00", "24:00"))}"'
        dates = "first_date = 2021-04-06\nlast_date = 2021-04-16"
        return "\n".join([f"name = {name}", dates, day, "[policy]", *kept]) + "\n"

    def _school(self, key: str) -> dict[str, Any]:
        name, academy, pupils = self._one(FREE), self._one(FREE), self._one(("", 0, 480, 10**25))
        return {"school": key, "name": name, "level": self._level[key], "academy": academy, "pupils": pupils}

    def _usage(self) -> list[dict[str, Any]]:
        spans = (
            (0, "end"),
            (-5, 10),
            ("end-10", "end+5"),
            (2000, 3000),
            (-9000, -8000),
            ("end+9999", "end"),
            (0, 9999),
        )
        rows = []
        for activity in ("live", "browse", "async"):
            for platform in PLATFORMS:
                for _ in range(self._whole(1, 2)):
                    first, last = self._one(spans)
                    row = {"activity": activity, "platform": platform, "from_minute": first, "to_minute": last}
                    rows.append(row | {"meter": self._meter(), "share": self._one(NUMBERS)})
        return rows

    def _meter(self) -> str:
        return str(self._one(("connections", "logins_per_minute")))

    def _capacities(self) -> list[dict[str, Any]]:
        rows = [
            {"platform": platform, "meter": "connections", "from": start, "kind": "base", "amount": self._one(NUMBERS)}
            for platform in PLATFORMS
            for start in ("", "2021-04-07T08:00", "0001-01-01 00:00")
            if self._chance(0.5)
        ]
        for _ in range(self._whole(0, 3)):
            amount = self._one(("+15000", "-8000", "-50%", "0", "+0.1%", "-1e-7", "33.3 %"))
            span = {"from": self._one(("", "2021-04-07T08:00")), "to": self._one(("", "2021-04-07T24:00"))}
            place = {"platform": self._one(PLATFORMS), "meter": self._meter(), "kind": "change", "amount": amount}
            rows.append(place | span | {"note": self._one(FREE)})
        return rows

    def _day(self) -> str:
        return str(self._one(("MO", "tu", "SA", *DATES)))

    def _session(self, place: int) -> dict[str, Any]:
        start = self._whole(450, 900)
        row = {"school": self._one(self.schools), "session": f"s{place}", "day": self._day(), "start": _clock(start)}
        row |= {"minutes": self._whole(5, 200), "heads": self._one((0, 25, 1_000_000)), "platforms": self._one(WAYS)}
        optional = {
            "weeks": self._one("ABa"),
            "groups": "|".join(self._one(PLAIN) for _ in range(2)),
            "teachers": self._one(PLAIN),
            "room": self._one(PLAIN),
            "subject": self._one(PLAIN),
            "activity": self._one(("live", "async")) if "@" not in row["platforms"] else "",
            "locked": self._one("01"),
            "earliest": _clock(start - self._whole(0, 300)),
            "latest": _clock(start + self._whole(0, 300)),
            "weight": self._one(NUMBERS),
            "link": "https://visio.example.fr/a,b;c\"d'",
        }
        return row | {name: value for name, value in optional.items() if self._chance(0.5)}

    def _window(self, place: int) -> dict[str, Any]:
        start = self._whole(450, 900)
        row = {
            "school": self._one(("", *self.schools)),
            "window": f"w{place}",
            "audience": self._one(("parents", "a.b")),
        }
        row |= {"day": self._day(), "heads": 40, "minutes": self._whole(5, 200), "platforms": self._one(WAYS[:4])}
        optional = {
            "weeks": self._one("AB"),
            "activity": self._one(("browse", "live")),
            "usual_start": _clock(start),
            # Without a usual start the window begins at `earliest`, or with the day.
            "earliest": _clock(max(450, start - self._whole(0, 300))),
            "latest": "19:00",
            "weight": self._one(NUMBERS),
        }
        return row | {name: value for name, value in optional.items() if self._chance(0.5)}

    def _csv(self, name: str, rows: list[dict[str, Any]]) -> bytes:
        columns = [*dict.fromkeys(column for row in rows for column in row)]
        columns = [*dict.fromkeys([*columns, *REQUIRED[name.partition("/")[0].removesuffix(".csv")]])]
        stream = io.StringIO()
        delimiter, end = self._one(",;"), self._one(("\n", "\r\n"))
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
        writer.writerow(columns)
        for row in rows:
            cells = [row.get(column, "") for column in columns]
            comma = delimiter == ";" and self._chance(0.5)
            writer.writerow(
                [str(cell).replace(".", ",") if comma and isinstance(cell, float) else cell for cell in cells]
            )
        return ("\ufeff" * self._whole(0, 1) + stream.getvalue()).encode()


REQUIRED = {
    "platforms": ("platform",),
    "schools": ("school",),
    "usage": ("activity", "platform", "meter", "from_minute", "to_minute", "share"),
    "capacity": ("platform", "meter", "kind", "amount"),
    "periods": ("first_date", "last_date"),
    "closures": ("first_date", "last_date"),
    "weeks": ("monday", "week"),
    "sessions": ("school", "session", "day", "start", "minutes", "heads"),
    "access": ("window", "audience", "day", "heads", "minutes"),
}


def _clock(minute: int) -> str:
    minute = min(max(minute, 0), 1439)
    return f"{minute // 60:02d}:{minute % 60:02d}"


def random_folder(folder: Path, seed: int) -> Path:
    """Write the random region folder of a seed and give it back; it has no fault, but may have warnings."""
    return RandomFolder(seed).write(folder)
