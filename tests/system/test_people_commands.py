"""``etale user`` and ``etale audit``, as an operator types them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import households
import pytest
import stores
from sqlalchemy import text

from scheduler import cli
from scheduler.service.sign_in import invited, take_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scheduler.store import Store

    Etale = Callable[..., tuple[int, str, str]]


@pytest.fixture
def lite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give the store that the commands work on."""
    monkeypatch.setenv("ETALE_DATABASE", stores.sqlite_address(tmp_path))
    monkeypatch.setenv("ETALE_ADDRESS", "https://etale.example.org")
    monkeypatch.setenv("ETALE_LANG", "en")
    for store in stores.opened(f"sqlite:///{tmp_path / 'etale.db'}"):
        households.settle_two(store)
        yield store


@pytest.fixture
def etale(lite: Store, capsys: pytest.CaptureFixture[str]) -> Etale:
    """Run a command; give its exit status and what it says."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_an_operator_invites_somebody_and_hands_the_link_over(lite: Store, etale: Etale) -> None:
    status, link, note = etale(
        "user", "add", "Jeanne@X.fr", "--role", "region", "--region", "north", "--name", "Jeanne"
    )
    assert status == cli.DONE
    found = re.fullmatch(r"https://etale\.example\.org/invitation/([\w-]{43})\n", link)
    assert found
    assert "shown this once" in note
    assert invited(lite, found[1]) == "jeanne@x.fr"
    assert etale("user", "list")[1] == "jeanne@x.fr\tJeanne\tregion north\tinvited\n"
    take_up(lite, found[1], households.PASSWORD)
    assert etale("user", "list", "--region", "north")[1] == "jeanne@x.fr\tJeanne\tregion north\thas a password\n"
    status, said, _ = etale("user", "add", "jeanne@x.fr", "--role", "teacher", "--school", "n1")
    assert (status, said) == (cli.DONE, "jeanne@x.fr has this role now, and signs in as before\n")
    assert "/invitation/" in etale("user", "invite", "jeanne@x.fr")[1]
    assert etale("user", "disable", "jeanne@x.fr")[0] == cli.DONE
    assert "kept out" in etale("user", "list", "--region", "north", "--school", "n1")[1]
    assert etale("user", "list", "--region", "south") == (
        cli.DONE,
        "",
        "there is nobody yet; “etale user add” invites the first one\n",
    )


def test_roles_and_sign_ins_are_taken_away(lite: Store, etale: Etale) -> None:
    households.newcomer(lite, "p@x.fr", "principal", "north", "n1")
    assert etale("user", "revoke", "p@x.fr")[1] == "p@x.fr is signed out everywhere\n"
    assert "no more" in etale("user", "revoke", "p@x.fr", "--role", "principal", "--school", "n1")[1]
    assert etale("user", "list")[1] == "p@x.fr\tp@x.fr\t-\thas a password\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("user add nobody --role operator", "is not an e-mail address; write it like name@example.org"),
        ("user add a@x.fr --role region", "say which"),
        ("user add a@x.fr --role region --region east", "there is no region “east”"),
        ("user add a@x.fr --role principal --school n9", "there is no school “n9”"),
        ("user disable a@x.fr", "there is nobody with the e-mail address “a@x.fr”"),
        ("user revoke a@x.fr --role teacher --school n1", "there is nobody"),
        ("audit list east", "there is no region “east”"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy(etale: Etale, typed: str, said: str) -> None:
    status, _, error = etale(*typed.split())
    assert (status, said in error) == (cli.FAULTY, True), error


def test_the_audit_log_is_read_and_verified(lite: Store, etale: Etale) -> None:
    token = etale("user", "add", "a@x.fr", "--role", "region", "--region", "north")[1].rsplit("/")[-1].strip()
    assert etale("audit", "verify")[:2] == (cli.DONE, "the audit log is whole\n")
    (line,) = etale("audit", "list", "north")[1].splitlines()
    assert re.match(r"1\t20\S+\tcommand line\trole\.given\tperson 1\t{\"after\": {\"email\": \"a@x\.fr\"", line)
    assert token not in etale("audit", "list")[1] + line
    assert etale("audit", "list", "south")[2] == "nothing was written down yet\n"
    with lite.write() as work:
        work.connection.execute(text("UPDATE audit_entries SET who = 'somebody else' WHERE chain = 'north'"))
    status, _, error = etale("audit", "verify")
    assert (status, "does not follow" in error) == (cli.CHECK_FAILED, True)
