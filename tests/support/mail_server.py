"""A mail server of the tests' own: it takes letters, and refuses those to addresses that begin with ``nobody``."""

from __future__ import annotations

import contextlib
import email
import socketserver
import threading
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message


class MailServer(socketserver.ThreadingTCPServer):
    """What it took lies in `letters`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.letters: list[Message] = []
        super().__init__(("127.0.0.1", 0), _Counter)

    @property
    def address(self) -> str:
        """Where letters are handed in."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Counter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = cast("MailServer", self.server)
        self._say("220 tests")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self._say("354 go on")
                lines = []
                while (more := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(more.removeprefix(b"."))
                server.letters.append(email.message_from_bytes(b"".join(lines)))
                self._say("250 taken")
            elif word == b"RCPT" and b"<nobody" in line:
                self._say("550 nobody of that name")
            elif word == b"QUIT":
                self._say("221 good-bye")
                return
            else:
                self._say("250 well")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server until the block ends."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
