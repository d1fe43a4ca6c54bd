# Two commands do everything on a fresh machine: `make run` and `make test`. They need Python 3.11 or newer,
# git and make; all else goes into .venv in this folder. The rest is for people who work on the product.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PYTEST := $(PY) -m pytest
TEST_WORKERS ?= auto

.PHONY: run test stories lint types migrations schema screenshots tour faults simulate
.PHONY: bench-lists bench-tracking bench-polling bench-deadlines check clean help
.DEFAULT_GOAL := help

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.runtime ## database, web, worker and beat on this terminal; Ctrl-C stops them (PORT, DATA_DIR)
	@exec $(PY) manage.py start

test: $(VENV)/.development ## the suite, in under five minutes on two cores
	$(PYTEST) -n $(TEST_WORKERS) -m "not slow and not faults" $(ARGS)

stories: $(VENV)/.development ## what takes real processes, signals and a browser, from end to end
	$(PYTEST) -n $(TEST_WORKERS) -m "slow and not faults" $(ARGS)

lint: $(VENV)/.development ## ruff: rules and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/.development ## mypy --strict
	$(PY) -m mypy

migrations: $(VENV)/.development ## no model without its migration
	$(PY) manage.py makemigrations --check --dry-run

schema: $(VENV)/.development ## the OpenAPI schema validates
	$(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

screenshots: $(VENV)/.development ## the browser's way through a claim, kept in var/screenshots with the PDF's pages
	SCREENSHOTS_DIR=var/screenshots $(PYTEST) -m slow tests/flows/test_browser.py

tour: $(VENV)/.runtime ## the main job by curl alone (docs/tour.sh), on an installation of its own
	@sh docs/tour/house.sh

bench-lists: $(VENV)/.runtime ## every list with 1,000 and with 100,000 claims; fails beyond 1.5 times
	$(PY) -m benchmarks.lists $(ARGS)

bench-tracking: $(VENV)/.runtime ## a parcel of 50 events parsed and merged; fails beyond 5 ms
	$(PY) -m benchmarks.tracking $(ARGS)

faults: $(VENV)/.development ## kill workers, beats and servers with 2,000 warnings due, and print what became of them
	$(PYTEST) -m faults tests/faults $(ARGS)

bench-polling: $(VENV)/.runtime ## the plan of asking sources for 10,000 parcels; fails where it takes more than one query
	@$(PY) -m benchmarks.polling $(ARGS)

simulate: $(VENV)/.runtime ## a season of 100,000 claims with faults, on a scratch database of the running server (ARGS)
	$(PY) manage.py simulate --claims 100000 --days 90 --faults $(ARGS)

bench-deadlines: $(VENV)/.runtime ## the engine: idle rounds, backlog, posts, lateness, memory (ARGS="--scale small")
	$(PY) -m benchmarks.deadlines $(ARGS)

check: lint types migrations schema test stories ## all of these

clean: ## remove .venv, caches and the data in var/
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing the packages of requirements.txt into $(VENV) …"
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	@echo "Installing the packages of requirements-dev.txt into $(VENV) …"
	@$(PIP) install -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime

$(VENV)/bin/python:
	@sh .ci/make-venv $(VENV)
