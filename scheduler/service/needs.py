"""What it would take: raises that end an overload, and what more capacity would save, in sentences.

The figures are those of report.json (CONTRACT section 5 and docs/engine.md): a price is what one more connection in a
slot saves, by the dual of the region's problem; it holds for small raises and tells too much for large ones.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scheduler.charts.words import meter_word
from scheduler.domain.region import Meter
from scheduler.domain.scenario_words import change_in_words
from scheduler.domain.scenarios import from_documents
from scheduler.domain.verdict_words import amount, platform_name
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from scheduler.domain.region import Region
    from scheduler.domain.scenarios import Change
    from scheduler.domain.verdict import Tally
    from scheduler.files.words import SpokenWords

SHOWN = 10
"""So many raises and dear slots are told."""
EXAMPLE = 1000
"""For so many more connections savings are told; of a smaller meter for a tenth of its limit's order."""
WHOLE_DAY = ("00:00", "24:00")


@dataclass(frozen=True)
class Needs:
    """What a plan lacks, and what would help.

    Attributes
    ----------
    missing : tuple of Text
        Where this very plan is over a limit, and what raise would end it there.
    smallest : tuple of Text
        By date: the smallest raise, by estimate, with which some plan would be within all limits.
    worth : tuple of Text
        Where more capacity would save most, and what.
    ways_out : tuple of (Text, Change)
        The changes that would save most on the date that is over the limits most, the best first.
    """

    missing: tuple[Text, ...] = ()
    smallest: tuple[Text, ...] = ()
    worth: tuple[Text, ...] = ()
    ways_out: tuple[tuple[Text, Change], ...] = ()


def needs_of(region: Region, report: dict[str, Any], tally: Tally | None, words: SpokenWords) -> Needs:
    """Say what a run's plan needs, from its report."""
    return Needs(
        missing=tuple(_missing(region, one, words) for one in _worst(report.get("raises", []))),
        smallest=tuple(
            _smallest(region, estimate["date"], one, words)
            for estimate in report.get("raise_estimates", [])
            for one in estimate["raises"]
        ),
        worth=tuple(
            _worth(region, one, tally, words) for one in report.get("dearest_slots", [])[:SHOWN] if one["saves"] > 0
        ),
        ways_out=tuple(_way_out(region, one, words) for one in report.get("ways_out", [])),
    )


def _way_out(region: Region, one: dict[str, Any], words: SpokenWords) -> tuple[Text, Change]:
    (change,) = from_documents(one["changes"])
    said = T(
        "{change}: up to {minutes} head-minutes less on {date}",
        change=change_in_words(change, region, words),
        minutes=words.number(round(one["saves"])),
        date=words.date(dt.date.fromisoformat(one["date"])),
    )
    return said, change


def _worst(raises: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(raises, key=lambda one: -one["missing_connections"])[:SHOWN]


def _place(region: Region, one: dict[str, Any], words: SpokenWords) -> dict[str, str]:
    return {
        "platform": platform_name(region, one["platform"]),
        "date": words.date(dt.date.fromisoformat(one["date"])),
        "start": words.time(_minute(one["from"])),
        "end": words.time(_minute(one["to"])),
    }


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _amount(one: dict[str, Any], value: float, words: SpokenWords) -> Text:
    return amount(Meter(one["platform"], one["meter"]), value, words)


def _missing(region: Region, one: dict[str, Any], words: SpokenWords) -> Text:
    return T(
        "{platform}, {date}, {start}–{end}: {amount} more capacity would let this plan fit",
        amount=_amount(one, one["capacity_raise"], words),
        **_place(region, one, words),
    )


def _smallest(region: Region, date: str, one: dict[str, Any], words: SpokenWords) -> Text:
    place = _place(region, one | {"date": date}, words)
    told = {"amount": _amount(one, one["capacity_raise"], words), "platform": place["platform"], "date": place["date"]}
    if (one["from"], one["to"]) == WHOLE_DAY:
        return T("{date}: about {amount} more on {platform} all day, with a plan made for it", **told)
    span = {"start": place["start"], "end": place["end"]}
    return T("{date}: about {amount} more on {platform} from {start} to {end}, with a plan made for it", **told, **span)


def _worth(region: Region, one: dict[str, Any], tally: Tally | None, words: SpokenWords) -> Text:
    number = EXAMPLE if one["meter"] == "connections" else EXAMPLE // 10
    saved = one["saves"] * number
    told = {"amount": _amount(one, number, words), "minutes": words.number(round(saved)), **_place(region, one, words)}
    sessions = _sessions(saved, tally)
    if sessions:
        return T(
            "{amount} more on {platform}, {date} from {start} to {end}: up to {sessions} sessions fewer to move, "
            "{minutes} head-minutes",
            sessions=words.number(sessions),
            **told,
        )
    return T("{amount} more on {platform}, {date} from {start} to {end}: up to {minutes} head-minutes less", **told)


def _sessions(saved: float, tally: Tally | None) -> int:
    """Give how many moved sessions an average saving is worth; never more than moved at all."""
    if tally is None or not tally.sessions_moved or tally.shift <= 0:
        return 0
    return min(round(saved / (tally.shift / tally.sessions_moved)), tally.sessions_moved)


def meter_named(region: Region, meter: Meter, words: SpokenWords) -> str:
    """Name a meter with its platform."""
    return f"{platform_name(region, meter.platform)} – {words.say(meter_word(meter.meter))}"
