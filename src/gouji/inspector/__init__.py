"""Pandera's word on tables, in a process of its own: the tables and what is asked of them go in, yes or no comes out.

Pandera takes longer to load than a unit takes to audit; beside the main process it costs no waiting, and there it need not load pandas.
"""

from gouji.inspector.asked import Asked, Field
from gouji.inspector.beside import ask, ready

__all__ = ["Asked", "Field", "ask", "ready"]
