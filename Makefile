# Every target sets up .venv by itself; nothing needs to be activated. GNU make 3.81 (macOS) is enough.

# Python for a new .venv. Named on the command line it counts; otherwise a .venv that works is kept as it is.
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell .venv/bin/python -c '' 2>/dev/null && echo .venv/bin/python || echo python3)
endif

# nbgrader and Jupyter start their own commands by name.
IN_VENV = PATH="$(CURDIR)/.venv/bin:$$PATH"
# Outputs of training differ in the third digit between processors; `lax` runs the notebooks without comparing.
NBVAL = $(if $(filter lax,$(LRCOURSE_NBVAL)),--nbval-lax,--nbval)

.DEFAULT_GOAL := help
.PHONY: help lab test hostile libraries notebooks lock lint benchmark clean lab-env dev-env

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

lab: lab-env ## students: open the lessons in JupyterLab (DIR=folder for your work)
	@$(IN_VENV) .venv/bin/lrcourse lab $(if $(DIR),"$(DIR)")

# What ARGS names, if that is a file, a folder or a test in one; else everything, with ARGS as options of pytest's.
EVERYTHING = tests/hostile tests lrcourse $(wildcard notebooks)
NAMED = $(wildcard $(foreach word,$(ARGS),$(firstword $(subst ::, ,$(word)))))
test: lint ## everything that CI runs (ARGS="tests/quiz" for one area, or options of pytest's)
	@# loadscope: the cells of a notebook have to run in their order, in one worker. Three workers, for the hostile class,
	@# which goes first, mostly waits for time limits.
	@$(IN_VENV) .venv/bin/python -m pytest -n 3 --dist loadscope $(NBVAL) --nbval-current-env $(if $(NAMED),,$(EVERYTHING)) $(ARGS)

hostile: dev-env ## only grade the hostile submissions together with honest ones (10 minutes; part of `make test`)
	@$(IN_VENV) .venv/bin/python -m pytest tests/hostile $(ARGS)

# An environment of its own, about 1.5 GB: none of these libraries is part of the course. PIP_FIND_LINKS counts here, too:
# with it a torch without graphics cards can be had. Without pyproject's settings, which name what is not installed there.
LIBRARIES = .venv-libraries/bin/python
libraries: .venv/bin/uv ## check lesson 07's table against PyTorch, optax, transformers and timm
	.venv/bin/uv venv --quiet --allow-existing --python .venv/bin/python .venv-libraries
	.venv/bin/uv pip install --quiet --python $(LIBRARIES) --group libraries $(addprefix --find-links ,$(PIP_FIND_LINKS))
	LRCOURSE_LIBRARIES=1 PYTHONPATH=. $(LIBRARIES) -m pytest -c /dev/null --rootdir . --noconftest -p no:cacheprovider -W error tests/test_other_libraries.py $(ARGS)

notebooks: dev-env ## authors: make the notebooks from the lessons' texts and run what changed
	@$(IN_VENV) .venv/bin/python tools/notebooks.py $(ARGS)

lint: dev-env ## ruff, check and format
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check

# No index, no download address, no path: whoever installs brings their own. Not from dev-env: the lock may be what is wrong.
LOCK = .venv/bin/uv pip compile pyproject.toml --quiet --universal --fork-strategy fewest --generate-hashes \
	--no-header --no-emit-index-url --no-annotate --python-version 3.11 --group build
lock: .venv/bin/uv ## maintainers: resolve the dependencies again (ARGS="--upgrade" for newer versions)
	$(LOCK) $(ARGS) -o requirements.lock
	$(LOCK) $(ARGS) --group dev -c requirements.lock -o requirements-dev.lock

benchmark: dev-env ## print how long an import and each lesson take
	@$(IN_VENV) .venv/bin/python benchmarks/startup.py $(ARGS)

clean: ## remove .venv and what tools leave behind; never what a class produced
	rm -rf .venv .venv-libraries .pytest_cache .ruff_cache dist build
	find lrcourse tests tools benchmarks notebooks -name __pycache__ -prune -exec rm -rf {} + -o -name .ipynb_checkpoints -prune -exec rm -rf {} +

lab-env: SET = lab
dev-env: SET = dev
lab-env dev-env:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11, 3.12 or 3.13 and name it, for example \`make lab PYTHON=python3.12\`." >&2; exit 2; }
	@$(PYTHON) tools/bootstrap.py $(SET)

.venv/bin/uv:
	@$(MAKE) dev-env
