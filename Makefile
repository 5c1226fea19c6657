# `make help` says what each target does. Only relative paths, so that the checkout may lie in a path with spaces.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
LOCALES := $(notdir $(wildcard locale/*))
MESSAGES := $(wildcard locale/*/LC_MESSAGES/*.po)
COMPILED := $(MESSAGES:.po=.mo)
PIP := $(PY) -m pip install --disable-pip-version-check --require-hashes
LOCK := $(PY) -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header

.DEFAULT_GOAL := help
.PHONY: help run test lint format messages lock covers icons preflight clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: ## set up what is missing, then serve on http://localhost:8000 (PORT= changes it)
	@command -v $(PYTHON) >/dev/null || { echo "Crosscast needs Python 3.11 or newer: there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) site/config/preflight.py $(PORT)
	@$(MAKE) --silent --no-print-directory $(VENV)/.runtime $(COMPILED)
	@PORT=$(PORT) $(PY) manage.py prepare
	@echo "Crosscast: http://localhost:$(PORT)   editors: http://localhost:$(PORT)/admin/   stop with Ctrl-C"
	@PORT=$(PORT) $(PY) manage.py runserver 127.0.0.1:$(PORT)

test: preflight $(VENV)/.dev $(COMPILED) ## run the whole suite (ARGS= passes options to pytest; DATABASE_URL= another database)
	@$(PY) -m pytest -n auto $(ARGS)

lint: preflight $(VENV)/.dev $(COMPILED) ## formatting, style, types, templates, migrations, interface strings
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) manage.py check --settings=config.settings.test --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run --settings=config.settings.test
	$(PY) manage.py check_messages

format: $(VENV)/.dev ## put files into the shape that `make lint` asks for
	$(PY) -m ruff check --fix --quiet .
	$(PY) -m ruff format .

messages: $(VENV)/.dev ## collect interface strings for translators (needs GNU gettext)
	$(PY) manage.py makemessages $(addprefix --locale ,$(LOCALES)) --no-obsolete --no-location --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*' --ignore 'content/*'
	$(MAKE) --no-print-directory $(COMPILED)

lock: $(VENV)/.dev ## lock the newest versions that requirements*.in allow, with hashes
	$(LOCK) --upgrade --output-file requirements.txt requirements.in
	$(LOCK) --upgrade --output-file requirements-dev.txt requirements-dev.in

covers: $(VENV)/.dev ## draw the cover pictures again
	$(PY) content/images/draw.py

icons: $(VENV)/.runtime ## draw the mark and the icons again
	$(PY) site/pages/mark.py

clean: ## remove the environment and caches; keeps var/, where the database and the uploads are
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache

preflight:
	@command -v $(PYTHON) >/dev/null || { echo "Crosscast needs Python 3.11 or newer: there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) site/config/preflight.py

$(PY):
	@echo "Making the virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(PY)
	@echo "Installing the locked requirements (a minute or two, once) …"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing the tools for tests and checks …"
	@$(PIP) -r requirements-dev.txt
	@touch $@

locale/%.mo: locale/%.po
	@$(PY) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@
