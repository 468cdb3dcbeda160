# Everything a person does with a checkout. Needs Python 3.11 or newer and a C compiler; no key, no other download.
#   make serve    environment, ingest corpus/, start the service
#   make test     lint, types, import contracts, tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What `make test` installs beyond the product itself; .ci/run adds the browser and the benchmarks.
EXTRAS ?= dev
EVAL_FILES ?= tests/eval/questions.jsonl
BENCH_FLAGS ?=

comma := ,
INSTALLED := $(VENV)/.installed
INSTALLED_EXTRAS := $(INSTALLED)-$(subst $(comma),-,$(EXTRAS))
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: install serve ingest test eval bench bundle clean

install: $(INSTALLED)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The build backend is installed first, so that its version is pinned as well.
$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	@echo "正在安装运行环境，第一次要几分钟，以后只装有变化的……"
	$(PIP) install -c constraints.txt hatchling editables
	$(PIP) install -c constraints.txt --no-build-isolation -e .
	@touch $@

$(INSTALLED_EXTRAS): $(INSTALLED)
	$(PIP) install -c constraints.txt --no-build-isolation -e '.[$(EXTRAS)]'
	@touch $@

# Exit code 1 of `ingest run` means that it lists problems, 3 that another ingest is at work: what could be read is
# served all the same. Anything else (an interrupt, a broken database) stops here.
serve: install
	@$(BIN)/ingest run || { code=$$?; [ $$code -eq 1 ] || [ $$code -eq 3 ] || exit $$code; \
	  echo "导入未全部完成（见上），服务照常启动。" >&2; }
	@exec $(BIN)/assistant serve

ingest: install
	$(BIN)/ingest run

test: $(INSTALLED_EXTRAS)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

eval: install
	$(BIN)/ingest run
	$(BIN)/assistant eval $(EVAL_FILES)

bench: install
	$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev,benchmarks]'
	$(BIN)/python -m benchmarks.embedding $(BENCH_FLAGS)
	$(BIN)/python -m benchmarks.retrieval $(BENCH_FLAGS)
	$(BIN)/python -m benchmarks.streams $(BENCH_FLAGS)
	$(BIN)/python -m benchmarks.crowd $(BENCH_FLAGS)
	$(BIN)/python -m benchmarks.scale $(BENCH_FLAGS)

# Wheels for x86-64 and ARM64 with their hashes and an install script, for machines without a network: dist/bundle.
bundle: install
	$(BIN)/python docs/deploy/bundle.py dist/bundle
	tar -C dist -cf dist/policy-assistant-bundle.tar bundle

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
