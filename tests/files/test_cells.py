"""One kind of cell at a time: the laws of the parsers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.grid import WEEKDAYS, clock
from scheduler.domain.timetable import WEEKLY
from scheduler.domain.usage import Moment
from scheduler.files import cells
from scheduler.files.alternatives import written_ways
from scheduler.files.cells import BadCell, Cell

KEYS = st.from_regex(r"\A[A-Za-z0-9._-]{0,39}[A-Za-z0-9_-]\Z")


def cell(text: str, *, decimal_comma: bool = False) -> Cell:
    return Cell("column", text, decimal_comma)


@given(st.integers(0, 1439))
def test_a_time_is_read_as_it_is_written(minute: int) -> None:
    hour, rest = divmod(minute, 60)
    for text in (
        clock(minute),
        f"{clock(minute)}:00",
        f"{hour}:{rest:02d}",
        f"{hour}h{rest:02d}",
        f"{hour:02d}H{rest:02d}",
    ):
        assert cells.time_of_day(cell(text)) == minute
        assert cells.end_of_day(cell(text)) == minute


def test_midnight_is_an_end_only() -> None:
    for text in ("24:00", "24:00:00", "24h", "24h00"):
        assert cells.end_of_day(cell(text)) == 1440
        with pytest.raises(BadCell):
            cells.time_of_day(cell(text))


@pytest.mark.parametrize(
    "text", ["8", "8:5", "0805", "08:05:30", "08:05:", "-8:00", "24:01", "08.05", "٠٨:٠٥", "8h5", "008:00"]
)
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(BadCell):
        cells.end_of_day(cell(text))


@given(st.floats(-1e9, 1e9))
def test_a_number_is_read_as_a_machine_writes_it(value: float) -> None:
    assert cells.number(cell(repr(value))) == value
    assert cells.number(cell(repr(value).replace(".", ","), decimal_comma=True)) == value


@pytest.mark.parametrize(
    "text",
    ["", ".", "1.", ".5", "1,5", "1 000", "0x10", "nan", "inf", "1e400", "1_000", "½", "1e", "--1", "1e10", "-1e300"],
)
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(BadCell):
        cells.number(cell(text))


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_is_read_as_it_is_written(value: int) -> None:
    assert cells.whole()(cell(str(value))) == value
    assert cells.usage_moment(cell(str(value))) == Moment(value)
    assert cells.usage_moment(cell(f"end{value:+d}")) == Moment(value, True)


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_a_date_is_read_as_it_is_written(date: dt.date) -> None:
    assert cells.iso_date(cell(date.isoformat())) == date
    assert cells.day(cell(date.isoformat())) == (date.weekday(), date.toordinal())
    assert cells.start_moment(cell(f"{date}T08:05")) == dt.datetime.combine(date, dt.time(8, 5))


def test_weekdays_are_read_in_any_letters() -> None:
    for number, weekday in enumerate(WEEKDAYS):
        assert cells.day(cell(weekday)) == cells.day(cell(weekday.lower())) == (number, WEEKLY)


def test_midnight_ends_a_date_and_the_last_one_has_none() -> None:
    assert cells.end_moment(cell("2021-04-06T24:00")) == dt.datetime(2021, 4, 7)  # noqa: DTZ001 - wall-clock time
    with pytest.raises(BadCell):
        cells.end_moment(cell("9999-12-31T24:00"))


@given(KEYS)
def test_a_key_is_read_as_it_is(text: str) -> None:
    assert cells.key()(cell(text)) == text


@given(st.text(min_size=1))
def test_whatever_a_cell_holds_a_parser_reads_or_complains(text: str) -> None:
    """No text makes a parser fail in another way, and every complaint can be shown on one line."""
    parsers = (
        *(cells.key(), cells.one_of("a"), cells.listed_in("f", ()), cells.free_text, cells.plain_text, cells.text_list),
        *(
            cells.whole(0, 9),
            cells.number,
            cells.number_from_0,
            cells.amount,
            cells.time_of_day,
            cells.iso_date,
        ),
        *(
            cells.monday,
            cells.day,
            cells.week_letter,
            cells.flag,
            cells.link,
            cells.end_moment,
            cells.usage_moment,
        ),
        written_ways(("ent",)),
    )
    for parse in parsers:
        try:
            parse(cell(text))
        except BadCell as bad:
            said = f"{bad.what}; {bad.remedy}"
            assert not cells.has_control_character(said)
            said.encode()


@given(
    st.lists(st.lists(KEYS, min_size=1, max_size=3, unique=True), min_size=1, max_size=3), st.sampled_from(["|", " | "])
)
def test_alternatives_are_read_as_they_are_written(ways: list[list[str]], bar: str) -> None:
    found = written_ways(None)(cell(bar.join("+".join(way) for way in ways)))
    assert [list(way.platforms) for way in found] == ways
    assert [way.text for way in found] == ["+".join(way) for way in ways]


def test_long_texts_are_cut_in_sentences() -> None:
    assert cells.shown("x" * 1000) == "x" * 59 + "…"
