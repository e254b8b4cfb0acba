# make run: the portal on http://127.0.0.1:8080; make test: every test. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Meibo needs Python 3.11 or newer.")'
	@test -x $(BIN)/python || { echo "Making a Python environment of its own in $(VENV) …"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing what Meibo needs into $(VENV); the first time takes a minute or two …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.test: requirements-test.txt $(VENV)/.run
	@echo "Installing the test tools into $(VENV); the first time takes a minute or two …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

.PHONY: run test mutants lint format types translations demo bench screenshots lock vendor clean help

run: $(VENV)/.run  ## start the portal, everything embedded
	@$(BIN)/python -m app.serve

test: $(VENV)/.test  ## run every test, a worker more than there are cores (REQUIRE_BROWSER=1 fails when there is no Chromium)
	$(BIN)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.test  ## style and the house's arrows
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint app/templates
	$(BIN)/deptry .

format: $(VENV)/.test  ## format at 100 columns, sort imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.test  ## check the types
	$(BIN)/mypy

translations: $(VENV)/.run  ## update the catalogue from the code, compile and check it
	$(BIN)/flask translations update
	$(BIN)/flask translations compile
	$(BIN)/flask translations check

demo: $(VENV)/.run  ## load the demo organizations
	$(BIN)/flask portal upgrade
	$(BIN)/flask portal demo

bench: $(VENV)/.test  ## measure (docs/performance.md)
	$(BIN)/python -m bench

mutants: $(VENV)/.test  ## change the code a little, a sample of times, and see whether a test notices
	$(BIN)/python -m bench.mutants $(ARGS)

screenshots: $(VENV)/.test  ## every screen in both languages, light and dark, wide and phone, into screenshots/
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

lock: $(VENV)/.run  ## lock the dependencies again, with hashes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-header -q -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group test --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-header -q -o requirements-test.txt

vendor: $(VENV)/.test  ## check the vendored files against their list
	$(BIN)/python -m pytest tests/house/test_vendor.py -q

clean:  ## remove the environment and caches; the instance stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
