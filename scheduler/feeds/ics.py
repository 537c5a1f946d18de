"""From a publication to the bytes of its calendar feeds (RFC 5545, RFC 7986).

The bytes are a pure function of the publication, the language and the feed's address: no clock, no random UID, no
order of a set. A region has hundreds of thousands of feeds, so lines and events that occur in several of them are made
once; see :mod:`scheduler.feeds.lines` for what icalendar does there.

Left out on purpose: METHOD (with PUBLISH and no ORGANIZER libical's restriction check fails, and Apple refused such
files), ATTENDEE, ORGANIZER and VALARM, and RRULE: weeks A and B, holidays and moves are all exceptions, and
RECURRENCE-ID is what programs understand least. So there is one VEVENT a date.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.entries import ACCESS, Entry, Identity
from scheduler.domain.publication import NAMESPACE, Publication, publish_all
from scheduler.domain.sharers import division_of, is_part
from scheduler.feeds.lines import (
    categories_line,
    duration_line,
    https_link,
    integer_line,
    local_time_line,
    text_line,
    uri_line,
    utc_line,
)
from scheduler.feeds.slugs import key_slugs, slugs
from scheduler.feeds.timezones import timezone_bytes
from scheduler.feeds.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.domain.plan import Plan
    from scheduler.domain.region import Region

TEACHER, GROUP = "teacher", "group"
COLOURS = {TEACHER: ("royalblue", "#4169E1"), GROUP: ("seagreen", "#2E8B57"), ACCESS: ("darkorange", "#FF8C00")}
"""CSS3 names (RFC 7986 section 5.9), and the same for Apple."""


@dataclass(frozen=True)
class Feed:
    """What one teacher, group or audience reads of a publication.

    Attributes
    ----------
    publication : Publication
    kind : str
        ``teacher``, ``group`` or ``access``.
    name : str
        Whose it is.
    path : str
        Where the plan folder keeps it (CONTRACT section 5).
    entries : tuple of Entry
        In the order of the publication.
    language : str
        ``fr`` or ``en``.
    source, url : str or None
        Address of the feed and of the page that shows the same, where they are known.
    changed_at : datetime.datetime or None
        Since when it says what it says; None: since the publication.
    """

    publication: Publication
    kind: str
    name: str
    path: str
    entries: tuple[Entry, ...]
    language: str = "fr"
    source: str | None = None
    url: str | None = None
    changed_at: dt.datetime | None = None

    @property
    def uid(self) -> str:
        """Identifier of the calendar, for ever the same (RFC 7986 section 5.3)."""
        # Two slashes at the front: no name of an entry begins so.
        return str(uuid.uuid5(NAMESPACE, f"//{self.publication.school}/{self.kind}/{self.name}"))

    @property
    def refresh(self) -> dt.timedelta:
        """How often to ask for it: 50 to 70 minutes, spread so that subscribers do not all come at one time."""
        return dt.timedelta(minutes=50 + int.from_bytes(hashlib.sha256(self.uid.encode()).digest()[:4]) % 21)


def feeds_in(publication: Publication, language: str = "fr") -> list[Feed]:
    """List the feeds of a publication: one a teacher, a group and an audience, by kind and name.

    The feed of a division has every session of the division and of its parts, and says which part where it is not
    the whole: who follows ``6A`` misses nothing. The feed of a part (``6A/latin``) has its own sessions and those of
    the whole division: it is all that a pupil of that part needs.
    """
    members: dict[tuple[str, str], list[Entry]] = {}
    parts: dict[str, list[str]] = {}
    for group in sorted({group for entry in publication.entries for group in entry.groups}):
        if is_part(group):
            parts.setdefault(division_of(group), []).append(group)
    for entry in publication.entries:
        for reader in _readers(entry, parts):
            members.setdefault(reader, []).append(entry)
    folder = f"feeds/{publication.school}/" if publication.school else "feeds/"
    found = []
    for kind, spell in ((TEACHER, slugs), (GROUP, slugs), (ACCESS, key_slugs)):
        names = spell(sorted(name for of_kind, name in members if of_kind == kind))
        for name, slug in names.items():
            path = f"{folder}{kind}-{slug}.ics"
            found.append(Feed(publication, kind, name, path, tuple(members[kind, name]), language))
    return found


def empty_feed(publication: Publication, kind: str, name: str, language: str) -> Feed:
    """Give the feed of a teacher, group or audience of whom the publication says nothing any more."""
    return Feed(publication, kind, name, "", (), language)


def _readers(entry: Entry, parts: dict[str, list[str]]) -> dict[tuple[str, str], None]:
    """Give the kinds and names of the feeds that have an entry, each once."""
    readers = [(TEACHER, teacher) for teacher in entry.teachers]
    for group in entry.groups:
        readers += [(GROUP, group), (GROUP, division_of(group))]
        if not is_part(group):
            readers += [(GROUP, part) for part in parts.get(group, ())]
    if entry.audience:
        readers.append((ACCESS, entry.audience))
    return dict.fromkeys(readers)


def feeds_of(publication: Publication, language: str = "fr") -> dict[str, bytes]:
    """Render every feed of a publication, by path."""
    renderer = Renderer(publication, language)
    return {feed.path: renderer.render(feed) for feed in feeds_in(publication, language)}


def plan_feeds(
    region: Region, plan: Plan, published_at: dt.datetime, language: str = "fr"
) -> Iterator[tuple[str, bytes]]:
    """Render every feed of a plan as path and bytes, a school at a time.

    For a command without a clock, :func:`scheduler.domain.publication.time_without_clock` gives `published_at`.
    """
    for publication in publish_all(region, plan, published_at=published_at):
        yield from feeds_of(publication, language).items()


def render(feed: Feed) -> bytes:
    """Render one feed."""
    return Renderer(feed.publication, feed.language).render(feed)


class Renderer:
    """Renders feeds of one publication; an event that several feeds show alike is made once.

    Parameters
    ----------
    publication : Publication
    language : str
        ``fr`` or ``en``.
    """

    def __init__(self, publication: Publication, language: str):
        self._publication = publication
        self._language = language
        self._words = Words(publication, language)
        self._events: dict[tuple[Identity, str, str], bytes] = {}
        self._bodies: dict[Identity, tuple[bytes, bytes]] = {}
        self._last: tuple[tuple[object, ...], bytes, bytes] = (), b"", b""

    def render(self, feed: Feed) -> bytes:
        """Put together the calendar's own properties, its time zone and its events."""
        before, after = self._halves(feed)
        return b"".join((before, utc_line("LAST-MODIFIED", feed.changed_at or self._publication.published_at), after))

    def _halves(self, feed: Feed) -> tuple[bytes, bytes]:
        """Render what stands before and after the time of the feed's last change, once for one feed after the other."""
        key = feed.kind, feed.name, feed.source, feed.url
        if self._last[0] != key:
            years = [entry.date.year for entry in feed.entries] or [self._publication.first_date.year]
            zone = timezone_bytes(self._publication.timezone, min(years), max(years))
            events = [self._event(entry, feed) for entry in feed.entries]
            before = b"".join((b"BEGIN:VCALENDAR\r\n", *self._first_properties(feed)))
            after = b"".join((*self._last_properties(feed), zone, *events, b"END:VCALENDAR\r\n"))
            self._last = key, before, after
        return self._last[1:]

    def _first_properties(self, feed: Feed) -> list[bytes]:
        """Render the calendar's own properties (RFC 5545 section 3.6, RFC 7986 section 4), in icalendar's order.

        Those before LAST-MODIFIED.
        """
        name = self._words.calendar_name(feed.kind, feed.name)
        description = self._words.calendar_description(feed.kind, feed.name)
        return [
            text_line("VERSION", "2.0"),
            text_line("PRODID", f"-//Etale//Etale//{self._language.upper()}"),
            text_line("CALSCALE", "GREGORIAN"),
            text_line("DESCRIPTION", description),
            text_line("X-WR-CALDESC", description),
            text_line("NAME", name),
            text_line("X-WR-CALNAME", name),
            text_line("COLOR", COLOURS[feed.kind][0]),
        ]

    def _last_properties(self, feed: Feed) -> list[bytes]:
        """Render the calendar's own properties after LAST-MODIFIED."""
        source, url = (https_link(address or "") for address in (feed.source, feed.url))
        refresh = feed.refresh
        return [
            # RFC 7986 section 5.7 demands the parameter VALUE, which the library leaves out by itself.
            duration_line("REFRESH-INTERVAL", refresh, VALUE="DURATION"),
            uri_line("SOURCE", source, VALUE="URI") if source else b"",
            # In small letters, which mean the same: vdirsyncer takes the first line that begins with UID for the
            # event's and would keep one event of the whole feed (pimutils/vdirsyncer, issue 1222).
            text_line("uid", feed.uid),
            uri_line("URL", url) if url else b"",
            text_line("X-APPLE-CALENDAR-COLOR", COLOURS[feed.kind][1]),
            duration_line("X-PUBLISHED-TTL", refresh),
            text_line("X-WR-TIMEZONE", self._publication.timezone),
        ]

    def _event(self, entry: Entry, feed: Feed) -> bytes:
        """Render an entry as a VEVENT (RFC 5545 section 3.6.1) as the readers of a feed see it."""
        # Whose feed it is shows only where it has a part of the division for itself.
        name = feed.name if any(map(is_part, entry.groups)) else ""
        key = entry.identity, feed.kind, name
        if key not in self._events:
            summary = self._words.summary(entry, feed.kind, name)
            self._events[key] = self._rendered(entry, summary, feed.kind == TEACHER)
        return self._events[key]

    def _rendered(self, entry: Entry, summary: str, private: bool) -> bytes:
        """Render a VEVENT; the lines stand in icalendar's own order."""
        if entry.identity not in self._bodies:
            self._bodies[entry.identity] = self._body(entry)
        times, rest = self._bodies[entry.identity]
        lines = [b"BEGIN:VEVENT\r\n", text_line("SUMMARY", summary), times]
        if entry.subject:
            lines.append(categories_line(entry.subject))
        if private:
            lines.append(text_line("CLASS", "PRIVATE"))
        return b"".join((*lines, rest, b"END:VEVENT\r\n"))

    def _body(self, entry: Entry) -> tuple[bytes, bytes]:
        """Render what every reader of an entry sees, in two halves: before and after CATEGORIES and CLASS."""
        zone, link = self._publication.timezone, https_link(entry.link)
        # A window in which one may connect keeps nobody busy, and neither does what is cancelled.
        free = entry.cancelled or entry.kind == ACCESS
        joining = link if link and not entry.cancelled else None
        times = (
            local_time_line("DTSTART", zone, entry.date, entry.start),
            local_time_line("DTEND", zone, entry.date, entry.end),
            utc_line("DTSTAMP", entry.changed_at),
            text_line("UID", self._publication.uid(entry)),
            integer_line("SEQUENCE", entry.sequence),
        )
        rest = (
            uri_line("CONFERENCE", joining, VALUE="URI", FEATURE="VIDEO", LABEL=self._words.join) if joining else b"",
            text_line("DESCRIPTION", description) if (description := self._words.description(entry)) else b"",
            utc_line("LAST-MODIFIED", entry.changed_at),
            text_line("LOCATION", self._words.location(entry)),
            text_line("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED"),
            text_line("TRANSP", "TRANSPARENT" if free else "OPAQUE"),
            uri_line("URL", joining) if joining else b"",
        )
        return b"".join(times), b"".join(rest)
