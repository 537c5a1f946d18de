"""A little region with two schools, people in all roles, and the service for programs; every answer is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import kept_schools
from households import newcomer, settle
from webs import app_on

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from scheduler.store import Store

REGION, SCHOOL, OTHER = kept_schools.REGION, kept_schools.COLLEGE, kept_schools.LYCEE


@dataclass
class World:
    """The application, its store, and who may ask."""

    app: Flask
    store: Store
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, who: str | None = "region", body: Any = None, **headers: str) -> TestResponse:
        """Ask as somebody, by the secret of their sign-in; the document must know the answer."""
        sent = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if who is not None:
            sent["Authorization"] = f"Bearer {self.tokens[who]}"
        answer = self.app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=sent)
        self.is_described(method, f"/api/v1{path}", answer)
        return answer

    def get(self, path: str, who: str | None = "region", **headers: str) -> TestResponse:
        """Ask for something."""
        return self.ask("GET", path, who, **headers)

    def post(self, path: str, body: Any = None, who: str | None = "region", **headers: str) -> TestResponse:
        """Change something."""
        return self.ask("POST", path, who, body, **headers)

    def is_described(self, method: str, path: str, answer: TestResponse) -> None:
        """See that the document declares the status of an answer and its kind."""
        document = self.app.api_doc  # type: ignore[attr-defined]
        for rule, operations in document["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", rule), path.partition("?")[0]):
                declared = operations[method.lower()]["responses"]
                assert str(answer.status_code) in declared, (method, path, answer.status_code)
                if answer.data:
                    assert answer.mimetype in declared[str(answer.status_code)]["content"]


def settled(store: Store, folder: Path) -> World:
    """Make the world in a fresh store."""
    kept_schools.keep_region(store, folder)
    settle(store, "south", "s1")
    world = World(app_on(store, folder), store)
    people = {
        "operator": ("operator", None, None),
        "region": ("region", REGION, None),
        "principal": ("principal", REGION, SCHOOL),
        "teacher": ("teacher", REGION, SCHOOL),
        "elsewhere": ("region", "south", None),
    }
    for name, (role, region, school) in people.items():
        world.tokens[name] = newcomer(store, f"{name}@example.org", role, region, school)
    return world
