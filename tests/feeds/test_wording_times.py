"""Times, dates and numbers in words."""

from __future__ import annotations

import datetime as dt

import pytest

from scheduler.wording_times import date_in_words, number_in_words, time_in_words


@pytest.mark.parametrize(
    ("minute", "french", "english"),
    [(0, "0 h 00", "0:00"), (485, "8 h 05", "8:05"), (1439, "23 h 59", "23:59"), (1440, "24 h 00", "24:00")],
)
def test_times(minute, french, english):
    assert time_in_words(minute, "fr") == french.replace(" ", "\N{NO-BREAK SPACE}")
    assert time_in_words(minute, "en") == english


@pytest.mark.parametrize(
    ("date", "french", "english"),
    [
        (dt.date(2021, 4, 6), "mardi 6 avril", "Tuesday 6 April"),
        (dt.date(2021, 5, 1), "samedi 1er mai", "Saturday 1 May"),
        (dt.date(2021, 9, 21), "mardi 21 septembre", "Tuesday 21 September"),
    ],
)
def test_dates(date, french, english):
    assert (date_in_words(date, "fr"), date_in_words(date, "en")) == (french, english)


def test_numbers():
    thin = "\N{NARROW NO-BREAK SPACE}"
    assert [number_in_words(number, "fr") for number in (1234567, 12500.5, -0.25)] == [
        f"1{thin}234{thin}567",
        f"12{thin}500,5",
        "-0,25",
    ]
    assert number_in_words(12500.5, "en") == "12,500.5"
