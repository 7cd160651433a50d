"""``python -m simulators --world DIR``: every device of a world, over MQTT only, until it is stopped."""

import argparse
import gc
import importlib
import os
import pkgutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.contract.errors import ConfigError
from simulators import devices
from simulators.device import Device
from simulators.faults import NO_FAULTS, Rates
from simulators.files import read_world
from simulators.manners import LIVE, choose
from simulators.network import Network
from simulators.odd_town import OddTown
from simulators.run import Run
from simulators.town import SCREEN, Town

SEED = 1
"""Of people and their luck: every run of a world goes on where the last would be."""

STEPS = 4
"""As each of them begins there is a line, `… ` and what is done."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; returns 0 then, 2 when a setting or a file is wrong."""
    stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, frame: stop.append(signum))
    options = _options(argv)
    gc.disable()  # a city is millions of objects, none of them in a cycle: not to be looked through each time
    try:
        network = Network(options.mqtt)
        _say("… reading the world")
        world = read_world(options.world)
        _say(f"… planning the ways of {len(world.workers)} workers")
        manners = choose(SEED, world.workers, {} if options.no_faults else LIVE)
        town = OddTown(world, time.time(), SEED, manners)
        town.screen = options.screen
        _say("… placing the devices")
        rates = NO_FAULTS if options.no_faults else Rates()
        found = build(town, rates)
        _say(f"… connecting {len(found)} devices")
        run = Run(found, network, rates, town.seed)
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's one line of error
        return 2
    gc.freeze()
    gc.enable()
    kinds = Counter(device.kind for device in found)
    line = f"simulating {len(town.world.grids)} grids, {kinds.pop('worker', 0)} workers"
    line += "".join(
        f", {number} {kind}s" for kind, number in sorted(kinds.items(), key=lambda kind: -kind[1])
    )
    run.go(lambda: bool(stop), lambda: _say(line))
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what the command does, then the one line that all are there


def build(town: Town, rates: Rates) -> list[Device]:
    """Every device of every file in ``simulators/devices``; one without `build` stops the start."""
    found: list[Device] = []
    for module in pkgutil.iter_modules(devices.__path__):
        found += importlib.import_module(f"simulators.devices.{module.name}").build(town, rates)
    return found


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators", description=__doc__)
    parser.add_argument("--world", type=Path, required=True, help="folder of the world's import files")
    parser.add_argument(
        "--mqtt",
        default=os.environ.get("GRIDWARD_MQTT_URL", "mqtt://127.0.0.1:1883"),
        help="the broker, mqtt://host:port (default: GRIDWARD_MQTT_URL)",
    )
    parser.add_argument(
        "--screen",
        default=os.environ.get("GRIDWARD_SCREEN_URL") or SCREEN,
        help="where traders reach the screen (default: GRIDWARD_SCREEN_URL)",
    )
    parser.add_argument("--no-faults", action="store_true", help="everything arrives once, whole and in time")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
