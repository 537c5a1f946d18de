"""The pages of a region as people meet them: from an overload to published calendars; wide, narrow, French, English."""

from __future__ import annotations

import time
import urllib.request
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from real_browser import AXE, REGION, faults_by_axe, faults_of_page, set_width, sign_in
from served import PATIENCE
from webs import settings_for

from scheduler.service.feed_addresses import give_address
from scheduler.store import open_store
from web import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from real_browser import Service
    from selenium.webdriver.chrome.webdriver import WebDriver

pytestmark = pytest.mark.slow

WIDE, NARROW = 1280, 390
PARTS = {"region.progress", "region.scenario_progress"}
"""Routes that give a part of a page, for scripts."""
FILLED = {"number": 3, "entry": 1, "school": "0670001A", "table": ""}
"""What goes into the open places of addresses."""
TABLES = ("access", "usage", "platforms")


class Person:
    """Whoever looks at the region with a browser."""

    def __init__(self, driver: WebDriver, service: Service):
        self.driver, self.service = driver, service

    @property
    def text(self) -> str:
        """What stands on the page."""
        # In one go: the page may renew itself meanwhile.
        return str(self.driver.execute_script("return document.querySelector('main')?.innerText ?? ''"))

    def open(self, path: str) -> None:
        """Open a page of the region."""
        self.driver.get(self.service.page(path))

    def press(self, words: str) -> None:
        """Press the button with these words, or follow the link."""
        place = f"//main//*[(self::button or self::a) and contains(normalize-space(.), '{words}')]"
        found = self.driver.find_element("xpath", place)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()

    def choose(self, name: str, value: str) -> None:
        """Choose in a list."""
        self.driver.find_element("css selector", f"select[name='{name}'] option[value='{value}']").click()

    def type(self, name: str, text: str) -> None:
        """Type into a field."""
        field = self.driver.find_element("name", name)
        if field.get_attribute("type") == "datetime-local":
            # What keys do to this field depends on the machine's locale.
            self.driver.execute_script("arguments[0].value = arguments[1]", field, text)
        else:
            field.clear()
            field.send_keys(text)

    def wait_for(self, words: str, seconds: float = 3 * PATIENCE) -> None:
        """Wait until words stand on the page, which renews itself."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < deadline, f"{words!r} does not come: {self.text[:2000]}"
            time.sleep(0.3)

    def wait_and_look_again(self, words: str, seconds: float = 3 * PATIENCE) -> None:
        """Wait until words stand on the page, loading it again."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < deadline, f"{words!r} does not come: {self.text[:2000]}"
            time.sleep(0.5)
            self.driver.refresh()


@pytest.fixture(scope="module")
def person(chromium: WebDriver, service: Service) -> Person:
    set_width(chromium, WIDE)
    sign_in(chromium, service)
    return Person(chromium, service)


def plan(person: Person) -> None:
    """Start a plan of the horizon, and watch it to its end."""
    person.open("/runs")
    person.press("Start")
    person.wait_for("How it was made")


def test_from_an_overload_to_published_calendars(person: Person) -> None:
    person.open("?week=2021-04-06")
    assert "Nobody can tell yet" in person.text
    person.press("Reckon the load of the usual times")
    person.wait_and_look_again("No: at the usual times, Mon ENT goes over its limit on Wednesday in the morning")

    plan(person)
    assert "nothing goes over any more" in person.text

    person.open("/capacity#enter")
    for name, value in (("sort", "outage"), ("platform", "ent"), ("unit", "percent")):
        person.choose(name, value)
    for name, text in (("amount", "95"), ("from", "2021-04-09T08:00"), ("to", "2021-04-09T19:00"), ("note", "fire")):
        person.type(name, text)
    person.press("See what it does")
    person.wait_for("outage, −95 % of the normal capacity")
    person.press("Save")
    person.wait_for("It is saved")

    plan(person)
    person.open("/runs/compare?run=2&run=3")
    person.wait_for("The best figure of each row")

    person.open("/runs/3")
    person.press("Accept for all schools and publish now")
    person.wait_and_look_again("published, 0 refused")
    store = open_store(person.service.database)
    token = give_address(store, OPERATORS, REGION, "0670001A", "group", "6C", "en", "for a test")
    store.dispose()
    address = f"{person.service.base}/feeds/{token}.ics"
    with urllib.request.urlopen(address, timeout=PATIENCE) as feed:  # noqa: S310 - an address of our own
        calendar = feed.read().decode()
    assert "SVT" in calendar
    person.open("?week=2021-04-06")
    assert "Adopted on" in person.text
    assert "2 schools have published" in person.text


def pages(folder: Path) -> list[str]:
    """Give the pages of a region: those of its third run, first capacity and first school too."""
    app = create_app(settings_for(folder))
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("region.")]
    rules = [rule for rule in rules if rule.endpoint not in PARTS]
    found = []
    with app.test_request_context():
        for rule in rules:
            if "GET" in (rule.methods or ()) and rule.arguments <= {"region", *FILLED}:
                for table in TABLES if "table" in rule.arguments else ("",):
                    values = FILLED | {"region": REGION, "table": table}
                    address = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
                    found.append(address.removeprefix(f"/regions/{REGION}"))
    return sorted(found)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_fits_and_the_browser_has_nothing_to_say(
    person: Person, tmp_path: Path, language: str, width: int
) -> None:
    sign_in(person.driver, person.service, language)
    set_width(person.driver, width)
    wrong = {}
    for path in pages(tmp_path):
        person.open(path)
        assert person.driver.find_element("tag name", "html").get_attribute("lang") == language
        found = faults_of_page(person.driver)
        if AXE.exists():
            found += faults_by_axe(person.driver)
        if found:
            wrong[path] = found
    assert wrong == {}


def test_axe_looked_at_every_page() -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not there: “make browser-tools” installs it")
