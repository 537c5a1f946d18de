"""The schools of a region: found, sorted, brought as a list, their principals invited and reminded."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from households import OPERATORS
from region_site import REGION, Site, hidden_fields
from webs import app_on

from scheduler.service.kept_regions import head_of
from scheduler.service.people import list_people
from scheduler.service.region_settings import open_settings
from scheduler.service.tasks import list_tasks

if TYPE_CHECKING:
    from pathlib import Path

    from scheduler.domain.places import School
    from scheduler.store import Store

CLOSED = {"closures.csv": "school,first_date,last_date,note\n0670002B,2021-04-09,2021-04-09,works\n"}


@pytest.fixture
def site(lite: Store, tmp_path: Path) -> Site:
    return Site(lite, tmp_path, CLOSED)


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*/schools/[^"]*">([^<]+)</a>', page)


def kept(site: Site) -> dict[str, School]:
    with site.store.read() as work:
        return {one.key: one for one in head_of(work, OPERATORS.sees, REGION).schools}


def test_figures_come_first_and_the_list_is_sorted_searched_and_filtered(site: Site) -> None:
    page = site.page("/schools")
    assert "Of 2 schools 0 have published; 0 have brought no timetable, 0 have not answered" in page
    assert names(page) == ["Collège du Rhin", "Lycée de la Tour"]
    assert names(site.page("/schools?sort=-pupils")) == ["Lycée de la Tour", "Collège du Rhin"]
    assert 'aria-sort="descending"' in site.page("/schools?sort=-pupils")
    assert names(site.page("/schools?search=rhin")) == ["Collège du Rhin"]
    assert names(site.page("/schools?level=upper_secondary")) == ["Lycée de la Tour"]
    assert "No school is like that." in site.page("/schools?state=published")
    assert names(site.page("/schools?sort=nonsense&page=-3&state=x")) == names(page)


def test_a_school_s_page_tells_how_far_it_is(site: Site) -> None:
    site.planned()
    page = site.page("/schools/0670001A")
    assert "How far is Collège du Rhin?" in page
    assert "proposed, moved: " in page
    assert "version 1, 3 sessions" in page
    assert site.get("/schools/9999999Z").status_code == 404


def test_the_list_goes_out_with_states(site: Site) -> None:
    text = site.get("/schools.csv").data.decode()
    assert text.splitlines()[0] == "school,name,level,academy,pupils,state,principals"
    assert "0670001A,Collège du Rhin,lower_secondary,Strasbourg,480,timetable brought," in text
    assert site.get("/schools.csv?form=excel").data.startswith(b"\xef\xbb\xbfschool;")


def upload(site: Site, text: str) -> str:
    answer = site.send("/schools/import", "/schools/import", file=(io.BytesIO(text.encode()), "liste.csv"))
    assert answer.status_code in (200, 422)
    return answer.text


LIST = "UAI;Nom;Type;Effectif\n0670001A;Collège du Rhin;Collège;500\n0670003C;École du Port;École;90\n"


def test_a_list_shows_what_it_changes_and_is_then_taken_over(site: Site) -> None:
    page = upload(site, LIST)
    assert "New: 1. Changed: 1. As they were: 0. In the region and not in the list: 1." in page
    assert set(kept(site)) == {"0670001A", "0670002B"}
    site.follow(site.send("/schools/import", "/schools/import/save", **hidden_fields(page)))
    now = kept(site)
    assert set(now) == {"0670001A", "0670002B", "0670003C"}  # what a list lacks stays
    assert (now["0670001A"].pupils, now["0670001A"].academy) == (500, "Strasbourg")
    assert now["0670003C"].level == "primary"


def test_schools_that_a_list_lacks_leave_only_when_that_is_asked_for(site: Site) -> None:
    fields = hidden_fields(upload(site, LIST))
    site.follow(site.send("/schools/import", "/schools/import/save", **fields, without_missing="1"))
    assert set(kept(site)) == {"0670001A", "0670003C"}
    # What named the school is gone with it, so that the region still makes sense.
    assert open_settings(site.store, OPERATORS, REGION).closures == []
    site.planned()


def test_faults_of_a_list_are_told_by_line_and_nothing_is_kept(site: Site) -> None:
    page = upload(site, LIST + ";nobody;Collège;3\n")
    assert "liste.csv:4: " in page
    assert set(kept(site)) == {"0670001A", "0670002B"}


def test_one_school_is_added_changed_and_taken_off(site: Site) -> None:
    revision = hidden_fields(site.page("/schools"))["revision"]
    school = {"school": "0670009Z", "name": "Collège neuf", "level": "lower_secondary", "academy": "", "pupils": "12"}
    page = site.follow(site.send("/schools", "/schools/put", revision=revision, **school))
    assert names(page) == ["Collège neuf"]
    wrong = site.send("/schools", "/schools/put", revision=revision, **school | {"pupils": "many"})
    assert wrong.status_code == 422
    assert 'value="Collège neuf"' in wrong.text
    revision = hidden_fields(site.page("/schools/0670009Z"))["revision"]
    site.follow(site.send("/schools", "/schools/0670009Z/remove", revision=revision))
    assert "0670009Z" not in kept(site)


def test_principals_are_invited_in_bulk_and_their_links_are_shown_once(site: Site) -> None:
    lines = "0670001A, a@x.fr, Mme Rhin\n0670002B;b@x.fr\n9999999Z\tc@x.fr\n"
    page = site.send("/schools/invite", "/schools/invite", lines=lines).text
    assert "Invited: 2. Refused: 1." in page
    links = re.findall(r"<code>(http://localhost:8000/invitation/[^<]+)</code>", page)
    assert len(links) == 2
    people = {person.email: person.name for person in list_people(site.store, OPERATORS, REGION)}
    assert people["a@x.fr"] == "Mme Rhin"
    assert "a@x.fr (invited)" in site.page("/schools")
    again = site.browser.get(links[0].removeprefix("http://localhost:8000"))
    assert again.status_code == 200


def test_lines_that_are_none_are_told_and_come_back(site: Site) -> None:
    answer = site.send("/schools/invite", "/schools/invite", lines="0670001A\nx, not-an-address\n")
    assert answer.status_code == 422
    assert "lines:1: " in answer.text
    assert "lines:2: " in answer.text
    assert "not-an-address" in answer.text
    assert len(list_people(site.store, OPERATORS, REGION)) == 1  # whoever looks at the page


def test_who_is_late_is_listed_with_the_letter_in_both_languages(site: Site) -> None:
    site.send("/schools/invite", "/schools/invite", lines="0670001A, a@x.fr")
    page = site.page("/schools/late?state=timetable&deadline=2021-04-07")
    assert "Schools that are late: 2; with a principal who can be written to: 1." in page
    assert "by Wednesday 7 April" in page
    assert "no principal yet" in page
    site.language = "fr"
    assert "d’ici au mercredi 7 avril" in site.page("/schools/late?state=timetable&deadline=2021-04-07")


def test_with_a_mail_server_letters_are_left_to_the_worker(site: Site, tmp_path: Path) -> None:
    without = site.send("/schools/late", "/schools/late", state="timetable")
    assert "No mail server is set" in site.follow(without)
    site.app = app_on(site.store, tmp_path, smtp="smtp://localhost:2525", mail_from="etale@example.org")
    site.enter("another@region.fr", "region")
    site.send("/schools/invite", "/schools/invite", lines="0670001A, a@x.fr", send="1")
    site.follow(site.send("/schools/late", "/schools/late", state="timetable"))
    reminder, invitation = list_tasks(site.store, OPERATORS, REGION)
    assert [one["to"] for one in invitation.about["letters"]] == ["a@x.fr"]
    assert "{link}" in invitation.about["letters"][0]["text"]  # no secret lies in the store
    assert [one["to"] for one in reminder.about["letters"]] == ["a@x.fr"]
    assert "Send 1 letters" in site.page("/runs")
