# Every command of the book. `make book` and `make test` need Python 3.11 to 3.13, make and git, and nothing else.
.DEFAULT_GOAL := help
.PHONY: help book pdf test check words tidy torture serve lab refresh model edition lint bench lock clean env env-lab
.DELETE_ON_ERROR:

ifeq ($(wildcard tools/bootstrap.py),)
$(error say make -C $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST)))), which works in the folder of the project)
endif

# That of the environment, whatever else a shell puts first, or the first Python of the right age; say `make PYTHON=/path/to/python book` to choose another.
PYTHON ?= $(shell for p in .venv/bin/python python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo "$$p" && exit; \
	done; echo python3)
RUN := .venv/bin/python -m
PORT ?= 8000
# Nothing of a user's own Python, pytest or matplotlib takes part: other packages, start-up files, styles. What is kept of
# Python's settings changes no output. Bytecode is written: without it each of a hundred processes compiles all modules.
KEPT := PYTHONPYCACHEPREFIX PYTHONUNBUFFERED PYTHONHASHSEED
unexport $(filter-out PYTHON $(KEPT),$(filter PYTHON%,$(.VARIABLES)))
unexport MATPLOTLIBRC MPLBACKEND PYTEST_PLUGINS PYTEST_ADDOPTS PYTEST_DISABLE_PLUGIN_AUTOLOAD DOCUTILSCONFIG VIRTUAL_ENV
export PYTHONNOUSERSITE := 1
# Same bytes on every machine, whatever its language and time zone.
export PYTHONUTF8 := 1
export TZ := UTC
export SOURCE_DATE_EPOCH := 1767225600
export IPYTHONDIR := $(CURDIR)/_build/ipython
# The kernel python3 is this environment's, even where a user has another of that name: this folder is looked at first.
export JUPYTER_PATH := $(CURDIR)/.venv/share/jupyter

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "  make %-9s %s\n", $$1, $$2 }'

env env-lab:
	@command -v "$(PYTHON)" >/dev/null || { echo "error: no Python found; the book needs Python 3.11, 3.12 or 3.13" >&2; exit 1; }
	@"$(PYTHON)" tools/bootstrap.py $(filter lab,$(subst -, ,$@))

book: env ## execute the chapters and build the site to _build/html
	@$(RUN) patient_capital.cli book

# All processors; the cells of one notebook, and what tests of one file share, stay on one worker.
test: env ## run the tests on all processors (ARGS="-n 0 tests/tables": some, one after the other)
	@$(RUN) pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

torture: env ## damage tables, code and running commands in every way (hours); make test and .ci/run take samples
	@.venv/bin/python tools/gates.py torture $(ARGS)

check: env ## name what is wrong with data, pages and ledgers, in seconds
	@$(RUN) patient_capital.cli check

words: env ## print words, numbers in a hundred words and reading grade of each page
	@$(RUN) patient_capital.cli words

pdf: book ## print the whole book to _build/book.pdf with Chromium (minutes)
	@$(RUN) patient_capital.cli pdf

serve: book ## build, then show the site at http://localhost:8000 (PORT=...)
	@$(RUN) http.server $(PORT) --bind 127.0.0.1 --directory _build/html

# JupyterLab and its kernels keep settings, logs and history here, and read none from elsewhere.
lab: export JUPYTER_CONFIG_DIR := $(CURDIR)/_build/jupyter
lab: export JUPYTER_DATA_DIR := $(CURDIR)/_build/jupyter
lab: export JUPYTER_RUNTIME_DIR := $(CURDIR)/_build/jupyter/runtime
lab: export IPYTHONDIR := $(CURDIR)/_build/jupyter/ipython
lab: env-lab ## open JupyterLab on the chapters (PORT=..., LAB_ARGS=--no-browser)
	@$(RUN) jupyterlab --config=tools/lab/config.py --ServerApp.port=$(PORT) $(LAB_ARGS)

tidy: env ## write the tables in the form of the book after a spreadsheet has saved them; no value changes
	@$(RUN) patient_capital.cli tidy

refresh: env ## execute the chapters in place, write their outputs and the ledger
	@$(RUN) patient_capital.cli refresh

model: env ## run the model at full precision and store its tables in data/ (minutes)
	@$(RUN) patient_capital.cli model

edition: env ## keep what is printed as that of this version, when it is published
	@$(RUN) patient_capital.cli edition

lint: env ## style and types
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy

bench: env ## measure how long loading, computing, building and simulating take
	@$(RUN) benchmarks.bench_book
	@$(RUN) benchmarks.bench_build
	@$(RUN) benchmarks.bench_model

COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--fork-strategy fewest --no-annotate --no-emit-index-url --no-header --quiet
lock: ## compile both locks anew from pyproject.toml (needs uv)
	@$(COMPILE) --extra book --extra analysis --extra dev --output-file requirements.lock
	@$(COMPILE) --extra book --extra analysis --extra lab --constraints requirements.lock --output-file requirements-lab.lock

clean: ## remove the environment, the site and all caches
	@rm -rf .venv _build .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks src/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
