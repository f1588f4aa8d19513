# Each target sets up .venv by itself; nothing is repeated when nothing changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := harness benchmarks lambda/shared lambda/execution-handler/execution_handler \
	lambda/query-handler/query_handler
INDEXES := $(wildcard lambda/*/index.py)

.DEFAULT_GOAL := help
.PHONY: help drill test check bench format clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed (PYTHON=$(PYTHON))"; exit 2; }
	@echo "Setting up $(VENV) (about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

drill: $(READY) ## recover the three-tier example with both orchestrations
	@$(BIN)/drs-orch drill examples/three-tier.yaml --orchestration both

test: $(READY) ## run all tests
	@$(BIN)/pytest -n 2 --dist worksteal -q

check: $(READY) ## run the gates: format, lint, types, imports, templates
	@$(BIN)/black --check --quiet . || { echo "black: run 'make format'"; exit 1; }
	@$(BIN)/isort --check-only --quiet . || { echo "isort: run 'make format'"; exit 1; }
	@$(BIN)/flake8
	@$(BIN)/mypy $(PACKAGES)
	@for index in $(INDEXES); do $(BIN)/mypy $$index || exit 1; done
	@PYTHONPATH=lambda:lambda/execution-handler:lambda/query-handler $(BIN)/lint-imports
	@$(BIN)/cfn-lint cfn/*.yaml
	@$(BIN)/drs-orch contracts types --check
	@$(BIN)/drs-orch contracts docs --check
	@echo "All gates passed."

bench: $(READY) ## measure the DRS emulator and the contracts
	@$(BIN)/python -m benchmarks.drs_emulator
	@$(BIN)/python -m benchmarks.contracts

format: $(READY) ## format all Python files
	@$(BIN)/isort --quiet .
	@$(BIN)/black --quiet .

clean: ## remove everything that is made
	@rm -rf $(VENV) build dist runs .mypy_cache .pytest_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
