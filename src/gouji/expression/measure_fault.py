"""What is wrong with the text of a measure."""

from __future__ import annotations


class MeasureFault(Exception):
    """What is wrong with a measure and what to write instead; the word of it that is meant, where one is."""

    def __init__(self, what: str, fix: str, word: str = "") -> None:
        super().__init__(what)
        self.what, self.fix, self.word = what, fix, word


def highlighted(fault: Exception) -> str:
    """The word at which sqlglot could not go on; empty where it names none."""
    errors = getattr(fault, "errors", None) or [{}]
    return str(errors[0].get("highlight") or "")
