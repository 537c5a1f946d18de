"""A comparison of policies for programs and spreadsheets: figures as CSV, figures and loads as JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from scheduler import __version__
from scheduler.domain.breaches import RULES
from scheduler.files.comparison_words import policy_name
from scheduler.files.words import SpokenWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain.comparison import Candidate, Standing
    from scheduler.domain.region import Region


def comparison_csv(region: Region, standings: Sequence[Standing]) -> bytes:
    """Write one row a policy: its figures, then peak, utilisation and minutes over the limit of each limited meter.

    An empty cell is a figure that does not exist: a utilisation without capacity, a gap without proof.
    """
    text = io.StringIO(newline="")
    writer: csv.DictWriter[str] | None = None
    for standing in standings:
        row = {name: _cell(value) for name, value in _figures(standing).items()}
        for place, meter in zip(region.meters, standing.meters, strict=True):
            name = f"{place.platform} {place.meter}"
            row[f"{name} peak"] = _cell(meter.peak)
            row[f"{name} utilisation"] = _cell(meter.utilisation)
            row[f"{name} minutes_over_limit"] = _cell(meter.over_minutes)
        if writer is None:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return text.getvalue().encode()


def comparison_json(
    region: Region, candidates: Sequence[Candidate], standings: Sequence[Standing], language: str
) -> bytes:
    """Write everything: the figures of each policy, what rules it breaks, its meters, and its load in every slot."""
    words = SpokenWords(language)
    policies = []
    for candidate, standing in zip(candidates, standings, strict=True):
        policies.append(
            {
                "name": words.say(policy_name(standing.policy)),
                **_figures(standing),
                "broken_rules_by_kind": dict(zip(RULES, standing.breaches.counts, strict=True)),
                "lower_bound": candidate.lower_bound,
                "meters": _meters(region, standing),
                "loads": _loads(region, candidate),
            }
        )
    whole = {"version": __version__, "region": region.name, "policies": policies}
    return (json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _figures(standing: Standing) -> dict[str, Any]:
    return {
        "policy": standing.policy,
        "allowed": standing.allowed,
        "broken_rules": standing.breaches.total,
        "clashes": standing.breaches.clashes,
        "status": "within_limits" if standing.within_limits else "overloaded",
        "highest_utilisation": standing.utilisation,
        "minutes_over_limit": standing.over_minutes,
        "overload_connection_minutes": standing.overload,
        "sessions": standing.sessions,
        "sessions_moved": standing.sessions_moved,
        "attendances": standing.attendances,
        "attendances_moved": standing.attendances_moved,
        "mean_shift_minutes": standing.mean_shift_minutes,
        "largest_shift_minutes": standing.largest_shift_minutes,
        "mean_wait_minutes": standing.wait_minutes,
        "windows_moved": standing.windows_moved,
        "switched": standing.switched,
        "objective": standing.objective,
        "gap": standing.gap,
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return repr(round(value, 6)) if isinstance(value, float) else str(value)


def _meters(region: Region, standing: Standing) -> list[dict[str, Any]]:
    return [
        {
            "platform": place.platform,
            "meter": place.meter,
            "peak": meter.peak,
            "utilisation": meter.utilisation,
            "minutes_over_limit": meter.over_minutes,
            "overload_connection_minutes": meter.overload,
        }
        for place, meter in zip(region.meters, standing.meters, strict=True)
    ]


def _loads(region: Region, candidate: Candidate) -> list[dict[str, Any]]:
    """Give the load of each meter and date, slot by slot from 00:00."""
    return [
        {
            "platform": place.platform,
            "meter": place.meter,
            "date": region.grid.dates[day.day].isoformat(),
            "load": [round(load, 3) for load in day.after[meter].tolist()],
        }
        for meter, place in enumerate(region.meters)
        for day in candidate.figures
    ]
