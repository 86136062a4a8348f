# Needs Python 3.11 or later and nothing else: the environment is made in .venv. Another Python: make PYTHON=python3.12 test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := chartkit render fixtures/orkes/p1-global-registry.yaml

.PHONY: setup demo test property check fix record conformance bench fuzz conformance-fuzz mutation docs docs-reference docs-record audit clean

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

bench: $(VENV)/.oracle ## measure beside Helm's own engine and command line; also: make bench CHARTS=folder
	$(BIN)/python bench/run.py $(if $(CHARTS),--charts $(CHARTS)) $(ARGS)

fuzz: $(VENV)/.fuzz ## throw spoilt inputs at every parser: make fuzz ARGS="--seconds 60"
	$(BIN)/python tests/fuzz/run.py $(ARGS)

conformance-fuzz: $(VENV)/.oracle $(VENV)/.test ## compare generated templates and values with real Helm
	$(BIN)/python tests/conformance/fuzz.py $(ARGS)

mutation: $(VENV)/.test ## change the code, and see whether the tests notice
	$(BIN)/python tests/mutation/run.py $(ARGS)

docs: $(VENV)/.docs ## build the manual into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

docs-reference: $(VENV)/.test ## write the generated pages of the manual anew
	$(BIN)/python tests/docs/reference.py

docs-record: $(VENV)/.test ## run the manual's blocks, and write what they print into it
	$(BIN)/python tests/docs/record.py $(ARGS)

audit: $(VENV)/.check ## known weaknesses of the dependencies; asks the package index's advisories
	$(BIN)/python -m pip install --quiet pip-audit && $(BIN)/pip-audit --progress-spinner off

clean: ## remove the environment and the caches
	rm -rf $(VENV) site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist *.egg-info

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.install: EXTRAS :=
$(VENV)/.test: EXTRAS := [test]
$(VENV)/.check: EXTRAS := [check]
$(VENV)/.oracle: EXTRAS := [oracle]
$(VENV)/.fuzz: EXTRAS := [test,fuzz]
$(VENV)/.docs: EXTRAS := [docs]
$(VENV)/.install $(VENV)/.test $(VENV)/.check $(VENV)/.oracle $(VENV)/.fuzz $(VENV)/.docs: pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.$(EXTRAS)'
	@touch $@
