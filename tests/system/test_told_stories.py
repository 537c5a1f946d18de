"""Mistakes that once were, each with its story."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from scheduler.cli import main

if TYPE_CHECKING:
    from pathlib import Path

TOML = 'name = "T"\nfirst_date = 2021-04-06\nlast_date = 2021-04-09\n'
ONE_PLATFORM = {
    "region.toml": TOML,
    "platforms.csv": "platform,name,kind\nent,E,ent\n",
    "schools.csv": "school\ns1\n",
    "usage.csv": "activity,platform,meter,from_minute,to_minute,share\nlive,ent,connections,0,end,1\n",
}
SESSIONS = "school,session,day,start,minutes,heads,platforms\n"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETALE_LANG", "en")


def folder(tmp_path: Path, files: dict[str, str]) -> tuple[str, Path]:
    region = tmp_path / "region"
    region.mkdir()
    for name, text in {**ONE_PLATFORM, **files}.items():
        (region / name).write_text(text, encoding="utf-8")
    return str(region), tmp_path / "plan"


def stagger(region: str, plan: Path, *more: str) -> int:
    return main(["stagger", region, "--out", str(plan), "--quiet", *more])


def loads(plan: Path) -> list[dict[str, str]]:
    with (plan / "load.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "rows",
    [
        ",w,parents,TU,A,20,60,ent\n,w,parents,TU,B,30,90,ent\n",
        ",w,parents,2021-04-06,,20,60,ent\n,w,parents,2021-04-08,,30,90,ent\n",
    ],
)
def test_one_window_key_on_several_rows_is_read_back_by_its_date(tmp_path: Path, rows: str) -> None:
    """The plan reader took the first row of access.csv with the key, whatever the date: the check then failed."""
    region, plan = folder(
        tmp_path,
        {
            "access.csv": "school,window,audience,day,weeks,heads,minutes,platforms\n" + rows,
            "usage.csv": ONE_PLATFORM["usage.csv"] + "browse,ent,connections,0,end,1\n",
            "region.toml": TOML.replace("04-09", "04-16"),
        },
    )
    assert stagger(region, plan) == 0
    assert main(["check", region, str(plan), "--proof"]) == 0
    assert stagger(region, plan, "--start-from", str(plan)) == 0


def test_a_slot_that_nothing_can_load_has_no_price(tmp_path: Path) -> None:
    """A price costs nothing where the limit is 0, so whole dates of closed meters got the full price and a row."""
    region, plan = folder(
        tmp_path,
        {
            "capacity.csv": "platform,meter,kind,amount\nent,logins_per_minute,base,0\nent,connections,base,30\n",
            "sessions.csv": SESSIONS + "s1,a,TU,08:00,60,20,ent\ns1,b,TU,08:00,60,20,ent\n",
        },
    )
    assert stagger(region, plan) == 0
    logins = [row for row in loads(plan) if row["meter"] == "logins_per_minute"]
    assert len(logins) == (19 * 60 - 7 * 60 - 30) // 5
    assert {row["price"] for row in logins} == {"0.0"}
    assert main(["check", region, str(plan), "--proof"]) == 0


def test_a_closed_platform_does_not_count_for_the_level(tmp_path: Path) -> None:
    """Load on capacity 0 has no level (CONTRACT section 4); a wrong `not` once counted such slots all the same."""
    region, plan = folder(
        tmp_path,
        {
            "capacity.csv": "platform,meter,kind,amount\nent,connections,base,100\nbbb,connections,base,0\n",
            "platforms.csv": "platform,name,kind\nent,E,ent\nbbb,B,virtual-class\n",
            "usage.csv": ONE_PLATFORM["usage.csv"] + "live,bbb,connections,0,end,1\n",
            "sessions.csv": SESSIONS + "s1,a,TU,08:00,60,20,ent\ns1,b,TU,08:00,60,20,ent\ns1,c,TU,08:00,60,5,bbb\n",
        },
    )
    assert stagger(region, plan, "--objective", "level", "--gap", "0") == 0
    report = json.loads((plan / "report.json").read_text(encoding="utf-8"))
    assert report["level"] == pytest.approx(0.2)
    assert report["level_lower_bound"] == pytest.approx(0.2)
    assert main(["check", region, str(plan), "--proof"]) == 0


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("region.toml", TOML + "[policy]\noverload_weight = 1e300\n", "region.toml:5: "),
        ("usage.csv", ONE_PLATFORM["usage.csv"].replace(",1\n", ",1e300\n"), "usage.csv:2: "),
        ("sessions.csv", SESSIONS.strip() + ",weight\ns1,a,TU,08:00,60,20,ent,1e308\n", "sessions.csv:2: "),
        ("capacity.csv", "platform,meter,kind,amount\nent,connections,base,1e10\n", "capacity.csv:2: "),
    ],
)
def test_huge_numbers_are_faults_not_failures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, place: str
) -> None:
    """Finite but huge numbers overflowed in sums, or could not be said, and ended as our own failure."""
    region, plan = folder(tmp_path, {"sessions.csv": SESSIONS + "s1,a,TU,08:00,60,20,ent\n", file: text})
    assert stagger(region, plan) == 2
    assert capsys.readouterr().err.startswith(place)
    assert not plan.exists()


@pytest.mark.parametrize(("weeks", "warned"), [("", True), (",2021-01-04,B\n", False), (",2020-12-28,B\n", False)])
def test_weeks_53_and_1_are_warned_of_only_where_nothing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], weeks: str, warned: bool
) -> None:
    """The warning came for week 53 although weeks.csv made week 1 a B."""
    region, plan = folder(
        tmp_path,
        {
            "region.toml": 'name = "T"\nfirst_date = 2020-12-28\nlast_date = 2021-01-10\n',
            "sessions.csv": SESSIONS.strip() + ",weeks\ns1,a,TU,08:00,60,20,ent,A\n",
            "weeks.csv": "school,monday,week\n" + weeks,
        },
    )
    assert stagger(region, plan) == 0
    assert ("ISO weeks 53 and 1" in capsys.readouterr().err) is warned
