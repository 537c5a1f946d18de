"""Addresses of feeds: given, renewed, withdrawn, and what stands there."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from typing import TYPE_CHECKING

import pytest
from agreement import agreement
from kept_schools import ACTOR, COLLEGE, LYCEE, NOW, REGION, Clock, accept, keep_region
from sqlalchemy import event, select

from scheduler.domain.people import EVERYTHING, PRINCIPAL, Role, person_actor
from scheduler.errors import NotThere, Refused
from scheduler.service.feed_addresses import (
    addresses,
    give_address,
    new_token,
    renew_address,
    renew_held,
    withdraw_address,
    withdraw_all,
    withdraw_held,
)
from scheduler.service.feed_serving import Fetch, Gone, Served, note_fetches, served
from scheduler.service.publishing import publish
from scheduler.store import audit
from scheduler.store.scoped import Repository
from scheduler.store.tables.publications import feeds

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

COLLEGE_OF = (REGION, COLLEGE)
RHIN = ("teacher", "Mme Rhin", "fr", "Mme Rhin, téléphone")


@pytest.fixture
def clock(store: Store, tmp_path: Path) -> Clock:
    """Let the college of the little region have published, with a clock that stands."""
    keep_region(store, tmp_path)
    clock = Clock()
    store.clock = clock
    publish(store, ACTOR, *COLLEGE_OF, accept(store))
    return clock


def standing(store: Store, token: str) -> Served:
    """Give what stands at an address that is not withdrawn."""
    found = served(store, token)
    assert isinstance(found, Served)
    return found


def test_an_address_leads_to_the_bytes_that_were_published(store: Store, clock: Clock) -> None:
    token = give_address(store, ACTOR, *COLLEGE_OF, *RHIN)
    found = standing(store, token)
    content = gzip.decompress(found.gzip)
    assert (len(content), hashlib.sha256(content).hexdigest(), NOW) == (found.size, found.etag, found.changed_at)
    assert b"NAME:Mme Rhin" in content
    assert content.count(b"BEGIN:VEVENT") == 1
    clock.turn(hours=1)
    publish(store, ACTOR, *COLLEGE_OF, accept(store, shift=15))
    later = standing(store, token)
    assert (later.changed_at, later.feed_id) == (clock.at, found.feed_id)
    assert later.etag != found.etag


def test_the_token_is_kept_nowhere_and_has_256_random_bits(store: Store, clock: Clock) -> None:
    token = give_address(store, ACTOR, *COLLEGE_OF, *RHIN)
    assert len(token) == 43
    assert new_token(lambda count: b"\xff" * count) == 42 * "_" + "8"
    with store.read() as work:
        rows = [repr(row) for row in work.connection.execute(select(feeds)).all()]
        noted = [repr(row) for row in audit.entries(work, REGION)]
    assert token not in "".join(rows + noted)
    assert served(store, new_token()) is None
    for wrong in ("", token[:-1], token + "=", "\ud800" * 43, "x" * 10**6):
        assert served(store, wrong) is None


def test_a_request_is_one_read(store: Store, clock: Clock) -> None:
    token = give_address(store, ACTOR, *COLLEGE_OF, *RHIN)
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    standing(store, token)
    assert [line.split()[0] for line in statements if "PRAGMA" not in line and "BEGIN" not in line] == ["SELECT"]


def test_an_address_is_given_only_of_what_was_published(store: Store, clock: Clock) -> None:
    with pytest.raises(NotThere, match="Nobody"):
        give_address(store, ACTOR, *COLLEGE_OF, "teacher", "M. Nobody", "fr", "")
    with pytest.raises(NotThere):
        give_address(store, ACTOR, REGION, LYCEE, *RHIN)
    with pytest.raises(ValueError, match="speaks"):
        give_address(store, ACTOR, *COLLEGE_OF, "teacher", "Mme Rhin", "de", "")


def test_the_first_address_in_a_language_lets_all_feeds_speak_it(store: Store, clock: Clock) -> None:
    publish(store, ACTOR, *COLLEGE_OF, accept(store, without=["S2"]))
    clock.turn(days=20)
    publish(store, ACTOR, *COLLEGE_OF, accept(store, without=["S2"], shift=5))
    french = give_address(store, ACTOR, *COLLEGE_OF, *RHIN)
    english = give_address(store, ACTOR, *COLLEGE_OF, "teacher", "Mme Rhin", "en", "")
    # Of M. Mosel nothing is published any more.
    gone = give_address(store, ACTOR, *COLLEGE_OF, "teacher", "M. Mosel", "en", "")
    contents = [gzip.decompress(standing(store, token).gzip) for token in (french, english, gone)]
    assert ["Déplacé".encode() in content for content in contents] == [True, False, False]
    assert [b"Moved" in content for content in contents] == [False, True, False]
    assert [content.count(b"BEGIN:VEVENT") for content in contents] == [1, 1, 0]
    assert agreement(store) == []
    clock.turn(days=1)
    publish(store, ACTOR, *COLLEGE_OF, accept(store))
    assert [standing(store, token).changed_at for token in (french, english, gone)] == 3 * [clock.at]
    assert agreement(store) == []


def test_a_withdrawn_address_is_gone_for_good(store: Store, clock: Clock) -> None:
    one, other, third = (give_address(store, ACTOR, *COLLEGE_OF, *RHIN) for _ in range(3))
    first, second, _ = addresses(store, ACTOR, *COLLEGE_OF)
    withdraw_address(store, ACTOR, *COLLEGE_OF, first.id)
    withdraw_address(store, ACTOR, *COLLEGE_OF, first.id)
    assert [type(served(store, token)) for token in (one, other, third)] == [Gone, Served, Served]
    fresh = renew_address(store, ACTOR, *COLLEGE_OF, second.id)
    assert [type(served(store, token)) for token in (other, fresh)] == [Gone, Served]
    with pytest.raises(Refused, match="withdrawn"):
        renew_address(store, ACTOR, *COLLEGE_OF, second.id)
    assert withdraw_all(store, ACTOR, *COLLEGE_OF) == 2
    assert withdraw_all(store, ACTOR, *COLLEGE_OF) == 0
    assert {type(served(store, token)) for token in (one, other, third, fresh)} == {Gone}
    with store.read() as work:
        noted = [row.what for row in audit.entries(work, REGION) if row.what.startswith("feed.")]
    assert noted == ["feed.withdrawn", "feed.renewed", "feed.withdrawn"] + 3 * ["feed.given"]


def test_who_holds_an_address_renews_and_withdraws_it_without_an_account(store: Store, clock: Clock) -> None:
    token = give_address(store, ACTOR, *COLLEGE_OF, *RHIN)
    fresh = renew_held(store, token)
    assert (type(served(store, token)), type(served(store, fresh))) == (Gone, Served)
    with pytest.raises(Refused):
        renew_held(store, token)
    withdraw_held(store, fresh)
    assert isinstance(served(store, fresh), Gone)
    with pytest.raises(NotThere):
        withdraw_held(store, new_token())


def test_addresses_are_of_the_schools_own_people_alone(store: Store, clock: Clock) -> None:
    with store.read() as work:
        lycee = Repository(work, EVERYTHING).school_row(REGION, LYCEE).id
    other = person_actor(2, "o@e.fr", [Role(PRINCIPAL, school_id=lycee)])
    give_address(store, ACTOR, *COLLEGE_OF, *RHIN)
    (address,) = addresses(store, ACTOR, *COLLEGE_OF)
    with pytest.raises(NotThere):
        give_address(store, other, *COLLEGE_OF, *RHIN)
    with pytest.raises(NotThere):
        addresses(store, other, *COLLEGE_OF)
    for use in (renew_address, withdraw_address):
        with pytest.raises(NotThere):
            use(store, other, *COLLEGE_OF, address.id)
        with pytest.raises(NotThere):
            use(store, ACTOR, REGION, LYCEE, address.id)
    with pytest.raises(NotThere):
        withdraw_all(store, other, *COLLEGE_OF)


def test_fetches_are_noted_many_at_once(store: Store, clock: Clock) -> None:
    feed_ids = [standing(store, give_address(store, ACTOR, *COLLEGE_OF, *RHIN)).feed_id for _ in range(2)]
    first, second = sorted(feed_ids)

    def fetch(feed_id: int, minutes: int, program: str) -> Fetch:
        return Fetch(feed_id, NOW + dt.timedelta(minutes=minutes), program)

    note_fetches(store, [fetch(first, 20, "newer"), fetch(first, 10, "older"), fetch(second, 5, "a\r\nb" + "c" * 999)])
    note_fetches(store, [fetch(first, 15, "late to tell"), fetch(10**9, 1, "of an address that is not there")])
    note_fetches(store, [])
    one, other = addresses(store, ACTOR, *COLLEGE_OF)
    assert (one.fetches, one.fetched_at, one.fetched_with) == (3, NOW + dt.timedelta(minutes=20), "newer")
    assert (other.fetches, other.fetched_with[:3], len(other.fetched_with)) == (1, "abc", 200)
    assert (one.label, one.name, one.withdrawn_at) == ("Mme Rhin, téléphone", "Mme Rhin", None)
