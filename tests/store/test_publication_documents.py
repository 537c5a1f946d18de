"""A publication comes back from its document as it was."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.entries import Entry
from scheduler.domain.publication import Publication
from scheduler.domain.timetable import Alternative
from scheduler.errors import StoreFailed
from scheduler.store.packed import pack_document, unpack_document
from scheduler.store.publication_documents import document_of, publication_of

WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=6)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
ALTERNATIVES = st.builds(Alternative, LISTS, WORDS, WORDS)
TIMES = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
MINUTES = st.integers(0, 1440)
ENTRIES = st.builds(
    Entry,
    kind=st.sampled_from(["session", "access"]),
    id=WORDS,
    date=st.dates(),
    start=MINUTES,
    usual_start=MINUTES,
    minutes=MINUTES,
    groups=LISTS,
    teachers=LISTS,
    room=WORDS,
    subject=WORDS,
    audience=WORDS,
    serving=ALTERNATIVES,
    usually=ALTERNATIVES,
    link=WORDS,
    sequence=st.integers(0, 10**6),
    changed_at=TIMES,
    cancelled=st.booleans(),
)
PUBLICATIONS = st.builds(
    Publication,
    number=st.integers(1),
    published_at=TIMES,
    region=WORDS,
    school=WORDS,
    school_name=WORDS,
    timezone=st.just("Europe/Paris"),
    first_date=st.dates(),
    last_date=st.dates(),
    platform_names=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
    entries=st.lists(ENTRIES, max_size=4).map(tuple),
)


@given(PUBLICATIONS)
def test_a_publication_comes_back_as_it_was(publication):
    packed = pack_document(document_of(publication))
    back = publication_of(unpack_document(packed))
    assert back == publication
    assert pack_document(document_of(back)) == packed
    assert all(type(one.groups) is tuple and one.changed_at.tzinfo is dt.UTC for one in back.entries)


def test_a_format_of_tomorrow_is_not_guessed_at():
    with pytest.raises(StoreFailed, match="format 2"):
        publication_of({"format": 2, "columns": []})
