"""The verdict on a plan for a terminal of 80 columns: the same sentences and figures as the result page."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

from scheduler.charts.words import meter_word
from scheduler.domain.reason_words import dearest_sentence, moves_sentence
from scheduler.domain.verdict import Peak, peaks, tally
from scheduler.domain.verdict_words import answer, platform_name
from scheduler.files.result_words import facts
from scheduler.files.words import SpokenWords
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.explanation import Explanation
    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.region import Region

WIDTH = 80
GAP = 2
NARROWEST_NAME = 12


def terminal_summary(
    region: Region,
    outcome: Outcome,
    figures: Sequence[DayFigures],
    seconds: float,
    language: str,
    order_kept: bool = True,
    explanation: Explanation | None = None,
) -> str:
    """Write what a run found: peaks against their limits, the verdict, and how good the plan is.

    Parameters
    ----------
    region : Region
    outcome : Outcome
    figures : sequence of DayFigures
        One a date with activities.
    seconds : float
        How long the run took.
    language : str
        ``fr`` or ``en``.
    order_kept : bool
        False with ``--reorder``: the gap is no proof then.
    explanation : Explanation, optional
        Why the plan is as it is: a line on moves and one on more capacity.

    Returns
    -------
    str
        Lines of at most 80 columns, without colours, the last one ended.
    """
    words = SpokenWords(language)
    total = tally(region, outcome, figures, order_kept)
    blocks = [_peak_lines(region, peaks(region, figures), words)] if region.meters and figures else []
    sentences = " ".join(_plain(words.say(sentence)) for sentence in answer(region, figures, total, words))
    blocks.append(textwrap.wrap(sentences, WIDTH))
    if explanation is not None:
        blocks += _why_lines(region, explanation, words)
    blocks.append(
        _fact_lines([(words.say(name), words.say(value)) for name, value in facts(outcome, total, seconds, words)])
    )
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _why_lines(region: Region, explanation: Explanation, words: SpokenWords) -> list[list[str]]:
    """Say why activities moved and where more capacity would do most, in one block; in none where nothing is to say."""
    said = (moves_sentence(explanation.count_by_reason, words), dearest_sentence(region, explanation, words))
    lines = [line for text in said if text for line in textwrap.wrap(_plain(words.say(text)), WIDTH)]
    return [lines] if lines else []


def _peak_lines(region: Region, found: Sequence[Peak], words: SpokenWords) -> list[str]:
    """Lay out the peaks as an aligned table; a peak over its limit carries a mark, not only a colour."""
    rows = [[words.say(name) for name in (T("Platform"), T("What is counted"), T("Before"), T("After"), T("Limit"))]]
    for peak in found:
        meter = region.meters[peak.meter]
        rows.append(
            [
                _plain(platform_name(region, meter.platform)),
                words.say(meter_word(meter.meter)),
                _marked(peak.before, peak.over_before, words),
                _marked(peak.after, peak.over_after, words),
                words.load(peak.limit),
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    widths[0] = min(widths[0], max(WIDTH - sum(widths[1:]) - GAP * (len(widths) - 1), NARROWEST_NAME))
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "─" * len(lines[0]))
    if any(peak.over_before or peak.over_after for peak in found):
        lines.append(words.say(T("! = over the limit at some time")))
    # A limit can change during the day, so the one shown need not be the one that the load after met.
    lines.append(words.say(T("Limit: at the moment of the highest load before")))
    return lines


def _marked(load: float, over: bool, words: SpokenWords) -> str:
    return f"! {words.load(load)}" if over else words.load(load)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Align a row: two columns of text to the left, figures to the right."""
    name = row[0] if len(row[0]) <= widths[0] else f"{row[0][: widths[0] - 1]}…"
    texts = [name.ljust(widths[0]), row[1].ljust(widths[1])]
    return (" " * GAP).join([*texts, *(cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True))])


def _fact_lines(said: Sequence[tuple[str, str]]) -> list[str]:
    widest = max(len(name) for name, _ in said)
    lines = []
    for name, value in said:
        lines += textwrap.wrap(f"{name.ljust(widest)}  {value}", WIDTH, subsequent_indent=" " * (widest + 2))
    return lines


def _plain(text: str) -> str:
    """Put spaces for control characters, which could command the terminal."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
