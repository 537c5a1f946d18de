"""The explanation of a plan in sentences: why a session moved, what is missing, and what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.reasons import FULL, LEVEL, REASONS, SHARER, TOGETHER, Moves
from scheduler.domain.verdict_words import amount, listed, platform_name, rounded_up
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from scheduler.domain.explanation import Estimate, Explanation
    from scheduler.domain.region import Region
    from scheduler.domain.shortage import Raise
    from scheduler.domain.verdict_words import Words


def activity_name(region: Region, row: int) -> Text | str:
    """Name an activity as people of its school know it: its subject and groups, its audience, else its key."""
    activities = region.activities
    if activities.window[row]:
        return T("access of {audience}", audience=activities.words.audiences[activities.audience[row]])
    subject = activities.words.subjects[activities.subject[row]]
    groups = ", ".join(activities.words.groups[activities.groups[row]])
    if subject and groups:
        return T("{subject} ({groups})", subject=subject, groups=groups)
    return subject or groups or T("session {key}", key=activities.key_of(row))


def school_name(region: Region, row: int) -> str:
    """Name an activity's school; the region itself for its own audiences."""
    school = int(region.activities.school[row])
    place = region.activities.schools[school] if school >= 0 else None
    return region.name if place is None else place.name or place.key


def move_sentence(region: Region, moves: Moves, at: int, words: Words) -> Text:
    """Say of one moved activity where it went, why, and what putting it back would cost.

    Parameters
    ----------
    region : Region
    moves : Moves
    at : int
        Which element of `moves`.
    words : Words
    """
    row = int(moves.row[at])
    usual = int(region.activities.start[row])
    return T(
        "{school}: {name}, {date}, moves from {usual} to {planned}. {why}; {cost}.",
        school=school_name(region, row),
        name=activity_name(region, row),
        date=words.date(region.grid.dates[moves.day]),
        usual=words.time(usual),
        planned=words.time(usual + int(moves.shift_minutes[at])),
        why=_why(region, moves, at, words),
        cost=_cost(region, moves, at, words),
    )


def _why(region: Region, moves: Moves, at: int, words: Words) -> Text:
    """Say why; where a sharer is in the way, :func:`_cost` names it."""
    reason = int(moves.reason[at])
    if reason == SHARER:
        return T("Its usual time would be no dearer")
    if reason not in (FULL, LEVEL, TOGETHER):
        return T("Nothing speaks against its usual time any more")
    minutes = region.grid.slot_minutes
    said: dict[str, object] = {
        "platform": platform_name(region, region.meters[moves.meter[at]].platform),
        "start": words.time(int(moves.first[at]) * minutes),
        "end": words.time(int(moves.last[at]) * minutes),
    }
    logins = region.meters[moves.meter[at]].meter == "logins_per_minute"
    if reason == LEVEL:
        return T("It would lift the highest load of {platform} from {start} to {end}", **said)
    if reason == TOGETHER:
        said["other"] = activity_name(region, int(moves.companion[at]))
        if logins:
            return T("It moves with {other}, and {platform} has no room for its logins from {start} to {end}", **said)
        return T("It moves with {other}, and {platform} has no room for that from {start} to {end}", **said)
    if logins:
        return T("{platform} has no room for its logins from {start} to {end}", **said)
    return T("{platform} has no room for it from {start} to {end}", **said)


def _cost(region: Region, moves: Moves, at: int, words: Words) -> Text:
    """Say what putting it back would cost, or what is in the way."""
    blocker = int(moves.in_the_way[at])
    if blocker >= 0:
        usual = words.time(int(region.activities.start[blocker]))
        return T("{other}, usually at {time}, is in the way now", other=activity_name(region, blocker), time=usual)
    change = round(float(moves.head_minutes[at]))
    if change > 0:
        return T("putting it back would cost {number} head-minutes", number=words.number(change))
    if change < 0:
        return T("putting it back would save {number} head-minutes", number=words.number(-change))
    return T("putting it back would cost nothing")


def reason_words() -> dict[str, Text]:
    """Say each of :data:`~scheduler.domain.reasons.REASONS` in general."""
    said = (
        T("a platform has no room at the usual time"),
        T("the highest load would rise"),
        T("tied to a session for which there is no room"),
        T("a session with the same people or room is in the way"),
        T("nothing speaks against going back"),
    )
    return dict(zip(REASONS, said, strict=True))


def moves_sentence(counts: dict[str, int], words: Words) -> Text | None:
    """Say in a line why activities moved; nothing where none did.

    Parameters
    ----------
    counts : dict
        Reason -> how many moved for it.
    words : Words
    """
    said = {name: words.number(count) for name, count in counts.items()}
    every = {
        "full": T("{count} for want of room", count=said.get("full")),
        "level": T("{count} to keep the highest load low", count=said.get("level")),
        "together": T("{count} tied to one of these", count=said.get("together")),
        "sharer": T("{count} to make way for another", count=said.get("sharer")),
        "nothing": T("{count} that could go back one by one at no cost", count=said.get("nothing")),
    }
    items = [every[name] for name in REASONS if name in said]
    return T("Moves: {reasons}.", reasons=listed(items)) if items else None


def raise_sentence(region: Region, one: Raise, words: Words) -> Text:
    """Say what is missing in a run of slots, and the raise of capacity that ends it with the plan as it is."""
    minutes, meter = region.grid.slot_minutes, region.meters[one.meter]
    return T(
        "{platform}, {date} from {start} to {end}: {missing} too few with this plan; "
        "a capacity higher by {more} would do.",
        platform=platform_name(region, meter.platform),
        date=words.date(region.grid.dates[one.day]),
        start=words.time(one.first * minutes),
        end=words.time(one.last * minutes),
        missing=amount(meter, rounded_up(one.missing), words),
        more=words.number(one.capacity),
    )


def estimate_sentence(region: Region, estimate: Estimate, words: Words) -> Text:
    """Say what raise, all day, would allow some plan within all limits."""
    said: dict[str, object] = {
        "date": words.date(region.grid.dates[estimate.day]),
        "cost": words.number(round(estimate.cost)),
        "objective": words.number(round(estimate.objective)),
    }
    if not estimate.raises:
        return T(
            "Estimate for {date}: a plan within every limit needs no more capacity; it would cost some {cost} "
            "head-minutes or a little more, this one costs {objective}.",
            **said,
        )
    parts = [
        T(
            "{amount} more on {platform}",
            amount=amount(region.meters[one.meter], one.capacity, words),
            platform=platform_name(region, region.meters[one.meter].platform),
        )
        for one in estimate.raises
    ]
    return T(
        "Estimate for {date}: a plan within every limit needs about {raises}, all day; it would cost some {cost} "
        "head-minutes or a little more, this one costs {objective}.",
        raises=listed(parts),
        **said,
    )


def dearest_sentence(region: Region, explanation: Explanation, words: Words) -> Text | None:
    """Say where one more connection would save most; nothing where no slot has a price."""
    if not explanation.dearest:
        return None
    run, minutes = explanation.dearest[0], region.grid.slot_minutes
    meter = region.meters[run.meter]
    return T(
        "One more connection saves most on {platform}, {date} from {start} to {end}: {number} head-minutes."
        if meter.meter != "logins_per_minute"
        else "One more login per minute saves most on {platform}, {date} from {start} to {end}: {number} head-minutes.",
        platform=platform_name(region, meter.platform),
        date=words.date(region.grid.dates[run.day]),
        start=words.time(run.first * minutes),
        end=words.time(run.last * minutes),
        number=words.number(round(run.saves, 1)),
    )
