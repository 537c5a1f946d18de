"""Publications as JSON documents, and back, without any loss.

A document says its *format*. A later program goes on reading every format that was ever written; it writes the newest.

Format 1: the attributes of a publication by name, dates and times in ISO form, and its entries as rows in the order of
`columns`. `serving` and `usually` point into `alternatives` (platforms, activity, as the region writes it), for a
school has few of them and thousands of entries.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from scheduler.domain.entries import Entry
from scheduler.domain.publication import Publication
from scheduler.domain.timetable import Alternative
from scheduler.errors import StoreFailed
from scheduler.wording import T

FORMAT = 1
COLUMNS = (
    "kind",
    "id",
    "date",
    "start",
    "usual_start",
    "minutes",
    "groups",
    "teachers",
    "room",
    "subject",
    "audience",
    "serving",
    "usually",
    "link",
    "sequence",
    "changed_at",
    "cancelled",
)


def document_of(publication: Publication) -> dict[str, Any]:
    """Write a publication as a JSON value."""
    places: dict[Alternative, int] = {}
    rows = [_row(entry, places) for entry in publication.entries]
    return {
        "format": FORMAT,
        "number": publication.number,
        "published_at": publication.published_at.isoformat(),
        "region": publication.region,
        "school": publication.school,
        "school_name": publication.school_name,
        "timezone": publication.timezone,
        "first_date": publication.first_date.isoformat(),
        "last_date": publication.last_date.isoformat(),
        "platform_names": [list(pair) for pair in publication.platform_names],
        "alternatives": [[list(one.platforms), one.activity, one.text] for one in places],
        "columns": list(COLUMNS),
        "entries": rows,
    }


def _row(entry: Entry, places: dict[Alternative, int]) -> list[Any]:
    return [
        entry.kind,
        entry.id,
        entry.date.isoformat(),
        entry.start,
        entry.usual_start,
        entry.minutes,
        list(entry.groups),
        list(entry.teachers),
        entry.room,
        entry.subject,
        entry.audience,
        places.setdefault(entry.serving, len(places)),
        places.setdefault(entry.usually, len(places)),
        entry.link,
        entry.sequence,
        entry.changed_at.isoformat(),
        entry.cancelled,
    ]


def publication_of(document: dict[str, Any]) -> Publication:
    """Undo :func:`document_of`.

    Raises
    ------
    StoreFailed
        The document is of a format that this program does not know.
    """
    if document["format"] != FORMAT or tuple(document["columns"]) != COLUMNS:
        raise StoreFailed(
            T("a publication is kept in format {format}, which this Étale does not know", format=document["format"])
        )
    alternatives = [Alternative(tuple(names), activity, text) for names, activity, text in document["alternatives"]]
    return Publication(
        number=document["number"],
        published_at=dt.datetime.fromisoformat(document["published_at"]),
        region=document["region"],
        school=document["school"],
        school_name=document["school_name"],
        timezone=document["timezone"],
        first_date=dt.date.fromisoformat(document["first_date"]),
        last_date=dt.date.fromisoformat(document["last_date"]),
        platform_names=tuple((key, name) for key, name in document["platform_names"]),
        entries=tuple(_entry(row, alternatives) for row in document["entries"]),
    )


def _entry(row: list[Any], alternatives: list[Alternative]) -> Entry:
    cells = dict(zip(COLUMNS, row, strict=True))
    return Entry(
        **cells
        | {
            "date": dt.date.fromisoformat(cells["date"]),
            "groups": tuple(cells["groups"]),
            "teachers": tuple(cells["teachers"]),
            "serving": alternatives[cells["serving"]],
            "usually": alternatives[cells["usually"]],
            "changed_at": dt.datetime.fromisoformat(cells["changed_at"]),
        }
    )
