"""When parents and other audiences of a region may connect: rows of access.csv, each change a new version."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from scheduler.files.csv_download import csv_bytes
from scheduler.files.region_activities import ACCESS
from scheduler.files.timetable_text import TimetableText
from scheduler.service.timetables import bring_timetable
from scheduler.store.regions import RegionRepository
from scheduler.store.timetables import TimetableRepository

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scheduler.domain.people import Actor
    from scheduler.service.timetables import BroughtTimetable
    from scheduler.store import Store

COLUMNS = tuple(name for name in ACCESS.columns if name != "school")
SOURCE = "audiences"
"""Where versions come from that were made row by row."""


def audience_rows(store: Store, actor: Actor, region: str) -> list[dict[str, str]]:
    """Give the windows of a region's own audiences, as cells of access.csv by column.

    Raises
    ------
    NotThere
        There is no such region that the actor sees as a whole.
    """
    with store.read() as work:
        RegionRepository(work, actor.sees).region_row(region)
        kept = TimetableRepository(work, actor.sees).in_force(RegionRepository(work, actor.sees).region_row(region).id)
        content = TimetableRepository(work, actor.sees).content(region, "") if dict(kept).get("") else None
    if content is None:
        return []
    text = TimetableText.parted(content).windows.decode()
    return [{name: row.get(name) or "" for name in COLUMNS} for row in csv.DictReader(io.StringIO(text))]


def replace_audiences(
    store: Store, actor: Actor, region: str, rows: Sequence[Mapping[str, str]] | bytes
) -> BroughtTimetable:
    """Put other windows in force for the region's own audiences.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    rows : sequence of mapping of str to str, or bytes
        Cells of access.csv by column, or a file.

    Raises
    ------
    FaultyInput
        With everything that is wrong.
    NotThere, Refused
    """
    if not isinstance(rows, bytes):
        rows = csv_bytes(COLUMNS, [[row.get(name, "") for name in COLUMNS] for row in rows])
    return bring_timetable(store, actor, region, "", windows=rows, source=SOURCE)


def not_before(rows: Sequence[Mapping[str, str]], audience: str, earliest: str, latest: str) -> list[dict[str, str]]:
    """Let an audience (``""``: every one) connect only between two times; an empty one stays as it is.

    The usual start goes along where it would lie before.
    """
    changed = []
    for row in rows:
        one = dict(row)
        if audience in ("", one["audience"]):
            one |= {"earliest": earliest or one["earliest"], "latest": latest or one["latest"]}
            if earliest and one["usual_start"].zfill(5) < earliest.zfill(5):
                one["usual_start"] = earliest
        changed.append(one)
    return changed
