"""The JSON Schema of what authors write, for their editors: a rule file, a table description, book.yaml."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from gouji.load.rules import BookHead, Rule
from gouji.load.tables import Table

KINDS: dict[str, TypeAdapter[Any]] = {"rule": TypeAdapter(Rule), "table": TypeAdapter(Table), "book": TypeAdapter(BookHead)}


def json_schema(what: str) -> str:
    """JSON Schema (draft 2020-12) as text; `what` is rule, table or book. Raises KeyError for anything else."""
    made = KINDS[what].json_schema(mode="validation")
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **made}, ensure_ascii=False, indent=2)
