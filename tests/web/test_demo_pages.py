"""The first page of a demo lets in whoever opens it on the same machine; that of a service does not."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from webs import app_on

from scheduler.errors import FaultyInput
from scheduler.service.demo import bring_demo
from scheduler.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from scheduler.store import Store

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def brought(lite: Store, tmp_path: Path) -> str:
    """Bring a demo; give its region."""
    return bring_demo(lite, OPERATORS, tmp_path, "Bretagne", 2, dt.date(2026, 12, 1))


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def enter(client: FlaskClient, role: str, host: str = "localhost") -> TestResponse:
    page = client.get("/sign-in", base_url=f"http://{host}").text
    data = {"csrf_token": token_of(page), "role": role}
    return client.post("/demo/sign-in", data=data, base_url=f"http://{host}")


def test_one_enters_as_the_region_and_is_led_to_its_week(lite: Store, tmp_path: Path, brought: str) -> None:
    client = app_on(lite, tmp_path, demo="1").test_client()
    first = client.get("/", headers=ENGLISH).text
    assert "This is a demo on your own machine" in first
    assert enter(client, "region").location == "/"
    assert client.get("/").location == f"/regions/{brought}"
    assert client.get(f"/regions/{brought}").status_code == 200


def test_a_principal_sees_their_school_and_an_operator_the_regions(lite: Store, tmp_path: Path, brought: str) -> None:
    app = app_on(lite, tmp_path, demo="1")
    principal, operator = app.test_client(), app.test_client()
    enter(principal, "principal")
    assert "Principal:" in principal.get("/", headers=ENGLISH).text
    enter(operator, "operator")
    assert operator.get("/").location == f"/regions/{brought}"


@pytest.mark.usefixtures("brought")
def test_nobody_enters_a_service_or_from_another_host(lite: Store, tmp_path: Path) -> None:
    service = app_on(lite, tmp_path).test_client()
    assert "demo" not in service.get("/", headers=ENGLISH).text
    assert enter(service, "operator").status_code == 404
    demo = app_on(lite, tmp_path, demo="1").test_client()
    assert "This is a demo" not in demo.get("/", headers=ENGLISH, base_url="http://etale.example.org").text
    assert enter(demo, "operator", "etale.example.org").status_code == 404
    assert enter(demo, "teacher").status_code == 404
    assert demo.post("/demo/sign-in", data={"role": "operator"}).status_code == 400


def test_a_demo_is_not_served_to_other_machines() -> None:
    with pytest.raises(FaultyInput, match="this machine alone"):
        read_settings({"ETALE_DEMO": "1", "ETALE_HOST": "0.0.0.0"})  # noqa: S104 - is refused
    assert not read_settings({"ETALE_HOST": "0.0.0.0"}).demo  # noqa: S104
