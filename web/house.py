"""What every view works with: the settings and the store of the application that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

    from scheduler.service.house import Store
    from scheduler.settings import Settings

NAME = "etale"


@dataclass(frozen=True)
class House:
    """What the application was made with.

    Attributes
    ----------
    settings : Settings
    store : Store
    """

    settings: Settings
    store: Store


def move_in(app: Flask, house: House) -> None:
    """Let the views of an application find its house."""
    app.extensions[NAME] = house


def house() -> House:
    """Give the house of the application that answers the present request."""
    found: House = current_app.extensions[NAME]
    return found
