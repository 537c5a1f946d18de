"""Nothing of another region or school is seen or changed by anybody who has no role there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from households import Clock, newcomer, present
from scope_table import LEFT_OUT, SILENT, TRIED, found
from scope_world import ACTORS, NOWHERE, NUMBERS, Place, Try, World, everything, make_world, told

from scheduler.errors import EtaleError
from scheduler.store import Store

if TYPE_CHECKING:
    from pathlib import Path

Answer = tuple[type, str]


@pytest.fixture
def world(store: Store, tmp_path: Path, _quick_hashes: None) -> World:
    return make_world(Store(store.engine, Clock()), tmp_path)


def test_everything_that_asks_who_is_there_is_tried() -> None:
    """Add what is new to the table in tests/support/scope_table.py."""
    assert sorted(found() - set(TRIED) - set(LEFT_OUT)) == []
    assert sorted((set(TRIED) | set(LEFT_OUT)) - found()) == []
    assert set(TRIED).isdisjoint(LEFT_OUT)


def answer(world: World, name: str, who: str, place: Place) -> Answer:
    """Say what comes of a try: the kind of value or error, and its text without what was typed."""
    try:
        value = TRIED[name](Try(world.store, world.actors[who], place, next(world.folders)))
        kind, text = type(value), told(value)
    except EtaleError as error:
        kind, text = type(error), str(error).lower()
        numbers = [str(getattr(place, number)) for number in NUMBERS]
        for word in (place.email, place.school, place.region, *numbers):
            text = text.replace(word, "…")
    return kind, text


def nowhere(who: str, place: Place) -> Place:
    """Give a place that is not there, in one's own region where the place is in it."""
    return replace(NOWHERE, region=place.region) if place.region == ACTORS[who][1] else NOWHERE


def test_what_belongs_to_others_is_as_if_it_were_not_there(world: World) -> None:
    before = everything(world.store)
    try_places_of_others(world)
    try_numbers_of_others(world)
    assert everything(world.store) == before


def try_places_of_others(world: World) -> None:
    for who in ACTORS:
        for name in TRIED:
            for place in world.foreign(who):
                nothing = answer(world, name, who, nowhere(who, place))
                assert {(who, name): answer(world, name, who, place)} == {(who, name): nothing}
                assert not [word for word in world.secrets(who) if word in nothing[1]], name


def try_numbers_of_others(world: World) -> None:
    """Ask at one's own address for a plan, a calendar address, a sign-in of somebody else."""
    for who in ACTORS:
        own = world.own(who)[0]
        for name in (name for name, trial in TRIED.items() if set(trial.__code__.co_names) & set(NUMBERS)):
            nothing = answer(world, name, who, own.numbered_as(NOWHERE))
            for place in world.foreign(who):
                assert {(who, name): answer(world, name, who, own.numbered_as(place))} == {(who, name): nothing}


def test_what_one_sees_of_one_s_own_tells_nothing_of_others(world: World) -> None:
    assert names_nothing_to_an_operator(world) == SILENT
    for who in reversed(ACTORS):
        for name in TRIED:
            for place in world.own(who):
                _, text = answer(world, name, who, place)
                assert not [word for word in world.secrets(who) if word in text], (who, name)


def names_nothing_to_an_operator(world: World) -> set[str]:
    """Give the tries with which not even an operator sees anything of the place, which so prove little."""
    operator = present(world.store, newcomer(world.store, "operator@x.fr", "operator"))
    silent = set()
    for name, trial in TRIED.items():
        try:
            given = told(trial(Try(world.store, operator, world.places["salder"], next(world.folders))))
        except EtaleError as refused:
            given = str(refused)
        if not any(word in given for word in ("south", "salder")):
            silent.add(name)
    return silent
