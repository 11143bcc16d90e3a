# `make` lists what there is. Everything works in .venv, made on first use.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/.ready
JOBS ?= 2
COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links --quiet --extra install

.PHONY: help setup run test lint fmt bench lock clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## Create .venv and install the locked dependencies, with hashes

$(READY): requirements-dev.lock pyproject.toml
	@python=$$(./.ci/find-python) && \
	if ! [ -x $(BIN)/python ]; then "$$python" -m venv .venv; fi
	@$(BIN)/python -m pip --disable-pip-version-check install -qq --require-hashes \
		-r requirements-dev.lock
	@$(BIN)/python -m pip --disable-pip-version-check install -qq --no-deps \
		--no-build-isolation -e .
	@touch $@

run: $(READY)  ## Run the portal with its own PostgreSQL and Redis; Ctrl-C stops it
	@exec $(BIN)/portal run

test: $(READY)  ## All tests: unit, house, integration, browser
	@./.ci/browser-for-tests
	@$(BIN)/pytest -n $(JOBS) -q

lint: $(READY)  ## Style, types, layers, templates, policies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint portal --lint --quiet
	$(BIN)/yamllint --strict policies

fmt: $(READY)  ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## Measure design.md's numbers against their floors; SMALL=1: a tenth of the data
	@$(BIN)/python -m tests.bench $(if $(SMALL),--small)

lock: $(READY)  ## Resolve the dependencies again into the lock files
	$(COMPILE) --upgrade -o requirements.lock
	$(COMPILE) --upgrade --extra dev -o requirements-dev.lock

clean:  ## Remove .venv and caches; the data folder stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
