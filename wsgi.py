"""For servers that speak WSGI: ``gunicorn wsgi:app``; ``etale serve`` needs no such thing.

The application is made when a server asks for it and not when this module is imported.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


@cache
def _application() -> Flask:
    from scheduler.settings import read_settings
    from web import create_app

    return create_app(read_settings(os.environ))


def __getattr__(name: str) -> Flask:
    if name == "app":
        return _application()
    raise AttributeError(name)
