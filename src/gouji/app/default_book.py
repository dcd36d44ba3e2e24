"""The rulebook that is taken where nobody names one."""

DEFAULT_BOOK = "anning-2023"
