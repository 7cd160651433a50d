# `make up` on a fresh machine is all there is to it; `make help` names the rest.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
SOURCES := gridward.py ingest db dashboard simulators up words bench deploy
# Debian keeps mosquitto in /usr/sbin, which is not on everybody's PATH.
export PATH := $(PATH):/usr/sbin:/sbin

.PHONY: help up install test lint audit chaos bench lock bundle clean

help:
	@echo "make up       install, then run the whole house until Ctrl-C (ARGS=... are gridward up's)"
	@echo "make test     install, then run all tests (ARGS=... are pytest's)"
	@echo "make lint     ruff, bandit, mypy --strict, import-linter"
	@echo "make audit    is anything in requirements.lock known to be vulnerable? needs the internet"
	@echo "make chaos    kill and feed it at full length, and print the ledger (ARGS=... are pytest's)"
	@echo "make bench    how fast ingest is, beside its baselines; some 25 minutes (ARGS=... are python -m bench's)"
	@echo "make install  into .venv, test tools included"
	@echo "make lock     renew requirements.lock from pyproject.toml"
	@echo "make bundle   into dist/, an archive to install from on a network without internet"
	@echo "make clean    remove .venv and caches; never .gridward, your data"

up: install
	@exec $(BIN)/gridward up $(ARGS)

install: $(INSTALLED)
	@:

$(INSTALLED): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Gridward needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/debian-packages python3-venv
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@echo "installing into .venv ..."
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

test: install
	@.ci/debian-packages mosquitto mosquitto-clients chromium fonts-noto-cjk docker-compose
	@$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(SOURCES)

# By the advisories that the Python Package Index keeps. What they do not know fails, too: silence is no answer.
audit: install
	@$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict --progress-spinner off

chaos: install
	@.ci/debian-packages mosquitto mosquitto-clients
	@GRIDWARD_CHAOS=full $(BIN)/pytest -v --no-header --timeout=1800 tests/chaos $(ARGS)

bench: install
	@.ci/debian-packages mosquitto mosquitto-clients
	@$(BIN)/python -m bench $(ARGS)

lock:
	@uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet --output-file requirements.lock

bundle: install
	@deploy/bundle $(BIN)/python

clean:
	@rm -rf .venv *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
