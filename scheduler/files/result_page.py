"""The result of a planning run as one page that needs nothing else: no network, no script (CONTRACT section 5)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

import scheduler
from scheduler.charts.style import OF_THE_PAGE, curve_style
from scheduler.domain.verdict import Tally, over, tally
from scheduler.domain.verdict_words import answer, question
from scheduler.files.load_parts import curves_shown, meter_parts
from scheduler.files.result_reasons import why_part
from scheduler.files.result_tables import peak_rows, school_rows
from scheduler.files.result_words import facts, labels, more_warnings
from scheduler.files.words import SpokenWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.explanation import Explanation
    from scheduler.domain.load import DayFigures
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.region import Region

WARNINGS_SHOWN = 100


def result_page(
    region: Region,
    outcome: Outcome,
    figures: Sequence[DayFigures],
    seconds: float,
    language: str,
    order_kept: bool = True,
    explanation: Explanation | None = None,
) -> bytes:
    """Write the page that shows what a run found.

    Parameters
    ----------
    region : Region
    outcome : Outcome
    figures : sequence of DayFigures
        One a date with activities, in order.
    seconds : float
        How long the run took.
    language : str
        ``fr`` or ``en``; the page is HTML in UTF-8.
    order_kept : bool
        False with ``--reorder``: the gap is no proof then, and the page says so.
    explanation : Explanation, optional
        Why the plan is as it is; the page has a section on it then.

    Returns
    -------
    bytes
    """
    words = SpokenWords(language)
    total = tally(region, outcome, figures, order_kept)
    shown = curves_shown(region, figures)
    all_curves = len(region.meters) * len(figures)
    rendered = _template().render(
        language=language,
        region=region.name,
        dates=_dates(region, words),
        question=words.say(question(region, words)),
        against_former=total.against_former,
        answer=[words.say(sentence) for sentence in answer(region, figures, total, words)],
        verdict=_verdict(region, figures, total),
        labels={name: words.say(text) for name, text in labels(len(shown), all_curves, words).items()},
        peaks=peak_rows(region, figures, words),
        meters=meter_parts(region, figures, {proof.day: proof.price for proof in outcome.proofs}, shown, words),
        curves_left_out=all_curves > len(shown),
        why=None if explanation is None else why_part(region, explanation, words),
        schools=school_rows(region, outcome, words),
        warnings=[words.say(warning) for warning in outcome.warnings[:WARNINGS_SHOWN]],
        warnings_left_out=words.say(more_warnings(len(outcome.warnings) - WARNINGS_SHOWN, words)),
        facts=[(words.say(name), words.say(value)) for name, value in facts(outcome, total, seconds, words)],
        version=scheduler.__version__,
        curve_style=Markup(curve_style(OF_THE_PAGE)),  # noqa: S704 - rules of our own, no text of the region
    )
    return rendered.encode()


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scheduler.files", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("result.html.j2")


def _dates(region: Region, words: SpokenWords) -> str:
    first, last = region.grid.first_date, region.grid.last_date
    if first == last:
        return f"{words.date(first)} {first.year}"
    return f"{words.date(first)} – {words.date(last)} {last.year}"


def _verdict(region: Region, figures: Sequence[DayFigures], total: Tally) -> str:
    """Give the class of the answer's colour: how the plan leaves the region."""
    if not region.meters or not total.activities:
        return "unknown"
    left = any(over(region, day.after, day.limit).any() for day in figures)
    return "over" if left else "within"
