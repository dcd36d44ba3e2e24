"""A filled or blank sheet -> a table description with `form:`, or the form of a known table: what is certain as it is, what is not with a comment. Touches no file."""

from __future__ import annotations

from gouji.intake.form_draft.draft import Draft, drafted
from gouji.intake.form_draft.likeness import KnownColumns

__all__ = ["Draft", "KnownColumns", "drafted"]
