"""Second ways to the same verdict, in tools that others know: Great Expectations."""

from gouji.bridge.queries import Query, queries

__all__ = ["Query", "queries"]
