"""Which language a page is in: the one the reader chose, else what the browser asks for, else French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, has_request_context, request

from scheduler.translation import LANGUAGES
from scheduler.wording import Text

if TYPE_CHECKING:
    from flask import Flask, Response

COOKIE = "etale-language"
COOKIE_SECONDS = 365 * 24 * 3600

NAMES = {"fr": "Français", "en": "English"}
"""What a language calls itself."""


def language() -> str:
    """Give the language of whoever asks."""
    if not has_request_context():
        return "fr"
    if "language" not in g:
        g.language = _wanted()
    chosen: str = g.language
    return chosen


def _wanted() -> str:
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(("fr", *LANGUAGES), "fr")


def say(text: Text) -> str:
    """Say a sentence in the language of whoever asks."""
    return text.in_language(language())


def _in_a_template(template: str, /, **values: object) -> str:
    return say(Text(template, tuple(values.items())))


def _finalize(value: Any) -> Any:
    return say(value) if isinstance(value, Text) else value


def _as_sentence(text: Text) -> str:
    """Let words that stand behind a colon elsewhere stand alone: with a capital, and a full stop."""
    said = say(text)
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "!", "?")) else ".")


def install(app: Flask) -> None:
    """Let templates speak: ``{{ T("…", name=value) }}``, and ``{{ text }}`` where a view hands one over.

    ``{{ text | sentence }}`` says what comes from the services as a sentence of its own.
    """
    app.jinja_options = {**app.jinja_options, "finalize": _finalize}
    app.jinja_env.globals.update(T=_in_a_template)
    app.jinja_env.filters.update(sentence=_as_sentence)
    app.context_processor(lambda: {"language": language(), "language_names": NAMES, "here": _here()})
    app.after_request(_say_which)


def _here() -> str:
    return request.full_path if request.query_string else request.path


def _say_which(response: Response) -> Response:
    if response.mimetype in ("text/html", "application/problem+json"):
        response.headers["Content-Language"] = language()
        response.vary.update(("Accept-Language", "Cookie"))
    return response
