# Each thing we do twice. `make` alone lists them.
PY := .venv/bin/python

help:            ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'
venv:            ## make .venv with everything a developer needs
	python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]'
test:            ## run the whole suite
	.venv/bin/pytest
lint:            ## ruff, import contract, types, catalogues
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/lint-imports && .venv/bin/mypy && $(PY) scripts/messages.py --check && $(PY) scripts/docs.py --check
messages:        ## compile the .po catalogues after editing them
	$(PY) scripts/messages.py
golden:          ## accept what people now see as the new goldens (read the diff!)
	.venv/bin/pytest --update-golden
docs:            ## write docs/commands.md and docs/kpis.md from the code
	$(PY) scripts/docs.py
bench:           ## run the benchmarks and rewrite docs/performance.md
	$(PY) benchmarks/run.py --others
gallery:         ## draw the pictures of docs/gallery.md (needs LibreOffice and poppler)
	$(PY) scripts/gallery.py
demo:            ## the whole job on a sample book
	.venv/bin/danggol demo
.PHONY: help venv test lint messages golden docs bench gallery demo
