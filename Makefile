# Every target sets up what it needs: `make demo` and `make test` work right after a clone.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test lint format bench bench-engine bench-small bench-large bench-loops bench-fluid bench-training \
	constraints clean help

help:
	@echo "make demo    smoke that forms a smile: about a minute, results in runs/"
	@echo "make test    the test suite"
	@echo "make lint    ruff and mypy"
	@echo "make format  let ruff format the code"
	@echo "make bench   the benchmarks against the peers (installs them: PyTorch, JAX, Autograd)"

demo: $(VENV)/.installed
	$(BIN)/sciopt fluid --target smile.png

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: bench-engine bench-small bench-large bench-loops bench-fluid bench-training

bench-fluid bench-engine bench-loops bench-training: bench-%: $(VENV)/.bench
	$(BIN)/python -m experiments.benchmarks.$*

bench-small: $(VENV)/.bench
	$(BIN)/python -m experiments.benchmarks.small_functions

bench-large: $(VENV)/.bench
	$(BIN)/python -m experiments.benchmarks.large_arrays

# Pins for every supported Python at once, from pyproject.toml.
constraints: $(BIN)/python
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --all-extras --no-annotate \
		--no-header pyproject.toml --output-file constraints.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 14))' || \
		{ echo "sciopt needs Python 3.10 to 3.13; name one with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

# A peer that cannot be installed costs its row in the tables, no more.
$(VENV)/.bench: $(VENV)/.dev experiments/benchmarks/peers.txt
	@while read -r peer; do \
		$(PIP) install --quiet $$peer || echo "could not install $$peer"; \
	done < experiments/benchmarks/peers.txt
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
