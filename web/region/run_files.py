"""Files of a run: its loads at once, its plan made beside this process by the command ``etale run export``.

Making a plan's files lays the whole plan out again, which takes minutes in a large region and wants the solvers that
this process never loads. What was made lies in the data folder of this machine and can be deleted at any time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, send_file, url_for

from scheduler.domain.runs import DONE, USUAL
from scheduler.errors import NotThere
from scheduler.files.csv_download import csv_bytes
from scheduler.files.plan_folder import LOAD_COLUMNS, load_rows
from scheduler.files.plan_sheets import excel_row
from scheduler.service.overview import week_of
from scheduler.service.run_views import views_of_runs
from scheduler.service.runs import run_status
from scheduler.wording import T
from web.downloads import download
from web.house import house
from web.languages import language, say
from web.presence import actor
from web.region.door import blueprint
from web.words import date_asked

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from scheduler.service.load_views import LoadView

FOLDER = "exports"
MADE = ("plan.csv", "plan-excel.csv", "plan.xlsx", "plan.zip")
LOADS = ("load.csv", "load-excel.csv")
KEPT_SECONDS = 24 * 3600
"""Files older than that are made again, and deleted when others are made."""

_at_work: dict[Path, subprocess.Popen[bytes]] = {}
_lock = threading.Lock()


@blueprint.get("/runs/<int:number>/files/<name>")
def export(region: str, number: int, name: str) -> str | AnyResponse:
    """Give a file of a run; one that is not made yet is being made from now on."""
    if name in LOADS:
        (view,) = views_of_runs(house().store, actor(), region, [number])
        return _loads(view, f"{region}-{number}-{name}", excel=name == LOADS[1])
    run = run_status(house().store, actor(), region, number)
    if name not in MADE or run.state != DONE or run.purpose == USUAL:
        raise NotThere(T("there is no such file"))
    folder = _folder(region, number)
    if (folder / name).is_file():
        return send_file(folder / name, as_attachment=True, download_name=f"{region}-{number}-{name}", max_age=0)
    failed = _make(folder, region, number)
    if failed:
        flash(say(T("The files could not be made; the service's log says why.")), "error")
        return redirect(url_for("region.run", number=number) + "#files", 303)
    return render_template("region/files.html", run=run, name=name)


@blueprint.get("/loads.csv")
def week_loads(region: str) -> Response:
    """Give the loads of a week, by the plan that is in force."""
    week = week_of(house().store, actor(), region, date_asked(request.args.get("week")))
    return _loads(week.view, f"{region}-{week.monday}-load.csv", excel=request.args.get("form") == "excel")


def _loads(view: LoadView, name: str, *, excel: bool) -> Response:
    columns = list(LOAD_COLUMNS)
    rows = (list(row) for row in load_rows(view.region, view.figures, view.prices))
    rows = (excel_row(columns, row) for row in rows) if excel else rows
    return download(csv_bytes(columns, rows, excel=excel), name)


def _folder(region: str, number: int) -> Path:
    """Say where the files of a run lie; those that are too old are gone."""
    folder = house().settings.data / FOLDER / f"{region}-{number}-{language()}"
    if folder.is_dir() and time.time() - folder.stat().st_mtime > KEPT_SECONDS:
        shutil.rmtree(folder, ignore_errors=True)
    return folder


def _make(folder: Path, region: str, number: int) -> bool:
    """See that files are being made; tell whether that failed just now."""
    with _lock:
        process = _at_work.get(folder)
        if process is not None:
            if process.poll() is None:
                return False
            del _at_work[folder]
            return process.returncode != 0
        folder.parent.mkdir(parents=True, exist_ok=True)
        for old in folder.parent.iterdir():
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
        _at_work[folder] = _begin(folder, region, number)
    return False


def _begin(folder: Path, region: str, number: int) -> subprocess.Popen[bytes]:
    """Start the command; its folder gets its name when all files are there."""
    place = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    command = [sys.executable, "-m", "web.region.file_maker", region, str(number), str(place), str(folder)]
    environment = os.environ | {
        "ETALE_DATABASE": house().settings.database,
        "ETALE_DATA": str(house().settings.data),
        "ETALE_LANG": language(),
    }
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own program
