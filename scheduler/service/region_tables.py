"""The region's platforms and usage profiles, each replaced as a whole by the rules of its file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from scheduler.errors import Fault, FaultyInput
from scheduler.files.csv_rows import Source
from scheduler.files.fault_list import Findings
from scheduler.files.region_tables import PLATFORMS, USAGE, read_platforms, read_usage
from scheduler.files.region_writer import cells_of
from scheduler.files.table import read_table, table_of
from scheduler.service.kept_regions import head_of
from scheduler.service.region_edits import Subject, begin_edit
from scheduler.store.regions import RegionRepository
from scheduler.wording import T

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scheduler.domain.people import Actor
    from scheduler.domain.region import Region
    from scheduler.domain.usage import UsageRow
    from scheduler.files.table import Table
    from scheduler.service.region_edits import Edit, Edited
    from scheduler.store import Store, Work

THE_PLATFORMS, THE_USAGE = Subject("platforms", "platforms.csv"), Subject("usage", "usage.csv")


def region_head(store: Store, actor: Actor, region: str) -> Region:
    """Give a region without its activities.

    Raises
    ------
    NotThere
    """
    with store.read() as work:
        return head_of(work, actor.sees, region)


def replace_usage(
    store: Store, actor: Actor, region: str, rows: Sequence[Mapping[str, str]] | bytes, *, made_from: int
) -> Edited:
    """Replace how heads of activities load platforms.

    Parameters
    ----------
    store : Store
    actor : Actor
    region : str
    rows : sequence of mapping of str to str, or bytes
        Cells of usage.csv by column, or a file.
    made_from : int
        The region's revision that the actor has looked at.

    Raises
    ------
    FaultyInput
        With everything that is wrong with them; an activity that loaded a platform must go on to, be it with a share
        of 0, for timetables may use it there.
    NotThere
        There is no such region that the actor may change.
    Refused
        Somebody else changed the same meanwhile; says who and when.
    """
    return store.in_work(partial(_replace_usage, actor=actor, region=region, rows=rows, made_from=made_from))


def _replace_usage(
    work: Work, actor: Actor, region: str, rows: Sequence[Mapping[str, str]] | bytes, made_from: int
) -> Edited:
    edit = begin_edit(work, actor, region, THE_USAGE, made_from)
    usage = read_usage_rows(edit.former, rows)
    before, after = ([cells_of(one) for one in some] for some in (edit.former.usage, usage))
    return _keep(edit, replace(edit.former, usage=usage), "usage.replaced", before, after)


def read_usage_rows(region: Region, rows: Sequence[Mapping[str, str]] | bytes) -> tuple[UsageRow, ...]:
    """Read rows of usage.csv for a region.

    Raises
    ------
    FaultyInput
    """
    findings = Findings()
    table = _table(USAGE_FILE, rows, findings)
    usage = read_usage(table, {platform.key for platform in region.platforms})[0].values
    lost = {(one.activity, one.platform) for one in region.usage} - {(one.activity, one.platform) for one in usage}
    faults = list(findings.faults.listed([USAGE_FILE]))
    for activity, platform in sorted(lost) if not faults else ():
        what = T("activity “{activity}” loads {platform} no more", activity=activity, platform=platform)
        faults += [Fault("", 0, what, T("timetables may use it there: write a row with a share of 0 instead"))]
    if faults:
        raise FaultyInput(faults)
    return usage


USAGE_FILE, PLATFORMS_FILE = "usage.csv", "platforms.csv"


def _table(file: str, rows: Sequence[Mapping[str, str]] | bytes, findings: Findings) -> Table:
    schema = USAGE if file == USAGE_FILE else PLATFORMS
    if isinstance(rows, bytes):
        return read_table([Source(rows, file)], schema, findings)
    return table_of(file, rows, schema, findings)


def replace_platforms(
    store: Store, actor: Actor, region: str, rows: Sequence[Mapping[str, str]], *, made_from: int
) -> Edited:
    """Replace the platforms; rows of platforms.csv, otherwise as :func:`replace_usage`.

    A platform goes only when no capacity and no usage names it any more.
    """
    return store.in_work(partial(_replace_platforms, actor=actor, region=region, rows=rows, made_from=made_from))


def _replace_platforms(
    work: Work, actor: Actor, region: str, rows: Sequence[Mapping[str, str]], made_from: int
) -> Edited:
    edit = begin_edit(work, actor, region, THE_PLATFORMS, made_from)
    findings = Findings()
    platforms = read_platforms(_table(PLATFORMS_FILE, rows, findings)).values
    faults = list(findings.faults.listed([PLATFORMS_FILE]))
    kept = {one.key for one in platforms}
    used = {one.platform for one in edit.former.capacities} | {one.platform for one in edit.former.usage}
    for key in sorted(used - kept) if not faults else ():
        what = T("capacities or usage profiles name the platform “{key}”", key=key)
        faults += [Fault("", 0, what, T("withdraw them first, then the platform"))]
    if faults:
        raise FaultyInput(faults)
    before, after = ([cells_of(one) for one in some] for some in (edit.former.platforms, platforms))
    return _keep(edit, replace(edit.former, platforms=platforms), "platforms.replaced", before, after)


def _keep(edit: Edit, region: Region, what: str, before: list[dict[str, str]], after: list[dict[str, str]]) -> Edited:
    if before == after:
        return edit.nothing()
    RegionRepository(edit.work, edit.actor.edits).replace(edit.region_id, edit.former, region, edit.actor.person_id)
    return edit.done(what, edit.region, before=before, after=after)
