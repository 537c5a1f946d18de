"""The colours keep the contrast that WCAG 2.1 AA asks for, on both papers."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from scheduler.charts.style import DARK, LIGHT, Colours, curve_style


def brightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_lines_of_a_curve_stand_out(colours: Colours) -> None:
    for words in (colours.ink, colours.muted, colours.accent, colours.over):
        assert contrast(words, colours.paper) >= 4.5
    assert contrast(colours.before, colours.paper) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_of_the_page_stand_out(theme: int) -> None:
    css = files("scheduler.files").joinpath("templates/result.css").read_text(encoding="utf-8")
    root = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[theme]
    colour = dict(re.findall(r"--([\w-]+): (#\w{6})", root))
    for words in ("ink", "muted", "accent", "over", "close"):
        assert contrast(colour[words], colour["paper"]) >= 4.5
    assert contrast(colour["before"], colour["paper"]) >= 3
    for tint in ("over-tint", "close-tint"):
        assert contrast(colour["ink"], colour[tint]) >= 4.5


def test_the_rules_of_a_curve_are_whole() -> None:
    rules = curve_style(LIGHT)
    assert rules.count("{") == rules.count("}") > 10
    assert all(rule.startswith(".curve") for rule in rules.splitlines())
