"""FrozenModel: values of files that are read anew each time (settings, generators, what the gate says), checked by pydantic as they are made."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """Unknown keys are errors, nothing changes afterwards."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=False,
        coerce_numbers_to_str=True,
        defer_build=True,
    )
