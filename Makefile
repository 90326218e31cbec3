# The two commands of a newcomer are `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# CI keeps what it built outside its clone, and builds nothing twice.
ifeq ($(CI),true)
export CARGO_TARGET_DIR ?= /var/tmp/lopmo-target
export CARGO_INCREMENTAL := 0
endif
TARGET := $(or $(CARGO_TARGET_DIR),target)
# Node of the machine, or the one that comes as a package when the machine's is too old.
NODE_PATH_FIRST := PATH=$(CURDIR)/frontend/node_modules/.bin:$$PATH

.PHONY: help setup setup-test frontend run build test test-rust test-frontend lint fmt e2e screenshots bench fuzz openapi

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

setup: ## install missing system packages and the frontend's packages
	@infra/setup.sh run
# Not `npm ci`: it fails where a registry lacks the packages of other platforms that a locked one names as
# optional. This installs the locked versions just so and leaves the lock as it is.
frontend/node_modules/.installed: frontend/package-lock.json
	@cd frontend && npm install --no-save --no-audit --no-fund --loglevel=error && touch node_modules/.installed

frontend/build/.built: frontend/node_modules/.installed $(shell find frontend/src frontend/static frontend/*.ts frontend/*.json frontend/*.html -type f 2>/dev/null | sed 's/ /\\ /g')
	@cd frontend && npm run --silent build && touch build/.built

frontend: frontend/build/.built ## build the pages

run: setup frontend ## build and start with the demo school, on http://127.0.0.1:8080
	@cargo build -p lopmo
	@exec $(TARGET)/debug/lopmo serve --demo

build: setup frontend ## the release build, in target/release/lopmo
	@cargo build --release -p lopmo

setup-test:
	@infra/setup.sh test

test: setup-test lint test-rust test-frontend e2e ## everything that must hold
	@echo "make test: all parts passed"

lint: frontend ## formatting, clippy, types of the frontend, the demo's and curriculum's files
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --quiet -- -D warnings
	@cd frontend && npm run --silent check && npm run --silent api:check
	@python3 content/check.py

test-rust: frontend ## Rust tests, on both database engines and a real S3 server
	@infra/with-services.sh infra/test-rust.sh

test-frontend: frontend ## unit tests of the frontend
	@cd frontend && npm test --silent

e2e: frontend ## the journeys in Chromium, on a phone and on a desk
	@cargo build --quiet -p lopmo
	@cd frontend && $(NODE_PATH_FIRST) LOPMO_TEST_BINARY=$(abspath $(TARGET))/debug/lopmo node node_modules/@playwright/test/cli.js test --config e2e/playwright.config.ts

screenshots: frontend ## the README's pictures, anew
	@cargo build --quiet -p lopmo
	@cd frontend && $(NODE_PATH_FIRST) LOPMO_TEST_BINARY=$(abspath $(TARGET))/debug/lopmo node node_modules/@playwright/test/cli.js test --config e2e/screenshots.config.ts

bench: setup-test frontend ## the figures, as JSON lines (release build, 10 to 20 minutes the first time)
	@cargo build --release --quiet -p lopmo
	@LOPMO_TEST_POSTGRES_FSYNC=on infra/with-services.sh infra/bench/all.sh $(abspath $(TARGET))/release/lopmo

fuzz: ## every parser of question papers under libFuzzer, FUZZ_SECONDS each (300)
	@infra/fuzz.sh

openapi: ## write the API's description and the client's types anew
	@UPDATE_OPENAPI=1 cargo test --quiet -p web --test openapi
	@cd frontend && npm run --silent api

fmt: ## format everything
	@cargo fmt --all
	@cd frontend && $(NODE_PATH_FIRST) node node_modules/prettier/bin/prettier.cjs --log-level warn --write src e2e
