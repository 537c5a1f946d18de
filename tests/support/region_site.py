"""The pages of a little region, asked as somebody with a browser does: page by page, each form with its token."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from households import OPERATORS, PASSWORD, Clock, newcomer
from region_files import write_region
from webs import app_on

from scheduler.domain.runs import RunOptions
from scheduler.runs.taskmaster import Taskmaster
from scheduler.runs.worker import Worker
from scheduler.service.region_import import import_region
from scheduler.service.runs import start_run
from scheduler.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from werkzeug.test import TestResponse

REGION = "little-region"
HOME = f"/regions/{REGION}"


class Site:
    """An application with the small region, and a browser in which its region's person is signed in.

    Attributes
    ----------
    store : Store
        On a clock that is turned by hand, on the morning of Tuesday 6 April 2021.
    clock : Clock
    """

    def __init__(self, store: Store, folder: Path, changes: Mapping[str, str | bytes | None] | None = None):
        self.clock = Clock()
        self.store = Store(store.engine, self.clock)
        import_region(self.store, OPERATORS, write_region(folder / "region", changes))
        self.app = app_on(self.store, folder)
        self.browser = self.app.test_client()
        self.language = "en"
        self.enter("someone@region.fr", "region")

    def enter(self, email: str, role: str, school: str | None = None) -> None:
        """Let the browser be somebody else's, who is new here."""
        newcomer(self.store, email, role, None if role == "operator" else REGION, school)
        self.browser = self.app.test_client()
        self.send("/sign-in", "/sign-in", email=email, password=PASSWORD)

    def get(self, path: str = "") -> TestResponse:
        """Ask for a page of the region; `path` is what follows its address, or begins with ``/sign-in``."""
        address = path if path.startswith("/sign-in") else HOME + path
        return self.browser.get(address, headers={"Accept-Language": self.language}, buffered=True)

    def page(self, path: str = "") -> str:
        """Give the text of a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, page: str, address: str, /, **fields: Any) -> TestResponse:
        """Send a form of a page, with the token that stands in it."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert token is not None, page
        full = address if address.startswith("/sign-in") else HOME + address
        data = {"csrf_token": token[1]} | fields
        return self.browser.post(full, data=data, headers={"Accept-Language": self.language})

    def follow(self, answer: TestResponse) -> str:
        """Give the page that an answer leads to."""
        assert answer.status_code == 303, answer.text
        return self.browser.get(answer.location, headers={"Accept-Language": self.language}).text

    def work(self) -> None:
        """Let a worker do all that waits: runs, then tasks."""
        worker = Worker(self.store, "tests", 30.0, lambda _: None)
        worker.work(once=True)
        Taskmaster(self.store, "tests", 30.0, lambda _: None, worker.ending).do_all_due()

    def planned(self, gap: float = 0.0) -> int:
        """Have the whole horizon planned; give the number of the run."""
        run = start_run(self.store, OPERATORS, REGION, RunOptions(gap=gap))
        self.work()
        return run.number


def hidden_fields(page: str) -> dict[str, str]:
    """Read what a form sends along unseen, tokens left out."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrf_token"}


def local(text: str) -> dt.datetime:
    """Read a local date-time."""
    return dt.datetime.fromisoformat(text)
