"""What is installed is whole: ``pip install .`` takes every module and every file that the program reads."""

from __future__ import annotations

import configparser
from fnmatch import fnmatch
from pathlib import Path

import pytest
from setuptools import find_packages

ROOT = Path(__file__).parents[1]
ROOMS = ("migrations", "scheduler", "web")


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    """Read setup.cfg."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def files_of_rooms() -> list[Path]:
    """Give every file of the program, relative to the root."""
    found = (path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*"))
    return [path for path in found if (ROOT / path).is_file() and "__pycache__" not in path.parts]


def test_every_module_is_in_a_package(setup: configparser.ConfigParser) -> None:
    include = setup["options.packages.find"]["include"].split()
    packages = {package.replace(".", "/") for package in find_packages(str(ROOT), include=include)}
    assert {path.parent.as_posix() for path in files_of_rooms() if path.suffix == ".py"} - packages == set()


def test_every_other_file_is_named(setup: configparser.ConfigParser) -> None:
    patterns = {room: setup["options.package_data"][room].split() for room in ROOMS}
    left_out = [
        path.as_posix()
        for path in files_of_rooms()
        if path.suffix != ".py"
        and not any(fnmatch(path.relative_to(path.parts[0]).as_posix(), one) for one in patterns[path.parts[0]])
    ]
    assert left_out == []


def test_the_application_of_wsgi_servers_is_taken_along(setup: configparser.ConfigParser) -> None:
    assert setup["options"]["py_modules"].split() == ["wsgi"]
