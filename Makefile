# demo    set up what is missing and start a whole clinic with invented people on http://127.0.0.1:8000
# test    all tests, browser ones too          check   lint, types, import contracts, templates, docs
# bench   every figure we quote, measured      faults  the long fault campaign
# setup   what the others need; quick when nothing changed          lock    choose newer packages, and lock them
# lighthouse  what Lighthouse says of the public pages
# peers   engines to compare the forecast with, built from source; needs gcc and gfortran
# fuzz    any bytes to every parser of what comes from outside, for half an hour
# words   the message catalogues of the public pages, for translators

PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
UV := 0.13.9
PACKAGES := .venv/.packages
VENDOR := src/stillroom/web/static/vendor/.copied
CHROMIUM := build/.chromium
CRITERIA_WORDS := src/stillroom/directory/criteria_words_for_gettext.py

export PIP_DISABLE_PIP_VERSION_CHECK := 1
.DELETE_ON_ERROR:
.PHONY: demo looks test check lint format types imports templates house bench peers lighthouse faults fuzz setup lock words

demo: setup
	@exec $(BIN)/stillroom demo

# As many at once as there are cores, each with a database of its own; what belongs together stays together (tests/conftest.py).
test: setup $(CHROMIUM)
	$(BIN)/pytest -q --numprocesses logical --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

check: lint format types imports templates house

lint: setup
	$(BIN)/ruff check --quiet .

format: setup
	$(BIN)/ruff format --quiet --check .

types: setup
	$(BIN)/mypy --no-error-summary

imports: setup
	$(BIN)/lint-imports --no-logo

templates: setup
	$(BIN)/djlint --quiet --lint src

# That no relation points up, no migration is missing, and the docs are complete.
house: setup
	$(BIN)/pytest -q tests/test_architecture.py tests/test_docs.py tests/project/test_operations.py

looks: setup
	$(BIN)/python -m tests.looks

bench: setup
	$(BIN)/python -m stillroom.project.bench

# Engines to compare the forecast with that come as source alone; `make bench` measures them where they are.
peers: setup
	$(PYTHON) -m venv --clear build/peers
	build/peers/bin/python -m pip install --quiet --require-hashes -r bench/peers/build.txt
	PATH="$(CURDIR)/build/peers/bin:$$PATH" build/peers/bin/python -m pip install --quiet --require-hashes --no-deps \
	  --no-build-isolation -r bench/peers/peers.txt

# What Lighthouse says of the public pages; it is fetched for this alone.
lighthouse: setup $(CHROMIUM)
	cd bench/lighthouse && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python bench/lighthouse/scores.py $(PAGES:%='%')

faults: setup
	$(BIN)/python -m tests.faults --rounds 1000

# Any bytes to every parser of what comes from outside: first what leads somewhere, then hours of a bad line.
FUZZ_SECONDS := 300
FUZZED := hl7_frame hl7_line recording vital_file wfdb_header sdc_report
fuzz: setup
	$(PYTHON) -m venv --clear build/fuzz
	build/fuzz/bin/python -m pip install --quiet --require-hashes -r tests/fuzz/requirements.txt
	$(BIN)/python -m tests.fuzz.seeds build/fuzz
	for target in $(FUZZED); do \
	  PYTHONPATH="src:.:$$(echo .venv/lib/python3.*/site-packages)" build/fuzz/bin/python \
	    -m tests.fuzz.guided $$target -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1 \
	    -artifact_prefix=build/fuzz/ build/fuzz/$$target || exit 1; \
	done
	$(BIN)/python -m tests.fuzz.recorded --hours 24

setup: $(PACKAGES) $(VENDOR)

$(PACKAGES): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' \
	  || { echo "Stillroom needs Python 3.11 or newer; $(PYTHON) is older."; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv \
	  || { echo "This Python cannot make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv==$(UV)
	$(BIN)/python -m uv pip sync --quiet --require-hashes requirements.lock
	$(BIN)/python -m uv pip install --quiet --no-deps --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc $(PACKAGES)
	$(BIN)/npm ci --silent
	@touch $@

$(VENDOR): node_modules/.installed
	@mkdir -p $(@D)
	@cp node_modules/uplot/dist/uPlot.iife.min.js node_modules/uplot/dist/uPlot.min.css node_modules/uplot/LICENSE $(@D)
	@touch $@

$(CHROMIUM): $(PACKAGES)
	@mkdir -p $(@D)
	$(BIN)/python -m tests.chromium
	@touch $@

# The words around the public pages, for translators; needs GNU gettext. New words are taken up, translations compiled.
words: setup
	@trap 'rm -f $(CRITERIA_WORDS)' EXIT && $(BIN)/python -m stillroom.directory.criteria_words > $(CRITERIA_WORDS) \
	  && for room in directory guide web; do (cd src/stillroom/$$room && mkdir -p locale/en/LC_MESSAGES \
	  && $(CURDIR)/$(BIN)/django-admin makemessages --all --no-location --no-wrap --no-obsolete --verbosity 0 \
	  && $(CURDIR)/$(BIN)/django-admin compilemessages --exclude en --verbosity 0) || exit 1; done

lock: $(PACKAGES)
	$(BIN)/python -m uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --all-extras \
	  --python-version 3.11 pyproject.toml --output-file requirements.lock
	$(BIN)/npm install --silent --package-lock-only
