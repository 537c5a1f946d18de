"""The look of a load curve, written once for pages and for pictures that stand alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """CSS colours of a curve; a page gives its own custom properties, so that dark mode and print follow."""

    paper: str
    ink: str
    muted: str
    rule: str
    before: str
    accent: str
    over: str


OF_THE_PAGE = Colours(
    paper="var(--paper)",
    ink="var(--ink)",
    muted="var(--muted)",
    rule="var(--rule)",
    before="var(--before)",
    accent="var(--accent)",
    over="var(--over)",
)
LIGHT = Colours("#ffffff", "#1d1c1a", "#5c5952", "#dedad1", "#827e75", "#1c4f93", "#b3261e")
DARK = Colours("#17191c", "#e9e7e2", "#b0aca3", "#3b3e43", "#98948b", "#8db8f5", "#ff8d83")

_RULES = """\
.curve text{{font:14px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:{muted};\
font-variant-numeric:tabular-nums}}
.curve .paper{{fill:{paper}}}
.curve .grid{{stroke:{rule};stroke-width:1}}
.curve .base{{stroke:{muted};stroke-width:1}}
.curve polyline{{fill:none;stroke-linejoin:miter}}
.curve .before{{stroke:{before};stroke-width:1.25}}
.curve .after{{stroke:{accent};stroke-width:2.5}}
.curve .area{{fill:{accent};fill-opacity:.1}}
.curve .limit{{stroke:{ink};stroke-width:1.5}}
.curve .capacity{{stroke:{ink};stroke-width:1.75;stroke-dasharray:.1 5;stroke-linecap:round}}
.curve .band{{fill:{ink};fill-opacity:.06}}
.curve .bar{{stroke:{muted};stroke-width:3}}
.curve .over{{stroke:{over};stroke-width:1.5}}
.curve .tint{{fill:{over};fill-opacity:.22}}
.curve .hatch{{stroke:{over};stroke-width:1.75}}
.curve .thin{{stroke:{over};stroke-width:.75}}
.curve .label{{fill:{ink};paint-order:stroke;stroke:{paper};stroke-width:4px;stroke-linejoin:round}}
.curve .label.is-before{{fill:{muted}}}
.curve .label.is-after{{fill:{accent};font-weight:600}}
.curve .heading{{fill:{ink};font-weight:600}}
.curve .slot{{fill:{ink};fill-opacity:0}}
.curve .slot:hover{{fill-opacity:.12}}
"""


def curve_style(colours: Colours) -> str:
    """Give the CSS rules of a curve in these colours."""
    return _RULES.format(**vars(colours))


def own_style() -> str:
    """Give the style element's text of a picture of its own: literal colours, for readers that know no variables."""
    return f"{curve_style(LIGHT)}@media (prefers-color-scheme:dark){{\n{curve_style(DARK)}}}\n"
