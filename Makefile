# Everything runs in .venv. It is built on first use, and rebuilt when pyproject.toml or constraints.txt changes.
PYTHON ?= python3
BIN := .venv/bin

# Keep compiled bytecode whatever the machine's setting, or every process would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

PYTEST := $(BIN)/python -m pytest -q --dist loadfile --no-loadscope-reorder

.PHONY: run class check test lint format notebooks outputs bench evidence mutants screenshots clean

run: .venv/ready
	$(BIN)/streamlit run app.py

# Serves a room with a trainer to the local network; `make run` answers this machine only.
class: .venv/ready
	$(BIN)/python -m dashboard

# All tests of a file run in one worker, so that module fixtures are built once; slow files come first.
check: lint
	$(PYTEST) -n 2 -m "not slow and not browser"

# Three workers on two cores: tests that wait for a browser or another process leave a core free.
test: lint
	$(PYTEST) -n 3

lint: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

format: .venv/ready
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

notebooks: .venv/ready
	$(BIN)/jupyter lab --notebook-dir=notebooks

# Runs the notebooks and stores their outputs.
outputs: .venv/ready
	$(BIN)/python -m tests.notebooks.running

bench: .venv/ready
	$(BIN)/python -m tests.bench

evidence: .venv/ready
	$(BIN)/python -m tests.evidence

mutants: .venv/ready
	$(BIN)/python -m tests.mutants

screenshots: .venv/ready
	$(BIN)/python -m tests.screenshots

clean:
	rm -rf .venv build *.egg-info .hypothesis .*_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,notebooks]'
	touch $@
