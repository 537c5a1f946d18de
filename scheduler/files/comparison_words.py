"""The words of a comparison: names of policies, what they are, what they break, and the answer in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.charts.words import meter_word
from scheduler.domain.breaches import RULES
from scheduler.domain.load import OVERLOADED_FROM
from scheduler.domain.verdict_words import PROVEN, SMALL, listed, platform_name
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.comparison import Standing
    from scheduler.domain.region import Region
    from scheduler.files.words import SpokenWords


SMALL_OVERLOAD = 10.0
LEAST_FACTOR = 1.05
"""Costs nearer than this are not worth a sentence."""


def policy_name(policy: str) -> Text:
    """Name a policy in two or three words."""
    return {
        "usual": T("Usual timetable"),
        "jitter": T("Random delay"),
        "rota": T("Levels in turns"),
        "parents": T("Parents from 15:00"),
        "bells": T("Staggered bells"),
        "greedy": T("First fit"),
        "ours": T("Étale"),
    }[policy]


def policy_about(policy: str, jitter_minutes: int) -> Text:
    """Say what a policy is, and where it was tried."""
    return {
        "usual": T("Nothing moves: what happens if nobody does anything."),
        "jitter": T(
            "No class moves; the platform lets each person in at random within {minutes} minutes of the start, as "
            "Moodle can for quizzes.",
            minutes=jitter_minutes,
        ),
        "rota": T(
            "Each level has its own part of the day, as in Île-de-France in March 2020: 2nde from 8:00, 1re from "
            "11:00, Tle from 14:00; 6e from 8:30, then 5e, 4e and 3e every two hours."
        ),
        "parents": T("Access windows open at 15:00 at the earliest, as in Paris in April 2021; no class moves."),
        "bells": T(
            "Each school moves its whole day by one amount, of 30 minutes at most; schools are dealt out evenly over "
            "the amounts."
        ),
        "greedy": T("One class after the other takes the nearest place that still has room; none is moved again."),
        "ours": T("All classes are weighed against each other, with a proof of how good the plan is."),
    }[policy]


def broken_words(standing: Standing, words: SpokenWords) -> list[Text]:
    """Say which hard rules a policy breaks, and how often; nothing where it keeps all."""
    said = {
        "start": T("activities whose people no longer start together"),
        "lock": T("locked sessions moved"),
        "bounds": T("starts outside their bounds, or moved further than allowed"),
        "alternative": T("activities served by no alternative of theirs"),
        "apart": T("pairs of sessions with the same people or room, out of order or too close"),
        "overlapping": T("pairs of sessions that overlapped, pulled apart"),
        "together": T("sessions parted from those they move with"),
    }
    found = [
        T("{what}: {count}", what=said[rule], count=words.number(count))
        for rule, count in zip(RULES, standing.breaches.counts, strict=True)
        if count
    ]
    if standing.breaches.clashes:
        clashes = words.number(standing.breaches.clashes)
        found.append(T("of these pairs, at the same time, so impossible to hold: {count}", count=clashes))
    return found


def broken_list(standing: Standing, words: SpokenWords) -> Text | None:
    """Say all that a policy breaks in one sentence; None where it keeps every rule."""
    found = broken_words(standing, words)
    if not found:
        return None
    said = found[0]
    for text in found[1:]:
        said = T("{list}; {item}", list=said, item=text)
    return T("Rules broken: {list}.", list=said)


def comparison_question(region: Region, words: SpokenWords) -> Text:
    """Ask what the page answers."""
    first, last = region.grid.first_date, region.grid.last_date
    if first == last:
        return T("What would hold on {date}?", date=words.date(first))
    return T("What would hold from {first} to {last}?", first=words.date(first), last=words.date(last))


def comparison_answer(region: Region, standings: Sequence[Standing], words: SpokenWords) -> list[list[Text]]:
    """Answer in paragraphs of sentences: the usual timetable, who stays within limits and rules, and what ours does."""
    usual, others = standings[0], standings[1:]
    if not usual.meters:
        return [[T("Nobody can tell: no capacity is known for these dates. Write it in capacity.csv.")]]
    if not usual.activities:
        return [[T("Nothing takes place on these dates.")]]
    among = []
    if others and not usual.within_limits:
        among.append(_others_words(standings, words))
    broken = [policy_name(one.policy) for one in others if not one.allowed]
    if broken:
        among.append(T("Breaking rules that a timetable must keep: {list}.", list=listed(broken)))
    about_ours = [
        sentence
        for ours in others
        if ours.policy == "ours"
        for sentence in (_ours_words(ours, words), *_dearer_words(ours, standings, words))
    ]
    return [part for part in ([_usual_words(region, usual, words)], among, about_ours) if part]


def _usual_words(region: Region, usual: Standing, words: SpokenWords) -> Text:
    over = [place for place, meter in enumerate(usual.meters) if meter.over_minutes]
    if not over:
        return T("At the usual times already, nothing goes over its limit.")
    minutes = words.number(usual.over_minutes)
    meter = max(over, key=lambda place: usual.meters[place].utilisation or 0.0)
    share = usual.meters[meter].utilisation
    place = region.meters[meter]
    if share is None:
        return T("At the usual times, a limit is exceeded for {minutes} minutes.", minutes=minutes)
    return T(
        "At the usual times, a limit is exceeded for {minutes} minutes: {platform} ({meter}) reaches {share} of its "
        "capacity, of which {target} may be filled.",
        minutes=minutes,
        platform=platform_name(region, place.platform),
        meter=meter_word(place.meter),
        share=words.share(share),
        target=words.share(region.policy.target_utilisation),
    )


def _others_words(standings: Sequence[Standing], words: SpokenWords) -> Text:
    """Say which other policies hold; where none does, which one that keeps the rules comes closest."""
    usual, others = standings[0], standings[1:]
    holding = [policy_name(one.policy) for one in others if one.allowed and one.within_limits]
    if holding:
        return T("Below every limit, with every rule kept: {list}.", list=listed(holding))
    closest = min((one for one in standings if one.allowed), key=lambda one: one.overload)
    if closest is usual:
        return T("None of the others eases the overload and keeps every rule.")
    return T(
        "None stays below every limit and keeps every rule; {name} comes closest, with {overload} connection-minutes "
        "of overload instead of {before}.",
        name=policy_name(closest.policy),
        overload=overload_word(closest.overload, words),
        before=overload_word(usual.overload, words),
    )


def overload_word(overload: float, words: SpokenWords) -> str:
    """Say an overload in connection-minutes: small ones to the tenth, and never 0 where a limit is exceeded."""
    if overload >= SMALL_OVERLOAD:
        return words.number(round(overload))
    return words.number(max(round(overload, 1), 0.1) if overload > OVERLOADED_FROM else 0)


def _ours_words(ours: Standing, words: SpokenWords) -> Text:
    said = {"quality": proof_words(ours.gap or 0.0, words)}
    if not ours.sessions_moved:
        return T("Étale moves no class session; its plan is {quality}.", **said)
    return T(
        "Étale moves {share} of the class sessions, by {minutes} minutes on average; its plan is {quality}.",
        share=words.share(ours.sessions_moved / ours.sessions),
        minutes=words.number(max(round(ours.mean_shift_minutes), 1)),
        **said,
    )


def _dearer_words(ours: Standing, standings: Sequence[Standing], words: SpokenWords) -> list[Text]:
    """Say what our plan leaves over and why, and what the next best that keeps the rules would cost instead."""
    found = []
    if not ours.within_limits:
        found.append(
            T(
                "It leaves {overload} connection-minutes of overload: they are weighed against shifts, and a higher "
                "overload_weight in region.toml leaves fewer.",
                overload=overload_word(ours.overload, words),
            )
        )
    fair = [one for one in standings if one.allowed and one is not ours]
    if fair and ours.objective > 0:
        next_best = min(fair, key=lambda one: one.objective)
        factor = next_best.objective / ours.objective
        if factor >= LEAST_FACTOR:
            found.append(
                T(
                    "Of the others that keep every rule, the cheapest, {name}, costs {factor} times as much.",
                    name=policy_name(next_best.policy),
                    factor=words.number(round(factor, 1)),
                )
            )
    return found


def proof_words(gap: float, words: SpokenWords) -> Text:
    """Say how far from the best possible plan one can be at most."""
    if gap <= PROVEN:
        return T("the best possible")
    if gap < SMALL:
        return T("within less than {share} of the best possible", share=words.share(SMALL))
    return T("within {share} of the best possible", share=words.share(gap))
