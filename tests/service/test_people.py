"""Who may invite whom, and what becomes of accounts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS, PASSWORD, actor, newcomer, present

from scheduler.errors import FaultyInput, NotThere, Refused
from scheduler.service.emails import check_email
from scheduler.service.people import disable, end_sign_ins, invite, invite_again, list_people, take_role
from scheduler.service.sign_in import actor_of, sign_in, take_up
from scheduler.service.sign_in import invited as invited_with
from scheduler.store import audit

if TYPE_CHECKING:
    from households import Clock

    from scheduler.store import Store

    House = tuple[Store, Clock]


def invited(store: Store, token: str) -> str | None:
    """Give whom a link is for; None: it is not valid."""
    try:
        return invited_with(store, token)
    except NotThere:
        return None


GIVEN = {
    "operator": {"operator", "region north", "principal n1", "principal n2", "teacher n1", "teacher n2"},
    "region": {"region north", "principal n1", "principal n2", "teacher n1", "teacher n2"},
    "principal": {"teacher n1"},
    "teacher": set(),
}
"""Which roles of the north whoever holds a role there (in school n1) may give."""

PLACES = {
    "operator": ("operator", None, None),
    "region north": ("region", "north", None),
    "region south": ("region", "south", None),
    "principal n1": ("principal", "north", "n1"),
    "principal n2": ("principal", "north", "n2"),
    "principal s1": ("principal", "south", "s1"),
    "teacher n1": ("teacher", "north", "n1"),
    "teacher n2": ("teacher", "north", "n2"),
    "teacher s1": ("teacher", "south", "s1"),
}
UNSEEN = {
    "region": {"south", "s1"},
    "principal": {"south", "s1", "n2", "north"},
    "teacher": {"south", "s1", "n2", "north"},
}
"""The places that are not there for the holder of a role."""


@pytest.mark.parametrize("role", GIVEN)
def test_who_may_invite_whom(house: House, role: str) -> None:
    store, _ = house
    place = next(PLACES[name] for name in PLACES if name.split()[0] == role)
    who = actor(store, "me@x.fr", *place)
    for number, (name, wanted) in enumerate(PLACES.items()):
        email = f"{number}@x.fr"
        if name in GIVEN[role] or role == "operator":
            assert invite(store, who, email, *wanted).token
            continue
        unseen = name.split()[-1] in UNSEEN[role]
        with pytest.raises(NotThere if unseen else Refused):
            invite(store, who, email, *wanted)
        with pytest.raises((NotThere, Refused)):
            take_role(store, who, "me@x.fr", *wanted)
        with pytest.raises(NotThere):
            invite_again(store, OPERATORS, email)  # nothing of it stayed


def test_an_invitation_is_taken_up_once(house: House) -> None:
    store, _ = house
    token = invite(store, OPERATORS, " Jeanne@Exemple.FR ", "region", "north", name="Jeanne").token
    assert token
    assert invited(store, token) == "jeanne@exemple.fr"
    begun = take_up(store, token, PASSWORD)
    assert present(store, begun).person.name == "Jeanne"
    assert invited(store, token) is None
    with pytest.raises(NotThere, match="already"):
        take_up(store, token, PASSWORD + "!")
    assert actor_of(store, sign_in(store, "jeanne@exemple.fr", PASSWORD))


def test_a_made_up_link_opens_nothing(house: House) -> None:
    store, _ = house
    invite(store, OPERATORS, "a@x.fr", "operator")
    for made_up in ("", "x", "A" * 43):
        assert invited(store, made_up) is None
        with pytest.raises(NotThere):
            take_up(store, made_up, PASSWORD)


def test_two_who_come_at_once_with_one_link_do_not_both_get_in(house: House) -> None:
    store, _ = house
    token = str(invite(store, OPERATORS, "a@x.fr", "operator").token)

    def come(number: int) -> bool:
        try:
            return bool(take_up(store, token, f"{PASSWORD} {number}"))
        except NotThere:
            return False

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(come, range(4))) == 1


def test_of_invitations_at_once_one_person_comes_and_one_link_holds(house: House) -> None:
    store, _ = house
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: invite(store, OPERATORS, "a@x.fr", "region", "north"), range(4)))
    assert len({one.person.id for one in done}) == 1
    assert sum(invited(store, str(one.token)) is not None for one in done) == 1
    (person,) = list_people(store, OPERATORS)
    assert len(person.posts) == 1


def test_an_invitation_ends_after_a_week_and_with_a_new_one(house: House) -> None:
    store, clock = house
    first = invite(store, OPERATORS, "a@x.fr", "operator").token
    second = invite(store, OPERATORS, "a@x.fr", "operator").token
    assert first
    assert second
    assert invited(store, first) is None
    clock.turn(days=6, hours=23)
    assert invited(store, second)
    third = invite_again(store, OPERATORS, "a@x.fr").token
    clock.turn(days=7)
    assert [invited(store, str(token)) for token in (second, third)] == [None, None]


def test_who_has_a_password_keeps_it_with_a_further_role_of_the_same_kind(house: House) -> None:
    store, _ = house
    begun = newcomer(store, "p@x.fr", "principal", "north", "n1")
    assert invite(store, OPERATORS, "p@x.fr", "principal", "north", "n2").token is None
    assert len(present(store, begun).actor.edits.schools) == 2


def test_a_wider_role_wants_a_new_password(house: House) -> None:
    """A principal could invite the operator's address as a teacher, set a password and wait."""
    store, _ = house
    principal = actor(store, "p@x.fr", "principal", "north", "n1")
    token = invite(store, principal, "boss@x.fr", "teacher", "north", "n1").token
    begun = take_up(store, str(token), PASSWORD)
    assert invite(store, OPERATORS, "boss@x.fr", "operator").token
    assert actor_of(store, begun) is None
    with pytest.raises(Refused):
        sign_in(store, "boss@x.fr", PASSWORD)


def test_nobody_gets_at_an_account_with_a_role_that_they_could_not_give(house: House) -> None:
    """Else a principal could make a new link for the region, and take it up."""
    store, _ = house
    newcomer(store, "boss@x.fr", "region", "north")
    newcomer(store, "other@x.fr", "teacher", "south", "s1")
    principal = actor(store, "p@x.fr", "principal", "north", "n1")
    for email in ("boss@x.fr", "other@x.fr"):
        with pytest.raises(Refused, match="not yours"):
            invite(store, principal, email, "teacher", "north", "n1")
    invite(store, OPERATORS, "boss@x.fr", "teacher", "north", "n1")
    for use in (invite_again, disable, end_sign_ins):
        with pytest.raises(Refused, match="not yours"):
            use(store, principal, "boss@x.fr")
        with pytest.raises(NotThere):
            use(store, principal, "other@x.fr")


def test_a_role_that_is_taken_signs_out_at_once(house: House) -> None:
    store, _ = house
    begun = newcomer(store, "p@x.fr", "principal", "north", "n1")
    for _again in range(2):
        take_role(store, OPERATORS, "p@x.fr", "principal", "north", "n1")
        assert actor_of(store, begun) is None
    found = present(store, sign_in(store, "p@x.fr", PASSWORD))
    assert found.actor.sees.schools == frozenset()


def test_who_is_kept_out_is_out_at_once_and_comes_back_with_a_new_link(house: House) -> None:
    store, _ = house
    begun = newcomer(store, "p@x.fr", "principal", "north", "n1")
    for _again in range(2):
        disable(store, OPERATORS, "p@x.fr")
        assert actor_of(store, begun) is None
        with pytest.raises(Refused, match="closed"):
            sign_in(store, "p@x.fr", PASSWORD)
    token = invite_again(store, OPERATORS, "p@x.fr").token
    with pytest.raises(Refused, match="not right"):
        sign_in(store, "p@x.fr", PASSWORD)
    assert actor_of(store, take_up(store, str(token), "un autre mot de passe"))
    token = invite_again(store, OPERATORS, "p@x.fr").token
    disable(store, OPERATORS, "p@x.fr")
    assert invited(store, str(token)) is None


def test_nobody_shuts_themselves_out(house: House) -> None:
    store, _ = house
    who = actor(store, "boss@x.fr", "region", "north")
    with pytest.raises(Refused):
        disable(store, who, "boss@x.fr")
    with pytest.raises(Refused):
        take_role(store, who, "boss@x.fr", "region", "north")


def test_people_are_listed_as_far_as_one_cares_for_them(house: House) -> None:
    store, _ = house
    boss = actor(store, "boss@x.fr", "region", "north")
    head = actor(store, "head@x.fr", "principal", "north", "n1")
    prof = actor(store, "prof@x.fr", "teacher", "north", "n1")
    invite(store, OPERATORS, "prof@x.fr", "teacher", "south", "s1")
    actor(store, "far@x.fr", "region", "south")
    listed = {who.name: [person.email for person in list_people(store, who)] for who in (OPERATORS, boss, head, prof)}
    everybody = ["boss@x.fr", "far@x.fr", "head@x.fr", "prof@x.fr"]
    near = ["boss@x.fr", "head@x.fr", "prof@x.fr"]
    assert list(listed.values()) == [everybody, near, ["head@x.fr", "prof@x.fr"], []]
    seen = list_people(store, head, "north", "n1")[1]
    assert [post.school for post in seen.posts] == ["n1"]
    assert [person.email for person in list_people(store, OPERATORS, "south")] == ["far@x.fr", "prof@x.fr"]
    with pytest.raises(NotThere):
        list_people(store, boss, "south")
    with pytest.raises(NotThere):
        list_people(store, head, "north")


@pytest.mark.parametrize(
    "wrong", ["", "a", "a@b", "a b@c.fr", "a@b..fr", "@b.fr", "a@b.fr, c@d.fr", "x" * 250 + "@b.fr"]
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(FaultyInput, match="e-mail"):
        check_email(wrong)


def test_addresses_are_tidied() -> None:
    assert check_email(" \u200bJosé.O'Neil+x@Exemple.FR\n") == "josé.o'neil+x@exemple.fr"


def test_a_role_wants_its_place(house: House) -> None:
    wrong: tuple[tuple[str, str | None, str | None], ...] = (
        ("king", None, None),
        ("operator", "north", None),
        ("region", None, None),
        ("region", "north", "n1"),
        ("principal", "north", None),
        ("principal", "north", ""),
    )
    for place in wrong:
        with pytest.raises(FaultyInput):
            invite(house[0], OPERATORS, "a@x.fr", *place)


def test_a_school_s_key_is_enough_where_one_region_has_it(house: House) -> None:
    store, _ = house
    assert invite(store, OPERATORS, "a@x.fr", "principal", school="s1").person.posts[0].region == "south"
    with pytest.raises(NotThere):
        invite(store, OPERATORS, "a@x.fr", "principal", school="x")


def test_the_audit_log_tells_of_people_and_keeps_no_secret(house: House) -> None:
    store, _ = house
    token = str(invite(store, OPERATORS, "a@x.fr", "region", "north").token)
    begun = take_up(store, token, PASSWORD)
    take_role(store, OPERATORS, "a@x.fr", "region", "north")
    disable(store, OPERATORS, "a@x.fr")
    with store.read() as work:
        assert audit.verify(work) == []
        told = audit.entries(work, "") + audit.entries(work, "north")
        accounts = work.connection.exec_driver_sql("SELECT password_hash FROM people").scalars().all()
    whats = ["person.disabled", "invitation.taken-up", "person.invited", "role.taken", "role.given"]
    assert [entry.what for entry in told] == whats
    text = repr([(entry.of_what, entry.who, entry.before, entry.after) for entry in told])
    assert "a@x.fr" in text
    assert not [secret for secret in (token, begun, PASSWORD, *accounts) if secret in text]
