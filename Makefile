# The whole interface of a developer. `make` alone lists it. It needs make and Python 3.11 or newer.

BIN = .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
# Installed first, so that what builds the package has an exact version too.
BUILD = hatchling editables
# Tests of a file stay together, so that a run that several of them look at is made once.
TWO = -n 2 --dist loadfile
FAST = $(addprefix tests/, kernels orbits ground links network routing service traffic scenario test_frames.py)

help:  ## list these commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' Makefile

demo: .venv/.installed  ## install, run the built-in scenario, and say where its report is
	$(BIN)/obrii run

test: .venv/.installed-test  ## install, then every check: format, lint, types, floors, tests, doctests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m coverage run -m pytest tests/kernels
	$(BIN)/python -m coverage report --include='obrii/kernels/*'
	$(BIN)/python -m pytest $(TWO) --doctest-modules obrii tests benchmarks

fast: .venv/.installed-test  ## half a minute: lint, types, and fewer draws of the tests below whole runs and reports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	OBRII_EXAMPLES=5 $(BIN)/python -m pytest $(TWO) -m 'not slow and not data' $(FAST)

bench: .venv/.installed-test  ## time everything against its rivals, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.collect

docs: .venv/.installed  ## write the generated pages again: the floors, the nomenclature
	$(BIN)/python -m tools.architecture_picture
	$(BIN)/python -m tools.nomenclature
	$(BIN)/python -m tools.events_page

clean:  ## remove the environment and every cache, and nothing else
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find obrii tests benchmarks examples -name __pycache__ -prune -exec rm -rf {} +

# Installed again whenever the dependencies change.
.venv/.installed: .venv/bin/pip pyproject.toml constraints.txt
	@echo 'Installing Obrii into .venv.'
	@$(PIP) $(BUILD)
	@$(PIP) --no-build-isolation -e .
	@touch $@

.venv/.installed-test: .venv/bin/pip pyproject.toml constraints.txt
	@echo 'Installing Obrii and the tools of its tests into .venv.'
	@$(PIP) $(BUILD)
	@$(PIP) --no-build-isolation -e '.[test]'
	@touch .venv/.installed $@

# A name on the path may be a stand-in for a Python that is not there, so each is run before it is believed.
.venv/bin/pip:
	@for name in $(PYTHON) python3.11 python3 python3.12 python3.13; do \
	  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making .venv with $$name."; exec $$name -m venv .venv; \
	  fi; \
	done; \
	echo 'Obrii needs Python 3.11 or newer, and none is on the path: install one, or name it with make PYTHON=...' >&2; \
	exit 1

.PHONY: help demo test fast bench docs clean
