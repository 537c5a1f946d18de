"""Files that a page offers."""

from __future__ import annotations

from flask import Response

TYPES = {"csv": "text/csv; charset=utf-8", "zip": "application/zip"}
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str) -> Response:
    """Give a file under a name; browsers keep it apart from pages.

    Parameters
    ----------
    content : bytes
    name : str
        ASCII, of our own making.
    """
    answer = Response(content, content_type=TYPES.get(name.rpartition(".")[2], SHEET))
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
