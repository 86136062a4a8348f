# Needs Python 3.11 or later and nothing else: the environment is made in .venv. Another Python: make PYTHON=python3.12 test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := chartkit render fixtures/orkes/p1-global-registry.yaml

.PHONY: setup demo test property check fix record conformance clean

setup: $(VENV)/.test $(VENV)/.check ## make the whole environment

demo: $(VENV)/.install ## the two images of the first pattern of the registry guide
	@echo '$$ $(DEMO) --images-only' && $(BIN)/$(DEMO) --images-only
	@printf '\nThe whole manifests:    $(BIN)/$(DEMO)\nWith values of yours:   $(BIN)/chartkit render values.yaml --images-only\nMore to try:            ls fixtures/orkes\n'

test: $(VENV)/.test ## all tests; some of them: make test ARGS="tests/charts -k mirror"
	$(BIN)/python -m pytest $(ARGS)

property: $(VENV)/.test ## the property tests alone
	$(BIN)/python -m pytest -m property $(ARGS)

check: $(VENV)/.check ## style, format, types and import floors
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy --strict && $(BIN)/lint-imports

fix: $(VENV)/.check ## what ruff can mend by itself
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

record: $(VENV)/.install ## record the goldens anew from real Helm
	$(BIN)/python tests/conformance/record.py $(ARGS)

conformance: $(VENV)/.oracle ## compare with real Helm over charts of yours: make conformance CHARTS=folder
	@test -n "$(CHARTS)" || { echo 'say where the charts are: make conformance CHARTS=folder' >&2; exit 2; }
	$(BIN)/python tests/conformance/compare.py $(CHARTS) $(ARGS)

clean: ## remove the environment and the caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist *.egg-info

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.install: EXTRAS :=
$(VENV)/.test: EXTRAS := [test]
$(VENV)/.check: EXTRAS := [check]
$(VENV)/.oracle: EXTRAS := [oracle]
$(VENV)/.install $(VENV)/.test $(VENV)/.check $(VENV)/.oracle: pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.$(EXTRAS)'
	@touch $@
