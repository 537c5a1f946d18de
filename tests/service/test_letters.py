"""Letters are sent by a worker, one by one, none twice; links of invitations are made when they are sent."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import households
import pytest
from kept import COLLEGE, KEY, keep_region
from mail_server import mail_server

from scheduler.domain.tasks import DONE, FAILED
from scheduler.errors import Refused, StoreFailed
from scheduler.mail import Letter, PostOffice
from scheduler.runs.taskmaster import Taskmaster
from scheduler.service.letters import LINK, Post, send_letters
from scheduler.service.people import invite
from scheduler.service.sign_in import invited
from scheduler.service.task_work import do_task
from scheduler.service.tasks import list_tasks
from scheduler.wording import T

if TYPE_CHECKING:
    from email.message import Message

    from scheduler.domain.people import Actor
    from scheduler.domain.tasks import Task
    from scheduler.store import Store

SENDER = "etale@example.org"


@pytest.fixture
def actor(store: Store) -> Actor:
    keep_region(store)
    return households.actor(store, "rectorat@x.fr", "region", KEY)


def some(count: int) -> list[Letter]:
    return [Letter(f"p{number}@x.fr", f"Étale n° {number}", f"Bonjour,\n\nsalut {number}") for number in range(count)]


def work(store: Store, post: Post | None) -> None:
    Taskmaster(store, "tests", 30.0, lambda _: None, threading.Event(), post).do_all_due()


def text_of(letter: Message) -> str:
    content = letter.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def test_a_worker_sends_them_and_forgets_whom_they_went_to(store: Store, actor: Actor) -> None:
    send_letters(store, actor, KEY, some(3))
    with mail_server() as server:
        work(store, Post(PostOffice(server.address, SENDER), "https://etale.example.org"))
        assert [letter["To"] for letter in server.letters] == ["p0@x.fr", "p1@x.fr", "p2@x.fr"]
        assert {letter["From"] for letter in server.letters} == {SENDER}
        assert {letter["Auto-Submitted"] for letter in server.letters} == {"auto-generated"}
        assert "salut 1" in text_of(server.letters[1])
    (task,) = list_tasks(store, actor, KEY)
    assert (task.state, task.result["sent"], task.result["unsent"]) == (DONE, 3, 0)
    assert (task.about["letters"], task.about["count"]) == ([], 3)


def test_who_cannot_be_reached_is_told_and_keeps_nobody_waiting(store: Store, actor: Actor) -> None:
    first, last = some(2)
    send_letters(store, actor, KEY, [first, Letter("nobody@x.fr", "a", "b"), last])
    with mail_server() as server:
        work(store, Post(PostOffice(server.address, SENDER), ""))
        assert [letter["To"] for letter in server.letters] == ["p0@x.fr", "p1@x.fr"]
    (task,) = list_tasks(store, actor, KEY)
    assert [str(one) for one in task.told] == ["nobody@x.fr: no letter could be sent"]


def test_a_link_is_made_when_its_letter_is_sent(store: Store, actor: Actor) -> None:
    invite(store, actor, "head@x.fr", "principal", KEY, COLLEGE)
    send_letters(store, actor, KEY, [Letter("head@x.fr", "x", f"here:\n{LINK}\n")], what="invitation")
    with mail_server() as server:
        work(store, Post(PostOffice(server.address, SENDER), "https://etale.example.org"))
        (letter,) = server.letters
    address = text_of(letter).split("here:")[1].split()[0]
    assert address.startswith("https://etale.example.org/invitation/")
    assert invited(store, address.rpartition("/")[2]) == "head@x.fr"


def test_without_a_mail_server_the_task_says_what_is_missing(store: Store, actor: Actor) -> None:
    send_letters(store, actor, KEY, some(1))
    work(store, Post(None, ""))
    (task,) = list_tasks(store, actor, KEY)
    assert task.state == FAILED
    assert "ETALE_SMTP" in str(task.told[0])


def test_a_server_that_is_away_is_told(store: Store, actor: Actor) -> None:
    with mail_server() as server:
        gone = server.address
    send_letters(store, actor, KEY, some(1))
    work(store, Post(PostOffice(gone, SENDER), ""))
    (task,) = list_tasks(store, actor, KEY)
    assert task.state == FAILED
    assert "the mail server does not take letters" in str(task.told[0])


def test_nobody_gets_a_letter_twice_when_the_worker_dies_in_between(store: Store, actor: Actor) -> None:
    """Whoever takes the task over goes on behind the letter that was begun."""
    task = send_letters(store, actor, KEY, some(4))
    with mail_server() as server:
        post, kept = Post(PostOffice(server.address, SENDER), ""), dict(task.result)

        def keep(figures: dict[str, object]) -> None:
            if figures["begun"] == 3:
                raise StoreFailed(T("the worker dies here"))
            kept.update(figures)

        with pytest.raises(StoreFailed):
            do_task(store, task, lambda *_: None, post, keep)
        again = with_result(task, kept)
        do_task(store, again, lambda *_: None, post, kept.update)
        assert [letter["To"] for letter in server.letters] == ["p0@x.fr", "p1@x.fr", "p2@x.fr", "p3@x.fr"]


def with_result(task: Task, result: dict[str, object]) -> Task:
    return replace(task, result=dict(result))


def test_no_letters_are_no_task(store: Store, actor: Actor) -> None:
    with pytest.raises(Refused):
        send_letters(store, actor, KEY, [])
