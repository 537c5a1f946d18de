"""How the arguments of commands are read, each with a sentence where it cannot be."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from scheduler import translation
from scheduler.wording import T

if TYPE_CHECKING:
    from scheduler.wording import Text

Number = TypeVar("Number", int, float)

AUDIENCES = "@audiences"

Words = Callable[[str], str]
"""Says a help text in the reader's language."""

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""Where a command declares itself."""


def folder(text: str) -> Path:
    """Read the name of a folder."""
    if not text:
        # An empty name would mean the current folder, which nobody says like that.
        raise argparse.ArgumentTypeError(T("name a folder").in_language(translation.language_of(os.environ)))
    return Path(text)


def file(text: str) -> Path:
    """Read the name of a file."""
    if not text:
        raise argparse.ArgumentTypeError(T("name a file").in_language(translation.language_of(os.environ)))
    return Path(text)


def date(text: str) -> dt.date:
    """Read a date."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        said = T("“{text}” is no date; write it as 2021-04-06", text=text)
        raise argparse.ArgumentTypeError(said.in_language(translation.language_of(os.environ))) from None


def school_key(text: str) -> str:
    """Read the key of a school; the region's own audiences are the school ``@audiences``, as in the API."""
    return "" if text == AUDIENCES else text


def number(least: float, most: float) -> Callable[[str], float]:
    """Make the reader of a number in [least, most]."""
    return _within(float, least, most, T("is not a number"))


def whole(least: int, most: int) -> Callable[[str], int]:
    """Make the reader of a whole number in [least, most]."""
    return _within(int, least, most, T("is not a whole number"))


def _within(read: Callable[[str], Number], least: Number, most: Number, otherwise: Text) -> Callable[[str], Number]:
    def bounded(text: str) -> Number:
        language = translation.language_of(os.environ)
        try:
            value = read(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text} {otherwise.in_language(language)}") from None
        if not least <= value <= most:
            remedy = T("give a number from {least} to {most}", least=f"{least:g}", most=f"{most:g}")
            raise argparse.ArgumentTypeError(f"{text}: {remedy.in_language(language)}")
        return value

    return bounded
