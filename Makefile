# The two commands of a newcomer are `make demo` and `make test`; each sets up what it needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test check nightly bench bench-engine clean

demo: $(STAMP)
	@$(BIN)/facility demo demo

test: check
	@$(BIN)/pytest -q -n 2 -m "not nightly and not bench"

check: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry .

nightly: $(STAMP)
	@FACILITY_TEST_PROFILE=thorough $(BIN)/pytest -q -n 2 -m "not bench"

bench: $(STAMP)
	@$(BIN)/python -m tests.benchmarks

# The engine's whole table takes hours; it goes on where it stopped. ARGS="--only tight" makes one row, ARGS=--report prints what there is.
bench-engine: $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@$(BIN)/python -m tests.benchmarks.engine_table $(ARGS)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Facility needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.11")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once; about a minute) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
