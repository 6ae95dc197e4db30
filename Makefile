# Everything there is to do here. `make` alone lists it.
#
#   PUBLIC_URL=/name/   where the page will live; without it links are relative and it may live anywhere
#   PORT=8080           where `make serve` listens
#   ONLY="SLUG ..."     which cases `make measure` measures (patterns too); QUICK=1 to try it with a few requests

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export TRUNK := 0.21.14
# The same version as the crate in Cargo.toml.
export WASM_BINDGEN := 0.2.129
export BINARYEN := 132.0.0
export ESBUILD := 0.28.2

# Tools live outside the tree: the next clone finds them again.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)
export TOOLS := $(CACHE)/concurrency-explained
export PATH := $(TOOLS)/wasm-bindgen-$(WASM_BINDGEN)/bin:$(TOOLS)/trunk-$(TRUNK)/bin:$(TOOLS)/npm-binaryen-$(BINARYEN)/node_modules/.bin:$(TOOLS)/npm-esbuild-$(ESBUILD)/node_modules/.bin:$(PATH)

# No path of this machine in what is served.
CARGO_SOURCES := $(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS := --remap-path-prefix=$(CARGO_SOURCES)=

PUBLIC_URL ?=
PORT ?= 8080
BROWSER := tests/browser
STEP := @scripts/step

.NOTPARALLEL:
.PHONY: help serve test bench dist measure screenshots clean build build-tools lint native browser bench-python

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

serve: build ## build the page and serve it at http://127.0.0.1:8080
	@exec node $(BROWSER)/serve.mjs dist --port "$(PORT)" --mount "$(PUBLIC_URL)"

test: lint native bench-python dist browser ## run every check: format, lints, native tests, the built page in a browser
	@echo; echo "== all checks passed"

bench: dist ## time the simulator natively, and the page in a browser beside its targets
	@scripts/tools chromium browser-packages
	$(STEP) "native benchmarks" cargo bench
	$(STEP) "the page in headless Chromium" node $(BROWSER)/bench.mjs

dist: build ## build the page into dist/ and check its size (PUBLIC_URL=/name/ if links must be absolute)
	$(STEP) "sizes" node $(BROWSER)/sizes.mjs dist

# Its interpreter and its packages make its name: another of either is another environment.
measure: export BENCH_PYTHON = bench-$(shell cat tests/measured/requirements.txt <(python3 -VV) | cksum | cut -d ' ' -f 1)
measure: ## measure real servers, rewrite content/measured/ (about 120 quiet minutes, Linux; ONLY="SLUG ...", QUICK=1)
	@scripts/tools node bench-python
	$(STEP) "real servers" "$(TOOLS)/$$BENCH_PYTHON/bin/python" tests/measured/main.py $(if $(QUICK),--quick) $(ONLY)

screenshots: build ## take the README's pictures
	@scripts/tools chromium browser-packages
	$(STEP) "screenshots" node $(BROWSER)/screenshots.mjs .github

clean: ## remove what was built; the shared tools stay
	rm -rf dist target $(BROWSER)/node_modules

build-tools:
	$(STEP) "tools" scripts/tools rust node target wasm-bindgen trunk wasm-opt esbuild

# Trunk takes its tools from PATH and fetches nothing. It stumbles over a NO_COLOR that is not true or false.
build: build-tools
	$(STEP) "release build into dist/" env -u NO_COLOR TRUNK_SKIP_VERSION_CHECK=true trunk build --release --locked \
	  $(if $(NO_COLOR),--color never) $(if $(PUBLIC_URL),--public-url "$(PUBLIC_URL)")

lint:
	@scripts/tools rust lint target
	$(STEP) "format" cargo fmt --all --check
	$(STEP) "lints, simulator alone" cargo clippy --locked --quiet --workspace --all-targets -- -D warnings
	$(STEP) "lints, page rendered natively" cargo clippy --locked --quiet --workspace --features ssr --all-targets -- -D warnings
	$(STEP) "lints, page in the browser" cargo clippy --locked --quiet --features hydrate --target wasm32-unknown-unknown \
	  --lib --bin concurrency-explained -- -D warnings

# One run with the page's features: they only add to the simulator, so its tests are all in it.
native:
	$(STEP) "native tests" cargo test --locked --workspace --features ssr

bench-python:
	@scripts/tools python
	$(STEP) "the measuring bench, without servers" python3 -m unittest discover -s tests/measured

browser:
	@scripts/tools node chromium browser-packages
	$(STEP) "browser tests" node --test --test-reporter=spec --test-concurrency=2 $(BROWSER)/*.test.mjs
