"""The verdict on a plan in sentences, for the page and the terminal alike.

The domain knows no language, so figures, times and dates are said by the `Words` of whoever asks.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np

from scheduler.domain.grid import monday_of
from scheduler.domain.places import HALF_DAY
from scheduler.domain.verdict import Peak, Shortfall, Tally, peaks, shortfalls
from scheduler.wording import T, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from scheduler.domain.load import DayFigures
    from scheduler.domain.region import Meter, Region

NAMED_PLATFORMS = 3
NAMED_DATES = 4
PROVEN = 1e-4
"""A gap this small either way is noise: the plan is the best possible."""
SMALL = 1e-3


class Words(Protocol):
    """How figures are said in the reader's language."""

    def number(self, value: float) -> str:
        """Say a count or an amount."""

    def share(self, value: float) -> str:
        """Say a share of 1 in per cent."""

    def time(self, minute: int) -> str:
        """Say a minute of the day; 1440 is midnight."""

    def date(self, date: dt.date) -> str:
        """Say a date with its weekday."""

    def weekday(self, date: dt.date) -> str:
        """Say a date's weekday alone."""

    def day_and_month(self, date: dt.date) -> str:
        """Say a date without its weekday and year."""


def listed(items: Sequence[str | Text]) -> str | Text:
    """Join words as a list is said: with commas, and with “and” before the last."""
    if not items:
        return ""
    said = items[0]
    for item in items[1:-1]:
        said = T("{list}, {item}", list=said, item=item)
    return T("{list} and {item}", list=said, item=items[-1]) if len(items) > 1 else said


def question(region: Region, words: Words) -> Text:
    """Ask what the page answers: whether these dates are safe."""
    first, last = region.grid.first_date, region.grid.last_date
    if first == last:
        return T("Is {date} safe?", date=words.date(first))
    if monday_of(first) == monday_of(last):
        return T("Is the week of {date} safe?", date=words.day_and_month(first))
    return T("Are the weeks from {first} to {last} safe?", first=words.day_and_month(first), last=words.date(last))


def answer(region: Region, figures: Sequence[DayFigures], total: Tally, words: Words) -> tuple[Text, ...]:
    """Answer in a sentence or two: what happens at the usual times, and what the plan makes of it."""
    if not total.activities:
        return (T("Yes: nothing takes place on these dates."),)
    if not region.meters:
        return (T("Nobody can tell: no capacity is known for these dates. Write it in capacity.csv."),)
    found = peaks(region, figures)
    return at_usual_times(region, figures, words), _planned(region, figures, found, total, words)


def at_usual_times(region: Region, figures: Sequence[DayFigures], words: Words) -> Text:
    """Say what happens at the usual times."""
    found = peaks(region, figures)
    if any(peak.over_before for peak in found):
        return T("No: at the usual times, {places}.", places=_places(region, figures, found, words))
    return T("Yes: at the usual times already, no platform goes over its limit.")


def _planned(region: Region, figures: Sequence[DayFigures], found: Sequence[Peak], total: Tally, words: Words) -> Text:
    """Say what the plan makes of it."""
    said = {"quality": quality(total, words), "moves": moves(total, words)}
    left = [short for day in figures for short in shortfalls(region, day, planned=True)]
    if left:
        worst = max(left, key=lambda short: short.missing)
        return T(
            "Even with the plan ({quality}), {shortage}; {moves}.", shortage=short_of(region, worst, words), **said
        )
    if any(peak.over_before for peak in found):
        return T("With the plan ({quality}), nothing goes over any more; {moves}.", **said)
    return T("With the plan ({quality}), it stays so; {moves}.", **said)


def quality(total: Tally, words: Words) -> Text:
    """Say how far from the best possible plan this one can be at most."""
    if total.gap < -PROVEN:
        # Only --reorder comes here: the bound is of plans that keep the order, and this one does not.
        return T("better than any plan that keeps the order of sessions")
    if not total.order_kept:
        return T("how far from the best possible is not proven, as the order of sessions may change")
    if total.gap <= PROVEN:
        return T("the best possible")
    if total.gap < SMALL:
        return T("within less than {share} of the best possible", share=words.share(SMALL))
    return T("within {share} of the best possible", share=words.share(total.gap))


def moves(total: Tally, words: Words) -> Text:
    """Say how many class sessions move and how far, from their usual starts or those of a former plan."""
    if total.against_former:
        return _moves_from_former(total, words)
    if not total.sessions_moved:
        return T("no class session moves")
    minutes = words.number(max(round(total.mean_shift_minutes), 1))
    if total.sessions_moved == 1:
        return T("one class session moves, by {minutes} min", minutes=minutes)
    share = words.share(total.sessions_moved / total.sessions)
    return T("{share} of class sessions move, by {minutes} min on average", share=share, minutes=minutes)


def _moves_from_former(total: Tally, words: Words) -> Text:
    if not total.sessions_moved:
        return T("compared with the former plan, no class session moves")
    minutes = words.number(max(round(total.mean_shift_minutes), 1))
    if total.sessions_moved == 1:
        return T("compared with the former plan, one class session moves, by {minutes} min", minutes=minutes)
    share = words.share(total.sessions_moved / total.sessions)
    return T(
        "compared with the former plan, {share} of class sessions move, by {minutes} min on average",
        share=share,
        minutes=minutes,
    )


def amount(meter: Meter, value: float, words: Words) -> Text:
    """Say an amount of what a meter counts."""
    one = round(value) == 1
    number = words.number(value)
    if meter.meter == "logins_per_minute":
        return T("{number} login per minute", number=number) if one else T("{number} logins per minute", number=number)
    return T("{number} connection", number=number) if one else T("{number} connections", number=number)


def _missing(region: Region, short: Shortfall, words: Words) -> Text:
    """Say what is missing, rounded up: less would not do."""
    return amount(region.meters[short.meter], rounded_up(short.missing), words)


def rounded_up(missing: float) -> int:
    """Give how many whole connections are missing: less would not do, but for the noise of sums."""
    return math.ceil(missing - 1e-6)


def short_of(region: Region, short: Shortfall, words: Words) -> Text:
    """Say what is missing on which platform, and when."""
    return T(
        "{platform} is short of {amount} on {date} from {start} to {end}",
        platform=platform_name(region, region.meters[short.meter].platform),
        amount=_missing(region, short, words),
        date=words.date(region.grid.dates[short.day]),
        **_span(region, short, words),
    )


def _span(region: Region, short: Shortfall, words: Words) -> dict[str, str]:
    slot_minutes = region.grid.slot_minutes
    return {"start": words.time(short.first * slot_minutes), "end": words.time(short.last * slot_minutes)}


def platform_name(region: Region, key: str) -> str:
    """Give a platform's name, or its key where the region names none."""
    return next((place.name for place in region.platforms if place.key == key and place.name), key)


def _places(region: Region, figures: Sequence[DayFigures], found: Sequence[Peak], words: Words) -> str | Text:
    """Say which platforms go over their limits at the usual times, and when."""
    keys = list(dict.fromkeys(region.meters[peak.meter].platform for peak in found if peak.over_before))
    said: list[str | Text] = []
    for key in keys[:NAMED_PLATFORMS]:
        mine = [at for at, meter in enumerate(region.meters) if meter.platform == key]
        short = [part for day in figures for part in shortfalls(region, day, planned=False) if part.meter in mine]
        name, when = platform_name(region, key), _when(region, short, words)
        only_logins = all(region.meters[part.meter].meter == "logins_per_minute" for part in short)
        said.append(
            T("{platform} goes over its limit of logins per minute {when}", platform=name, when=when)
            if only_logins
            else T("{platform} goes over its limit {when}", platform=name, when=when)
        )
    more = len(keys) - NAMED_PLATFORMS
    if more > 0:
        said.append(T("one more platform does") if more == 1 else T("{count} more platforms do", count=more))
    whole = said[0]
    for clause in said[1:]:
        whole = T("{clauses}; {clause}", clauses=whole, clause=clause)
    return whole


def _when(region: Region, short: Sequence[Shortfall], words: Words) -> str | Text:
    """Say on which dates, and whether in the morning or in the afternoon."""
    noon = HALF_DAY // region.grid.slot_minutes
    halves: dict[int, set[str]] = {}
    for part in short:
        halves.setdefault(part.day, set()).update(
            half for half, inside in (("morning", part.first < noon), ("afternoon", part.last > noon)) if inside
        )
    if len(halves) > NAMED_DATES:
        every = words.number(len(region.grid.dates))
        return T("on {count} of {all} dates", count=words.number(len(halves)), all=every)
    one_week = monday_of(region.grid.first_date) == monday_of(region.grid.last_date)
    name = words.weekday if one_week else words.date
    by_half: dict[tuple[str, ...], list[str]] = {}
    for day, found in sorted(halves.items()):
        by_half.setdefault(tuple(sorted(found)), []).append(name(region.grid.dates[day]))
    parts: list[str | Text] = [_on(listed(days), half) for half, days in by_half.items()]
    said = parts[0]
    for more in parts[1:]:
        said = T("{list}, and {item}", list=said, item=more)
    return said


def _on(days: str | Text, half: tuple[str, ...]) -> Text:
    if half == ("morning",):
        return T("on {days} in the morning", days=days)
    if half == ("afternoon",):
        return T("on {days} in the afternoon", days=days)
    return T("on {days} in the morning and in the afternoon", days=days)


def day_sentence(region: Region, day: DayFigures, meter: int, words: Words) -> Text:
    """Say with figures how one meter fares on one date."""
    after, limit = day.after[meter], day.limit[meter]
    date = words.weekday(region.grid.dates[day.day])
    if not after.any() and not day.before[meter].any():
        return T("Nothing is asked of it on {date}.", date=date)
    left = [short for short in shortfalls(region, day, planned=True) if short.meter == meter]
    if left:
        return _still_short(region, left, date, words)
    room = np.where(after > 0, limit - after, np.inf)
    at = int(np.argmin(room))
    if not math.isfinite(room[at]):
        peak = int(np.argmax(after))
        return T(
            "Without limit on {date}: {amount} at most, at {time}.",
            date=date,
            amount=amount(region.meters[meter], float(math.ceil(after[peak])), words),
            time=words.time(peak * region.grid.slot_minutes),
        )
    tightest = _room(region.meters[meter], float(room[at]), words.time(at * region.grid.slot_minutes), words)
    usual = [short for short in shortfalls(region, day, planned=False) if short.meter == meter]
    if not usual:
        return T("On {date}, {tightest}.", date=date, tightest=tightest)
    worst = max(usual, key=lambda short: short.missing)
    return T(
        "At the usual times, {amount} too few on {date} from {start} to {end}; with the plan, {tightest}.",
        amount=_missing(region, worst, words),
        date=date,
        tightest=tightest,
        **_span(region, worst, words),
    )


def _room(meter: Meter, free: float, time: str, words: Words) -> Text:
    """Say how much room a load leaves under the limit, rounded down."""
    whole = math.floor(free + 1e-6)
    if whole < 1:
        return T("the limit is just kept, at {time}", time=time)
    return T(
        "there is still room for {amount} at the tightest moment, {time}", amount=amount(meter, whole, words), time=time
    )


def _still_short(region: Region, left: Sequence[Shortfall], date: str, words: Words) -> Text:
    worst = max(left, key=lambda short: short.missing)
    said = {"amount": _missing(region, worst, words), "date": date, **_span(region, worst, words)}
    others = len(left) - 1
    if not others:
        return T("Even with the plan, {amount} too few on {date} from {start} to {end}.", **said)
    if others == 1:
        return T(
            "Even with the plan, {amount} too few on {date} from {start} to {end}, and some at one more time.", **said
        )
    return T(
        "Even with the plan, {amount} too few on {date} from {start} to {end}, and some at {count} more times.",
        count=words.number(others),
        **said,
    )
