"""Files of a run: loads at once and as the plan folder has them; the plan when it is made, for spreadsheets too."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from openpyxl import load_workbook
from region_site import REGION, Site

from scheduler.files.plan_sheets import excel_row, write_sheets
from scheduler.service.run_folders import plan_of_run
from web.region import run_files

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store


@pytest.fixture
def site(lite: Store, tmp_path: Path) -> Site:
    site = Site(lite, tmp_path)
    site.planned()
    return site


def plan_folder(site: Site, folder: Path) -> Path:
    plan_of_run(site.store, OPERATORS, REGION, 1, folder)
    return folder


def test_loads_are_those_of_the_plan_folder_byte_for_byte(site: Site, tmp_path: Path) -> None:
    folder = plan_folder(site, tmp_path / "plan")
    written = (folder / "load.csv").read_bytes()
    assert site.get("/runs/1/files/load.csv").data == written
    assert site.get("/loads.csv?week=2021-04-06").data == written
    assert written.count(b"\n") > 100


def test_for_excel_decimals_have_commas_and_cells_are_parted_by_semicolons(site: Site) -> None:
    text = site.get("/runs/1/files/load-excel.csv").data.decode("utf-8-sig")
    plain = list(csv.DictReader(io.StringIO(site.get("/runs/1/files/load.csv").text)))
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == len(plain)
    assert [row["after"].replace(",", ".") for row in rows] == [row["after"] for row in plain]
    assert any("," in row["after"] for row in rows)


def test_what_a_spreadsheet_would_reckon_is_text() -> None:
    columns = ["school", "id", "shift_minutes"]
    assert excel_row(columns, ["=A1", "-x", "-5"]) == [" =A1", " -x", "-5"]
    assert excel_row(columns, ["@me", "+5", "1.5"]) == [" @me", "+5", "1,5"]


def test_the_workbook_holds_dates_times_and_numbers(site: Site, tmp_path: Path) -> None:
    folder = plan_folder(site, tmp_path / "plan")
    write_sheets(folder, tmp_path / "sheets", "fr")
    book = load_workbook(tmp_path / "sheets" / "plan.xlsx")
    assert book.sheetnames == ["Plan", "Charge"]
    head, *rows = book["Plan"].iter_rows(values_only=True)
    plain = list(csv.reader((folder / "plan.csv").read_text(encoding="utf-8").splitlines()))
    assert list(head) == plain[0]
    assert len(rows) == len(plain) - 1
    one = dict(zip(head, rows[0], strict=True))
    assert isinstance(one["date"], dt.datetime)
    assert isinstance(one["start"], dt.time)
    assert isinstance(one["minutes"], int | float)
    assert book["Plan"].freeze_panes == "A2"
    with zipfile.ZipFile(tmp_path / "sheets" / "plan.zip") as archive:
        assert {"plan/plan.csv", "plan/load.csv", "plan/report.json", "plan/index.html"} <= set(archive.namelist())
        assert archive.read("plan/plan.csv") == (folder / "plan.csv").read_bytes()


def test_a_table_longer_than_a_sheet_goes_on_in_the_next_one(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = plan_folder(site, tmp_path / "plan")
    rows = (folder / "load.csv").read_text().count("\n") - 1
    monkeypatch.setattr("scheduler.files.plan_sheets.MOST_ROWS", rows)
    write_sheets(folder, tmp_path / "sheets", "en")
    book = load_workbook(tmp_path / "sheets" / "plan.xlsx")
    assert book.sheetnames == ["Plan", "Load", "Load 2"]
    assert [book[name].max_row for name in ("Load", "Load 2")] == [rows, 2]


def wait_for_files() -> None:
    for process in list(run_files._at_work.values()):
        process.wait(120)


def test_the_plan_is_made_beside_the_web_process_and_then_handed_over(site: Site) -> None:
    first = site.page("/runs/1/files/plan.csv")
    assert "The file is being made" in first
    assert "The file is being made" in site.page("/runs/1/files/plan.xlsx")
    assert len(run_files._at_work) == 1  # both are made in one go
    wait_for_files()
    for name, beginning in (("plan.csv", b"school,kind,id"), ("plan.zip", b"PK"), ("plan.xlsx", b"PK")):
        answer = site.get(f"/runs/1/files/{name}")
        assert answer.data.startswith(beginning)
        assert f"{REGION}-1-{name}" in answer.headers["Content-Disposition"]
    assert not [one for one in (site.app.extensions["etale"].settings.data / "exports").iterdir() if one.name[0] == "."]


def test_what_cannot_be_made_is_told_and_tried_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        site.page("/runs/1/files/plan.zip")
        wait_for_files()
    assert "could not be made" in site.follow(site.get("/runs/1/files/plan.zip"))
    assert "The file is being made" in site.page("/runs/1/files/plan.zip")
    wait_for_files()
    assert site.get("/runs/1/files/plan.zip").data.startswith(b"PK")


def test_there_is_no_other_file_and_none_of_a_run_that_is_not_done(site: Site) -> None:
    assert site.get("/runs/1/files/secret-key").status_code == 404
    assert site.get("/runs/1/files/..%2Fetale.db").status_code == 404
    assert site.get("/runs/2/files/plan.csv").status_code == 404
