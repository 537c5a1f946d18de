"""Letters by e-mail, through the server that the operator names; without one nothing is sent, and pages offer texts."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

from scheduler.errors import CannotWrite
from scheduler.wording import T

if TYPE_CHECKING:
    from types import TracebackType

    from scheduler.wording import Text

SECONDS = 20.0
"""How long the server may take for each answer."""
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class PostOffice:
    """Where letters are handed in.

    Attributes
    ----------
    server : str
        ``smtp://user:password@host:port`` (with STARTTLS where the server offers it) or ``smtps://…``.
    sender : str
        E-mail address that letters come from.
    """

    server: str = field(repr=False)
    sender: str = ""

    def open(self) -> Counter:
        """Go to the counter; a context manager."""
        return Counter(self)


@dataclass(frozen=True)
class Letter:
    """A letter to one person, in plain text."""

    to: str
    subject: str
    text: str


class Counter:
    """An open connection to the server."""

    def __init__(self, office: PostOffice):
        self._office = office
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            self._smtp = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise CannotWrite(_away(error)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is not None:
            self._smtp.close()

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self._office.server)
        host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
        secure = ssl.create_default_context()
        if parts.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=secure)
        else:
            smtp = smtplib.SMTP(host, port, timeout=SECONDS)
            smtp.ehlo()
            if smtp.has_extn("starttls"):
                smtp.starttls(context=secure)
                smtp.ehlo()
        if parts.username:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
        return smtp

    def hand_in(self, letter: Letter) -> None:
        """Hand a letter in.

        Raises
        ------
        CannotWrite
            The server does not take it.
        """
        if self._smtp is None:
            raise ValueError("the counter is not open")
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._office.sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self._office.sender.rpartition("@")[2])
        # Answers of absence would go to nobody.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        try:
            self._smtp.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise CannotWrite(_away(error)) from error


def _away(error: Exception) -> Text:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return T("the mail server does not take letters ({reason})", reason=reason)
