"""The picture of one meter on one date says what the figures say."""

from __future__ import annotations

import datetime as dt
import math
import re
import xml.etree.ElementTree as ET  # the pictures read here are our own
from dataclasses import replace

import numpy as np
import pytest

from scheduler.charts.curve import Band, LoadCurve, load_curve_svg, scale_of
from scheduler.charts.scale import HEADROOM, Scale, highest_to_show, runs, tidy_ticks

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('x & \"y\"')</script>\x07"


def curve(**changes: object) -> LoadCurve:
    before = np.array([0.0, 80.0, 120.0, 90.0, 10.0])
    after = np.array([0.0, 75.0, 75.0, 75.0, 75.0])
    plain = LoadCurve(
        platform="ent",
        name="ENT Mon bureau numérique",
        meter="connections",
        date=dt.date(2021, 4, 6),
        slot_minutes=5,
        first=96,
        before=before,
        after=after,
        limit=np.full(5, 75.0),
        capacity=np.full(5, 100.0),
        highest=120.0,
    )
    return replace(plain, **changes)


def drawn(picture: LoadCurve, language: str = "en") -> ET.Element:
    return ET.fromstring(load_curve_svg(picture, language, standalone=True))  # noqa: S314


def corners(root: ET.Element, kind: str) -> list[list[tuple[float, float]]]:
    lines = [line for line in root.iter(f"{SVG}polyline") if line.get("class") == kind]
    return [[tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()] for line in lines]


def value_in(lines: list[list[tuple[float, float]]], scale: Scale, place: int) -> float | None:
    """Read the load of a slot back from the picture."""
    middle = scale.x(scale.first + place + 0.5)
    for line in lines:
        for (left, y), (right, _) in zip(line[::2], line[1::2], strict=True):
            if left <= middle <= right:
                return (scale.bottom - y) * scale.highest / (scale.bottom - scale.top)
    return None


@pytest.mark.parametrize("kind", ["before", "after", "limit", "capacity"])
def test_step_lines_give_the_figures_back(kind: str) -> None:
    picture = curve()
    scale, lines = scale_of(picture), corners(drawn(picture), kind)
    for place, load in enumerate(getattr(picture, kind)):
        assert value_in(lines, scale, place) == pytest.approx(load, abs=0.1)


def test_unlimited_slots_interrupt_the_limit() -> None:
    limit = np.array([75.0, np.inf, np.inf, 75.0, 75.0])
    picture = curve(limit=limit, capacity=limit / 0.75)
    lines = corners(drawn(picture), "limit")
    assert len(lines) == 2
    assert value_in(lines, scale_of(picture), 1) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"limit": np.full(5, np.inf), "capacity": np.full(5, np.inf)},
        {"limit": np.zeros(5), "capacity": np.zeros(5)},
        {"before": np.zeros(5), "after": np.zeros(5), "highest": 0.0},
        {"before": np.zeros(0), "after": np.zeros(0), "limit": np.zeros(0), "capacity": np.zeros(0), "highest": 0.0},
        {"limit": np.full(5, 75e6), "capacity": np.full(5, 1e8)},
        {"limit": np.full(5, 100.0)},
        {"first": 0, "meter": "logins_per_minute"},
    ],
    ids=["unlimited", "no capacity", "no load", "no slots", "limit far above", "limit is capacity", "from midnight"],
)
@pytest.mark.parametrize("standalone", [True, False])
def test_odd_days_are_drawn_without_a_fault(changes: dict[str, object], standalone: bool) -> None:
    for language in ("fr", "en"):
        text = load_curve_svg(curve(**changes), language, standalone)
        assert "nan" not in text
        assert "inf" not in text.replace("information", "")
        assert ET.fromstring(text).get("role") == "img"  # noqa: S314


def test_a_limit_far_above_is_told_in_words() -> None:
    assert "↑ limit 75,000" in load_curve_svg(curve(limit=np.full(5, 75e3)), "en", standalone=False)


def test_overload_is_filled_and_hatched_from_the_limit_to_the_load() -> None:
    picture = curve(after=np.array([0.0, 75.0, 100.0, 75.0, 75.0]))
    root, scale = drawn(picture), scale_of(picture)
    hatched = [shape for shape in root.iter(f"{SVG}polygon") if "hatch" in shape.get("fill", "")]
    assert len(hatched) == 1
    points = [tuple(map(float, pair.split(","))) for pair in hatched[0].attrib["points"].split()]
    assert {x for x, _ in points} == {round(scale.x(98), 1), round(scale.x(99), 1)}
    assert {y for _, y in points} == {round(scale.y(75), 1), round(scale.y(100), 1)}


def test_no_overload_of_the_plan_leaves_no_strong_hatch() -> None:
    assert not [shape for shape in drawn(curve()).iter(f"{SVG}polygon") if "url(#hatch" in shape.get("fill", "")]


def test_bands_are_cut_to_what_is_shown_and_carry_their_notes() -> None:
    bands = (Band(0, 485, "panne de nuit", False), Band(490, 1440, "renfort", True), Band(0, 480, "avant", False))
    picture = curve(bands=bands)
    root, scale = drawn(picture), scale_of(picture)
    places = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "band"]
    assert [float(rect.attrib["x"]) for rect in places] == [round(scale.left, 1), round(scale.x(98), 1)]
    words = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert [word[0] for word in words if "panne" in word or "renfort" in word] == ["▼", "▲"]


def test_what_people_wrote_is_escaped() -> None:
    picture = curve(name=HOSTILE, platform=HOSTILE, bands=(Band(480, 490, HOSTILE, True),))
    text = load_curve_svg(picture, "fr", standalone=True)
    assert "<script" not in text
    assert "alert(" in ET.fromstring(text).findtext(f"{SVG}title", "")  # noqa: S314


def test_each_slot_has_a_tip_with_its_figures() -> None:
    tips = [rect.findtext(f"{SVG}title") for rect in drawn(curve()).iter(f"{SVG}rect") if rect.get("class") == "slot"]
    assert tips[1:3] == [
        "8:05 · before 80 · after 75 · limit 75 · capacity 100",
        "8:10 · before 120 · after 75 · limit 75 · capacity 100",
    ]


def test_the_picture_names_itself_to_screen_readers() -> None:
    root = drawn(curve())
    names = {part.get("id") for part in root}
    assert set(root.attrib["aria-labelledby"].split()) <= names
    assert "120" in root.findtext(f"{SVG}desc", "")


def test_pictures_of_one_page_share_no_identity() -> None:
    days = [curve(date=dt.date(2021, 4, day), meter=meter) for day in (6, 7) for meter in ("connections", "logins")]
    assert len({picture.identity for picture in days}) == 4


def test_variants_of_one_picture_have_names_of_their_own() -> None:
    """A comparison shows one meter and date under several policies, each in a picture."""
    one, other = curve(variant="First fit"), curve(variant="Étale")
    assert len({one.identity, other.identity, curve().identity}) == 3
    assert drawn(one).findtext(f"{SVG}title") == f"{drawn(curve()).findtext(f'{SVG}title')}: First fit"


def test_a_picture_of_its_own_brings_its_style_and_a_part_of_a_page_does_not() -> None:
    assert "<style>" in load_curve_svg(curve(), "en", standalone=True)
    inside = load_curve_svg(curve(), "en", standalone=False)
    assert "<style>" not in inside
    assert "http" not in inside


@pytest.mark.parametrize("highest", [0.0, 0.4, 1.0, 7.0, 99.0, 100.0, 10_179.0, 157_000.0, 3e6])
def test_ticks_are_tidy_and_reach_the_top(highest: float) -> None:
    ticks = tidy_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 7
    step = ticks[1]
    assert round(step / 10 ** math.floor(math.log10(step)), 6) in (1, 2, 2.5, 5)
    assert ticks == pytest.approx([count * step for count in range(len(ticks))])


def test_the_scale_shows_every_load_and_the_limits_near_them() -> None:
    loads = [np.array([10.0, 100.0])]
    assert highest_to_show(loads, [np.array([250.0, np.inf])]) == pytest.approx(HEADROOM * 250)
    assert highest_to_show(loads, [np.array([5000.0, 120.0])]) == pytest.approx(HEADROOM * 120)
    assert highest_to_show([np.zeros(2)], [np.array([50.0, np.inf])]) == pytest.approx(HEADROOM * 50)


def test_runs_are_half_open() -> None:
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.zeros(0, dtype=bool)) == []


def test_hours_and_names_follow_the_language() -> None:
    words = [text.text for text in drawn(curve()).iter(f"{SVG}text")]
    assert "8:00" in words
    assert {"before", "after"} <= set(words)
    assert any(re.match(r"limit 75$", word or "") for word in words)
