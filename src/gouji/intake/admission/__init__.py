"""Rows -> those that a table description admits; the others are set aside and told."""
