# The two commands of a fresh machine are `make up` and `make test`; `make` alone lists them all.
.DEFAULT_GOAL := help
.PHONY: help up test chaos fuzz mutations check coverage bench lock clean
MAKEFLAGS += --no-print-directory

# Given on the command line or in the environment, and read by the shell, so that they may contain spaces.
export PORT DATA ARGS

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 18

up: ## start everything: PostgreSQL, Valkey, API, worker, mail catcher (PORT=8000 DATA=.data)
	@deploy/bootstrap all
	@set --; \
	[ -z "$$PORT" ] || set -- "$$@" --port "$$PORT"; \
	[ -z "$$DATA" ] || set -- "$$@" --data "$$DATA"; \
	exec .venv/bin/reminders up "$$@"

test: ## run the whole test suite (ARGS="tests/core -x" for a part)
	@deploy/bootstrap test
	@.venv/bin/python -m pytest -n auto --maxprocesses 8 $$ARGS

chaos: ## run the long form of the chaos suite: some minutes of killing, freezing and restarting
	@deploy/bootstrap test
	@.venv/bin/python -m pytest tests/chaos -m "chaos or processes" --durations=0 $$ARGS

fuzz: ## run the long form of the fuzzing: every boundary of the API's document, some minutes
	@deploy/bootstrap test
	@.venv/bin/python -m pytest tests/fuzz -m fuzz -s --durations=0 $$ARGS

mutations: ## take each guard out of a copy of the tree, and see which test notices (ARGS=name for some)
	@deploy/bootstrap test
	@.venv/bin/python -m tests.mutations $$ARGS

check: ## lint, format, types, import contracts
	@deploy/bootstrap dev
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports

coverage: ## run the tests and print what they did not reach
	@deploy/bootstrap test
	@.venv/bin/python -m pytest -n auto --maxprocesses 8 --cov --cov-report=term-missing:skip-covered $$ARGS

bench: ## run a benchmark (NAME=herd, ARGS=...)
	@deploy/bootstrap test
	@[ -n "$(NAME)" ] || { echo "make bench NAME=one of:"; ls benchmarks | sed -n 's/^\([a-z]*\)\.py$$/  \1/p'; exit 2; }
	@.venv/bin/python -m benchmarks.$(NAME) $$ARGS

lock: ## write requirements/*.txt anew from pyproject.toml (ARGS=--upgrade for the newest)
	@deploy/bootstrap all
	@deploy/lock $$ARGS

clean: ## remove what was set up and cached; .data stays
	@rm -rf .venv .tools .coverage* htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
