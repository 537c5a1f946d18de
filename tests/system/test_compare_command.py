"""``etale compare`` from the outside: what it shows, what it writes, and what it refuses (CONTRACT section 6)."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from region_files import added, edited, small_region, write_region

from scheduler import cli, translation, wording
from scheduler.domain.comparison import POLICIES
from scheduler.wording import T

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English unless a test says otherwise, and leave no translator to other tests."""
    monkeypatch.setattr(wording, "_translator", [])
    monkeypatch.setenv("ETALE_LANG", "en")


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """Give a small region whose ENT is too small for what two schools do on Tuesday at 8:00."""
    small = edited("capacity.csv", "ent,connections,,,base,400,", "ent,connections,,,base,60,")
    more = added("sessions.csv", "0670002B,S3,TU,,08:00,55,1A,M. Sarre,,maths,30,ent,,,,,,")
    return write_region(tmp_path / "region", {**small, **more})


def region_toml_of(first: str, last: str) -> dict[str, str]:
    """Give the change that sets the horizon."""
    toml = small_region()["region.toml"]
    return {"region.toml": toml.replace("2021-04-06", first).replace("2021-04-09", last)}


def compare(*arguments: object) -> int:
    return cli.main(["compare", *map(str, arguments), "--quiet"])


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Give what is said where the arguments are refused before anything is done."""
    with pytest.raises(SystemExit) as ended:
        compare(*arguments)
    assert ended.value.code == cli.FAULTY
    return capsys.readouterr().err


def test_all_policies_side_by_side(region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, table, data = tmp_path / "out" / "c.html", tmp_path / "c.csv", tmp_path / "c.json"
    assert compare(region, "--out", page, "--csv", table, "--json", data, "--workers", 1) == cli.DONE
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.splitlines() if line.startswith(POLICIES)][: len(POLICIES)] == list(
        POLICIES
    )
    assert f"Page: {page}" in shown
    with table.open(encoding="utf-8", newline="") as stream:
        rows = {row["policy"]: row for row in csv.DictReader(stream)}
    policies = {one["policy"]: one for one in json.loads(data.read_text(encoding="utf-8"))["policies"]}
    assert list(rows) == list(policies) == list(POLICIES)
    ours, usual = policies["ours"], policies["usual"]
    assert ours["lower_bound"] - 1e-6 <= ours["objective"] < usual["objective"]
    assert ours["allowed"]
    assert ours["objective"] <= policies["greedy"]["objective"]
    assert policies["jitter"]["broken_rules"] > 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "What would hold from Tuesday 6 April to Friday 9 April?" in text


def test_the_usual_timetable_is_always_shown_and_first(region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(region, "--policy", "bells", "usual", "--policy", "rota", "bells") == cli.DONE
    shown = capsys.readouterr().out
    assert [word for word in POLICIES if f"\n{word} " in shown] == ["usual", "rota", "bells"]
    assert shown.index("\nusual ") < shown.index("\nbells ") < shown.index("\nrota ")


def test_more_delay_spreads_more(region: Path, tmp_path: Path) -> None:
    peaks = []
    for minutes in (1, 30):
        data = tmp_path / f"{minutes}.json"
        assert compare(region, "--policy", "jitter", "--jitter-minutes", minutes, "--json", data) == cli.DONE
        usual, jitter = json.loads(data.read_text(encoding="utf-8"))["policies"]
        peaks.append(jitter["overload_connection_minutes"])
        assert usual["overload_connection_minutes"] > 0
    assert peaks[1] < peaks[0] == usual["overload_connection_minutes"]


def test_it_speaks_french(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ETALE_LANG", "fr")
    page = tmp_path / "c.html"
    assert compare(region, "--policy", "parents", "--out", page) == cli.DONE
    assert "Parents à partir de" in capsys.readouterr().out
    assert '<html lang="fr">' in page.read_text(encoding="utf-8")


def test_without_time_ours_is_the_usual_timetable(region: Path, tmp_path: Path) -> None:
    data = tmp_path / "c.json"
    assert compare(region, "--policy", "ours", "--time-limit", 0, "--json", data) == cli.DONE
    usual, ours = json.loads(data.read_text(encoding="utf-8"))["policies"]
    assert ours["sessions_moved"] == 0
    assert ours["objective"] == usual["objective"]


def test_an_unknown_policy_is_refused_with_the_known_ones(region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, region, "--policy", "usual", "magic")
    assert "no policy is called “magic”; known: usual, jitter, rota, parents, bells, greedy, ours" in told


@pytest.mark.parametrize(
    "options",
    [["--policy"], ["--jitter-minutes", "0"], ["--gap", "2"], ["--out", ""], ["--policy", "bells", "--workers", "0"]],
)
def test_wrong_usage_is_refused(options: list[str], region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, region, *options)


def test_files_that_cannot_be_written_are_refused_before_any_work(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.service.compare.read_region", lambda _: pytest.fail("work was done"))
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for option, path, words in (
        ("--csv", region / "sessions.csv", "among the files of the region"),
        ("--out", tmp_path, "it is a folder; name a file"),
        ("--json", tmp_path / "file" / "c.json", "a part of its path is a file"),
    ):
        assert compare(region, option, path) == cli.FAULTY
        assert words in capsys.readouterr().err
    assert (region / "sessions.csv").read_text(encoding="utf-8").startswith("school,session")


def test_faults_of_the_region_are_listed_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = write_region(tmp_path / "region", edited("usage.csv", "live,bbb", "live,nowhere"))
    assert compare(region, "--csv", tmp_path / "c.csv") == cli.FAULTY
    assert "usage.csv:" in capsys.readouterr().err
    assert not (tmp_path / "c.csv").exists()


def test_a_policy_that_breaks_what_it_promises_is_our_failure(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.service.compare.audit", lambda *_: [T("a rule is broken")])
    assert compare(region, "--policy", "bells", "--csv", tmp_path / "c.csv") == cli.OUR_FAILURE
    assert "a rule is broken" in capsys.readouterr().err
    assert not (tmp_path / "c.csv").exists()


def test_dates_on_which_nothing_takes_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weekend = region_toml_of("2021-04-10", "2021-04-11")
    region, page = write_region(tmp_path / "region", weekend), tmp_path / "c.html"
    assert compare(region, "--out", page) == cli.DONE
    assert "Nothing takes place on these dates." in capsys.readouterr().out
    assert "<svg" not in page.read_text(encoding="utf-8")


def test_same_input_and_seed_same_files(region: Path, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        files = [tmp_path / f"{name}.{kind}" for kind in ("html", "csv", "json")]
        assert compare(region, "--out", files[0], "--csv", files[1], "--json", files[2]) == cli.DONE
        written.append([file.read_bytes() for file in files])
    assert written[0] == written[1]


def test_help_names_every_policy(capsys: pytest.CaptureFixture[str]) -> None:
    translation.install()
    with pytest.raises(SystemExit) as ended:
        cli.main(["compare", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(policy in shown for policy in POLICIES)
