"""The part of the result page that says why: what is missing, what would mend it, and why activities moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.charts.words import meter_word
from scheduler.domain.reason_words import estimate_sentence, move_sentence, raise_sentence, reason_words
from scheduler.domain.verdict_words import platform_name
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from scheduler.domain.explanation import Explanation
    from scheduler.domain.region import Region
    from scheduler.files.words import SpokenWords

RAISES_SHOWN = 5
MOVES_SHOWN = 10


@dataclass(frozen=True)
class WhyPart:
    """Why the plan is as it is, ready to be laid out.

    Attributes
    ----------
    missing : tuple of str
        A sentence a shortfall, the worst first, then one a date with an estimate.
    missing_more : str
        How many shortfalls are left out; empty where none is.
    dearest : tuple of tuple of str
        Platform, meter, date, from, to, head-minutes saved.
    reasons : tuple of (str, str)
        What moved activities, and how many.
    largest : tuple of str
        A sentence a class session, the largest shift first.
    """

    missing: tuple[str, ...]
    missing_more: str
    dearest: tuple[tuple[str, ...], ...]
    reasons: tuple[tuple[str, str], ...]
    largest: tuple[str, ...]


def why_part(region: Region, explanation: Explanation, words: SpokenWords) -> WhyPart:
    """Say why, in the reader's language."""
    worst = sorted(explanation.raises, key=lambda one: -one.missing)
    said = [raise_sentence(region, one, words) for one in worst[:RAISES_SHOWN]]
    said += [estimate_sentence(region, estimate, words) for estimate in explanation.estimates]
    general = reason_words()
    return WhyPart(
        missing=tuple(words.say(sentence) for sentence in said),
        missing_more=words.say(_more(len(worst) - RAISES_SHOWN, words)),
        dearest=_dearest_rows(region, explanation, words),
        reasons=tuple(
            (words.say(general[name]), words.number(count)) for name, count in explanation.count_by_reason.items()
        ),
        largest=_largest(region, explanation, words),
    )


def _more(count: int, words: SpokenWords) -> Text | str:
    if count <= 0:
        return ""
    one = T("One more shortage is in report.json.")
    return one if count == 1 else T("{count} more shortages are in report.json.", count=words.number(count))


def _dearest_rows(region: Region, explanation: Explanation, words: SpokenWords) -> tuple[tuple[str, ...], ...]:
    minutes = region.grid.slot_minutes
    return tuple(
        (
            platform_name(region, region.meters[run.meter].platform),
            words.say(meter_word(region.meters[run.meter].meter)),
            words.date(region.grid.dates[run.day]),
            words.time(run.first * minutes),
            words.time(run.last * minutes),
            words.tenths(run.saves),
        )
        for run in explanation.dearest
    )


def _largest(region: Region, explanation: Explanation, words: SpokenWords) -> tuple[str, ...]:
    """Give the class sessions that move furthest; of equals, those of most heads."""
    found: list[tuple[int, int, int, int]] = []
    for date, moves in enumerate(explanation.moves):
        sessions = np.flatnonzero(~region.activities.window[moves.row])
        shift = np.abs(moves.shift_minutes[sessions])
        heads = region.activities.heads[moves.row[sessions]]
        first = np.lexsort((sessions, -heads, -shift))[:MOVES_SHOWN]
        found += [(-int(shift[at]), -int(heads[at]), date, int(sessions[at])) for at in first.tolist()]
    return tuple(
        words.say(move_sentence(region, explanation.moves[date], at, words))
        for _, _, date, at in sorted(found)[:MOVES_SHOWN]
    )
