# `make help` lists what there is. Everything installs itself into .venv from the hash-checked locks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
UV ?= uv

.DEFAULT_GOAL := help
.PHONY: help demo story test coverage test-fast check format picture bench i18n migration hooks lock clean

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo '  More for the command underneath: make demo ARGS="--fresh --no-browser", make test ARGS="-k letters"'
	@echo '  Another Python: make demo PYTHON=python3.12'

$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Skolebud needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python cannot make $(VENV). On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing what Skolebud needs into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "Installing what the tests need into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime ## Run a little school on this machine: a page with four phones, no account needed
	@$(BIN)/skolebud demo $(ARGS)

story: $(VENV)/.runtime ## Play the main story as text, without a browser
	@$(BIN)/skolebud demo --story

test: $(VENV)/.dev ## Run every test, in parallel
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

coverage: $(VENV)/.dev ## The same, and say which lines no test reached
	@$(MAKE) --no-print-directory test ARGS="--cov --cov-report=term $(ARGS)"

test-fast: $(VENV)/.dev ## Run the tests without browser and load
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --ignore tests/browser --ignore tests/load $(ARGS)

check: $(VENV)/.dev ## Lint, format, types, import contracts, catalogues, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m locales.check
	@$(BIN)/python -m storage.drift

format: $(VENV)/.dev ## Format the code and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

picture: $(VENV)/.dev ## Draw the README's picture of the four phones anew (needs Chromium)
	@$(BIN)/python -m tests.browser.picture

bench: $(VENV)/.dev ## Measure what docs/benchmarks.md tells, as ratios in one run
	@$(BIN)/python -m benchmarks $(ARGS)

i18n: $(VENV)/.dev ## Read the sentences out of the code and bring every catalogue up to date
	@$(BIN)/python -m locales.update

migration: $(VENV)/.dev ## Write a migration from what the models say now: make migration SAY="add talks"
	@$(BIN)/python -m storage.makemigration "$(SAY)"

hooks: $(VENV)/.dev ## Let git run the quick checks before every commit
	@$(BIN)/pre-commit install

lock: ## Resolve the locks anew (needs uv)
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra build pyproject.toml -o requirements.lock
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what make has made (the demo's school too)
	rm -rf $(VENV) .demo .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
