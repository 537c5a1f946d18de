"""Draw the README's picture from the demo region and its plan: ``make picture``."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from scheduler import translation
from scheduler.charts.curve import load_curve_svg
from scheduler.domain.load import figures
from scheduler.domain.plan import usual_plan
from scheduler.files.load_parts import load_curve
from scheduler.files.plan_folder import read_plan_folder
from scheduler.files.region_folder import read_region
from scheduler.files.words import SpokenWords


def main() -> None:
    """Draw one meter on one date of a plan folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("region", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--date", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--meter", type=int, default=0, help="which limited meter, from 0")
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    translation.install()
    region = read_region(options.region).region
    plan = read_plan_folder(options.plan, region).plan
    days = figures(region, plan, usual_plan(region))
    day = next(one for one in days if region.grid.dates[one.day] == options.date)
    slots = (region.grid.day_slots.start, region.grid.day_slots.stop)
    curve = load_curve(region, days, day, options.meter, slots, SpokenWords(options.language))
    options.out.write_text(load_curve_svg(curve, options.language, standalone=True), encoding="utf-8")


if __name__ == "__main__":
    main()
