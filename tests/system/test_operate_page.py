"""docs/operate.md tells every setting with its default, and only commands that there are."""

from __future__ import annotations

import re
from pathlib import Path

from scheduler import settings
from scheduler.cli.main import COMMANDS

PAGE = (Path(__file__).parents[2] / "docs" / "operate.md").read_text(encoding="utf-8")
SOURCE = Path(settings.__file__).read_text(encoding="utf-8")
TOLD = dict(re.findall(r"^\| `(ETALE_\w+)` \| (.*?) \|", PAGE, re.MULTILINE))


def test_every_setting_is_told() -> None:
    assert set(TOLD) == {"ETALE_" + name for name in re.findall(r'(?:reader|self)\.\w+\("([A-Z_]+)"', SOURCE)}


def test_the_defaults_are_those_of_the_program() -> None:
    made = settings.read_settings({})
    defaults = {
        "ETALE_DATA": made.data.name,
        "ETALE_HOST": made.host,
        "ETALE_PORT": str(made.port),
        "ETALE_ADDRESS": made.address,
        "ETALE_LEASE_SECONDS": f"{made.lease_seconds:g}",
        "ETALE_PROXIES": str(made.proxies),
    }
    for name, default in defaults.items():
        assert f"`{default}`" in TOLD[name]
        # What is told as the default is also taken as a setting, and changes nothing.
        assert settings.read_settings({name: default}) == made
    assert (made.workers, made.secret_key, made.metrics_token) == (None, None, None)
    assert made.database == f"sqlite:///{made.data / 'etale.db'}"


def test_every_command_that_is_told_is_there() -> None:
    commands = {command.__name__.rpartition(".")[2].replace("_", "-") for command in COMMANDS}
    told = set(re.findall(r"(?<![\w/.=-])etale ([a-z][a-z-]+)", PAGE))
    assert told <= commands, told - commands
    assert {"db", "backup", "restore", "erase", "export-person", "serve", "worker"} <= told
