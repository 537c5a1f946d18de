"""What tests in a real browser share: where its programs are, and the service that it looks at."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from households import PASSWORD
from region_files import added

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
ROOT = Path(__file__).parents[2]
AXE = Path(os.environ.get("ETALE_AXE") or ROOT / ".venv" / "browser" / "node_modules" / "axe-core" / "axe.min.js")
REGION, ME = "little-region", "region@example.org"

CROWDED = added(
    "sessions.csv",
    "0670001A,S8,WE,,08:00,55,6C,Mme Zorn,,SVT,90,ent,,,,,,",
    "0670002B,S8,WE,,08:00,55,2C,M. Moder,,SVT,90,ent,,,,,,",
)
"""From Wednesday 8:00 to noon the ENT bears 200 and a plan may fill 150, which is not enough for both at once."""


@dataclass(frozen=True)
class Service:
    """Where the service is, and its database.

    Attributes
    ----------
    base : str
        Address without a slash at the end.
    database : str
    """

    base: str
    database: str

    def page(self, path: str = "") -> str:
        """Give the address of a page of the region."""
        return f"{self.base}/regions/{REGION}{path}"


def sign_in(driver: WebDriver, service: Service, language: str = "en") -> None:
    """Let the browser be the region's person, in a language."""
    driver.delete_all_cookies()
    driver.get(f"{service.base}/language/{language}?next=/sign-in")
    driver.find_element("name", "email").send_keys(ME)
    driver.find_element("name", "password").send_keys(PASSWORD)
    driver.find_element("css selector", "main form button").click()


def set_width(driver: WebDriver, width: int) -> None:
    """Let the page be so many CSS pixels wide."""
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def faults_of_page(driver: WebDriver) -> list[Any]:
    """Say what is wrong with the page that is shown: complaints of the browser, and overflow to the right."""
    found: list[Any] = [one["message"] for one in driver.get_log("browser") if one["level"] != "INFO"]
    wide, shown = driver.execute_script(
        "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [*found, *([f"{wide} wide, {shown} shown"] if wide > shown else [])]


def faults_by_axe(driver: WebDriver) -> list[str]:
    """Say what axe-core finds on the page that is shown, at WCAG 2.1 A and AA."""
    # Scripts that the driver runs are not the page's: its content security policy does not speak of them.
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    found = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then("
        "  (found) => done(found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)])),"
        "  (why) => done([['axe failed', [String(why)]]]))"
    )
    return [f"{rule}: {re.sub(chr(10), ' ', node)[:200]}" for rule, nodes in found for node in nodes]
