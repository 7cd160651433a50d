"""Print the part of requirements.lock that Gridward runs on, hashes and all: test tools stay behind.

``python deploy/runtime_lock.py``, in a directory with pyproject.toml and requirements.lock; nothing but
Python is needed. pip checks the result: a requirement left out has no hash, and stops the install.
"""

import re
import sys
import tomllib
from pathlib import Path


def runtime_lock(pyproject: str, lock: str) -> str:
    """The entries of `lock` that the project in `pyproject` needs to be built and to run."""
    project = tomllib.loads(pyproject)
    roots = {_name(line) for line in project["project"]["dependencies"] + project["build-system"]["requires"]}
    entries = [entry for entry in re.split(r"^(?=\w)", lock, flags=re.MULTILINE) if entry]
    asked_by = {_name(entry): _via(entry) for entry in entries}
    if unknown := roots - asked_by.keys():
        raise LookupError(f"requirements.lock lacks {', '.join(sorted(unknown))}; renew it (make lock)")
    wanted = roots
    while found := {name for name, by in asked_by.items() if by & wanted} - wanted:
        wanted |= found
    # A name may have several entries, each for other Pythons.
    return "".join(entry for entry in entries if _name(entry) in wanted)


def _name(requirement: str) -> str:
    """A requirement's name in its normal form, without extras, version and markers."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


def _via(entry: str) -> set[str]:
    """Who asked for it, as the lock's comment says; the project itself is in no lock."""
    _, _, comment = entry.partition("# via")
    return {_name(line.strip("# ")) for line in comment.splitlines() if line.strip("# ")}


if __name__ == "__main__":
    lock = Path("requirements.lock").read_text(encoding="utf-8")
    sys.stdout.write(runtime_lock(Path("pyproject.toml").read_text(encoding="utf-8"), lock))
