"""The page of the servers: what they bear, what a change would do, saved and undone, as a file out and in."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from region_files import CAPACITY
from region_site import HOME, REGION, Site, hidden_fields, local

from scheduler.domain.capacity import CapacityEntry
from scheduler.service.capacities import enter_capacity, list_capacities

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.store import Store

OUTAGE = {
    "sort": "outage",
    "platform": "ent",
    "meter": "connections",
    "amount": "50",
    "unit": "percent",
    "from": "2021-04-07T08:00",
    "to": "2021-04-07T12:00",
    "note": "a server is down",
}


@pytest.fixture
def site(lite: Store, tmp_path: Path) -> Site:
    return Site(lite, tmp_path)


def entries(site: Site) -> list[CapacityEntry]:
    return [one.entry for one in list_capacities(site.store, OPERATORS, REGION).entries]


def saved(site: Site, **typed: str) -> str:
    """Try an entry, save what was tried, and give the page that follows."""
    tried = site.send("/capacity", "/capacity/try", **typed)
    assert tried.status_code == 200, tried.text
    return site.follow(site.send("/capacity", "/capacity/save", **hidden_fields(tried.text)))


def test_what_each_platform_bears_stands_in_a_sentence_a_picture_and_a_table(site: Site) -> None:
    page = site.page("/capacity")
    assert "<title>What can the servers bear, and when?" in page
    assert re.search(r"It bears [\d,]+ all the time; a plan may fill [\d,]+ of them\.", page)
    assert '<svg class="curve timeline"' in page
    assert page.count("<caption") == page.count('class="curve timeline"')


def test_an_outage_is_tried_saved_and_told_in_both_languages(site: Site) -> None:
    before = entries(site)
    tried = site.send("/capacity", "/capacity/try", **OUTAGE)
    assert "−50 % of the normal capacity, Wednesday 7 April, 8:00–12:00" in tried.text
    assert entries(site) == before  # nothing is kept before it is saved
    page = site.follow(site.send("/capacity", "/capacity/save", **hidden_fields(tried.text)))
    assert "It is saved" in page
    new = CapacityEntry(
        "ent",
        "connections",
        local("2021-04-07T08:00"),
        local("2021-04-07T12:00"),
        "change",
        -50.0,
        percent=True,
        note="a server is down",
    )
    assert entries(site) == [*before, new]
    site.language = "fr"
    assert "panne, −50\u202f% de la capacité normale" in site.page("/capacity").replace("\xa0%", "\u202f%")


@pytest.mark.parametrize(
    ("sort", "amount", "unit", "kind", "kept", "note"),
    [
        ("base", "12,5", "", "base", 12.5, "x"),
        ("raise", "15 000", "", "change", 15000.0, "x"),
        ("raise", "+10", "percent", "change", 10.0, "x"),
        ("attack", "50", "percent", "change", -50.0, "attack: x"),
        ("reserve", "-30", "", "change", -30.0, "reserve: x"),
    ],
)
def test_the_sign_follows_from_what_it_is(
    site: Site, sort: str, amount: str, unit: str, kind: str, kept: float, note: str
) -> None:
    saved(site, **OUTAGE | {"sort": sort, "amount": amount, "unit": unit, "note": "x"})
    assert [(one.kind, one.amount, one.note) for one in entries(site)[-1:]] == [(kind, kept, note)]


def test_what_was_typed_comes_back_with_its_faults_and_nothing_is_kept(site: Site) -> None:
    before = entries(site)
    wrong = OUTAGE | {"amount": "a lot", "to": "2021-04-07T07:00", "note": "half & half"}
    answer = site.send("/capacity", "/capacity/try", **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "a lot" in answer.text
    assert 'value="half &amp; half"' in answer.text
    assert '<option value="outage" selected>' in answer.text
    assert entries(site) == before


def test_a_trial_tells_what_the_plan_would_lack(site: Site) -> None:
    site.planned()
    fits = site.send("/capacity", "/capacity/try", **OUTAGE | {"sort": "raise"}).text
    assert "Nothing changes: the plan fits, or does not, as before." in fits
    lacks = site.send("/capacity", "/capacity/try", **OUTAGE | {"amount": "100", "from": "", "to": ""}).text
    assert re.search(r"is short of \d+ connections? on \w+ \d April from", lacks)
    assert "Nothing changes" not in lacks
    assert "over the limit" in lacks


def test_an_entry_is_changed_withdrawn_and_each_of_it_undone(site: Site) -> None:
    saved(site, **OUTAGE)
    kept = list_capacities(site.store, OPERATORS, REGION).entries[-1]
    form = site.page(f"/capacity/{kept.id}")
    assert 'value="a server is down"' in form
    saved(site, **OUTAGE | {"amount": "20", "entry": str(kept.id)})
    assert entries(site)[-1].amount == -20.0
    shown = site.page(f"/capacity/{kept.id}/withdraw")
    page = site.follow(site.send("/capacity", f"/capacity/{kept.id}/withdraw", **hidden_fields(shown)))
    assert len(entries(site)) == CAPACITY.count("\n") - 1

    def undo(page: str, place: int) -> str:
        number = re.findall(r"/capacity/undo/(\d+)", page)[place]
        revision = str(list_capacities(site.store, OPERATORS, REGION).revision)
        return site.follow(site.send("/capacity", f"/capacity/undo/{number}", revision=revision))

    page = undo(page, 0)
    assert entries(site)[-1].amount == -20.0
    assert "It is as it was before." in page
    assert "This cannot be undone" in undo(page, 2)  # the entry that was changed is another one by now


def test_somebody_else_s_change_is_not_written_over(site: Site) -> None:
    tried = site.send("/capacity", "/capacity/try", **OUTAGE).text
    row = {"platform": "ent", "meter": "connections", "kind": "change", "amount": "+5"}
    enter_capacity(site.store, OPERATORS, REGION, row, made_from=10**6)
    answer = site.send("/capacity", "/capacity/save", **hidden_fields(tried))
    assert answer.status_code == 422
    assert "changed the same meanwhile" in answer.text
    assert 'value="a server is down"' in answer.text
    assert entries(site)[-1].amount == 5.0


def file_of(text: str) -> dict[str, tuple[io.BytesIO, str]]:
    return {"file": (io.BytesIO(text.encode()), "capacity.csv")}


@pytest.mark.parametrize("form", ["", "?form=excel"])
def test_a_file_that_was_taken_out_changes_nothing_when_it_comes_back(site: Site, form: str) -> None:
    saved(site, **OUTAGE | {"amount": "12,5", "note": "=1+1"})
    out = site.get(f"/capacity.csv{form}")
    assert out.mimetype == "text/csv"
    assert out.headers["Content-Disposition"] == 'attachment; filename="capacity.csv"'
    back = site.send("/capacity", "/capacity/file", **file_of(out.data.decode()))
    assert "Nothing: all of it is in force already." in back.text


def test_a_file_takes_the_place_of_all_entries_once_it_is_confirmed(site: Site) -> None:
    text = CAPACITY + "ent,connections,2021-04-08T08:00,,change,+7,more\n"
    tried = site.send("/capacity", "/capacity/file", **file_of(text))
    assert "Comes: " in tried.text
    before = list_capacities(site.store, OPERATORS, REGION).entries
    sent = re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', tried.text, re.S)
    assert sent is not None
    site.follow(
        site.send("/capacity", "/capacity/file/save", text=sent[1], revision=hidden_fields(tried.text)["revision"])
    )
    after = list_capacities(site.store, OPERATORS, REGION).entries
    assert after[:-1] == before  # equal ones stay as they were entered, by whom and when
    assert (after[-1].entry.amount, after[-1].entered_by) == (7.0, "someone@region.fr")


def test_every_fault_of_a_file_is_told_with_its_line(site: Site) -> None:
    text = CAPACITY + "nowhere,connections,,,base,5,\nent,pupils,,,change,x,\n"
    answer = site.send("/capacity", "/capacity/file", **file_of(text))
    line = CAPACITY.count("\n") + 1
    assert answer.status_code == 422
    assert f"capacity.csv:{line}: " in answer.text
    assert f"capacity.csv:{line + 1}: " in answer.text


def test_a_principal_sees_nothing_of_it(site: Site) -> None:
    site.enter("head@school.fr", "principal", "0670001A")
    assert site.get("/capacity").status_code == 404
    assert site.browser.get(f"{HOME}/capacity.csv").status_code == 404
