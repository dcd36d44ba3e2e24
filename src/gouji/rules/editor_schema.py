"""The JSON Schema of what authors write, for their editors: a rule file, a table description, book.yaml, locate.yaml."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import WithDefaultSchema

from gouji.rules.fields import DEFAULTS, FORM_SET, HEAD, LOCATING, RULE, TABLE
from gouji.rules.key_words import key_words

# What a rule may leave to the defaults of its book or folder.
LEFT_OUT = frozenset({"basis", "document", "clause", "status", "severity", "missing"})
KINDS: dict[str, TypeAdapter[Any]] = {
    "rule": RULE,
    "table": TABLE,
    "book": HEAD,
    "form_set": FORM_SET,
    "locate": LOCATING,
    "defaults": DEFAULTS,
}


class _Told(GenerateJsonSchema):
    """Tells that mappings are empty where nothing is written."""

    def get_default_value(self, schema: WithDefaultSchema) -> Any:
        return {} if schema.get("default_factory") is dict else super().get_default_value(schema)


def json_schema(what: str) -> str:
    """JSON Schema (draft 2020-12) as text; `what` is rule, table, book, form_set, locate or defaults. Raises KeyError for anything else."""
    made = KINDS[what].json_schema(mode="validation", schema_generator=_Told)
    words = key_words()
    for model in (made, *made.get("$defs", {}).values()):
        if what == "rule" and "required" in model:
            model["required"] = [key for key in model["required"] if key not in LEFT_OUT]
        for key, described in model.get("properties", {}).items():
            if key in words:
                described["description"] = words[key]
    return json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **made},
        ensure_ascii=False,
        indent=2,
    )
