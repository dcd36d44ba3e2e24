PYTHON ?= python3
BIN := .venv/bin

SPARK ?= 4.3.0

.PHONY: demo demo-spark test-spark test env bench messages clean

# gouji's exit code 1 says that it found something, which is a good run of a demonstration.
demo: .venv/ready
	@$(BIN)/gouji audit datasets/anning-2023; test $$? -le 1
	@$(BIN)/gouji audit datasets/anning-2023-complete; test $$? -le 1
	@$(BIN)/gouji audit datasets/county-demo --rules final-accounts --format summary; test $$? -le 1

# Starts Sail, a Spark Connect server without a JVM, and holds its rows against those of one machine.
demo-spark: .venv/ready
	@$(BIN)/python benchmarks/on_spark.py --units 20000

# A real Spark on this machine (Java 17), in an environment of its own: pyspark and pyspark-client are never together.
# SPARK=3.5.9 takes another version. The last line kills Python workers in the middle of a run.
test-spark: .venv/ready
	@test -x .venv-spark-$(SPARK)/bin/gouji || { \
	$(PYTHON) -m venv .venv-spark-$(SPARK) && grep -viE '^(pyspark|pysail)' constraints.txt > .venv-spark-$(SPARK)/constraints.txt && \
	.venv-spark-$(SPARK)/bin/python -m pip install --quiet -c .venv-spark-$(SPARK)/constraints.txt "pyspark==$(SPARK)" -e . ; }
	@.venv-spark-$(SPARK)/bin/python benchmarks/on_spark.py --engine 'local[2]' --units 2000 --form b
	@.venv-spark-$(SPARK)/bin/python benchmarks/on_spark.py --engine 'local[2]' --units 2000 --form a
	@.venv-spark-$(SPARK)/bin/python benchmarks/on_spark.py --engine 'local[2]' --units 20000 --form b
	@.venv-spark-$(SPARK)/bin/python benchmarks/spark_broken_off.py

# Everything runs whatever fails before it; the last lines are those of pytest.
test: .venv/ready
	@failed=; \
	$(BIN)/ruff check src tests tools benchmarks || failed="$$failed ruff"; \
	$(BIN)/ruff format --check src tests tools benchmarks || failed="$$failed format"; \
	$(BIN)/mypy || failed="$$failed mypy"; \
	$(BIN)/gouji rules test anning-2023 || failed="$$failed examples"; \
	test -z "$$failed" || echo "failed before the tests:$$failed"; \
	$(BIN)/python -m pytest -n 2 --dist loadfile -q && test -z "$$failed"

# Takes a quarter of an hour, the packages of the other tools, and 1.5 GB in the temporary folder.
bench: .venv/ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@$(BIN)/python benchmarks/run.py $(BENCH)

env: .venv/ready

# Byte code is written even where the machine says not to: without it every start takes two or three times as long.
.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@echo "making .venv, which takes a minute or two"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q .venv/lib src > /dev/null 2>&1 || true
	@touch $@

# pybabel has to find tools/messages.py. The English is gouji's own messages, the Chinese those of click.
EXTRACT = PYTHONPATH=tools $(BIN)/pybabel -q extract -F pyproject.toml --no-location --sort-output
UPDATE = $(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date --no-wrap -D gouji -d src/gouji/locale

messages: .venv/ready
	@$(EXTRACT) -o .venv/gouji.pot src
	@$(EXTRACT) -o .venv/click.pot "$$($(BIN)/python -c 'import click; print(click.__path__[0])')"
	@$(UPDATE) -l en -i .venv/gouji.pot
	@$(UPDATE) -l zh_CN -i .venv/click.pot
	@$(BIN)/pybabel compile --statistics -D gouji -d src/gouji/locale

clean:
	rm -rf .venv .venv-spark-* .pytest_cache .mypy_cache .ruff_cache .hypothesis
