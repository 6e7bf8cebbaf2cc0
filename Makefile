# The two commands of the README are `make demo` and `make test`; each does all its own set-up.
# Needs: make, Python >= 3.11 with venv, and a package registry that pip can reach. `make help` lists the rest.

SHELL := /bin/sh
.SHELLFLAGS := -euc
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
GENERATOR := $(VENV)/generator
BIN := $(VENV)/bin
LOCKS := requirements

# The first Python on the PATH that is new enough; `make PYTHON=/path/to/python3.12 …` overrides it.
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$python" && break; done)

PIP := -m pip --disable-pip-version-check --quiet
# What pip is told to install is exactly what the lock files name, by hash, and nothing that they do not name.
LOCKED := install --require-hashes --no-deps

# ---------------------------------------------------------------------------------------------------- the two commands

.PHONY: demo
demo: $(VENV)/server.stamp ## Start the server, clean a sample page and any PAGES="a.txt b.txt", stop the server
	@PAGES='$(subst ','\'',$(PAGES))' $(BIN)/python demo/demo.py

.PHONY: test
test: $(VENV)/dev.stamp $(GENERATOR)/stamp ## Run the whole test suite, quality gates included
	@$(BIN)/python -m pytest $(ARGS)

.PHONY: browser-test
browser-test: $(VENV)/dev.stamp ## Try the HTML page in Chromium (Debian: apt-get install chromium); skipped where there is none
	@$(BIN)/python -m pytest tests/browser $(ARGS)

# ------------------------------------------------------------------------------------------------------------ set-up

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Dehusk needs Python 3.11 or newer; none was found on the PATH. Install one, or say where it is: make PYTHON=/path/to/python3.12 …" >&2; exit 1; fi
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Dehusk needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" --version 2>&1). Say which to take: make PYTHON=/path/to/python3.12 …" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) ($$("$(PYTHON)" --version))"
	@"$(PYTHON)" -m venv "$(VENV)"

# A stamp newer than its lock file means: installed. The project itself is installed in place, without its dependencies.
$(VENV)/server.stamp: $(VENV)/bin/python $(LOCKS)/build.txt $(LOCKS)/server.txt pyproject.toml
	@echo "Installing the locked server packages"
	@$(BIN)/python $(PIP) $(LOCKED) -r $(LOCKS)/build.txt -r $(LOCKS)/server.txt
	@$(BIN)/python $(PIP) install --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/server.stamp $(LOCKS)/dev.txt
	@echo "Installing the locked development packages"
	@$(BIN)/python $(PIP) $(LOCKED) -r $(LOCKS)/dev.txt
	@touch $@

$(VENV)/bench.stamp: $(VENV)/dev.stamp $(LOCKS)/bench.txt
	@echo "Installing the locked peers to measure against"
	@$(BIN)/python $(PIP) $(LOCKED) -r $(LOCKS)/bench.txt
	@touch $@

$(VENV)/plots.stamp: $(VENV)/dev.stamp $(LOCKS)/plots.txt
	@echo "Installing the locked plotting packages"
	@$(BIN)/python $(PIP) $(LOCKED) -r $(LOCKS)/plots.txt
	@touch $@

# Tools that would quarrel with ours about versions live apart.
$(VENV)/deploy.stamp $(VENV)/audit.stamp: $(VENV)/%.stamp: $(VENV)/bin/python $(LOCKS)/%.txt
	@echo "Installing the locked tools of make $*"
	@$(BIN)/python -m venv $(VENV)/$*
	@$(VENV)/$*/bin/python $(PIP) $(LOCKED) -r $(LOCKS)/$*.txt
	@touch $@

$(GENERATOR)/stamp: $(VENV)/bin/python $(LOCKS)/generate.txt
	@echo "Installing the locked generator of the contract's code"
	@$(BIN)/python -m venv $(GENERATOR)
	@$(GENERATOR)/bin/python $(PIP) $(LOCKED) -r $(LOCKS)/generate.txt
	@touch $@

.PHONY: setup
setup: $(VENV)/dev.stamp $(GENERATOR)/stamp ## Make .venv with everything that development needs

# ------------------------------------------------------------------------------------------------------------ checks

.PHONY: lint
lint: $(VENV)/dev.stamp ## ruff: rules and format
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

.PHONY: format
format: $(VENV)/dev.stamp ## Let ruff mend what it can
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .

.PHONY: types
types: $(VENV)/dev.stamp ## mypy, strict, over all code of the project
	@$(BIN)/python -m mypy

.PHONY: check
check: lint types generated test ## Everything that .ci/run looks at

# ---------------------------------------------------------------------------------------------- what the project makes

.PHONY: generate
generate: $(GENERATOR)/stamp ## Make client/dehusk/v1 anew from proto/
	@$(GENERATOR)/bin/python scripts/generate_proto.py

.PHONY: generated
generated: $(GENERATOR)/stamp ## Compare client/dehusk/v1 with what proto/ generates
	@$(GENERATOR)/bin/python scripts/generate_proto.py --check

.PHONY: learn
learn: $(VENV)/dev.stamp ## Learn the shipped rule set anew from CORPORA (default: ../shared/corpus)
	@$(BIN)/dehusk learn $(or $(CORPORA),../shared/corpus) --output $(or $(RULES),server/dehusk_server/rules/shipped.jsonl)

.PHONY: cross-validate
cross-validate: $(VENV)/dev.stamp ## Learn without each fifth of the sites, score what was held out; 30 to 60 minutes (FOLDER, default build/folds)
	@OMP_NUM_THREADS=1 $(BIN)/python -m dehusk_server.learning.crossvalidate $(or $(CORPORA),../shared/corpus) --output $(or $(FOLDER),build/folds)

.PHONY: curves
curves: $(VENV)/dev.stamp ## Measure thresholds, confidence and the safety brake on the held-out pages of the last cross-validation
	@OMP_NUM_THREADS=1 $(BIN)/python -m dehusk_server.learning.curves $(or $(CORPORA),../shared/corpus) $(or $(FOLDER),build/folds)

.PHONY: plots
plots: $(VENV)/plots.stamp ## Draw the plots of docs/figures anew from the figures beside them
	@$(BIN)/python scripts/draw_plots.py

.PHONY: errors
errors: $(VENV)/dev.stamp ## Print what the held-out pages of the last cross-validation got wrong, by cause
	@$(BIN)/python -m dehusk_server.learning.errors $(or $(CORPORA),../shared/corpus) $(or $(FOLDER),build/folds) $(ARGS)

.PHONY: evaluate
evaluate: $(VENV)/dev.stamp ## Print the scores of the shipped rule set on CORPORA (default: ../shared/corpus)
	@$(BIN)/dehusk evaluate shipped $(or $(CORPORA),../shared/corpus)

.PHONY: bench
bench: $(VENV)/bench.stamp ## Measure speed on text and on HTML against the peers, on the same pages
	@$(BIN)/python -m bench $(ARGS)

.PHONY: peers
peers: $(VENV)/bench.stamp ## Score the peers beside held-out answers: make peers FOLDS=folder-of-cross-validate
	@$(BIN)/python -m bench.peers $(FOLDS) $(ARGS)

.PHONY: load
load: $(VENV)/server.stamp ## Measure the service under load beside an echo and beside no service (ARGS="--rounds 3 --sizes usual")
	@$(BIN)/python -m bench.load $(ARGS)

.PHONY: soak
soak: $(VENV)/server.stamp ## 200,000 documents among faults, then with kills, every answer compared; 15 to 30 minutes (ARGS="--documents 5000")
	@$(BIN)/python -m bench.soak $(ARGS)

.PHONY: hostile
hostile: $(VENV)/server.stamp ## Clean hostile pages at full size, each in a process with limits; prints the table of docs/hostile.md
	@PYTHONPATH=tests $(BIN)/python -m hostile $(ARGS)

.PHONY: fuzz
fuzz: $(VENV)/dev.stamp ## Hold made-up pages to the laws for MINUTES=60; what breaks one is written to build/fuzz (ARGS="--seed 1")
	@PYTHONPATH=tests $(BIN)/python -m fuzz --minutes $(or $(MINUTES),60) $(ARGS)

.PHONY: client-test
client-test: $(VENV)/server.stamp ## Try the client with grpcio and protobuf alone, lowest and newest versions, each Python on the PATH (PYTHONS=…)
	@$(BIN)/python scripts/client_test.py $(PYTHONS)

COMPILE = $(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header

.PHONY: lock
lock: $(VENV)/lock/stamp ## Redo requirements/*.txt; UPGRADE=--upgrade takes newer versions
	@$(COMPILE) $(UPGRADE) --group pyproject.toml:build --output-file $(LOCKS)/build.txt
	@$(COMPILE) $(UPGRADE) --group pyproject.toml:generate --output-file $(LOCKS)/generate.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra server --extra http --constraint $(LOCKS)/build.txt --output-file $(LOCKS)/server.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra http --extra traces --extra learn --group dev --constraint $(LOCKS)/build.txt --constraint $(LOCKS)/server.txt --output-file $(LOCKS)/dev.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra http --extra traces --extra learn --group dev --group bench --constraint $(LOCKS)/dev.txt \
		--output-file $(LOCKS)/bench.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra http --extra traces --extra learn --group dev --group plots --constraint $(LOCKS)/dev.txt \
		--output-file $(LOCKS)/plots.txt
	@$(COMPILE) $(UPGRADE) --group pyproject.toml:lock --output-file $(LOCKS)/lock.txt
	@$(COMPILE) $(UPGRADE) --group pyproject.toml:deploy --output-file $(LOCKS)/deploy.txt
	@$(COMPILE) $(UPGRADE) --group pyproject.toml:audit --output-file $(LOCKS)/audit.txt

$(VENV)/lock/stamp: $(VENV)/bin/python $(LOCKS)/lock.txt
	@$(BIN)/python -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python $(PIP) $(LOCKED) -r $(LOCKS)/lock.txt
	@touch $@

.PHONY: image
image: ## Build the container image
	docker build --tag dehusk:$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) .

.PHONY: image-test
image-test: $(VENV)/server.stamp ## Build the image, start it read-only, clean a page through it (FLAGS="--engine buildah --base B" without docker)
	@$(BIN)/python scripts/image_test.py $(FLAGS)

.PHONY: manifests
manifests: $(VENV)/deploy.stamp ## Check the manifests of deploy/ against their schemas
	@$(VENV)/deploy/bin/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	@for file in deploy/sidecar.yaml deploy/fleet.yaml; do $(VENV)/deploy/bin/kubernetes-validate --strict $$file; done

.PHONY: audit
audit: $(VENV)/audit.stamp ## Look the locked packages of the service up among known vulnerabilities (ARGS="--strict --service osv")
	@$(VENV)/audit/bin/python scripts/audit.py $(LOCKS)/server.txt $(ARGS)

.PHONY: clean
clean: ## Take away the environment, caches and builds
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
