"""A real browser on a real service: Debian's Chromium, `etale serve` with a worker, and a little region that overloads.

``make browser-tools`` installs what is wanted; without it these tests are skipped, and say so.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS, newcomer
from real_browser import CHROMIUM, CROWDED, DRIVER, ME, REGION, Service
from region_files import write_region
from served import free_port, running, serve_command

from scheduler.service.region_import import import_region
from scheduler.store import open_store, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve the region to its person."""
    folder = tmp_path_factory.mktemp("served")
    database = f"sqlite:///{folder / 'etale.db'}"
    store = open_store(database)
    schema.upgrade(store)
    import_region(store, OPERATORS, write_region(folder / "region", CROWDED))
    newcomer(store, ME, "region", REGION)
    store.dispose()
    port = free_port()
    with running(serve_command(port), folder, port, within_seconds=120.0):
        yield Service(f"http://localhost:{port}", database)


@pytest.fixture(scope="session")
def chromium() -> Iterator[WebDriver]:
    """Start a browser without a screen."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    for program in (CHROMIUM, DRIVER):
        if not shutil.which(program):
            pytest.skip(f"{program} is not there: “make browser-tools” installs it")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "no-first-run",
        "hide-scrollbars",
    ):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()
