"""A comparison as a page, a table for terminals, CSV and JSON, in both languages."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from builders import changed, region_of, session, window

from scheduler import translation, wording
from scheduler.domain.breaches import RULES, count_breaches
from scheduler.domain.capacity import CapacityEntry
from scheduler.domain.comparison import POLICIES, Candidate, standings
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.files.comparison_data import comparison_csv, comparison_json
from scheduler.files.comparison_page import PANELS_SHOWN, comparison_page
from scheduler.files.comparison_table import WIDTH, comparison_table
from scheduler.files.comparison_words import comparison_answer, overload_word, policy_about, policy_name
from scheduler.files.words import SpokenWords

MOVES = {
    "usual": {},
    "jitter": {},
    "rota": {"a": 90, "w": 30},
    "bells": {"a": 5},
    "greedy": {"b": 60},
    "ours": {"b": 20},
}


@pytest.fixture(autouse=True)
def both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sentences speak French, and leave no translator to other tests."""
    monkeypatch.setattr(wording, "_translator", [])
    translation.install()


def some_region(**more):
    rows = [session("a", heads=30), session("b", heads=20), window("w", heads=5, minutes=30)]
    return region_of(rows, **({"capacity": 40} | more))


def candidates_of(region, policies=tuple(MOVES)):
    found = []
    for policy in policies:
        plan = changed(region, MOVES.get(policy, {}), {})
        breaches = count_breaches(region, plan).with_more("start", 3 * (policy == "jitter"))
        days = figures(region, plan, usual_plan(region))
        more = {"lower_bound": 380.0} if policy == "ours" else {"wait_minutes": 4.5} if policy == "jitter" else {}
        found.append(Candidate(policy, plan, days, breaches, **more))
    return found


def page_of(region, language="en", policies=tuple(MOVES)):
    found = candidates_of(region, policies)
    return comparison_page(region, found, standings(region, found), 10, language).decode()


def answer_of(region, policies=tuple(MOVES), language="en"):
    words = SpokenWords(language)
    said = comparison_answer(region, standings(region, candidates_of(region, policies)), words)
    return [" ".join(words.say(sentence) for sentence in paragraph) for paragraph in said]


class Tags(HTMLParser):
    """Everything that a page is made of."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def count(self, tag: str, look: str) -> int:
        return sum(name == tag and look in (attrs.get("class") or "").split() for name, attrs in self.tags)


@pytest.mark.parametrize(
    ("language", "question"),
    [("en", "What would hold on Monday 5 April?"), ("fr", "Qu’est-ce qui tiendrait le lundi 5 avril\u202f?")],
)
def test_the_page_speaks_both_languages(language: str, question: str):
    page = page_of(some_region(), language)
    assert f'<h1 id="question">{question}</h1>' in page
    assert f'<html lang="{language}">' in page
    for policy in MOVES:
        assert policy_name(policy).in_language(language) in page


def test_no_english_sentence_is_left_on_the_french_page():
    pages = [page_of(some_region(), language) for language in ("en", "fr")]
    # Pictures have tests of their own; names of people and places and keys are said alike in both languages.
    bare = [re.sub(r"<svg.*?</svg>|<style>.*?</style>", "", page, flags=re.DOTALL) for page in pages]
    english, french = ({text.strip() for text in re.findall(r">([^<]{4,})<", page)} for page in bare)
    alike = {text for text in english & french if not re.search(r"\d", text)}
    assert alike == {*MOVES, "Test", "Étale"}


def test_one_picture_a_policy_and_every_figure_in_the_twin():
    region = some_region()
    page = page_of(region)
    tags = Tags(page)
    assert tags.count("svg", "curve") == len(MOVES)
    twin = page[page.index('<table class="twin">') :]
    assert twin.count("<tr>") == 1 + len(region.grid.day_slots)
    # At 8:00 the usual timetable asks 55 connections where 40 are there.
    row = re.search(r'<tr><th scope="row">8:00</th>(.*?)</tr>', twin)
    assert row is not None
    assert re.findall("<td>(.*?)</td>", row[1])[:2] == ["40", "▲ 55"]


def test_ids_are_unique_and_links_lead_somewhere():
    tags = Tags(page_of(some_region()))
    ids = Counter(attrs["id"] for _, attrs in tags.tags if attrs.get("id"))
    assert [one for one, count in ids.items() if count > 1] == []
    links = {attrs["href"] for tag, attrs in tags.tags if tag == "a"}
    assert {link[1:] for link in links} <= set(ids)
    labelled = {name for _, attrs in tags.tags for name in (attrs.get("aria-labelledby") or "").split()}
    assert labelled <= set(ids)


def test_nothing_is_loaded_from_elsewhere_and_names_are_escaped():
    region = some_region(capacities=(CapacityEntry("cned", "connections", None, None, "base", 9.0),))
    notes = (CapacityEntry("ent", "connections", None, None, "change", 5.0, note="<b>raise</b>"),)
    page = page_of(some_region(capacities=notes))
    assert "<b>raise" not in page
    assert "&lt;b&gt;raise" in page
    for text in (page, page_of(region)):
        assert not re.search(r'(src|href)="(?!#)', text)
        assert "default-src 'none'" in text


def test_over_and_best_are_marked_with_more_than_colour():
    page = page_of(some_region())
    row = re.search(r">Overload .*?</tr>", page, re.DOTALL)
    assert row is not None
    cells = dict(zip(MOVES, re.findall(r'<td class="([^"]*)">(.*?)</td>', row[0]), strict=True))
    # The levels in turns leave nothing over either, but break rules, so that they are not the best.
    assert cells["usual"] == ("", "200")
    assert cells["rota"] == ("", "0")
    assert cells["greedy"] == ("best", "★ 0")
    assert cells["ours"] == ("best ours", "★ 0")
    assert '<td class="over">▲ 138%</td>' in page


def test_many_dates_draw_the_tightest_only():
    rows = [session(day, day=day) for day in ("MO", "TU", "WE", "TH", "FR")]
    page = page_of(region_of(rows, days=26, capacity=20), policies=("usual", "bells"))
    assert Tags(page).count("svg", "curve") == 2 * PANELS_SHOWN
    assert f"The {PANELS_SHOWN} tightest of" in page


def test_without_capacity_the_page_says_what_to_do():
    region = region_of([session("a"), session("b")])
    page = page_of(region)
    assert "Nobody can tell" in page
    assert "Write one in capacity.csv" in page
    assert "<svg" not in page


class TestAnswer:
    def test_it_says_who_holds_who_breaks_rules_and_what_ours_costs(self):
        usual, others, ours = answer_of(some_region())
        assert usual.startswith("At the usual times, a limit is exceeded for 15 minutes: Mon Bureau Numérique")
        assert "reaches 138% of its capacity, of which 100% may be filled" in usual
        assert "Below every limit, with every rule kept: First fit and Étale." in others
        assert "Breaking rules that a timetable must keep: Random delay and Levels in turns." in others
        assert "moves 50% of the class sessions, by 20 minutes on average; its plan is within 5% of" in ours
        assert ours.endswith("the cheapest, First fit, costs 3 times as much.")

    def test_where_nobody_holds_the_closest_is_named(self):
        _, others = answer_of(some_region(), ("usual", "bells", "rota"))
        assert "None stays below every limit and keeps every rule; Staggered bells comes closest" in others

    def test_where_nobody_helps_it_says_so(self):
        _, others = answer_of(some_region(capacity=54), ("usual", "parents"))
        assert others == "None of the others eases the overload and keeps every rule."

    def test_what_ours_leaves_over_is_told_with_the_weight_that_decides(self):
        ours = answer_of(some_region(capacity=20))[-1]
        assert re.search(r"It leaves [\d,.]+ connection-minutes of overload: they are weighed against shifts", ours)

    def test_the_usual_timetable_that_holds(self):
        assert answer_of(some_region(capacity=400), ("usual", "bells")) == [
            "At the usual times already, nothing goes over its limit."
        ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_table_fits_a_terminal(language: str):
    region = some_region(capacities=(CapacityEntry("ent", "logins_per_minute", None, None, "base", 1e9),))
    found = candidates_of(region, POLICIES)
    table = comparison_table(region, standings(region, found), 10, language)
    assert max(map(len, table.splitlines())) <= WIDTH
    assert all(re.search(rf"(?m)^{policy}  ", table) for policy in POLICIES)


def test_the_table_tells_figures_waits_and_breaches():
    region = some_region()
    table = comparison_table(region, standings(region, candidates_of(region)), 10, "en")
    usual = next(line for line in table.splitlines() if line.startswith("usual"))
    assert usual.split() == ["usual", "!", "138%", "15", "200", "0%", "0.0", "0", "0", "81%"]
    assert "jitter: everybody waits 4.5 minutes on average" in table
    assert "Rules broken: starts outside their bounds, or moved further than allowed: 1." in table


def test_names_of_platforms_cannot_command_the_terminal():
    region = some_region()
    evil = replace(region.platforms[0], name="E\x1b[2J" + "N" * 90)
    shown = replace(region, platforms=(evil,))
    table = comparison_table(shown, standings(shown, candidates_of(shown)), 10, "en")
    assert "\x1b" not in table
    assert "N…" in table


def test_csv_has_a_row_a_policy_and_columns_a_meter():
    region = some_region()
    rows = list(csv.DictReader(io.StringIO(comparison_csv(region, standings(region, candidates_of(region))).decode())))
    assert [row["policy"] for row in rows] == list(MOVES)
    assert rows[0]["ent connections utilisation"] == "1.375"
    assert (rows[0]["overload_connection_minutes"], rows[0]["allowed"]) == ("200.0", "1")
    assert (rows[2]["broken_rules"], rows[2]["gap"]) == ("1", "")


def test_json_has_everything_and_no_infinity():
    region = region_of([session("a"), session("b")])
    found = candidates_of(region)
    assert json.loads(comparison_json(region, found, standings(region, found), "en"))["policies"][0]["meters"] == []
    region = some_region()
    found = candidates_of(region)
    whole = json.loads(comparison_json(region, found, standings(region, found), "fr"))
    rota = whole["policies"][2]
    assert rota["name"] == "Roulement par niveau"
    assert rota["broken_rules_by_kind"] == dict.fromkeys(RULES, 0) | {"bounds": 1}
    (load,) = whole["policies"][0]["loads"]
    assert (load["date"], len(load["load"]), max(load["load"])) == ("2021-04-05", 288, 55)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_has_a_name_and_says_what_it_is(policy: str):
    assert policy_name(policy).in_language("fr")
    assert policy_about(policy, 10).in_language("fr") != str(policy_about(policy, 10))


@pytest.mark.parametrize(
    ("overload", "said"), [(0.0, "0"), (0.0005, "0"), (0.002, "0.1"), (0.34, "0.3"), (9.96, "10"), (1234.5, "1,234")]
)
def test_an_overload_is_never_said_to_be_nothing_where_there_is_some(overload: float, said: str):
    assert overload_word(overload, SpokenWords("en")) == said
