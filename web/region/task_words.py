"""Tasks in words: what is to be done, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.tasks import ADOPT, CANCELLED, DONE, FAILED, MAIL, RUNNING
from scheduler.wording import T
from web.languages import say
from web.region.door import frame
from web.words import moment, words

if TYPE_CHECKING:
    from scheduler.domain.tasks import Task
    from scheduler.wording import Text


def task_in_words(task: Task) -> str:
    """Say what a task does and how far it is."""
    return say(T("{what}: {state}", what=_what(task), state=_state(task)))


def _what(task: Task) -> Text:
    if task.kind == MAIL:
        return T("Send {count} letters", count=words().number(task.about.get("count", len(task.about["letters"]))))
    if task.kind != ADOPT:
        return T("Publish all accepted plans")
    schools = task.about["schools"]
    if schools is None:
        return T("Adopt plan {number} and accept all its proposals", number=task.about["run"])
    return T("Adopt plan {number} and accept {count} of its proposals", number=task.about["run"], count=len(schools))


def _state(task: Task) -> Text:
    timezone = frame().timezone
    if task.state == CANCELLED:
        return T("cancelled")
    if task.state == FAILED:
        return T("failed")
    if task.state == DONE:
        at = "" if task.ended_at is None else moment(task.ended_at, timezone)
        return T("done on {moment}; {figures}", moment=at, figures=_figures(task))
    if task.state == RUNNING:
        if "of" in task.result:
            return T("being done, {done} of {all}", done=task.result["done"], all=task.result["of"])
        return T("being done")
    return T("waiting until {moment}", moment=moment(task.due_at, timezone))


def _figures(task: Task) -> Text:
    told = {name: words().number(value) for name, value in task.result.items() if isinstance(value, int)}
    if "sent" in told:
        return T("{sent} sent, {unsent} not", sent=told["sent"], unsent=told["unsent"])
    if "accepted" in told and "published" in told:
        return T("{accepted} accepted, {left_out} left out; {published} published, {failed} refused", **told)
    if "accepted" in told:
        return T("{accepted} accepted, {left_out} left out", **told)
    return T("{published} published, {failed} refused", **{"published": "0", "failed": "0"} | told)
