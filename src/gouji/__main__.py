"""`python -m gouji`."""

from gouji.cli import run

run()
