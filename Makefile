# Needs Python 3.11 or newer and a package index; `make run PYTHON=python3.12` picks another Python.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test clean

run: $(VENV)/.extractors
	$(BIN)/bench run

test: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2

clean:
	rm -rf $(VENV) dist build runs .pytest_cache .mypy_cache .ruff_cache

# An old pip cannot resolve extras whose names are written in two ways, so it is brought up first.
$(BIN)/pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip

$(VENV)/.extractors: pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --editable '.[extractors]'
	touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --editable '.[extractors,dev]'
	touch $@
