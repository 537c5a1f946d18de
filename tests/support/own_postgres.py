"""A PostgreSQL cluster of a test's own: to be stopped, killed and filled up without harm to anybody else.

::

    with own_postgres() as cluster:
        store = open_store(cluster.address)     # an empty database; schema.upgrade(store) makes the tables
        cluster.kill()                          # SIGKILL to the server and all its processes
        cluster.start()

PostgreSQL refuses to run as root, so a root hands the cluster to the user ``postgres``; its folder is one of its own,
for pytest shuts its folders to others again and again. The server listens at a free port of 127.0.0.1 and trusts
whoever comes from this machine. Whatever happens, it is stopped and its folder removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_PROGRAMS = "the programs of a PostgreSQL server (initdb, pg_ctl) are not installed"
NO_MOUNT = "this user cannot mount a small disk"
USER = "postgres"
PAUSE_SECONDS = 0.02

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = '16MB'
max_connections = 60
min_wal_size = '2MB'
max_wal_size = '8MB'
logging_collector = off
# A killed process loses nothing that the system holds; only a power cut would, and recovery is quicker without.
fsync = off
"""


def programs() -> Path | None:
    """Give the folder of the newest installed server's programs; None: there is none."""
    found = [Path(name).parent for name in [shutil.which("initdb")] if name]
    found += [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda folder: (len(folder.parent.name), folder.parent.name), default=None)


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path | None]:
    """Mount a disk in memory of so many MiB at a folder, which is made; None where that is not permitted."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "etale-test", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def own_postgres(*, data_disk: int | None = None, wal_disk: int | None = None) -> Iterator[OwnPostgres]:
    """Make a cluster, start it, and take it away afterwards.

    Parameters
    ----------
    data_disk, wal_disk : int, optional
        Put the data, or the write-ahead log, on a disk of its own of so many MiB (a new cluster takes some 45 and 3);
        needs :func:`can_mount`.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="etale-pg-", ignore_cleanup_errors=True)))
        for name, size in (("data", data_disk), ("wal", wal_disk)):
            if size is not None:
                assert stack.enter_context(small_disk(folder / name, size)), NO_MOUNT
        cluster = OwnPostgres(folder, apart=wal_disk is not None)
        stack.callback(cluster.kill)
        cluster.make()
        cluster.start()
        yield cluster


def can_mount() -> bool:
    """Whether small disks can be made here."""
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder, "disk"), 1) as disk:
        return disk is not None


class OwnPostgres:
    """A cluster in a folder of its own; see the module.

    Attributes
    ----------
    port : int
    address : str
        Of the database ``etale``, which is empty, for :func:`scheduler.store.open_store` and ``ETALE_DATABASE``.
    data, wal : Path
        The folders, or disks, of the data and, where it is apart, of the write-ahead log.
    log : Path
        What the server says.
    """

    def __init__(self, folder: Path, *, apart: bool = False):
        place = programs()
        assert place is not None, NO_PROGRAMS
        self._programs, self._folder = place, folder
        self.data, self.wal = folder / "data", folder / "wal" if apart else None
        self._data = self.data / "cluster"
        self.port = _free_port()
        self.log = folder / "log"
        self.address = f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/etale"

    def make(self) -> None:
        """Make the files of the cluster."""
        self.log.touch()
        self.data.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            for path in (self._folder, *self._folder.iterdir()):
                shutil.chown(path, USER)
        apart = [f"--waldir={self.wal / 'cluster'}"] if self.wal else []
        self._run("initdb", "-U", USER, "--auth=trust", "--no-sync", "--wal-segsize=1", "-E", "UTF8", *apart)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS + f"port = {self.port}\n")

    def start(self) -> None:
        """Start the server, after a crash too, and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-s", "-l", str(self.log))
        with psycopg.connect(self._of("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'etale'").fetchone():
                connection.execute("CREATE DATABASE etale")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: ``fast`` ends all sessions, ``immediate`` is a crash by command, ``smart`` waits."""
        self._run("pg_ctl", "stop", "-w", "-s", "-m", mode)

    def restart(self, mode: str = "fast") -> None:
        """Stop and start the server."""
        self.stop(mode)
        self.start()

    def kill(self) -> None:
        """Kill the server and all its processes (SIGKILL), as a power cut would, and wait until they are gone."""
        server = self._server()
        if server is None:
            return
        # Halted first, so that it starts no more of them.
        with contextlib.suppress(ProcessLookupError):
            os.kill(server, signal.SIGSTOP)
        gone = [server, *_children(server)]
        for process in gone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(map(_is_alive, gone)):
            time.sleep(PAUSE_SECONDS)
        # Else the next start takes whoever has that number by then for the server.
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def running(self) -> bool:
        """Whether there is a server process; it may be recovering yet."""
        return self._server() is not None

    def _server(self) -> int | None:
        try:
            process = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return process if _is_alive(process) else None

    def _of(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._data), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", USER, "--", *command]
        # A server that inherited a pipe would keep us waiting for its end: only files.
        with self.log.open("ab") as log:
            done = subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{self.log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _children(process: int) -> list[int]:
    text = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, check=False).stdout
    return [int(word) for word in text.split()]


def _is_alive(process: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
