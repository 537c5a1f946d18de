"""How far schools are, in words."""

from __future__ import annotations

from scheduler.domain.listing import ACCEPTED, NO_TIMETABLE, PROPOSED, PUBLISHED, TIMETABLE
from scheduler.wording import T, Text
from web.languages import say
from web.words import words

OF_ONE = {
    NO_TIMETABLE: T("no timetable yet"),
    TIMETABLE: T("timetable brought"),
    PROPOSED: T("has a proposal"),
    ACCEPTED: T("has accepted"),
    PUBLISHED: T("published"),
}
"""The state of one school."""

SHAPES = {NO_TIMETABLE: "○", TIMETABLE: "◔", PROPOSED: "◑", ACCEPTED: "◕", PUBLISHED: "●"}
"""A shape for each, fuller the further a school is."""


OF_PLANS = {
    "proposed": T("proposed"),
    "accepted": T("accepted"),
    "published": T("published"),
    "refused": T("refused"),
    "replaced": T("replaced by a later one"),
}
"""The state of a school's plan."""


def plan_state_words(state: str) -> str:
    """Say the state of a school's plan."""
    return say(OF_PLANS[state])


def state_words(state: str, count: int) -> str:
    """Say how many schools are in a state."""
    number = words().number(count)
    return say(_one(state, number) if count == 1 else _many(state, number))


def _one(state: str, number: str) -> Text:
    return {
        NO_TIMETABLE: T("{number} school has brought no timetable", number=number),
        TIMETABLE: T("{number} school has a timetable and no proposal yet", number=number),
        PROPOSED: T("{number} school has not answered its proposal", number=number),
        ACCEPTED: T("{number} school has accepted and not published", number=number),
        PUBLISHED: T("{number} school has published", number=number),
    }[state]


def _many(state: str, number: str) -> Text:
    return {
        NO_TIMETABLE: T("{number} schools have brought no timetable", number=number),
        TIMETABLE: T("{number} schools have a timetable and no proposal yet", number=number),
        PROPOSED: T("{number} schools have not answered their proposals", number=number),
        ACCEPTED: T("{number} schools have accepted and not published", number=number),
        PUBLISHED: T("{number} schools have published", number=number),
    }[state]
