"""Signing in: once, again, in vain, and no more."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from households import OPERATORS, PASSWORD, newcomer, present
from sqlalchemy import event, select

from scheduler.errors import FaultyInput, Refused, StoreFailed, WaitFirst
from scheduler.service import passwords
from scheduler.service.people import invite, take_role
from scheduler.service.sign_in import (
    actor_of,
    change_password,
    end_my_other_sign_ins,
    end_my_sign_in,
    my_sign_ins,
    sign_in,
    sign_out,
    take_up,
)
from scheduler.store.tables.people import invitations, people, sign_ins
from scheduler.wording import T

if TYPE_CHECKING:
    from households import Clock

    from scheduler.store import Store

    House = tuple[Store, Clock]

ME = "p@x.fr"


def fail(store: Store, email: str = ME, address: str = "") -> str:
    """Sign in with a wrong password; give what is said."""
    with pytest.raises(Refused) as refused:
        sign_in(store, email, "not the right one", address=address)
    return str(refused.value)


def test_who_signs_in_is_there_with_all_roles(house: House) -> None:
    store, _ = house
    invite(store, OPERATORS, ME, "teacher", "north", "n1")
    found = present(store, newcomer(store, ME, "region", "south"))
    assert (found.actor.name, found.person.email) == (ME, ME)
    assert [(post.role.name, post.region, post.school) for post in found.person.posts] == [
        ("teacher", "north", "n1"),
        ("region", "south", None),
    ]
    assert (len(found.actor.sees.schools), len(found.actor.edits.schools), found.actor.sees.everything) == (1, 0, False)
    assert actor_of(store, "x") is None
    assert actor_of(store, "\udcff") is None


def test_a_sign_in_ends_after_twelve_idle_hours_and_thirty_days(house: House) -> None:
    store, clock = house
    begun = newcomer(store, ME, "operator")
    clock.turn(hours=11, minutes=59)
    assert actor_of(store, begun)
    clock.turn(hours=12)
    assert actor_of(store, begun) is None
    begun = sign_in(store, ME, PASSWORD)
    for _hour in range(30 * 24 // 10):
        assert actor_of(store, begun)
        clock.turn(hours=10)
    assert actor_of(store, begun) is None


def test_being_there_is_one_read_and_written_once_a_minute(house: House) -> None:
    store, clock = house
    begun = newcomer(store, ME, "principal", "north", "n1")
    said: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: said.append(told[2]))

    def asked() -> list[str]:
        said.clear()
        assert actor_of(store, begun)
        # How long a writer waits is no question to a table.
        words = [statement.split()[0] for statement in said if "set_config" not in statement]
        return [word for word in words if word in ("SELECT", "UPDATE", "INSERT")]

    assert asked() == ["SELECT"]
    clock.turn(minutes=1)
    assert asked() == ["SELECT", "UPDATE"]
    clock.turn(seconds=59)
    assert asked() == ["SELECT"]


def test_who_is_signed_in_stays_so_while_nothing_can_be_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    store, clock = house
    begun = newcomer(store, ME, "operator")
    clock.turn(minutes=5)

    def full() -> None:
        raise StoreFailed(T("the disk is full"))

    monkeypatch.setattr(store, "write", full)
    assert actor_of(store, begun)


def test_nothing_secret_stands_in_the_store(house: House) -> None:
    store, _ = house
    token = str(invite(store, OPERATORS, ME, "operator").token)
    begun = take_up(store, token, PASSWORD, program="A\x00 browser")
    with store.read() as work:
        rows = repr([work.connection.execute(select(table)).all() for table in (people, invitations, sign_ins)])
    assert not [secret for secret in (token, begun, PASSWORD) if secret in rows]
    assert "$argon2id$" in rows
    assert len(token) == len(begun) == 43


def test_an_unknown_address_is_told_what_a_wrong_password_is_told(house: House) -> None:
    store, _ = house
    newcomer(store, ME, "operator")
    invite(store, OPERATORS, "pending@x.fr", "operator")
    told = {
        tuple(fail(store, email) for _ in range(6)) for email in (ME, "nobody@x.fr", "pending@x.fr", "no address\x00")
    }
    assert len(told) == 1
    assert "not right" in told.pop()[0]


def test_an_unknown_address_costs_one_hash_like_a_known_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = house
    newcomer(store, ME, "operator")
    fail(store)
    verified = []
    real = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *told: verified.append(told[1]) or real(*told))
    fail(store)
    fail(store, "nobody@x.fr")
    assert len(verified) == 2


def test_after_five_failures_one_waits_longer_and_longer(house: House) -> None:
    store, clock = house
    newcomer(store, ME, "operator")
    for _ in range(5):
        assert "not right" in fail(store)
    waited = []
    for _ in range(4):
        with pytest.raises(WaitFirst) as wait:
            sign_in(store, ME, PASSWORD)
        waited.append(wait.value.seconds)
        clock.turn(seconds=wait.value.seconds)
        assert "not right" in fail(store)
    assert waited == [30, 60, 120, 240]
    assert "8 minutes" in fail(store)
    clock.turn(minutes=15)
    assert actor_of(store, sign_in(store, ME, PASSWORD))


def test_a_right_password_strikes_out_the_failures(house: House) -> None:
    store, _ = house
    newcomer(store, ME, "operator")
    for _ in range(3):
        for _ in range(4):
            assert "not right" in fail(store)
        sign_in(store, ME, PASSWORD)


def test_after_thirty_failures_a_computer_waits_whomever_it_asks_for(house: House) -> None:
    store, _ = house
    newcomer(store, ME, "operator")
    for number in range(30):
        assert "not right" in fail(store, f"{number}@x.fr", f"2001:db8::{number:x}")
    assert "too many" in fail(store, ME, "2001:db8::ffff")
    assert sign_in(store, ME, PASSWORD, address="2001:db8:0:1::1")
    assert sign_in(store, ME, PASSWORD, address="::ffff:192.0.2.1")


def test_many_attempts_at_once_are_counted_before_they_are_judged(house: House) -> None:
    store, _ = house
    newcomer(store, ME, "operator")
    with ThreadPoolExecutor(10) as threads:
        told = list(threads.map(lambda _: fail(store), range(20)))
    assert sum("not right" in one for one in told) == 5


def test_a_change_of_password_ends_every_sign_in_but_goes_on_here(house: House) -> None:
    store, _ = house
    other = newcomer(store, ME, "operator")
    here = sign_in(store, ME, PASSWORD)
    who = present(store, here)
    with pytest.raises(FaultyInput, match="not your password"):
        change_password(store, who, "something else", "un nouveau mot de passe")
    goes_on = change_password(store, who, PASSWORD, "un nouveau mot de passe")
    assert [bool(actor_of(store, token)) for token in (other, here, goes_on)] == [False, False, True]
    assert "not right" in fail(store)
    assert sign_in(store, ME, "un nouveau mot de passe")


def test_a_password_that_will_not_do_is_refused(house: House) -> None:
    store, _ = house
    token = str(invite(store, OPERATORS, "some.body@example.org", "operator").token)
    for wrong in ("", "too short", "aaaaaaaaaaaaaaaa", "Some.Body@Example.org", "x1y2z" * 201):
        with pytest.raises(FaultyInput, match="password"):
            take_up(store, token, wrong)
    assert take_up(store, token, PASSWORD)


def test_a_password_may_be_typed_on_another_keyboard(house: House) -> None:
    store, _ = house
    token = str(invite(store, OPERATORS, ME, "operator").token)
    take_up(store, token, "l\u2019e\u0301te\u0301 arrive bientôt")
    assert sign_in(store, ME, "l\u2019été arrive bientôt")


def test_one_s_own_sign_ins_are_listed_and_ended(house: House) -> None:
    store, clock = house
    first = newcomer(store, ME, "operator")
    clock.turn(hours=1)
    second = sign_in(store, ME, PASSWORD, program="Firefox")
    stranger = newcomer(store, "other@x.fr", "operator")
    who = present(store, second)
    listed = my_sign_ins(store, who)
    assert [(one.program, one.current) for one in listed] == [("Firefox", True), ("", False)]
    assert listed[1].ends_at == clock.now + dt.timedelta(hours=11)
    end_my_sign_in(store, who, present(store, stranger).sign_in_id)
    for _again in range(2):
        end_my_sign_in(store, who, listed[1].id)
    assert [bool(actor_of(store, token)) for token in (first, second, stranger)] == [False, True, True]
    third = sign_in(store, ME, PASSWORD)
    end_my_other_sign_ins(store, who)
    assert [bool(actor_of(store, token)) for token in (second, third)] == [True, False]
    for _again in range(2):
        sign_out(store, second)
    assert actor_of(store, second) is None


def test_who_loses_a_role_at_the_moment_of_signing_in_signs_in_without_it(house: House) -> None:
    store, _ = house
    newcomer(store, ME, "principal", "north", "n1")
    take_role(store, OPERATORS, ME, "principal", school="n1")
    assert not present(store, sign_in(store, ME, PASSWORD)).person.posts


def test_a_hash_of_former_parameters_is_renewed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = house
    newcomer(store, ME, "operator")
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    for _again in range(2):
        sign_in(store, ME, PASSWORD)
    with store.read() as work:
        assert "t=2" in work.connection.execute(select(people.c.password_hash)).scalar_one()


def test_a_password_that_is_changed_while_somebody_signs_in_lets_nobody_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = house
    who = present(store, newcomer(store, ME, "operator"))
    real = passwords.matches
    once = iter([True])

    def slow(password_hash: str | None, password: str) -> bool:
        if next(once, False):
            change_password(store, who, PASSWORD, "un nouveau mot de passe")
        return real(password_hash, password)

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(Refused, match="at this moment"):
        sign_in(store, ME, PASSWORD)


def test_only_a_few_hashes_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    for _ in range(passwords.AT_ONCE):
        passwords._places.acquire()
    try:
        with pytest.raises(WaitFirst, match="many people"):
            passwords.hash_password(PASSWORD)
    finally:
        passwords._places.release(passwords.AT_ONCE)


def test_by_default_hashes_are_argon2id_of_64_mib() -> None:
    assert passwords.hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
