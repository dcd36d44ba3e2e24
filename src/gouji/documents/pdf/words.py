"""Words and signs that pages print around forms: page numbers, titles, statements of units. They say nothing to people."""

from __future__ import annotations

# What page numbers are made of: 第 3 页 共 30 页, -12-, iv.
NUMBERING = "-—–·•/第页共,，0123456789ivxIVX "
# Signs of figures.
FIGURE = frozenset("0123456789.,%-−()（）")

__all__ = ["FIGURE", "NUMBERING"]
