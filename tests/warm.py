"""Processes of ours that begin where importing ends: forked from one that has imported what takes seconds.

All else is their own: environment, standard streams, signals, exit code.
"""

import multiprocessing
import os
import runpy
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
_fork = multiprocessing.get_context("forkserver")
# Nothing of the screen's own: it is made as its environment says.
_fork.set_forkserver_preload(["gridward", "streamlit", "pandas", "plotly.graph_objects", "pydeck", "uvicorn"])


def start(
    module: str, arguments: Sequence[str], environ: Mapping[str, str], streams: Sequence[Path] = ()
) -> ForkServerProcess:
    """``python -m module arguments``; `streams` are what it reads from and writes to as its standard ones,
    else the test run's.
    """
    told = module, [*arguments], {**environ}, [str(path) for path in streams]
    process = _fork.Process(target=_run, args=told, daemon=True)
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")  # else this one's would be run there, too
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main
    return process


def _run(module: str, arguments: list[str], environ: dict[str, str], streams: list[str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.chdir(ROOT)
    for number, path in enumerate(streams):
        file = os.open(path, os.O_WRONLY | os.O_CREAT if number else os.O_RDONLY, 0o600)
        os.dup2(file, number)
        os.close(file)
    # multiprocessing has given it another input, which is empty.
    sys.stdin = os.fdopen(0)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
