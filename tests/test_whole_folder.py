"""A plan folder is whole or absent, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from builders import changed
from plan_samples import CONDITIONS, leftovers, small_region, write
from written import report

from scheduler import whole_folder as whole_folder_module
from scheduler.domain.load import figures
from scheduler.domain.outcome import Outcome
from scheduler.domain.plan import usual_plan
from scheduler.errors import CannotWrite
from scheduler.files.plan_folder import check_can_write, write_plan_folder
from scheduler.whole_folder import check_can_write_file, whole_file


def test_parents_are_created_and_an_existing_plan_is_replaced_whole(tmp_path):
    region = small_region()
    out = write(tmp_path / "new" / "deep" / "plan", region, extra={"old.html": b""})
    write(out, region, changed(region, {"s1": 5}, {}))
    assert sorted(path.name for path in out.iterdir()) == ["load.csv", "plan.csv", "report.json"]
    assert report(out)["moved"] == 1
    assert leftovers(out.parent) == []


def test_empty_folder_is_taken(tmp_path):
    (tmp_path / "plan").mkdir()
    assert report(write(tmp_path / "plan", small_region()))["activities"] == 6


@pytest.mark.parametrize("name", ["notes.txt", "region.toml", "plan.csv"])
def test_foreign_folder_is_refused_and_stays(tmp_path, name):
    out = tmp_path / "plan"
    out.mkdir()
    (out / name).write_text("mine", encoding="utf-8")
    with pytest.raises(CannotWrite, match="holds other things than a plan"):
        check_can_write(out)
    with pytest.raises(CannotWrite):
        write(out, small_region())
    assert (out / name).read_text(encoding="utf-8") == "mine"
    assert leftovers(tmp_path) == []


def test_file_is_refused(tmp_path):
    (tmp_path / "plan").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotWrite, match="is a file"):
        check_can_write(tmp_path / "plan")
    with pytest.raises(CannotWrite, match="a part of its path is a file"):
        check_can_write(tmp_path / "plan" / "deeper" / "still")


def test_sessions_folder_of_a_region_is_refused(tmp_path):
    (tmp_path / "region.toml").write_text("", encoding="utf-8")
    with pytest.raises(CannotWrite, match="timetables of the region"):
        check_can_write(tmp_path / "sessions")
    check_can_write(tmp_path / "plan")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_missing_permission_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(CannotWrite, match="you may not write there"):
        check_can_write(tmp_path / "plan")
    tmp_path.chmod(0o700)


def test_missing_permission_is_told_to_anybody(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(CannotWrite, match="you may not write there"):
        check_can_write(tmp_path / "plan")


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("fault", [OSError(errno.EACCES, "no"), KeyboardInterrupt()])
def test_failure_while_renaming_leaves_the_former_plan(tmp_path, monkeypatch, call, fault):
    region = small_region()
    out = write(tmp_path / "plan", region)
    before = (out / "plan.csv").read_bytes()
    calls = []
    rename = os.rename

    def fails(source, target):
        calls.append(source)
        if len(calls) == call:
            raise fault
        rename(source, target)

    monkeypatch.setattr(whole_folder_module.os, "rename", fails)
    with pytest.raises((CannotWrite, KeyboardInterrupt)):
        write(out, region, changed(region, {"s1": 5}, {}))
    assert (out / "plan.csv").read_bytes() == before
    assert leftovers(tmp_path) == []


def test_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(whole_folder_module.os, "fsync", full)
    with pytest.raises(CannotWrite, match="the disk is full; make room"):
        write(tmp_path / "plan", small_region())
    assert list(tmp_path.iterdir()) == []


def test_failure_within_leaves_nothing(tmp_path):
    region = small_region()
    usual = usual_plan(region)
    days = figures(region, usual, usual)
    with pytest.raises(KeyError):
        write_plan_folder(tmp_path / "plan", region, Outcome(usual, (), "work", 0), days, CONDITIONS)
    assert list(tmp_path.iterdir()) == []


def dead_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_leftovers_of_killed_processes_are_cleared_and_others_stay(tmp_path):
    dead = dead_process()
    stale, alive, other = (tmp_path / f".plan.{dead}.tmp", tmp_path / ".plan.1.tmp", tmp_path / f".plans.{dead}.tmp")
    for folder in (stale, alive, other):
        folder.mkdir()
        (folder / "plan.csv").write_text("half", encoding="utf-8")
    write(tmp_path / "plan", small_region())
    assert leftovers(tmp_path) == sorted([alive.name, other.name])


def test_plan_that_a_killed_process_put_aside_comes_back(tmp_path):
    region = small_region()
    out = write(tmp_path / "plan", region)
    out.rename(tmp_path / f".plan.{dead_process()}.old")
    whole_folder_module.clear_leftovers(out)
    assert report(out)["activities"] == 6
    assert leftovers(tmp_path) == []


def test_link_to_a_plan_folder_stays_a_link(tmp_path):
    region = small_region()
    write(tmp_path / "plans" / "first", region)
    (tmp_path / "current").symlink_to(Path("plans") / "first")
    write(tmp_path / "current", region, changed(region, {"s1": 5}, {}))
    assert (tmp_path / "current").is_symlink()
    assert report(tmp_path / "plans" / "first")["moved"] == 1


def test_a_file_is_replaced_whole_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "new" / "page.html"
    whole_file(path, b"one")
    whole_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["page.html"]


def test_a_file_that_cannot_be_written_leaves_the_former_one(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_bytes(b"one")

    def full(*_):
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match=r"page\.html cannot be written: the disk is full"):
        whole_file(path, b"two")
    assert path.read_bytes() == b"one"
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_a_file_is_refused_early_where_it_cannot_or_should_not_stand(tmp_path):
    region = tmp_path / "region"
    region.mkdir()
    (tmp_path / "file").write_bytes(b"")
    check_can_write_file(tmp_path / "new" / "page.html", region)
    for path, words in (
        (region / "page.html", "among the files of the region"),
        (tmp_path, "it is a folder"),
        (region / "file" / "page.html", "among the files of the region"),
        (tmp_path / "file" / "page.html", "a part of its path is a file"),
    ):
        with pytest.raises(CannotWrite, match=words):
            check_can_write_file(path, region)
