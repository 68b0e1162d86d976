# One command for each habit. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
export UV_PYTHON_DOWNLOADS := never

# Demo size, in posts, and the folder of real dumps to use instead of generated ones.
POSTS ?= 15000
LANDING ?=
# Real data that models are trained and measured on.
DATA ?= ../shared/data

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(READY) ## run the whole flow on generated dumps, or on LANDING=<folder>
	@$(BIN)/causerie demo --posts $(POSTS) $(if $(LANDING),--landing "$(LANDING)")

dev: $(READY) ## open the Dagster UI on the same home
	@$(BIN)/causerie dev

stop: $(READY) ## end the local Neo4j server of this home
	@$(BIN)/causerie stop

test: $(READY) ## run every test
	@$(BIN)/pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder

lint: $(READY) ## check format, style, types and SQL
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models

format: $(READY) ## rewrite files in the house's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(READY) ## measure speed against named baselines
	@$(BIN)/python -m tests.bench

models: $(READY) ## train the language models again from DATA=<folder>
	@$(BIN)/python -m spark_jobs.nlp.training --data "$(DATA)"

evaluate: $(READY) ## measure the annotations on DATA=<folder>, write docs/figures-of-annotation.md
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m spark_jobs.nlp.training.evaluate --data "$(DATA)" # as the jobs

lock: .tools/uv ## resolve requirements.lock again from pyproject.toml
	@$$(cat .tools/uv) pip compile --quiet pyproject.toml --group dev --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock

java: # Spark and Neo4j need it; say so before anything is downloaded
	@java=$${JAVA_HOME:+$$JAVA_HOME/bin/}java; \
	version=$$("$$java" -version 2>&1 | sed -nE 's/.*version "(1\.)?([0-9]+).*/\2/p' | head -n 1 || true); \
	if [ "$${version:-0}" -lt 17 ]; then \
	    echo "causerie needs Java 17 or newer (found: $${version:-none}); install it, on Debian: apt-get install openjdk-17-jre-headless" >&2; \
	    exit 1; \
	fi

.tools/uv:
	@mkdir -p .tools
	@if command -v uv > /dev/null; then \
	    command -v uv > $@; \
	else \
	    python=$$(command -v python3.11 || command -v python3); \
	    "$$python" -m venv .tools/venv && .tools/venv/bin/pip install --quiet uv==$(UV_VERSION) && echo .tools/venv/bin/uv > $@; \
	fi

$(READY): requirements.lock pyproject.toml | java .tools/uv
	@echo "building .venv (once)"
	@uv=$$(cat .tools/uv); \
	$$uv venv --quiet --clear --python 3.11 .venv; \
	$$uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock; \
	$$uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

.PHONY: help demo dev stop test lint format bench models evaluate lock java
