"""Content lines: one property with its value, escaped, folded and encoded (RFC 5545 section 3.1).

A region's week has millions of events. Most of their lines are the same over and over (the same start, room or
subject): icalendar writes each of them once, and they are kept. Of the lines that each event has for itself, texts and
links, icalendar writes what stands before the value; the value is escaped and the line is folded here, many times
faster. A test reads every feed with icalendar and has it written again: byte for byte the same must come out.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from icalendar import Component, vDuration, vText, vUri

_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ANY_OF_BOTH = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_A_LINK = re.compile(r"[\s\x00-\x20\x7f-\x9f\ud800-\udfff<>\"\\^`{|}]")
_KEPT_LINES = 1 << 14


class PlainText(vText):
    r"""A TEXT value that escapes what RFC 5545 section 3.3.11 says and nothing else.

    The library's own class takes a written backslash and ``N`` for a line break, so that the group ``A\Nord`` would
    come out as two lines.
    """

    def to_ical(self) -> bytes:
        """Escape backslash, semicolon, comma and line break."""
        return self.escaped(self)

    @staticmethod
    def escaped(text: str) -> bytes:
        """Give a text as it stands in a file."""
        return text.translate(_ESCAPES).encode()


def cleaned(text: str) -> str:
    """Strip what no calendar program bears: control characters and halves of surrogate pairs.

    Whatever ends a line becomes a plain line feed.
    """
    if not _ANY_OF_BOTH.search(text):
        return text
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))


def on_one_line(text: str) -> str:
    """Clean a text and put it on one line."""
    text = cleaned(text)
    return " ".join(text.split("\n")) if "\n" in text else text


@lru_cache(maxsize=_KEPT_LINES)
def https_link(link: str) -> str | None:
    """Give the link as a URI (RFC 3986), or None where it is no https address of a host."""
    if not link.lower().startswith("https://") or _NOT_IN_A_LINK.search(link):
        return None
    try:
        host = urlsplit(link).hostname
    except ValueError:  # what looks like an IPv6 address and is none
        return None
    return quote(link, safe=":/?#[]@!$&'()*+,;=-._~%") if host else None


@lru_cache(maxsize=_KEPT_LINES)
def text_line(name: str, text: str) -> bytes:
    """Write a property of type TEXT; what must not be in a text is stripped."""
    return folded(_before_value(name) + PlainText.escaped(cleaned(text)))


def categories_line(category: str) -> bytes:
    """Write CATEGORIES with one category, whose commas are escaped as in a text (RFC 5545 section 3.8.1.2)."""
    return text_line("CATEGORIES", on_one_line(category))


def uri_line(name: str, uri: str, **parameters: str) -> bytes:
    """Write a property of type URI, whose value is not escaped (RFC 5545 section 3.3.13)."""
    return folded(_before_value(name, **parameters) + uri.encode())


@lru_cache(maxsize=_KEPT_LINES)
def local_time_line(name: str, zone: str, date: dt.date, minute: int) -> bytes:
    """Write a minute of a date by the clock of a zone (RFC 5545 section 3.3.5, form 3); 1440 is the next date's 00:00.

    The cache goes by zone and clock, for one instant is written differently in two zones.
    """
    naive = dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minute)
    return _by_the_library(name, naive.replace(tzinfo=ZoneInfo(zone)))


@lru_cache(maxsize=_KEPT_LINES)
def utc_line(name: str, at: dt.datetime) -> bytes:
    """Write an instant in UTC (RFC 5545 section 3.3.5, form 2)."""
    return _by_the_library(name, at.astimezone(dt.UTC))


@lru_cache(maxsize=_KEPT_LINES)
def integer_line(name: str, number: int) -> bytes:
    """Write an integer (RFC 5545 section 3.3.8)."""
    return _by_the_library(name, number)


@lru_cache(maxsize=_KEPT_LINES)
def duration_line(name: str, duration: dt.timedelta, **parameters: str) -> bytes:
    """Write a duration (RFC 5545 section 3.3.6)."""
    return _by_the_library(name, vDuration(duration, params=parameters))


def _by_the_library(name: str, value: object) -> bytes:
    component = Component()
    component.add(name, value)
    rendered: bytes = component.content_line(name, component[name]).to_ical()
    return rendered + b"\r\n"


@cache
def _before_value(name: str, **parameters: str) -> bytes:
    """Give a property's name, its parameters and the colon, as the library writes them."""
    rendered: bytes = Component().content_line(name, vUri("", params=parameters)).encode()
    return rendered


def folded(line: bytes) -> bytes:
    """Fold a content line to at most 75 octets a line and end it (RFC 5545 section 3.1).

    Cuts where the library cuts, which goes character by character: after 74 octets, never inside a character, and
    not after a backslash or caret, for some programs read an escape only in one piece.
    """
    pieces, start = [], 0
    while len(line) - start >= 75:
        end = start + 74
        while line[end] & 0xC0 == 0x80:  # the middle of a UTF-8 character
            end -= 1
        if line[end - 1] in b"\\^":
            end -= 1
        pieces.append(line[start:end])
        start = end
    pieces.append(line[start:])
    return b"\r\n ".join(pieces) + b"\r\n"
