# Needs Python 3.11 or newer and a package index; `make run PYTHON=python3.12` picks another Python.
PYTHON ?= python3
DATA ?= data
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test models clean

run: $(VENV)/.extractors
	$(BIN)/bench run
	@echo
	@echo "Next: source $(BIN)/activate, then 'bench --help'; or call $(BIN)/bench."

test: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2

# The shipped models again, from the datasets in DATA; WITHOUT=dragnet leaves that one out.
models: $(VENV)/.dev
	$(BIN)/python -m bench.cli.shipped $(DATA) $(foreach name,$(WITHOUT),--without $(name)) $(foreach name,$(WITH),--with $(name)) $(if $(OUT),--out $(OUT))

clean:
	rm -rf $(VENV) dist build runs .pytest_cache .mypy_cache .ruff_cache

$(BIN)/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.extractors: pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --editable '.[all]'
	touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --editable '.[all,dev]'
	touch $@
