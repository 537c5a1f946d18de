"""The page of a run: whole in itself, valid, and true to the figures."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from result_samples import BASE, ENT, TUESDAY, region, run, staggered

from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.places import Platform, School
from scheduler.domain.verdict import peaks, school_moves, shortfalls, tally
from scheduler.files.load_parts import CURVES_SHOWN
from scheduler.files.result_page import result_page
from scheduler.files.terminal_summary import terminal_summary
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.domain.region import Region

VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = "<script>alert('é & \"x\"')</script>{7*7}{{7*7}}"

TUESDAY_AT_NINE = dt.datetime.combine(TUESDAY, dt.time(9))


class Page(HTMLParser):
    """Reads a page, checks that its tags nest, and keeps ids, attributes, tables and text."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[list[str]]] = []
        self.text = ""
        self._cell = False
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell:
            self.tables[-1][-1][-1] += data

    def attributes(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags for key, value in attrs.items() if key == name and value is not None]


def page_of(place: Region, minutes: int | None = None, language: str = "en") -> Page:
    plan = None if minutes is None else staggered(place, minutes)
    outcome, found = run(place, plan)
    return Page(result_page(place, outcome, found, 12.3, language).decode())


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_needs_nothing_from_elsewhere(language: str) -> None:
    place = region()
    text = result_page(place, *run(place, staggered(place)), 12.3, language).decode()
    assert not re.search(r"https?:|(?<![:\w])//\w|@import|url\((?!#)", text)
    page = Page(text)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert set(page.attributes("href")) - {"plan.csv", "load.csv", "report.json"} == {
        link for link in page.attributes("href") if link.startswith("#")
    }


def test_it_says_its_language_and_its_parts_hold_together(language: str) -> None:
    page = page_of(region(), 120, language)
    assert page.tags[0] == ("html", {"lang": language})
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    referred = {name for value in page.attributes("aria-labelledby") for name in value.split()}
    assert referred <= set(ids)
    assert {link[1:] for link in page.attributes("href") if link.startswith("#")} <= set(ids)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [tag for tag, _ in page.tags].count("main") == 1


def test_every_table_has_a_caption_and_scoped_headings() -> None:
    page = page_of(region(), 120)
    names = [tag for tag, _ in page.tags]
    assert names.count("caption") == names.count("table")
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in page.tags if tag == "th")


def test_each_curve_has_a_table_twin_with_its_figures() -> None:
    place = region()
    outcome, found = run(place, staggered(place))
    page = Page(result_page(place, outcome, found, 12.3, "en").decode())
    assert [tag for tag, _ in page.tags].count("svg") == 2
    twins = [table for table in page.tables if table[0][0] == "From"]
    assert len(twins) == 2
    for twin, day, proof in zip(twins, found, outcome.proofs, strict=True):
        assert twin[0] == ["From", "Before", "After", "Limit", "Capacity", "Price"]
        assert len(twin) - 1 == len(place.grid.day_slots)
        for row, slot in zip(twin[1:], place.grid.day_slots, strict=True):
            figures = (day.before, day.after, day.limit, day.capacity, proof.price)
            assert [float(cell) for cell in row[1:]] == [float(array[0, slot]) for array in figures]
        tips = re.findall(r"8:00 · before 600 · after 300 · limit 300 · capacity 400", page.text)
        assert len(tips) == 2


def test_a_plan_that_keeps_the_limit_is_said_to() -> None:
    text = page_of(region(), 120).text
    assert "Is the week of 6\N{NO-BREAK SPACE}April safe?" in text
    assert "goes over its limit on Tuesday and Wednesday in the morning." in text
    assert "nothing goes over any more; 50% of class sessions move, by 120 min on average." in text
    assert "At the usual times, 300 connections too few on Tuesday from 7:55 to 9:55; with the plan, " in text


def test_an_overload_that_stays_is_said() -> None:
    text = page_of(region()).text
    assert "ENT Mon bureau numérique is short of 300 connections on Tuesday 6 April from 7:55 to 9:55" in text
    assert "no class session moves" in text
    assert "Even with the plan, 300 connections too few on Wednesday from 7:55 to 9:55." in text


def test_a_week_that_was_safe_anyway_is_said_to_be() -> None:
    text = page_of(region((replace(BASE, amount=8000.0),))).text
    assert "Yes: at the usual times already, no platform goes over its limit." in text
    assert "it stays so" in text


def test_nothing_that_people_wrote_becomes_markup(language: str) -> None:
    note = CapacityEntry("ent", "connections", TUESDAY_AT_NINE, None, "change", -10.0, False, HOSTILE)
    place = region((BASE, note), (Platform("ent", HOSTILE, HOSTILE),))
    schools = tuple(School(school.key, HOSTILE) for school in place.schools)
    place = replace(place, name=HOSTILE, schools=schools, activities=replace(place.activities, schools=schools))
    outcome, found = run(place, staggered(place))
    outcome = replace(outcome, warnings=(T("{name} is odd", name=HOSTILE),))
    text = result_page(place, outcome, found, 1.0, language).decode()
    assert "<script" not in text
    assert "49" not in re.findall(r"<h1[^>]*>.*?</h1>|<strong>.*?</strong>", text)
    page = Page(text)
    assert page.text.count("<script>alert(") > 10
    assert "{7*7}{{7*7}}" in page.text


@pytest.mark.parametrize(
    ("capacities", "said"),
    [
        ((), "Nobody can tell: no capacity is known"),
        ((replace(BASE, amount=0.0),), "is short of 600 connections"),
        (
            (replace(BASE, start=dt.datetime.combine(TUESDAY, dt.time()) + dt.timedelta(days=1)),),
            "Without limit on Tuesday: 600 connections at most, at 7:55.",
        ),
        ((replace(BASE, meter="logins_per_minute"),), "Nothing is asked of it on Tuesday."),
    ],
    ids=["no limited meter", "capacity 0", "unlimited on one date", "no load"],
)
def test_odd_capacities_are_told_in_words(capacities: tuple[CapacityEntry, ...], said: str, language: str) -> None:
    place = region(capacities)
    assert said in page_of(place).text
    page = page_of(place, 120, language)
    assert "inf" not in re.findall(r"[\w-]+", page.text)
    assert "nan" not in re.findall(r"[\w-]+", page.text)


def test_a_region_in_which_nothing_happens_has_a_page(language: str) -> None:
    place = region()
    later = replace(
        place, grid=replace(place.grid, first_date=TUESDAY + dt.timedelta(days=2), last_date=dt.date(2021, 4, 9))
    )
    page = page_of(later, language=language)
    assert "<svg" not in page.text
    assert page.tags[0][1]["lang"] == language


def test_notes_of_capacity_changes_stand_at_the_curves() -> None:
    outage = CapacityEntry(
        "ent", "connections", TUESDAY_AT_NINE, TUESDAY_AT_NINE + dt.timedelta(hours=2), "change", -50.0, True
    )
    assert "▼ capacity lowered by 50%" in page_of(region((BASE, outage))).text


def test_very_many_curves_are_cut_to_the_tightest() -> None:
    platforms = (ENT, *(Platform(f"p{at}", f"Plateforme {at}", "") for at in range(40)))
    bases = (BASE, *(replace(BASE, platform=f"p{at}") for at in range(40)))
    page = page_of(region(bases, platforms))
    assert [tag for tag, _ in page.tags].count("svg") == CURVES_SHOWN
    assert f"The {CURVES_SHOWN} tightest of 82 curves are drawn" in page.text


def test_numbers_and_times_follow_the_language() -> None:
    place = region((replace(BASE, amount=123_456.5),))
    space, narrow = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
    french, english = page_of(place, language="fr").text, page_of(place).text
    assert f"123{narrow}456" in french
    assert f"8{space}h{space}05" in french
    assert "123,456" in english
    assert "8:05" in english


def test_figures_of_the_verdict() -> None:
    place = region()
    outcome, found = run(place, staggered(place))
    total = tally(place, outcome, found)
    assert (total.sessions, total.sessions_moved, total.mean_shift_minutes) == (24, 12, 120)
    assert total.gap == pytest.approx(0.002)
    (peak,) = peaks(place, found)
    assert (peak.before, peak.after, peak.limit, peak.capacity) == (600, 300, 300, 400)
    assert (peak.utilisation_before, peak.utilisation_after) == (1.5, 0.75)
    assert (peak.over_before, peak.over_after) == (True, False)
    (short,) = shortfalls(place, found[0], planned=False)
    assert (short.first, short.last, short.missing) == (95, 119, 300)
    assert shortfalls(place, found[0], planned=True) == ()
    worst = school_moves(place, outcome, 2)
    assert [(moves.school, moves.moved, moves.mean_shift_minutes) for moves in worst] == [(1, 4, 120.0), (3, 4, 120.0)]


def test_the_terminal_has_80_columns_and_the_same_figures(language: str) -> None:
    place = region(platforms=(Platform("ent", "ENT " + "très " * 20 + "long\x1b[31m", "ent"),))
    outcome, found = run(place, staggered(place))
    said = terminal_summary(place, outcome, found, 83.2, language)
    assert all(len(line) <= 80 for line in said.splitlines())
    assert "\x1b" not in said
    assert "! 600" in said
    assert "300" in said


def test_the_terminal_says_why_there_is_no_table() -> None:
    place = region(())
    assert "no capacity is known" in terminal_summary(place, *run(place), 1.0, "en")


def test_a_plan_that_may_change_the_order_claims_no_proof() -> None:
    place = region()
    outcome, found = run(place, staggered(place))
    for said in (
        result_page(place, outcome, found, 1.0, "en", order_kept=False).decode(),
        " ".join(terminal_summary(place, outcome, found, 1.0, "en", order_kept=False).split()),
    ):
        assert "of the best possible" not in said
        assert "is not proven, as the order of sessions may change" in said
