"""Where a visitor may be sent on to: only to addresses of our own."""

from __future__ import annotations

from urllib.parse import urlsplit


def own_path(wanted: str | None, otherwise: str = "/") -> str:
    """Give a path that somebody asked to be sent to, if it is one of this service; else another.

    Parameters
    ----------
    wanted : str or None
        From a query or a form, so anything at all.
    otherwise : str

    Returns
    -------
    str
        Begins with one slash and leads nowhere else, however a browser reads it.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    # Browsers take a backslash for a slash, and drop line breaks and tabs.
    if "\\" in wanted or not wanted.isprintable():
        return otherwise
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else otherwise
