PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test env messages clean

demo: .venv/ready
	@$(BIN)/gouji audit datasets/anning-2023; test $$? -le 1
	@$(BIN)/gouji audit datasets/anning-2023-complete; test $$? -le 1

test: .venv/ready
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/gouji test anning-2023
	$(BIN)/python -m pytest -n 2

env: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q .venv/lib > /dev/null 2>&1 || true
	@touch $@

messages: .venv/ready
	$(BIN)/pybabel -q extract -k _ --no-location --sort-output -o .venv/gouji.pot src
	$(BIN)/pybabel -q update -N -D gouji -i .venv/gouji.pot -d src/gouji/locale -l en --no-wrap
	$(BIN)/pybabel -q compile -D gouji -d src/gouji/locale

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
