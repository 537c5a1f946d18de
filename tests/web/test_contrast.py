"""The style sheet: enough contrast for everybody, by day and by night (WCAG 2.1, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "web" / "static" / "etale.css").read_text(encoding="utf-8")

TEXT = [
    ("ink", "paper"),
    ("ink", "raised"),
    ("muted", "paper"),
    ("muted", "raised"),
    ("accent", "paper"),
    ("accent", "raised"),
    ("over", "paper"),
    ("over", "over-tint"),
    ("close", "paper"),
    ("close", "close-tint"),
    ("on-accent", "accent"),
]
LINES = [("edge", "paper"), ("before", "paper"), ("accent", "paper")]


def colours(dark: bool) -> dict[str, str]:
    """Read the colours of the style sheet."""
    by_day, by_night = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", root)) for root in _roots())
    return by_day | by_night if dark else by_day


def _roots() -> list[str]:
    return re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_known() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_everything_can_be_read(dark: bool) -> None:
    known = colours(dark)
    assert {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in TEXT if _below(known, pair, 4.5)} == {}
    assert {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in LINES if _below(known, pair, 3)} == {}


def _below(known: dict[str, str], pair: tuple[str, str], least: float) -> bool:
    return contrast(known[pair[0]], known[pair[1]]) < least
