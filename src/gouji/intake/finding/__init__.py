"""A sheet + table descriptions -> where each form stands on it, and what becomes of every cell."""
