"""Page -> JSON: the same figures as every other form, exact numbers as text, keys in English, words as they are."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from gouji.report.page import Page

VERSION = 1


def render(page: Page) -> str:
    """The page as JSON text, keys in the order of the page; Decimals are texts so that no reader makes floats of them."""
    return json.dumps({"version": VERSION, **_plain(page)}, ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k.value if isinstance(k, Enum) else k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, Decimal) else (value.value if isinstance(value, Enum) else value)
