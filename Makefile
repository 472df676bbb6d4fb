# `make run` serves the site, `make test` proves it; `make help` lists the rest.

.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
HOST ?= 127.0.0.1
DEMO ?=

# The first Python that is new enough; PYTHON=… names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)
PY := .venv/bin/python

# A demo has a database of its own; all else comes from the environment, and then from .env.
IS_DEMO := $(filter-out 0 no false,$(DEMO))
ENVIRONMENT := $(if $(IS_DEMO),DEMO=1 DATABASE_URL="$${DATABASE_URL:-sqlite:///var/demo.sqlite3}")

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard navigator/locale/*/LC_MESSAGES/django.po))
STATIC := $(shell find navigator api -path '*/static/*' -type f)
TEMPLATES := $(shell find navigator api -name '*.html')

.PHONY: help
help: ## Lists what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The server gets a group of its own (set -m), so that Ctrl-C reaches it once: a worker that is told
# twice, by the terminal and by granian, now and then never stops.
# Beside it runs what publishes planned changes; it ends with the server.
.PHONY: run
run: free-port prepared var/static/staticfiles.json ## Serves the site as in production (PORT=8000, DEMO=1)
	@$(if $(IS_DEMO),echo "A demo with a database of its own and an account for each role."; \
		$(ENVIRONMENT) $(PY) manage.py demo; $(ENVIRONMENT) $(PY) manage.py demo_figures)
	@echo "The navigator answers on http://$(HOST):$(PORT)/ (Ctrl-C stops it)"
	@set -m 2>/dev/null; $(ENVIRONMENT) $(PY) manage.py run_schedule & schedule=$$!; \
		$(ENVIRONMENT) $(PY) -m granian --interface wsgi --host "$(HOST)" --port "$(PORT)" \
		--workers 2 --blocking-threads 1 --workers-kill-timeout 10 --log-level warning \
		navigator.wsgi:application & server=$$!; set +m; \
		trap 'kill $$server' INT TERM; wait $$server || wait $$server || failed=1; \
		kill $$schedule 2>/dev/null || :; wait $$schedule || :; exit $${failed:-0}

.PHONY: demo
demo: ## The same with a database of its own and an account for each role
	@$(MAKE) run DEMO=1

.PHONY: dev
dev: free-port prepared ## Serves the site and reloads it when a file changes (PORT=8000, DEMO=1)
	@$(if $(IS_DEMO),$(ENVIRONMENT) $(PY) manage.py demo; $(ENVIRONMENT) $(PY) manage.py demo_figures)
	@DEBUG=1 $(ENVIRONMENT) exec $(PY) manage.py runserver "$(HOST):$(PORT)"

.PHONY: check
check: .venv/develops $(CATALOGUES) ## Format, lint, types, layers, templates, migrations, deployment, documents
	@$(PY) -m ruff format --check --quiet . || { $(PY) -m ruff format --diff .; exit 1; }
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-cache --no-logo
	@.venv/bin/djade --check --target-version 5.2 $(TEMPLATES)
	@$(PY) -m djhtml --check --tabwidth 2 $(TEMPLATES)
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run
	@SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" HTTPS=1 DEBUG=0 \
		ALLOWED_HOSTS=navigator.example DATABASE_URL=postgres://navigator@127.0.0.1/navigator \
		$(PY) manage.py check --deploy --fail-level WARNING
	@$(PY) -m pytest --quiet tests/test_documentation.py tests/test_translations.py

.PHONY: test
test: check only-tests ## Everything: the checks, then all tests

# A file's tests stay in one process, since many of them share what was made for the file.
.PHONY: only-tests
only-tests: .venv/browser $(CATALOGUES) ## All tests, in parallel (TEST_DATABASE_URL=… for another database)
	@$(PY) -m pytest --quiet --numprocesses auto --dist loadfile

.PHONY: fix
fix: .venv/develops ## Formats, and mends what can be mended
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .
	@.venv/bin/djade --target-version 5.2 $(TEMPLATES) || true
	@$(PY) -m djhtml --tabwidth 2 $(TEMPLATES) || true

# Its pictures are of this machine's time and browser, so they change with each run: commit them
# when the pages did.
.PHONY: handbook
handbook: .venv/browser $(CATALOGUES) ## Renews the pictures of the handbook, while its story is told
	@HANDBOOK=1 $(PY) -m pytest --quiet tests/browser/test_*story.py
	@$(PY) -m pytest --quiet tests/test_handbook.py

.PHONY: bench
bench: .venv/develops $(CATALOGUES) ## Measures the hot paths beside a view that does nothing, and reports
	@$(PY) -m tests.bench
	@$(PY) -m tests.bench.advice
	@$(PY) -m tests.bench.usage

.PHONY: simulate
simulate: .venv/develops $(CATALOGUES) ## Plays a month of visits, and compares every figure (ARGS="--seed 2 --visits 20000")
	@$(PY) -m tests.simulation $(ARGS)

.PHONY: messages
messages: .venv/develops ## Collects the sentences to translate (needs gettext)
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemessages --locale nl --no-location \
		--no-obsolete --ignore 'tests/*' --ignore '.venv/*' --ignore 'var/*'

# Set-up. Each step leaves a file that says it was done, so that a second start takes seconds.

.venv/made:
	@command -v "$(PYTHON)" >/dev/null || { echo "Python 3.11 or newer is needed, and not found$(if $(PYTHON), as $(PYTHON))." \
		"Install one, or name it: make run PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$("$(PYTHON)" --version 2>&1)."; exit 1; }
	@echo "Making the virtual environment …"
	@"$(PYTHON)" -m venv .venv
	@touch $@

.venv/runs: .venv/made requirements.txt
	@echo "Installing what runs …"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/develops: .venv/runs requirements-dev.txt
	@echo "Installing what checks and tests …"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# The tests drive the system's browser.
.venv/browser: .venv/develops
	@if [ -n "$${CHROMIUM:-}" ] || command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
		echo "The tests need Chromium: install it, or name it: make test CHROMIUM=/path/to/chromium"; \
		exit 1; \
	fi
	@touch $@

%.mo: %.po | .venv/runs
	@$(PY) -m babel.messages.frontend --quiet compile --input-file=$< --output-file=$@

var/static/staticfiles.json: .venv/runs navigator/settings.py $(STATIC) | .env
	@echo "Collecting the static files …"
	@$(PY) manage.py collectstatic --noinput --verbosity=0
	@touch $@

# What this machine differs in from production; made once, then yours to change.
.env: | .venv/made
	@(umask 077; key="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')"; \
		printf '%s\n' "# See .env.example for what can stand here." "SECRET_KEY=$$key" "HTTPS=0" > $@)

.PHONY: prepared
prepared: .venv/runs .env $(CATALOGUES)
	@$(ENVIRONMENT) $(PY) manage.py migrate --verbosity=0
	@$(ENVIRONMENT) $(PY) manage.py load_directory --if-changed

.PHONY: free-port
free-port: .venv/made
	@$(PY) -c 'import socket, sys; s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET); \
		s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind((sys.argv[1], int(sys.argv[2])))' \
		"$(HOST)" "$(PORT)" 2>/dev/null \
		|| { echo "Port $(PORT) of $(HOST) can't be used; something else may be using it." \
			"Choose another: make run PORT=8001"; exit 1; }
