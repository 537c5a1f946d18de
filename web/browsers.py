"""What a browser is called, from what it sends: enough to tell one's phone from the computer at school."""

from __future__ import annotations

from scheduler.wording import T, Text

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What stands in ``User-Agent``, and the name; the first that stands there counts, for many name others too."""

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_named(program: str) -> Text:
    """Name a browser and its system by what it sent as ``User-Agent``."""
    browser = next((name for mark, name in BROWSERS if mark in program), None)
    system = next((name for mark, name in SYSTEMS if mark in program), None)
    if browser and system:
        return T("{browser} on {system}", browser=browser, system=system)
    return T("Another program")
