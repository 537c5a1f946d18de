"""Names of feed files."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from scheduler.feeds.slugs import key_slugs, slugs


def test_a_slug_is_the_name_without_accents_capitals_and_signs():
    names = ["Mme Noël-Lefèvre", "6A/latin", "Œuvré, Zoë", "Straße"]
    assert list(slugs(names).values()) == ["mme-noel-lefevre", "6a-latin", "oeuvre-zoe", "strasse"]


def test_names_that_look_alike_are_told_apart_by_a_mark_of_their_own():
    alike = slugs(["6A/latin", "6A-Latin", "6B"])
    assert alike["6B"] == "6b"
    assert len(set(alike.values())) == 3
    assert all(re.fullmatch("6a-latin-[0-9a-f]{8}", alike[name]) for name in ("6A/latin", "6A-Latin"))
    assert slugs(["6A-Latin", "X", "6A/latin"])["6A/latin"] == alike["6A/latin"]


def test_another_teacher_renames_no_feed():
    names = ["M. Dupont", "Mme Petit", "李", "Пётр"]
    more = slugs([*names, "A. Neuve", "M. Roux"])
    assert {name: more[name] for name in names} == slugs(names)


@given(st.lists(st.text(max_size=100)))
def test_slugs_are_safe_everywhere_and_one_a_name(names):
    found = slugs(names)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(set(names))
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug) and len(slug) <= 70 for slug in found.values())


def test_a_name_that_looks_like_a_marked_slug_is_marked_too():
    marked = slugs(["6A/latin", "6A-Latin"])["6A/latin"]
    assert len(set(slugs(["6A/latin", "6A-Latin", marked]).values())) == 3


def test_keys_stay_as_they_are_where_no_file_system_confuses_them():
    assert key_slugs(["parents", "eleves.3e"]) == {"parents": "parents", "eleves.3e": "eleves.3e"}
    both = key_slugs(["Parents", "parents"])
    assert len({slug.lower() for slug in both.values()}) == 2
