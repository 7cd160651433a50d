#!/bin/sh
# Install Gridward into the folder of this file, without a network: ./install.sh [PYTHON]
set -eu
cd "$(dirname "$0")"
python=${1:-python3}

# The wheels are for one Python on one kind of machine.
needed=$(cat platform)
found=$("$python" wheel_platform.py) || { echo "install.sh: $python does not run" >&2; exit 1; }
if [ "$found" != "$needed" ]; then
    echo "install.sh: the wheels are for $needed, and $python is $found (./install.sh PYTHON names another)" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    echo "install.sh: $python cannot make a virtual environment (Debian: python3-venv)" >&2
    exit 1
fi

export PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1
echo "installing into $(pwd)/.venv ..."
"$python" -m venv --clear .venv
.venv/bin/pip install --quiet --no-cache-dir --find-links wheels --require-hashes --requirement requirements.lock
.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable app
echo "installed; start it with $(pwd)/.venv/bin/gridward up"
