# duesdesk. Every target sets up what it needs: Python 3.11 (or newer), make and git are enough.
# ARGS go to the command behind a target:  make test ARGS="tests/domain -k money"   make demo ARGS="--fresh"

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# An environment that happens to be active is not the one to fill.
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT UV_PYTHON
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
TOOLS := .tools
UV := $(TOOLS)/uv/bin/uv
BIN := .venv/bin
READY := .venv/.ready
ARGS ?=
# Two halves of a long suite side by side; `make test WORKERS=0` runs it in one process.
WORKERS ?= 2

# Blanks are written as _ here.
LINT := ruff_check_. ruff_format_--check_. mypy lint-imports_--no-logo python_-m_tools.lint_src/duesdesk
RUN_LINT = failed=0; for step in $(LINT); do echo "$${step//_/ }"; $(BIN)/$${step//_/ } || failed=1; done

CATALOGUES := $(wildcard src/duesdesk/locales/*/LC_MESSAGES/*.po)

.PHONY: help setup demo test lint check fix bench faults snap locales wheel clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## put the environment into .venv (the other targets do it by themselves)

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or say make PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old: Python 3.11 or newer is needed (make PYTHON=/path/to/python3.11)"; exit 1; }
	@echo "Setting up, once and in about a minute ..."
	@"$(PYTHON)" -m venv $(TOOLS)/uv
	@$(TOOLS)/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Bytecode is compiled here: without it the first start costs half a second more.
$(READY): pyproject.toml uv.lock hatch_build.py $(CATALOGUES) | $(UV)
	@UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --locked --all-extras --compile-bytecode --python "$(PYTHON)"
	@$(BIN)/python -m compileall -q src
	@touch $@

demo: $(READY) ## open duesdesk on a demo centre whose days are moved to today
	@$(BIN)/duesdesk demo $(ARGS)

# The tests run whatever lint says, so that one run tells all there is to tell; it fails when either does.
test: $(READY) ## all that CI runs: lint, types, import contracts, tests
	@$(RUN_LINT); $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS) || failed=1; exit $$failed

lint: $(READY) ## style, types, import contracts and our own rules, without the tests
	@$(RUN_LINT); exit $$failed

check: lint ## lint, then the tests that take less than five seconds each
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not slow and not faults and not postgres" $(ARGS)

fix: $(READY) ## format the code and repair what can be repaired by machine
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: $(READY) ## measure speed against the floors on this machine and print ratios
	$(BIN)/python -m bench $(ARGS)

faults: $(READY) ## kill, race and starve the program, longer than the tests do
	DUESDESK_FAULTS=long $(BIN)/pytest -m faults --timeout 3600 $(ARGS)

snap: $(READY) ## take the pictures of the screens anew (then read the difference)
	$(BIN)/pytest --snapshot-update tests/screens $(ARGS)

locales: $(READY) ## gather the texts, update and compile every language
	$(BIN)/python -m duesdesk.i18n.catalogues update
	$(BIN)/python hatch_build.py
	$(BIN)/python -m duesdesk.i18n.catalogues check

wheel: $(READY) ## build the wheel into dist/
	$(UV) build --quiet --wheel --out-dir dist
	@ls dist/*.whl

clean: ## remove the environment and everything made
	rm -rf .venv $(TOOLS) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache bench/out
