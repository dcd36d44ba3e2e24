"""Expressions as SQL trees: exact value, interval, truth."""
