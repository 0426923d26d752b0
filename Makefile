# `make` alone lists the targets. Each makes .venv when there is none: tools/venv.sh.
.DEFAULT_GOAL := help
.PHONY: help lab test lint labs notebooks bench lock binder-check clean slides handout browser learner maintainer room

PY := .venv/bin/python
START := $(wildcard notebooks/00-start-here.ipynb)
NOTEBOOKS := $(wildcard notebooks/*.ipynb solutions/*.ipynb labs/*.ipynb)
SCREEN := $(DISPLAY)$(WAYLAND_DISPLAY)$(BROWSER)$(WSL_DISTRO_NAME)$(filter Darwin,$(shell uname))
export PYTHON

help: ## list the targets
	@echo "make lab, to learn; make test, to see that all is well. All targets:"
	@sed -n 's/^\([a-z-]*\):.*## /  \1|/p' Makefile | awk -F'|' '{printf "%-15s %s\n", $$1, $$2}'
	@echo "A Python of your choice: make lab PYTHON=/path/to/python3.12"

lab: learner ## open the workbook in JupyterLab (without a screen: print its address)
	$(PY) -m jupyterlab $(if $(SCREEN),,--no-browser) \
	    --ServerApp.ip=127.0.0.1 --ServerApp.port=8888 --ServerApp.port_retries=50 \
	    --ServerApp.allow_root=True --ServerApp.root_dir=. \
	    --LabApp.default_url=/lab$(if $(START),/tree/$(START))

test: lint ## lint, labs in step with solutions, every notebook, every test
	$(PY) tools/release_labs.py --check
ifeq ($(NOTEBOOKS),)
	@echo "There are no notebooks to run."
else
	@# Strict for all: a lab has no outputs, so of a lab nothing is compared.
	$(PY) -m pytest -q -n 2 --dist loadscope --nbval $(NOTEBOOKS)
endif
	$(PY) -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder tests

lint: maintainer ## style of the code, in modules and in notebooks
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

labs: maintainer ## write labs/ from solutions/
	$(PY) tools/release_labs.py

notebooks: maintainer ## run chapters and solutions, and save their outputs
	$(PY) tools/run_notebooks.py
	$(PY) tools/readme_pictures.py

slides: room ## write a slide view of each chapter to instructor/slides/
	$(PY) tools/make_pages.py slides

handout: room ## write the chapters for paper to instructor/handout/ (PDF where Chromium is)
	$(PY) tools/make_pages.py handout

browser: room ## open chapters in a real browser, and test what it shows
	sh tools/chromium.sh
	WORKBOOK_BROWSER=1 $(PY) -m pytest -q tests/browser

bench: maintainer ## run the benchmarks, and write benchmarks/RESULTS.md
	$(PY) tools/run_benchmarks.py

lock: maintainer ## compile requirements*.in to requirements*.txt
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --no-header \
	    requirements.in --output-file requirements.txt
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --no-header \
	    requirements-dev.in --output-file requirements-dev.txt
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --no-header \
	    requirements-room.in --output-file requirements-room.txt

binder-check: maintainer ## try Binder's environment as far as one can without Docker
	$(PY) tools/check_binder.py

clean: ## remove .venv and caches; your passport and your answers stay
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +

learner maintainer room:
	@sh tools/venv.sh $@
