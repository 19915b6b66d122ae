# What you can do here. `make run` and `make test` need nothing but python3 and make.

PYTHON ?= python3
ARGS ?=

PY := .venv/bin/python
UV ?= $(if $(wildcard .venv/bin/uv),.venv/bin/uv,uv)
LOCK := $(UV) pip compile -q --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

MAKEFLAGS += --no-print-directory
export PYTHON
# Python need not tell of its own workings here; a caller's choice of path must not reach the virtual environment.
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help run solver test check bench bench-docs bench-peers soak screenshots lock setup setup-test system-packages clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: setup ## Serve on http://localhost:5000   (ARGS="--port 8000", or TWIDDER_PORT, TWIDDER_HOST, TWIDDER_DATA)
	@exec $(PY) -m twidder serve $(ARGS)

solver: ## Install SciPy, by which Pair-Up draws (checking a draw needs none)
	@scripts/setup requirements-draw.lock

test: setup-test system-packages ## Run every test                    (ARGS="tests/accounts -x")
	@exec $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup-test ## Format, lint, types and the fast tests: under a minute
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m pytest -n 3 --dist loadfile -m "not browser and not slow and not faults" $(ARGS)

soak: setup-test system-packages ## Every test, with ten times the counts: some hours
	@TWIDDER_SOAK=1 $(PY) -m pytest -o timeout=7200 $(ARGS)

bench: bench-peers ## Measure beside peers, 40 minutes (ARGS: see python -m bench --help)
	@$(PY) -m bench $(ARGS)

bench-docs: bench-peers ## Tables and pictures of the docs, from bench/results
	@$(PY) -m bench.report
	@.cache/bench/python/bin/python bench/plots.py

bench-peers: setup-test ## Install the servers that make bench measures Twidder beside
	@scripts/bench-peers

screenshots: setup-test system-packages ## Take the pictures of the README
	@fc-list 2>/dev/null | grep -qi emoji || (. scripts/lib.sh && apt_install fonts-noto-color-emoji) || true
	@$(PY) scripts/screenshots.py $(ARGS)

lock: ## Write requirements*.lock anew    (needs uv; ARGS=--upgrade takes newer versions)
	@$(LOCK) $(ARGS) pyproject.toml -o requirements.lock
	@$(LOCK) $(ARGS) pyproject.toml --extra draw -c requirements.lock -o requirements-draw.lock
	@$(LOCK) $(ARGS) pyproject.toml --extra test -c requirements.lock -o requirements-test.lock
	@$(LOCK) $(ARGS) bench/requirements-peers.txt -o bench/requirements-peers.lock

clean: ## Remove the environment and caches, never data
	@rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis test-artefacts build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@scripts/setup requirements.lock

setup-test:
	@scripts/setup requirements-test.lock

system-packages:
	@scripts/system-packages
