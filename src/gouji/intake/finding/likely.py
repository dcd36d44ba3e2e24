"""What a cell holds -> whether that is a number, typed as one or as a text."""

from __future__ import annotations

import re
import unicodedata

from gouji.intake.workbooks.sheet import Raw

TEXTS_AT_MOST = 50_000
_NUMBER = re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?%?")


class _Numeric(dict[str, bool]):
    """Whether a text is a number as people type them; worked out when it is first met."""

    def __missing__(self, text: str) -> bool:
        if len(self) > TEXTS_AT_MOST:
            self.clear()
        made = self[text] = (
            _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None
        )
        return made


_numeric = _Numeric()


def holds_number(value: Raw) -> bool:
    """Whether a cell holds a number."""
    if isinstance(value, str):
        return _numeric[value]
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def may_be_figure(value: Raw | None) -> bool:
    """Whether what a form holds is a figure, or was meant as one: what is without value could not be taken and has been told."""
    if value is None or holds_number(value):
        return True
    return isinstance(value, str) and any(map(str.isdecimal, value))


_TARGET = re.compile(r"[≥≤≧≦<>=]?\s*[0-9].{0,16}", re.DOTALL)


def may_be_target(text: str) -> bool:
    """Whether a text other than a number is short and begins as a target does: ≥95%, 52个."""
    return (
        not holds_number(text)
        and _TARGET.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None
    )


# Words with digits that are no figure: a date, the number of a form; and a note below it.
_DATE_OR_FORM = re.compile(r"20[0-9]{2}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?|公开[0-9]+表")
_NOTE = re.compile(r"(?:注|说明|备注)[0-9]*[:：]")
_CAPITAL = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟]")


def may_stand_for_figure(value: Raw | None) -> bool:
    """Whether a cell anywhere on a sheet is a figure, may be meant as one, or could not be read."""
    if not isinstance(value, str):
        return value is not None
    text = "".join(unicodedata.normalize("NFKC", value).split())
    digits = any(map(str.isdecimal, _DATE_OR_FORM.sub("", text)))
    return not _NOTE.match(text) and (digits or _CAPITAL.search(text) is not None)


__all__ = ["holds_number", "may_be_figure", "may_be_target", "may_stand_for_figure"]
