"""The published facts that the presets rest on, and the README of a written folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.demo.data import PRIMARY

if TYPE_CHECKING:
    from scheduler.demo.presets import Preset

_EURE = (
    "https://www.francebleu.fr/infos/education/"
    "coronavirus-les-collegiens-de-l-eure-tres-studieux-pour-travailler-a-distance-1584553727"
)
_CREUSE = (
    "https://www.francebleu.fr/infos/education/"
    "ecole-a-la-maison-quand-se-connecter-pour-eviter-les-bugs-en-creuse-1584631548"
)
_NORD = (
    "https://www.francebleu.fr/infos/education/"
    "pour-l-instant-pas-de-bug-pour-la-rentree-numeriques-dans-les-hauts-de-france-1619428484"
)
_AURA = "https://enviscope.com/telelycee-26-millions-de-pages-consultees-par-les-lyceens-dauvergne-rhone-alpes"
_AEF = "AEF info, 7 April 2021"

FACTS = {
    "F01": ("2020-03-16", "Eure: the ENT of the collèges bore 5,000 simultaneous connections", _EURE),
    "F02": ("2020-03-16", "Eure: 15,000 simultaneous connections were asked for", _EURE),
    "F04": ("2020-03-17", "Eure: the ENT was raised to 8,500 simultaneous connections", _EURE),
    "F05": ("2020-03-17", "Eure: 6,160 simultaneous connections at the peak, with time slots", _EURE),
    "F06": (
        "2021-04-06",
        "Eure: 7,000 to 8,000 simultaneous connections at the peak",
        "https://bpmlaradio.com/2021/04/09/fermeture-des-colleges-le-departement-de-leure-mobilise/",
    ),
    "F07": (
        "2020-03-17",
        "Île-de-France, monlycée.net: CAP to 2nde 08:00-11:00, 1re 11:00-14:00, Tle 14:00-17:00",
        "https://www.lyc-jouvet-taverny-ac-versailles.fr/courrier-de-v-pecresse-presidente-region-ile-de-france-"
        "charline-avenel-rectrice-de-lacademie-de-versailles/",
    ),
    "F08": ("2020-03", "Creuse: parents before 08:30 and after 17:00, pupils 08:30-17:00", _CREUSE),
    "F09": ("2020-03", "Creuse: 12,000 connections a day, 3,500 on normal days", _CREUSE),
    "F10": ("2021-04-26", "Nord, Pas-de-Calais: parents locked out 07:30-17:30", _NORD),
    "F11": ("2021-04-26", "Open Digital Education: 200,000 persons connected at the same time", _NORD),
    "F13": (
        "2021-04-06",
        "Hauts-de-France: the peak came from 07:00 to 08:00",
        "https://topimmo.info/ecole-a-la-maison-et-ent-sature-tant-quon-se-rencontrera-tous-la-voix-du-nord/",
    ),
    "F15": ("2020-03", "Auvergne-Rhône-Alpes: 356,000 pupils, 35,000 teachers, 62,100 parents", _AURA),
    "F16": ("2020-03", "Auvergne-Rhône-Alpes: a visit takes 12 minutes on average", _AURA),
    "F20": ("2021-04-06", "Grand Est, Mon Bureau Numérique: 15,000 connections added overnight", _AEF),
    "F21": ("2021-04-07", "Paris: parents restricted until 15:00", _AEF),
    "F22": (
        "2021-04-07",
        "Hauts-de-France: signed out after 20 minutes without activity",
        "https://www.francebleu.fr/infos/education/"
        "galere-des-cours-a-distance-une-situation-inentendable-pour-nathalie-prost-proviseure-du-lycee-a-1617866333",
    ),
}
NATIONAL = (
    ("Distance teaching ran to 26 April for primary and to 3 May for secondary schools", _AEF),
    ("The CNED was attacked more than 20 times in one morning", _AEF),
    ("Grand Est lost a server for two hours on Tuesday morning", _AEF),
    ("Lyon sent teachers from BigBlueButton to the virtual classes of the CNED", _AEF),
)


def readme(preset: Preset, schools: int, primary: int) -> str:
    """Write the README.md of a region folder: what in it is real, from whom, and what is invented."""
    facts = [f"- {fact} ({FACTS[fact][0]}): {FACTS[fact][1]}. Source: {FACTS[fact][2]}" for fact in preset.facts]
    national = [f"- {text}. Source: {source}" for text, source in NATIONAL]
    remark = (
        "France is here the 13 regions of Paris time; those overseas have their own clocks and holidays.\n"
        if preset.name == "France"
        else ""
    )
    if preset.levels_until[PRIMARY] < preset.first_date:
        remark += "Primary schools were back in class on these dates: they have timetables but nothing to plan.\n"
    return f"""# {preset.name}: a demonstration region

Written by `etale demo --region "{preset.name}"`. {schools} schools, of which {primary} primary.
{remark}
## Real

Names, towns, levels and pupils by grade of the secondary schools, and the school holidays: Ministère de
l'Éducation nationale, data.education.gouv.fr, Licence Ouverte 2.0 (Etalab). A key ending in `-LYC` is the upper
part of a *cité scolaire* whose two parts share one UAI.

Published facts on the days of distance teaching:

{chr(10).join([*facts, *national])}

## Invented

- **Primary schools**, one for three secondary schools: a key such as `ECOLE-0670001A` is made from the UAI of a
  secondary school of the same town; it is not a UAI, and there is no such school.
- **Timetables, divisions, bells, rooms and links**, after French programmes (26 h a week in lower secondary, 28.5 to
  30.5 h in upper secondary). Teachers are codes. No name of a person is in these files.
- **Usage** (usage.csv): the burst at the bell and the plateau after it are guesses in the range of the facts.
- **Base capacities** (capacity.csv): set from the usual timetable, so that it overloads the platforms when the
  bells ring and a staggered one fits on ordinary days. An event's share in percent is invented, too. Where only some
  of the region's schools are taken, changes in connections are scaled by their share of the pupils.
- **Closures, the weeks' letters and the numbers of parents.**
"""
