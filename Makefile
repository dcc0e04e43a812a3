# Every command of the book. `make book` and `make test` need Python 3.11 to 3.13, make and git, and nothing else.
.DEFAULT_GOAL := help
.PHONY: help book test serve refresh model lint bench lock clean env
.DELETE_ON_ERROR:

# The first Python of the right age; say `make PYTHON=/path/to/python book` to choose another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo "$$p" && exit; \
	done; echo python3)
RUN := .venv/bin/python -m
PORT ?= 8000
# Same bytes on every machine, whatever its language and time zone.
export PYTHONUTF8 := 1
export TZ := UTC
export SOURCE_DATE_EPOCH ?= 1767225600

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "  make %-9s %s\n", $$1, $$2 }'

env:
	@command -v "$(PYTHON)" >/dev/null || { echo "error: no Python found; the book needs Python 3.11, 3.12 or 3.13" >&2; exit 1; }
	@"$(PYTHON)" tools/bootstrap.py

book: env ## execute the chapters and build the site to _build/html
	@$(RUN) patient_capital.cli book

test: env ## run all tests that need no browser
	@$(RUN) pytest $(ARGS)

serve: book ## build, then show the site at http://localhost:8000 (PORT=...)
	@$(RUN) http.server $(PORT) --bind 127.0.0.1 --directory _build/html

refresh: env ## execute the chapters in place, write their outputs and the ledger
	@$(RUN) patient_capital.cli refresh

model: env ## run the model at full precision and store its tables in data/ (minutes)
	@$(RUN) patient_capital.cli model

lint: env ## style and types
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy

bench: env ## measure how long loading, computing, building and simulating take
	@$(RUN) benchmarks.bench_book
	@$(RUN) benchmarks.bench_model

lock: ## compile requirements.lock anew from pyproject.toml (needs uv)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--fork-strategy fewest --no-annotate --no-emit-index-url --no-header --quiet --output-file requirements.lock

clean: ## remove the environment, the site and all caches
	@rm -rf .venv _build .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks src/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
