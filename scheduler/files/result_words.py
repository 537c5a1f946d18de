"""The words of the result page around its figures: headings, captions, and the facts of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.domain.verdict_words import quality
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from scheduler.domain.outcome import Outcome
    from scheduler.domain.verdict import Tally
    from scheduler.files.words import SpokenWords


def labels(curves_shown: int, curves: int, words: SpokenWords) -> dict[str, Text]:
    """Give the fixed words of the page by the name that the template knows them by."""
    return {**_headings(), **_columns(), **_explanations(curves_shown, curves, words)}


def _headings() -> dict[str, Text]:
    return {
        "skip": T("Skip to the answer"),
        "contents": T("On this page"),
        "peaks": T("Peaks"),
        "loads": T("Load curves"),
        "why": T("Why it is so"),
        "missing": T("What is missing"),
        "dearest": T("Where more capacity would save most"),
        "moves": T("Why activities move"),
        "largest_moves": T("The largest moves"),
        "schools": T("Schools that move most"),
        "warnings": T("Warnings"),
        "proof": T("How good is this plan?"),
        "files": T("Files beside this page"),
        "figures": T("The figures as a table"),
    }


def _columns() -> dict[str, Text]:
    return {
        "platform": T("Platform"),
        "meter": T("What is counted"),
        "before": T("Before"),
        "after": T("After"),
        "limit": T("Limit"),
        "capacity": T("Capacity"),
        "used_before": T("Share of capacity before"),
        "used_after": T("Share of capacity after"),
        "with_plan": T("With the plan"),
        "slot": T("From"),
        "until": T("To"),
        "saves": T("Saves (head-minutes)"),
        "price": T("Price"),
        "date": T("Date"),
        "school": T("School"),
        "key": T("Key"),
        "sessions": T("Sessions"),
        "moved": T("Moved"),
        "largest": T("Largest shift (min)"),
        "average": T("Average shift of all sessions (min)"),
    }


def _explanations(curves_shown: int, curves: int, words: SpokenWords) -> dict[str, Text]:
    return {
        "peaks_caption": T("Highest load of any slot; limit and capacity at the moment of the highest load before"),
        "heat_caption": T("Load with the plan as a share of the limit, highest of each hour"),
        "heat_key": T("◆ close to the limit, ▲ over it"),
        "twin_caption": T("Load by slot"),
        "price_means": T("Price: head-minutes of shift that one more connection in the slot would save."),
        "dearest_caption": T(
            "What one more connection, or login per minute, under the limit in all these slots would save"
        ),
        "back_means": T(
            "What putting back would cost: the session, and what is tied to it, at the usual time again, "
            "all else as planned."
        ),
        "moves_none": T("No activity moves."),
        "schools_none": T("No class session moves."),
        "former": T("What moves, and how far, is counted from the former plan, not from the usual timetable."),
        "no_meters": T("No platform has a capacity on these dates. Write one in capacity.csv to see its load here."),
        "left_out": T(
            "The {shown} tightest of {all} curves are drawn; load.csv holds them all.",
            shown=words.number(curves_shown),
            all=words.number(curves),
        ),
        "plan_csv": T("the start and the platforms of every activity"),
        "load_csv": T("the figures of all curves"),
        "moves_csv": T("why each moved activity moved, and what putting it back would cost"),
        "report_json": T("all figures of this page for programs, and every warning"),
        "reference_csv": T("what the former plan does otherwise than the usual timetable"),
        "feeds": T("calendars of teachers, groups and audiences, where they were asked for"),
    }


def more_warnings(count: int, words: SpokenWords) -> Text | str:
    """Say how many warnings the page leaves out; nothing where it shows all."""
    if count <= 0:
        return ""
    one = T("One more is in report.json.")
    return one if count == 1 else T("{count} more are in report.json.", count=words.number(count))


def change_word(change: float, percent: bool, words: SpokenWords) -> Text:
    """Say what a change of capacity without a note is."""
    size = words.share(abs(change) / 100) if percent else words.number(abs(change))
    return T("capacity raised by {size}", size=size) if change > 0 else T("capacity lowered by {size}", size=size)


def stopped(outcome: Outcome) -> Text:
    """Say why the run ended."""
    return {
        "gap": T("the plan was good enough"),
        "work": T("the planned work was done"),
        "time": T("the time was up; this is the best plan so far"),
        "user": T("it was stopped by hand; this is the best plan so far"),
    }[outcome.stopped_by]


def facts(outcome: Outcome, total: Tally, seconds: float, words: SpokenWords) -> list[tuple[Text, Text | str]]:
    """Give the figures of the run, each with its name; the page and the terminal list them alike."""
    found: list[tuple[Text, Text | str]] = [
        (T("Quality"), quality(total, words)),
        (T("Objective, in head-minutes"), words.number(round(total.objective))),
        (T("Lower bound, in head-minutes"), words.number(round(total.lower_bound))),
        (T("Gap to the lower bound"), words.share(total.gap)),
        *_compared_with(total),
        (T("Activities moved"), _part(total.moved, total.activities, words)),
        (T("Activities on other platforms"), _part(total.switched, total.activities, words)),
        (T("Largest shift of a class session, in minutes"), words.number(total.largest_shift_minutes)),
        (T("Overload left, in connection-minutes"), words.number(round(total.overload))),
    ]
    if outcome.level is not None:
        level = T(
            "{level}; no plan stays below {bound}",
            level=words.share(outcome.level.level),
            bound=words.share(outcome.level.lower_bound),
        )
        found.append((T("Highest share of capacity"), level))
    return [*found, (T("Ended because"), stopped(outcome)), (T("Time"), duration(seconds, words))]


def _compared_with(total: Tally) -> list[tuple[Text, Text | str]]:
    """Say what costs and changes are against, where it is not the usual timetable."""
    return [(T("Compared with"), T("the former plan, not the usual timetable"))] if total.against_former else []


def _part(some: int, whole: int, words: SpokenWords) -> Text:
    share = words.share(some / whole if whole else 0.0)
    return T("{some} of {all} ({share})", some=words.number(some), all=words.number(whole), share=share)


def duration(seconds: float, words: SpokenWords) -> Text:
    """Say how long something took."""
    if seconds < 60:
        return T("{number} s", number=words.number(round(seconds, 1) if seconds < 10 else round(seconds)))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return T("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return T("{hours} h {minutes} min", hours=words.number(minutes // 60), minutes=minutes % 60)
