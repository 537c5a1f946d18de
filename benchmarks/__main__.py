"""``python -m benchmarks [PART]``: run the races and print the tables with their conditions.

Without a name, every part with sizes that take minutes, not hours. Region folders are made once, below --folder (a
temporary one by default), and their making is not counted.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import growth as grown
from benchmarks import pages as asked_for
from benchmarks import rivals as contestants
from benchmarks import scaling as scaled
from benchmarks import sizes as sized
from benchmarks import stages as staged
from benchmarks import whatif as tried
from benchmarks.command import PlanOptions, stagger
from benchmarks.conditions import conditions
from benchmarks.figures import RECORD, Figures, read_figures
from benchmarks.instances import WEEK, Instances
from benchmarks.rivals.race import Rules, course, race

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = ("sizes", "rivals", "scaling", "stages", "growth", "whatif", "pages")
KINDS = ("demo", "synthetic")
QUICK = {
    "sizes": (10, 40, 300, 1000),
    "rivals": (10, 40),
    "scaling": (10, 40, 300),
    "stages": (10, 40, 300),
    "growth": (300,),
    "whatif": (40, 300),
    "pages": (300,),
}
"""Sizes when every part is run."""

WHOLE = {
    "sizes": sized.SCHOOLS,
    "rivals": (10, 40, 300),
    "scaling": scaled.SCHOOLS,
    "stages": staged.SCHOOLS,
    "growth": grown.SCHOOLS,
    "whatif": tried.SCHOOLS,
    "pages": asked_for.SCHOOLS,
}
"""Sizes when a part is asked for by name."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables that are asked for."""
    asked = _parser().parse_args(arguments)
    print(conditions(), flush=True)
    figures = read_figures(RECORD, RECORD if asked.record else None)
    parts = (asked.part,) if asked.part else PARTS
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        instances = Instances(folder)
        if contestants.OURS in asked.only and parts != ("growth",):
            warm_up(instances)
        for part in parts:
            sizes = asked.schools or (WHOLE if asked.part else QUICK)[part]
            _run(part, instances, figures, asked, tuple(sizes))


def warm_up(instances: Instances) -> None:
    """Let the inner loops be compiled, which takes some 20 seconds once on a machine and is no figure of any race."""
    for region in (instances.synthetic(1), instances.demo(1)):
        stagger(region, instances.plan("warm-up"), PlanOptions())


def _run(
    part: str, instances: Instances, figures: Figures, asked: argparse.Namespace, schools: tuple[int, ...]
) -> None:
    options = PlanOptions(0.01 if asked.gap is None else asked.gap, asked.time_limit, (asked.workers or [None])[0])
    if part == "sizes":
        # The national week takes long: only where this part is asked for by name, or its schools are.
        week = asked.week or (WEEK if asked.part and not asked.schools else None)
        sized.sizes(instances, figures, options, schools, week=week)
    elif part == "scaling":
        scaled.scaling(instances, figures, options, schools, tuple(asked.workers or scaled.WORKERS))
    elif part == "growth":
        grown.growth(instances, figures, schools)
    elif part == "pages":
        asked_for.pages(instances, figures, schools)
    elif part == "whatif":
        tried.whatif(instances, figures, options, schools)
    elif part == "stages":
        staged.stages(instances, figures, options, schools)
    else:
        makers = {"demo": instances.demo, "synthetic": instances.synthetic}
        courses = [course(f"{kind} {count}", makers[kind](count)) for kind in asked.kinds for count in schools]
        limit = 60.0 if asked.time_limit is None else asked.time_limit
        rules = Rules(limit, (asked.workers or [1])[0], 0.001 if asked.gap is None else asked.gap)
        race(courses, figures, tuple(asked.only), rules)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="only this part")
    parser.add_argument("--schools", type=int, nargs="+", help="only these sizes")
    parser.add_argument("--week", type=int, metavar="SCHOOLS", help="sizes: also a national week of so many schools")
    parser.add_argument("--gap", type=float, help="proven gap asked for (default 0.01; in rivals 0.001)")
    parser.add_argument("--time-limit", type=float, metavar="S", help="seconds (default none; in rivals 60)")
    parser.add_argument("--workers", type=int, nargs="+", metavar="N", help="workers; scaling takes several numbers")
    parser.add_argument("--only", nargs="+", choices=contestants.ENTRANTS, default=contestants.ENTRANTS)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="rivals: kinds of regions")
    parser.add_argument("--folder", type=Path, help="keep the region folders and plans here")
    parser.add_argument("--record", action="store_true", help="add the figures to benchmarks/figures.toml")
    return parser


if __name__ == "__main__":
    main()
