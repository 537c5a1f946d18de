"""The table of a comparison, ready to be laid out: a row a figure, a column a policy, every cell said already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.charts.words import meter_word
from scheduler.domain.verdict_words import platform_name
from scheduler.files.comparison_words import overload_word
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scheduler.domain.comparison import Standing
    from scheduler.domain.region import Region
    from scheduler.files.words import SpokenWords


@dataclass(frozen=True)
class FigureCell:
    """One figure of one policy.

    Attributes
    ----------
    look : str
        ``over``, ``best`` or empty: a class for the colour, beside the mark in the text.
    text : str
    """

    look: str
    text: str


@dataclass(frozen=True)
class FigureRow:
    """One figure of every policy, with what it says where its name is not enough."""

    name: str
    note: str
    cells: tuple[FigureCell, ...]


@dataclass(frozen=True)
class FigureGroup:
    """Figures that answer one question."""

    title: str
    note: str
    rows: tuple[FigureRow, ...]


def figure_groups(region: Region, standings: Sequence[Standing], words: SpokenWords) -> list[FigureGroup]:
    """Give the table: whether the servers hold, what people feel, whether the rules are kept, and what it costs."""
    rows = _Rows(standings, words)
    limit = words.share(region.policy.target_utilisation)
    used = words.say(T("platforms: highest share of capacity; the limit is {limit}", limit=limit))
    return [
        FigureGroup(
            words.say(T("Do the servers hold?")), used if region.meters else "", tuple(_load_rows(region, rows))
        ),
        FigureGroup(words.say(T("Who moves, and how far?")), "", tuple(_people_rows(rows))),
        FigureGroup(words.say(T("Is it allowed?")), "", tuple(_rule_rows(rows))),
        FigureGroup(words.say(T("What does it cost?")), "", tuple(_cost_rows(rows))),
    ]


class _Rows:
    """Makes rows of the same policies."""

    def __init__(self, standings: Sequence[Standing], words: SpokenWords):
        self.standings, self.words = standings, words

    def row(
        self,
        name: Text,
        figure: Callable[[Standing], float | None],
        said: Callable[[float], str],
        *,
        over: Callable[[Standing], bool] = lambda _: False,
        has_best: bool = True,
        note: Text | str = "",
    ) -> FigureRow:
        """Make a row; the lowest figure of those that keep every rule is marked, unless all of them are alike."""
        figures = [figure(one) for one in self.standings]
        fair = [value for value, one in zip(figures, self.standings, strict=True) if one.allowed and value is not None]
        best = min(fair) if has_best and len(fair) > 1 and min(fair) < max(fair) else None
        cells = []
        for value, one in zip(figures, self.standings, strict=True):
            text = "–" if value is None else said(value)
            look = "best" if one.allowed and value is not None and value == best else ""
            text = f"★ {text}" if look else text
            if over(one):
                look, text = f"over {look}".strip(), f"▲ {text}"
            cells.append(FigureCell(look, text))
        return FigureRow(self.words.say(name), self.words.say(note), tuple(cells))


def _load_rows(region: Region, rows: _Rows) -> list[FigureRow]:
    words = rows.words
    found = [
        rows.row(
            T(
                "{platform} – {meter}",
                platform=platform_name(region, place.platform),
                meter=meter_word(place.meter),
            ),
            lambda one, meter=meter: one.meters[meter].utilisation,  # type: ignore[misc]
            words.share,
            over=lambda one, meter=meter: one.meters[meter].over_minutes > 0,  # type: ignore[misc]
            has_best=False,
        )
        for meter, place in enumerate(region.meters)
    ]
    return [
        *found,
        rows.row(T("Minutes over a limit"), lambda one: one.over_minutes, words.number),
        rows.row(
            T("Overload"),
            lambda one: one.overload,
            lambda value: overload_word(value, words),
            note=T("connection-minutes"),
        ),
    ]


def _people_rows(rows: _Rows) -> list[FigureRow]:
    words, standings = rows.words, rows.standings
    found = [
        rows.row(
            T("Class sessions moved"),
            lambda one: one.sessions_moved / one.sessions if one.sessions else None,
            words.share,
            has_best=False,
        ),
        rows.row(
            T("Attendances moved"),
            lambda one: one.attendances_moved,
            words.number,
            has_best=False,
            note=T("who attends five sessions counts five times"),
        ),
        rows.row(
            T("Average shift (min)"),
            lambda one: one.mean_shift_minutes,
            words.tenths,
            has_best=False,
            note=T("of the class sessions that move"),
        ),
        rows.row(T("Largest shift (min)"), lambda one: one.largest_shift_minutes, words.number, has_best=False),
    ]
    if any(one.wait_minutes for one in standings):
        note = T("on average, everybody")
        waiting = T("Waiting to get in (min)")
        found.append(rows.row(waiting, lambda one: one.wait_minutes, words.tenths, has_best=False, note=note))
    if any(one.windows_moved for one in standings):
        windows = T("Access windows moved")
        found.append(rows.row(windows, lambda one: one.windows_moved, words.number, has_best=False))
    if any(one.switched for one in standings):
        switched = T("Activities on other platforms")
        found.append(rows.row(switched, lambda one: one.switched, words.number, has_best=False))
    return found


def _rule_rows(rows: _Rows) -> list[FigureRow]:
    words = rows.words
    found = [
        rows.row(
            T("Rules broken"),
            lambda one: one.breaches.total,
            words.number,
            over=lambda one: not one.allowed,
            has_best=False,
            note=T("hard rules of the timetable, each time"),
        )
    ]
    if any(one.breaches.clashes for one in rows.standings):
        found.append(
            rows.row(
                T("Impossible pairs"),
                lambda one: one.breaches.clashes,
                words.number,
                over=lambda one: one.breaches.clashes > 0,
                has_best=False,
                note=T("the same people or room twice at once"),
            )
        )
    return found


def _cost_rows(rows: _Rows) -> list[FigureRow]:
    words = rows.words
    found = [
        rows.row(
            T("Objective"),
            lambda one: one.objective,
            lambda value: words.number(round(value)),
            note=T("head-minutes of shift, overload counted by its weight"),
        )
    ]
    if any(one.gap is not None for one in rows.standings):
        found.append(
            rows.row(
                T("Gap to the lower bound"),
                lambda one: one.gap,
                words.share,
                note=T("proven: no plan that keeps the rules is better by more"),
            )
        )
    return found
