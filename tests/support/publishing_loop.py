"""Processes that publish the college of the little region and are killed while they do."""

from __future__ import annotations

import itertools
import os
import random
import signal

from kept_schools import ACTOR, COLLEGE, REGION, accept
from sqlalchemy import event

from scheduler.service.feed_addresses import give_address
from scheduler.service.publishing import publish, withdraw_to
from scheduler.store import open_store


def publish_for_ever(address: str, seed: int) -> None:
    """Publish plans, go back now and then, and give an address in another language once in a while."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    store = open_store(address)
    for _ in itertools.count():
        without = draw.sample(["S1", "S2", "families"], draw.randint(0, 2))
        made = publish(store, ACTOR, REGION, COLLEGE, accept(store, shift=5 * draw.randint(0, 9), without=without))
        if draw.random() < 0.3:
            withdraw_to(store, ACTOR, REGION, COLLEGE, draw.randint(max(1, made.number - 5), made.number))
        if draw.random() < 0.1 and "S1" not in without:
            give_address(store, ACTOR, REGION, COLLEGE, "teacher", "Mme Rhin", draw.choice(["fr", "en"]), "killed")


def publish_until(address: str, plan: int, statement: int) -> None:
    """Publish a plan, and be killed before the statement of that number, where commits count too."""
    store = open_store(address)
    numbers = itertools.count(1)

    def die(*_: object, **__: object) -> None:
        if next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "before_cursor_execute", die)
    event.listen(store.engine, "commit", die)
    publish(store, ACTOR, REGION, COLLEGE, plan)
