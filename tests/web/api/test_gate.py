"""Who comes in to the service for programs, what is taken, and how faults are told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from api_world import REGION, SCHOOL
from households import PASSWORD

if TYPE_CHECKING:
    from api_world import World

RUNS = f"/regions/{REGION}/runs"


def operations(world: World) -> list[tuple[str, str]]:
    """Give every method and address of the document, filled with what there is."""
    document: dict[str, Any] = world.app.api_doc  # type: ignore[attr-defined]
    filled = {"{region}": REGION, "{school}": SCHOOL, "{number}": "1", "{plan}": "1", "{task}": "1"}
    filled["{entry}"] = "1?revision=1"
    found = []
    for rule, its in document["paths"].items():
        path = re.sub(r"\{[^}]+\}", lambda place: filled[place.group()], rule).removeprefix("/api/v1")
        found += [(method.upper(), path) for method in its]
    return found


ENTRY = {"platform": "ent", "meter": "connections", "kind": "change", "amount": "+1", "revision": 1}


def body_for(path: str) -> dict[str, Any]:
    """Give a body that can be used at an address, where an empty one cannot."""
    return ENTRY if "/capacities" in path else {}


def test_nobody_comes_in_without_signing_in(still_world: World) -> None:
    still_world.tokens["stranger"] = "x" * 43
    assert len(operations(still_world)) >= 12
    for method, path in operations(still_world):
        if (method, path) == ("POST", "/sign-ins"):
            continue
        for who in (None, "stranger"):
            answer = still_world.ask(method, path, who, body={} if method == "POST" else None)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert answer.mimetype == "application/problem+json"


def test_what_belongs_to_others_is_not_there(still_world: World) -> None:
    for method, path in operations(still_world):
        if path.startswith("/regions/"):
            assert still_world.ask(method, path, "elsewhere", body=body_for(path)).status_code == 404, (method, path)
    assert [region["key"] for region in still_world.get("/regions", "elsewhere").get_json()["regions"]] == ["south"]


def test_a_teacher_changes_nothing(still_world: World) -> None:
    for method, path in operations(still_world):
        if method == "POST" and path != "/sign-ins":
            assert still_world.ask(method, path, "teacher", body=body_for(path)).status_code == 404, path


def test_a_browser_needs_its_csrf_token(world: World) -> None:
    """Any site can make a browser send its cookie; only our pages know the token."""
    browser = world.app.test_client()
    page = browser.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "email": "region@example.org", "password": PASSWORD}
    assert browser.post("/sign-in", data=form).status_code == 303
    assert browser.get(f"/api/v1{RUNS}").status_code == 200
    for headers in ({}, {"X-CSRFToken": "wrong"}, {"Authorization": "Basic eDp5"}):
        refused = browser.post(f"/api/v1{RUNS}", json={}, headers=headers)
        assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    # Signing in began a new cookie, and pages of it hold a new token.
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/account/password").text)
    assert token
    assert browser.post(f"/api/v1{RUNS}", json={}, headers={"X-CSRFToken": token[1]}).status_code == 201


def test_a_program_signs_in_and_out(world: World) -> None:
    wrong = world.post("/sign-ins", {"email": "region@example.org", "password": "not this one"}, None)
    assert wrong.status_code == 401
    assert wrong.get_json(force=True)["reasons"] == ["the e-mail address or the password is not right"]
    begun = world.post("/sign-ins", {"email": " Region@Example.org ", "password": PASSWORD}, None)
    assert begun.status_code == 201
    assert "Set-Cookie" not in begun.headers
    world.tokens["program"] = begun.get_json()["token"]
    assert world.get(RUNS, "program").status_code == 200
    assert world.ask("DELETE", "/sign-ins/present", "program").status_code == 204
    assert world.ask("DELETE", "/sign-ins/present", "program").status_code == 401
    assert world.get(RUNS, "program").status_code == 401
    assert world.get(RUNS).status_code == 200


def test_guessing_is_slowed_down(world: World) -> None:
    statuses = [
        world.post("/sign-ins", {"email": "region@example.org", "password": f"guess number {number}"}, None).status_code
        for number in range(7)
    ]
    assert statuses[:5] == [401] * 5
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"gap": "0.1"}, "gap"),
        ({"gap": 2}, "gap"),
        ({"seed": 1.5}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"reorder": 1}, "reorder"),
        ({"objective": "beauty"}, "objective"),
        ({"start_from": 0}, "start_from"),
        ({"start_from": 2**40}, "start_from"),
        ({"unknown": 1}, "unknown"),
        ([], "body"),
        ("text", "body"),
        (None, "body"),
    ],
)
def test_nothing_is_taken_for_what_it_is_not(still_world: World, body: Any, where: str) -> None:
    told = still_world.post(RUNS, body)
    assert told.status_code == 422
    problem = told.get_json(force=True)
    assert [fault["where"] for fault in problem["faults"]] == [where]
    assert all(fault["what"] and fault["remedy"] for fault in problem["faults"])
    assert still_world.get(RUNS).get_json() == {"runs": []}


@pytest.mark.parametrize(
    "query", ["most=0", "most=x", "before=-1", "page=1", "most=1&unknown=2", "before=99999999999999999999"]
)
def test_nor_in_a_query(still_world: World, query: str) -> None:
    assert still_world.get(f"{RUNS}?{query}").status_code == 422


@pytest.mark.parametrize("path", ["/regions/a%00b/runs", f"/regions/{'x' * 41}/runs", f"{RUNS}/0", f"{RUNS}/{2**31}"])
def test_nor_in_an_address(still_world: World, path: str) -> None:
    assert still_world.get(path).status_code == 422


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b'{"gap": 0.1}', "text/plain", 415),
        (b"gap=0.1", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 30000, "application/json", 400),
        (b'{"gap": NaN}', "application/json", 422),
        (b'{"gap": 1e999}', "application/json", 422),
        (b'{"seed": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b" " * 70000, "application/json", 413),
    ],
)
def test_odd_bodies_are_refused_without_a_fuss(still_world: World, data: bytes, kind: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {still_world.tokens['region']}"}
    answer = still_world.app.test_client().post(f"/api/v1{RUNS}", data=data, content_type=kind, headers=headers)
    assert answer.status_code == status
    still_world.is_described("POST", f"/api/v1{RUNS}", answer)


def test_the_document_is_valid_and_complete(still_world: World) -> None:
    answer = still_world.app.test_client().get("/api/v1/openapi.json")
    document = answer.get_json()
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named <= set(schemas)
    assert {"Problem", "OneRun", "RunWanted"} <= named
    for rule, its in document["paths"].items():
        places = set(re.findall(r"\{([^}]+)\}", rule))
        for method, operation in its.items():
            assert operation["summary"], (method, rule)
            assert places == {given["name"] for given in operation.get("parameters", ()) if given["in"] == "path"}
            if (method, rule) != ("post", "/api/v1/sign-ins"):
                assert operation["security"] == [{"bearer": []}, {"cookie": []}]
            assert {"400", "401", "404", "422", "500", "503"} <= set(operation["responses"])
    ids = [operation["operationId"] for its in document["paths"].values() for operation in its.values()]
    assert len(ids) == len(set(ids))


def test_the_document_is_what_others_take_for_one(still_world: World) -> None:
    validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed")
    validator.validate(still_world.app.api_doc)  # type: ignore[attr-defined]
