"""What an operator sets, and every fault of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.errors import FaultyInput
from scheduler.settings import read_settings


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings({})
    assert settings.data == Path.cwd() / "etale-data"
    assert settings.database == f"sqlite:///{settings.data}/etale.db"
    assert (settings.host, settings.port, settings.address) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert (settings.workers, settings.lease_seconds) == (None, 30.0)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"ETALE_PORT": "", "ETALE_DATABASE": " "}) == read_settings({})


@pytest.mark.parametrize("url", ["postgres://e@db/etale", "postgresql://e@db/etale", "postgresql+psycopg://e@db/etale"])
def test_postgresql_has_several_names(url: str) -> None:
    assert read_settings({"ETALE_DATABASE": url}).database == "postgresql+psycopg://e@db/etale"


def test_a_slash_at_the_end_of_the_address_is_no_part_of_it() -> None:
    assert read_settings({"ETALE_ADDRESS": "https://e.example.org/etale/"}).address == "https://e.example.org/etale"


def test_all_faults_are_told_at_once_and_no_password() -> None:
    faulty = {"ETALE_PORT": "80_80", "ETALE_DATABASE": "mysql://root:geheim@db/x", "ETALE_ADDRESS": "example.org"}
    with pytest.raises(FaultyInput) as caught:
        read_settings(faulty | {"ETALE_WORKERS": "-1", "ETALE_LEASE_SECONDS": "0"})
    names = {fault.file for fault in caught.value.faults}
    assert names == {*faulty, "ETALE_WORKERS", "ETALE_LEASE_SECONDS"}
    assert "geheim" not in str(caught.value)
