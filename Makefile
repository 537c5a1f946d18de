# Étale: `make run` shows it, `make test` proves it. Both set up everything they need in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCHOOLS ?= 60
REGION ?= Grand Est

.PHONY: help run plan test lint migrations-check browser-tools bench picture clean

help:
	@echo "make run    set up .venv and start the service with a demo region, planned and published, on this machine"
	@echo "make plan   the same demo as files: plan its folder, check the plan and show the result"
	@echo "make test   set up .venv and run all tests"
	@echo "make lint   ruff, mypy, import floors"
	@echo "make migrations-check  do the steps of the database lead to the declared tables?"
	@echo "make browser-tools  install what tests in a real browser want (Debian, npm); without it they are skipped"
	@echo "make bench  the benchmarks, as a table"

# The stamp is newer than what it depends on when the environment is complete.
$(VENV)/.ready: setup.cfg pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Étale needs Python 3.11 or newer; say which: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "== Setting up $(VENV) with $$($(PYTHON) --version) (a minute or two, once)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --constraint constraints.txt pip setuptools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

# A demo of its own folder of data; `rm -r demo-data` begins afresh.
run: $(VENV)/.ready
	@echo "== Starting the service with a demo: $(SCHOOLS) schools of $(REGION), in demo-data/; Ctrl-C stops it"
	ETALE_DATA=$${ETALE_DATA:-demo-data} $(BIN)/etale serve --demo --demo-region "$(REGION)" --demo-schools $(SCHOOLS)

plan: $(VENV)/.ready
	@echo "== Making the demo region: $(SCHOOLS) schools of $(REGION), in demo/"
	$(BIN)/etale demo --region "$(REGION)" --schools $(SCHOOLS) --out demo
	@echo "== Planning it, into plan/ (the first time compiles the inner loops, some 20 s)"
	$(BIN)/etale stagger demo --out plan --feeds
	@echo "== Checking every rule and figure again, without the optimizer"
	$(BIN)/etale check demo plan
	@echo "== Done. Open plan/index.html in a browser for the load curves; calendars are in plan/feeds/."

test: $(VENV)/.ready
	@echo "== Running all tests"
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(VENV)/.ready
	@echo "== Style, types, import floors"
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg

migrations-check: $(VENV)/.ready
	@echo "== The steps of the database"
	$(BIN)/python -m migrations check

# What tests in a real browser want: Debian's chromium and its driver, and axe-core, which looks for barriers.
browser-tools: $(VENV)/.ready
	apt-get install --yes --quiet chromium chromium-driver
	npm install --silent --prefix $(VENV)/browser axe-core

bench: $(VENV)/.ready
	@echo "== Benchmarks"
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) demo demo-data plan build *.egg-info

# The README's picture, drawn by the program from the demo region and its plan.
picture: $(VENV)/.ready
	$(BIN)/python docs/picture.py demo plan docs/before-after.svg --date 2021-04-08
