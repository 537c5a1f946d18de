"""What an operator sets, from the environment (docs/operate.md lists the names and their defaults)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scheduler.errors import Fault, FaultyInput
from scheduler.mail import PORTS, PostOffice
from scheduler.wording import T, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "ETALE_"
DATABASE_FILE = "etale.db"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts at which nobody but this machine can ask."""


@dataclass(frozen=True)
class Settings:
    """How the service runs.

    Attributes
    ----------
    data : Path
        Folder for the embedded database and the secret key; created when needed, for its owner alone.
    database : str
        SQLAlchemy URL: ``sqlite:///path`` or ``postgresql://user@host/name``. Default: a SQLite file in `data`.
    host, port : str, int
        Where ``etale serve`` listens.
    address : str
        How people reach the service, without a slash at the end: links in invitations and feeds begin so.
    workers : int or None
        Processes that plan, at most; None = as many as serve.
    lease_seconds : float
        A planning run whose worker gave no sign of life for so long is taken over by another one.
    proxies : int
        How many proxies of our own stand before the service: so many entries of ``X-Forwarded-For`` are believed.
    secret_key : str or None
        Signs cookies, 32 characters or more; None = the one in the file ``secret-key`` of `data`, made when needed.
    metrics_token : str or None
        Whoever asks for ``/metrics`` has to show it; None = only this machine may ask.
    demo : bool
        The service shows a demo: whoever opens its first page may sign in as one of its people. Only where nobody but
        this machine can ask.
    mail : PostOffice or None
        Where letters are handed in; None: no letter is sent.
    """

    data: Path
    database: str
    host: str
    port: int
    address: str
    workers: int | None
    lease_seconds: float
    proxies: int = 0
    secret_key: str | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    demo: bool = False
    mail: PostOffice | None = field(default=None, repr=False)

    @property
    def secure(self) -> bool:
        """Whether people reach the service by https."""
        return self.address.startswith("https://")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings from variables ``ETALE_…``; an empty one counts as not set.

    Raises
    ------
    FaultyInput
        With every variable that cannot be used.
    """
    reader = _Reader(environment)
    data = Path(reader.text("DATA", "etale-data")).expanduser().absolute()
    host, port = reader.text("HOST", "127.0.0.1"), reader.whole("PORT", 8000, 1, 65535)
    settings = Settings(
        data=data,
        database=reader.database(f"sqlite:///{data / DATABASE_FILE}"),
        host=host,
        port=port,
        address=reader.address(f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0', '::') else host}:{port}"),  # noqa: S104 - compared, not bound
        workers=reader.whole("WORKERS", 0, 0, 4096) or None,
        lease_seconds=float(reader.whole("LEASE_SECONDS", 30, 1, 3600)),
        proxies=reader.whole("PROXIES", 0, 0, 16),
        secret_key=reader.secret("SECRET_KEY", 32),
        metrics_token=reader.secret("METRICS_TOKEN", 16),
        demo=reader.demo(host),
        mail=reader.mail(),
    )
    if reader.faults:
        raise FaultyInput(reader.faults)
    return settings


class _Reader:
    """Reads variables and gathers what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]):
        self._environment = environment
        self.faults: list[Fault] = []

    def text(self, name: str, default: str) -> str:
        return self._environment.get(PREFIX + name, "").strip() or default

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        # Only digits: int() takes underscores, signs and other scripts' digits too.
        if text.isascii() and text.isdecimal() and least <= int(text) <= most:
            return int(text)
        remedy = T("write a whole number from {least} to {most}", least=least, most=most)
        self._complain(name, T("“{text}” is no such number", text=text), remedy)
        return default

    def secret(self, name: str, least: int) -> str | None:
        text = self.text(name, "")
        if not text or len(text) >= least:
            return text or None
        # What was written is not repeated: it may be a part of the secret.
        remedy = T("write at least {least} characters that nobody can guess, or leave it out", least=least)
        self._complain(name, T("this secret is too short"), remedy)
        return None

    def demo(self, host: str) -> bool:
        wanted = self.whole("DEMO", 0, 0, 1) == 1
        if wanted and host not in LOOPBACK:
            remedy = T("leave ETALE_HOST out, or write one of these: {hosts}", hosts=", ".join(LOOPBACK))
            self._complain("DEMO", T("a demo lets anybody in, so it is for this machine alone"), remedy)
        return wanted

    def mail(self) -> PostOffice | None:
        server, sender = self.text("SMTP", ""), self.text("MAIL_FROM", "")
        if not server:
            return None
        parts = urlsplit(server)
        if parts.scheme not in PORTS or not parts.hostname:
            # The text may hold a password, so it is not repeated.
            what = T("this is not the address of a mail server")
            self._complain("SMTP", what, T("write smtp://user:password@host:587 or smtps://…, or leave it out"))
        if "@" not in sender:
            what = T("letters want an address to come from")
            self._complain("MAIL_FROM", what, T("write an e-mail address, such as etale@example.org"))
        return PostOffice(server, sender)

    def database(self, default: str) -> str:
        url = self.text("DATABASE", default)
        if url.startswith("postgres://"):
            url = url.replace("postgres://", "postgresql://", 1)
        if url.startswith(("postgresql://", "postgresql+psycopg://")):
            return url.replace("postgresql://", "postgresql+psycopg://", 1)
        if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
            return url
        # The text may hold a password, so it is not repeated.
        what = T("this is not the address of a database that Étale knows")
        self._complain("DATABASE", what, T("write postgresql://user@host/name or sqlite:///path, or leave it out"))
        return default

    def address(self, default: str) -> str:
        url = self.text("ADDRESS", default).rstrip("/")
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc and not (parts.query or parts.fragment):
            return url
        what = T("“{text}” is not the address of a site", text=url)
        self._complain("ADDRESS", what, T("write it as people type it, for example https://etale.example.org"))
        return default

    def _complain(self, name: str, what: Text, remedy: Text) -> None:
        self.faults.append(Fault(PREFIX + name, 0, what, remedy))
