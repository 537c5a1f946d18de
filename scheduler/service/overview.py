"""A week of a region: whether it is safe, and who is ready."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.domain.grid import monday_of
from scheduler.domain.runs import PLAN
from scheduler.domain.verdict_words import answer, at_usual_times, platform_name, question
from scheduler.files.load_parts import CURVES_SHOWN, MeterPart, curves_shown, meter_parts
from scheduler.files.result_tables import PeakRow, peak_rows
from scheduler.files.words import SpokenWords
from scheduler.service.load_views import LoadView, current_view
from scheduler.store import sentences
from scheduler.store.listing import ListingRepository
from scheduler.store.runs import Runs
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from scheduler.domain.people import Actor
    from scheduler.domain.runs import Run
    from scheduler.store import Store

DATES_A_WEEK = 7


@dataclass(frozen=True)
class Week:
    """What there is to know of a region's week.

    Attributes
    ----------
    monday : datetime.date
    view : LoadView
        Its loads; see there.
    states : dict
        How far the schools are: state (scheduler.domain.listing.STATES) -> number of schools.
    coming : Run or None
        A plan of these dates that waits or is being made.
    warnings : tuple of Text
        Of the run's input.
    """

    monday: dt.date
    view: LoadView
    states: dict[str, int]
    coming: Run | None
    warnings: tuple[Text, ...]

    @property
    def schools(self) -> int:
        """How many schools the region has."""
        return sum(self.states.values())


def week_of(store: Store, actor: Actor, region: str, date: dt.date | None = None) -> Week:
    """Look at a week of a region.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    date : datetime.date, optional
        Of the week; default: tomorrow's, or the nearest one of the horizon.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        row = ListingRepository(work, actor.sees).region_row(region)
        tomorrow = work.now.astimezone(ZoneInfo(row.timezone)).date() + dt.timedelta(days=1)
        monday = monday_of(date or min(max(tomorrow, row.first_date), row.last_date))
        sunday = monday + dt.timedelta(days=DATES_A_WEEK - 1)
        view = current_view(work, actor.sees, region, monday, sunday)
        states = ListingRepository(work, actor.sees).states(region)
        latest = Runs(work, actor.sees).listed(region, 5, purposes=[PLAN])
    coming = next((run for run in latest if run.active and run.first_date <= sunday and run.last_date >= monday), None)
    report = {} if view.run is None else view.run.report or {}
    return Week(monday, view, states, coming, sentences.from_document(report.get("warning_sentences", [])))


@dataclass(frozen=True)
class Loads:
    """Loads laid out to be shown, all words said.

    Attributes
    ----------
    question : Text
    answer : tuple of Text
    look : str
        ``over``, ``within`` or ``unknown``: how the plan, or the usual times without one, leave the dates.
    peaks : tuple of PeakRow
    meters : tuple of MeterPart
    left_out : int
        Curves that are not drawn, for they are very many; the files have them.
    """

    question: Text
    answer: tuple[Text, ...]
    look: str
    peaks: tuple[PeakRow, ...]
    meters: tuple[MeterPart, ...]
    left_out: int


def laid_out(view: LoadView, language: str, *, most: int = CURVES_SHOWN) -> Loads:
    """Lay loads out for a page: the answer in words, peaks, and each meter with its dates.

    Parameters
    ----------
    view : LoadView
    language : str
        ``fr`` or ``en``.
    most : int
        So many curves at most; the tightest are drawn.
    """
    words, region = SpokenWords(language), view.region
    shown = curves_shown(region, view.figures, most)
    meters = meter_parts(region, view.figures, view.prices, shown, words) if view.figures else []
    return Loads(
        question=question(region, words),
        answer=_answer(view, words),
        look=_look(view),
        peaks=peak_rows(region, view.figures, words) if view.figures else (),
        meters=tuple(meters),
        left_out=len(region.meters) * len(view.figures) - len(shown),
    )


def _answer(view: LoadView, words: SpokenWords) -> tuple[Text, ...]:
    region, tally = view.region, view.tally
    if view.run is None:
        return (T("Nobody can tell yet: these dates were never looked at."),)
    unknown = tuple(
        T("What is asked of {platform} is not known: it had no capacity yet when the plan was made.", platform=name)
        for name in dict.fromkeys(platform_name(region, meter.platform) for meter in view.unknown)
    )
    if not view.figures and not unknown:
        return (T("Yes: nothing takes place on these dates."),)
    if tally is None:
        return (at_usual_times(region, view.figures, words), *unknown)
    return (*answer(region, view.figures, tally, words), *unknown)


def _look(view: LoadView) -> str:
    if view.run is None or not view.region.meters:
        return "unknown"
    return "over" if any(day.status == "overloaded" for day in view.figures) else "within"
