# `make run` serves the site, `make test` proves it; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
DEMO ?=
BIN := .venv/bin
PY := $(BIN)/python

# What differs between this machine and production; whatever is set in the environment or in .env
# wins over these. See .env.example.
LOCAL := HTTPS=$${HTTPS:-0} SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret-key)}" \
	$(if $(DEMO),DATABASE_URL=$${DATABASE_URL:-sqlite:///var/demo.sqlite3})

.PHONY: help
help: ## Lists what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Set-up: each step leaves a stamp, so that a second start takes seconds.

.venv/made:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; none was found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) is too old. Name another with PYTHON=…"; exit 1; }
	@echo "Making the virtual environment …"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/runs: .venv/made requirements.txt
	@echo "Installing what runs …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/develops: .venv/runs requirements-dev.txt
	@echo "Installing what checks and tests …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

var/secret-key: | var
	@(umask 077; $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))' > $@)

var:
	@mkdir -p var

%.mo: %.po | .venv/runs
	@$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@

TRANSLATIONS := navigator/locale/nl/LC_MESSAGES/django.mo

.PHONY: prepared
prepared: .venv/runs var/secret-key $(TRANSLATIONS)
	@$(LOCAL) $(PY) manage.py migrate --verbosity=0
	@$(LOCAL) $(PY) manage.py load_directory --if-changed

.PHONY: run
run: prepared ## Serves the site as in production on http://127.0.0.1:8000 (PORT=…, DEMO=1)
	@$(PY) -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("$(HOST)", int("$(PORT)")))' 2>/dev/null \
		|| { echo "Port $(PORT) of $(HOST) can't be used. Choose another: make run PORT=8001"; exit 1; }
	@$(LOCAL) $(PY) manage.py collectstatic --noinput --verbosity=0
	@$(if $(DEMO),echo "Demo: a database of its own (var/demo.sqlite3). There are no accounts yet, so it holds what the site holds.",true)
	@echo "The navigator answers on http://$(HOST):$(PORT) (stop with Ctrl-C)"
	@$(LOCAL) exec $(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --workers 2 \
		--blocking-threads 1 --log-level warning navigator.wsgi:application

.PHONY: dev
dev: .venv/develops prepared ## Serves the site and reloads it when a file changes
	@DEBUG=1 $(LOCAL) $(PY) manage.py runserver $(HOST):$(PORT)

.PHONY: check
check: .venv/develops $(TRANSLATIONS) ## Format, lint, types, layers, templates, migrations, deployment: seconds
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > /dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files '*.html')
	@$(BIN)/djhtml --check --tabwidth 2 $$(git ls-files '*.html')
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run
	@SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" HTTPS=1 DEBUG=0 \
		ALLOWED_HOSTS=navigator.example DATABASE_URL=postgres://navigator@127.0.0.1/navigator \
		$(PY) manage.py check --deploy --fail-level WARNING

.PHONY: test
test: check .venv/browser ## Everything: checks, then all tests in parallel
	@$(BIN)/pytest -n auto --dist loadgroup -q

# The browser comes from the system; the tests drive it by its path.
.venv/browser: .venv/develops
	@if command -v chromium >/dev/null || [ -n "$${CHROMIUM:-}" ]; then touch $@; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium …"; apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; touch $@; \
	else echo "The tests need Chromium: install it, or name it with CHROMIUM=/path/to/chromium."; exit 1; fi

.PHONY: fix
fix: .venv/develops ## Formats, and mends what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/djade --target-version 5.2 $$(git ls-files '*.html') || true
	@$(BIN)/djhtml --tabwidth 2 $$(git ls-files '*.html') || true

.PHONY: bench
bench: .venv/develops $(TRANSLATIONS) ## Measures the hot paths beside a view that does nothing
	@$(PY) -m tests.bench

.PHONY: messages
messages: .venv/develops ## Collects the sentences to translate (needs gettext)
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemessages --locale nl --no-location \
		--ignore 'tests/*' --ignore '.venv/*'
