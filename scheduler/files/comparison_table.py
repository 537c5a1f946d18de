"""A comparison of policies for a terminal of 100 columns."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

from scheduler.charts.words import meter_word
from scheduler.domain.verdict_words import platform_name
from scheduler.files.comparison_words import (
    broken_list,
    comparison_answer,
    overload_word,
    policy_about,
    policy_name,
)
from scheduler.files.words import SpokenWords
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.comparison import Standing
    from scheduler.domain.region import Region

WIDTH = 100
GAP = 2
HEADING = 9
"""Width of a column's heading, which is broken over several lines."""
NARROWEST_NAME = 20


def comparison_table(region: Region, standings: Sequence[Standing], jitter_minutes: int, language: str) -> str:
    """Write a comparison as text: the figures of each policy, each meter under each policy, and the answer in words.

    Returns
    -------
    str
        Lines of at most 100 columns, without colours, the last one ended.
    """
    words = SpokenWords(language)
    blocks = [_policy_lines(standings, words)]
    if region.meters:
        blocks.append(_meter_lines(region, standings, words))
    for paragraph in comparison_answer(region, standings, words):
        blocks.append(textwrap.wrap(" ".join(plain(words.say(sentence)) for sentence in paragraph), WIDTH))
    blocks.append(_legend_lines(standings, jitter_minutes, words))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _policy_lines(standings: Sequence[Standing], words: SpokenWords) -> list[str]:
    heads = [
        T("Policy"),
        T("Highest use of capacity"),
        T("Minutes over a limit"),
        T("Overload (conn. min)"),
        T("Classes moved"),
        T("Average shift (min)"),
        T("Largest shift (min)"),
        T("Rules broken"),
        T("Gap to the best"),
    ]
    rows = [
        [
            one.policy,
            _used(one.utilisation, not one.within_limits, words),
            words.number(one.over_minutes),
            overload_word(one.overload, words),
            words.share(one.sessions_moved / one.sessions) if one.sessions else "–",
            words.tenths(one.mean_shift_minutes),
            words.number(one.largest_shift_minutes),
            words.number(one.breaches.total),
            "–" if one.gap is None else words.share(one.gap),
        ]
        for one in standings
    ]
    lines = _table([words.say(head) for head in heads], rows)
    if not all(one.within_limits for one in standings):
        lines.append(words.say(T("! = over the limit at some time")))
    lines += [
        words.say(
            T(
                "{policy}: everybody waits {minutes} minutes on average to get in",
                policy=one.policy,
                minutes=words.tenths(one.wait_minutes),
            )
        )
        for one in standings
        if one.wait_minutes
    ]
    return lines


def _meter_lines(region: Region, standings: Sequence[Standing], words: SpokenWords) -> list[str]:
    rows = []
    for meter, place in enumerate(region.meters):
        name = platform_name(region, place.platform)
        if sum(other.platform == place.platform for other in region.meters) > 1:
            name = f"{name} – {words.say(meter_word(place.meter))}"
        figures = [one.meters[meter] for one in standings]
        rows.append([plain(name), *(_used(one.utilisation, one.over_minutes > 0, words) for one in figures)])
    heads = [words.say(T("Highest use of capacity")), *(one.policy for one in standings)]
    taken = sum(max(len(row[column]) for row in (heads, *rows)) + GAP for column in range(1, len(heads)))
    room = max(WIDTH - taken, NARROWEST_NAME)
    return _table(heads, [[_cut(row[0], room), *row[1:]] for row in rows], room)


def _legend_lines(standings: Sequence[Standing], jitter_minutes: int, words: SpokenWords) -> list[str]:
    """Say what each policy is and what it breaks."""
    widest = max(len(one.policy) for one in standings)
    lines = []
    for one in standings:
        about = f"{words.say(policy_name(one.policy))} – {words.say(policy_about(one.policy, jitter_minutes))}"
        broken = broken_list(one, words)
        if broken is not None:
            about = f"{about} {words.say(broken)}"
        indent = " " * (widest + GAP)
        lines += textwrap.wrap(f"{one.policy.ljust(widest + GAP)}{about}", WIDTH, subsequent_indent=indent)
    return lines


def _used(share: float | None, over: bool, words: SpokenWords) -> str:
    said = "–" if share is None else words.share(share)
    return f"! {said}" if over else said


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], first: int = HEADING) -> list[str]:
    """Align a table: the first column to the left, figures to the right, headings broken over several lines."""
    broken = [
        textwrap.wrap(head, HEADING if column else first, break_long_words=False) for column, head in enumerate(heads)
    ]
    tall = max(len(lines) for lines in broken)
    above = [[""] * (tall - len(lines)) + lines for lines in broken]
    table = [*([lines[at] for lines in above] for at in range(tall)), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(heads))]
    lines = [
        (" " * GAP)
        .join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        .rstrip()
        for row in table
    ]
    lines.insert(tall, "─" * (sum(widths) + GAP * (len(widths) - 1)))
    return lines


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def plain(text: str) -> str:
    """Put spaces for control characters, which could command the terminal."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
