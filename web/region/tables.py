"""Who waits, and how much each asks: access of audiences, usage profiles, platforms; row by row and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from scheduler.charts.head import head_svg
from scheduler.charts.words import meter_word
from scheduler.domain.capacity import METERS
from scheduler.domain.verdict_words import platform_name
from scheduler.errors import FaultyInput, Refused
from scheduler.files.csv_download import csv_bytes, with_comma
from scheduler.files.region_tables import PLATFORMS, USAGE
from scheduler.files.region_writer import cells_of
from scheduler.service.audiences import COLUMNS, audience_rows, not_before, replace_audiences
from scheduler.service.region_tables import region_head, replace_platforms, replace_usage
from scheduler.wording import T
from web.downloads import download
from web.forms import not_yet, told
from web.house import house
from web.languages import say
from web.presence import actor
from web.region.door import blueprint, frame
from web.words import number_asked, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from scheduler.domain.region import Region
    from scheduler.domain.usage import UsageRow
    from scheduler.wording import Text

LESSON = 55
"""Minutes of the lesson that pictures show."""
AROUND = 15
ACCESS, THE_USAGE, THE_PLATFORMS = TABLES = ("access", "usage", "platforms")
OF = {ACCESS: COLUMNS, THE_USAGE: USAGE.columns, THE_PLATFORMS: PLATFORMS.columns}

Rows = list[dict[str, str]]


class Profile(NamedTuple):
    """What one head of an activity asks of a meter.

    Attributes
    ----------
    activity, platform, meter : str
    picture : Markup
    steps : list of (str, str)
        From when on, and the share.
    """

    activity: str
    platform: str
    meter: str
    picture: Markup
    steps: list[tuple[str, str]]


@blueprint.get("/rules/<table>")
def table(region: str, table: str) -> str:
    """Show a table."""
    if table not in TABLES:
        abort(404)
    return _page(region, table, {}, [])


def _page(region: str, table: str, typed: dict[str, str], problems: Sequence[Text]) -> str:
    head = region_head(house().store, actor(), region)
    rows = _rows(region, table, head)
    return render_template(
        f"region/{table}.html",
        rows=rows,
        typed=typed,
        problems=problems,
        revision=frame().revision,
        platforms=[(one.key, one.name) for one in head.platforms],
        meters=[(meter, say(meter_word(meter))) for meter in METERS],
        activities=sorted({one.activity for one in head.usage}),
        audiences=sorted({row.get("audience", "") for row in rows} - {""}),
        profiles=_profiles(head) if table == THE_USAGE else [],
    )


def _rows(region: str, table: str, head: Region) -> Rows:
    if table == ACCESS:
        return audience_rows(house().store, actor(), region)
    return [cells_of(one) for one in (head.usage if table == THE_USAGE else head.platforms)]


def _profiles(head: Region) -> list[Profile]:
    highest = {
        meter: max((_highest(rows) for (_, _, its), rows in head.usage_rows.items() if its == meter), default=1.0)
        for meter in METERS
    }
    return [
        _profile(head, activity, platform, meter, rows, highest[meter])
        for (activity, platform, meter), rows in sorted(head.usage_rows.items())
    ]


def _steps(rows: Sequence[UsageRow]) -> list[tuple[int, float]]:
    """Give what one head of a lesson asks: minute from the start, and the share from then on."""
    spans = [(row.start.after_start(LESSON), row.end.after_start(LESSON), row.share) for row in rows]
    spans = [(first, last, share) for first, last, share in spans if first < last]
    edges = sorted({minute for first, last, _ in spans for minute in (first, last)})
    return [(edge, sum(share for first, last, share in spans if first <= edge < last)) for edge in edges]


def _highest(rows: Sequence[UsageRow]) -> float:
    return max((share for _, share in _steps(rows)), default=0.0)


def _profile(
    head: Region, activity: str, platform: str, meter: str, rows: Sequence[UsageRow], highest: float
) -> Profile:
    steps = _steps(rows)
    shown = [(-AROUND, 0.0), *steps, (LESSON + AROUND, 0.0)] if steps else [(-AROUND, 0.0), (LESSON + AROUND, 0.0)]
    name, what = platform_name(head, platform), say(meter_word(meter))
    title = say(T("{activity} on {platform}, {meter}: one head", activity=activity, platform=name, meter=what))
    # Every text of the region is escaped where it is drawn.
    picture = Markup(head_svg(sorted(shown), LESSON, highest, title, words().number(round(highest, 3))))  # noqa: S704
    table = [(words().number(minute), words().number(round(share, 4))) for minute, share in steps]
    return Profile(activity, name, what, picture, table)


@blueprint.post("/rules/<table>")
def add_to_table(region: str, table: str) -> str | AnyResponse:
    """Add a row, or put one in the place of another."""
    if table not in TABLES:
        abort(404)
    typed = {name: request.form.get(name, "").strip() for name in OF[table]}
    rows = _rows(region, table, region_head(house().store, actor(), region))
    key = {ACCESS: "window", THE_PLATFORMS: "platform"}.get(table)
    kept = [row for row in rows if key is None or row[key] != typed[key] or _other_day(table, row, typed)]
    return _changed(region, table, typed, [*kept, typed])


def _other_day(table: str, row: dict[str, str], typed: dict[str, str]) -> bool:
    """Tell whether two rows of one window are of other days, and so stand beside each other."""
    return table == ACCESS and (row["day"], row["weeks"]) != (typed["day"], typed["weeks"])


@blueprint.post("/rules/<table>/withdraw")
def withdraw_from_table(region: str, table: str) -> str | AnyResponse:
    """Withdraw a row."""
    if table not in TABLES:
        abort(404)
    if number_asked(request.form.get("revision")) != frame().revision:
        # Rows are named by their place, which may be another one by now.
        flash(say(T("Something was changed meanwhile: look at it as it is now, then withdraw it.")), "error")
        return redirect(url_for("region.table", table=table), 303)
    gone = number_asked(request.form.get("row"))
    rows = _rows(region, table, region_head(house().store, actor(), region))
    return _changed(region, table, {}, [row for place, row in enumerate(rows) if place != gone])


@blueprint.post("/rules/access/between")
def let_wait(region: str) -> str | AnyResponse:
    """Let an audience, or all, connect only between two times."""
    asked = {name: request.form.get(name, "").strip() for name in ("audience", "earliest", "latest")}
    rows = audience_rows(house().store, actor(), region)
    return _changed(region, ACCESS, {}, not_before(rows, **asked))


@blueprint.post("/rules/<table>/file")
def bring_table(region: str, table: str) -> str | AnyResponse:
    """Put a file in the place of all rows."""
    upload = request.files.get("file")
    if table not in (ACCESS, THE_USAGE) or upload is None:
        abort(404)
    return _changed(region, table, {}, upload.read())


def _changed(region: str, table: str, typed: dict[str, str], rows: Any) -> str | AnyResponse:
    store, who, made_from = house().store, actor(), number_asked(request.form.get("revision")) or 0
    try:
        if table == ACCESS:
            replace_audiences(store, who, region, rows)
        else:
            replace = replace_usage if table == THE_USAGE else replace_platforms
            replace(store, who, region, rows, made_from=made_from)
    except (FaultyInput, Refused) as wrong:
        return not_yet(_page(region, table, typed, told(wrong)), wrong)
    flash(say(T("It is saved. A plan that is made anew takes it into account.")))
    return redirect(url_for("region.table", table=table), 303)


@blueprint.get("/rules/<table>.csv")
def table_file(region: str, table: str) -> Response:
    """Give a table as a file."""
    if table not in TABLES:
        abort(404)
    rows = _rows(region, table, region_head(house().store, actor(), region))
    excel = request.args.get("form") == "excel"
    numbers = ("share", "weight") if excel else ()
    cells = [[with_comma(row[name]) if name in numbers else row[name] for name in OF[table]] for row in rows]
    return download(csv_bytes(OF[table], cells, excel=excel), f"{table}.csv")
