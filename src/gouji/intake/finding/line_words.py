"""The words of a line of a listing -> its code, whether the listing ends there, why the line is no row if they say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gouji.intake.finding.labels import bare, plain
from gouji.intake.finding.lines_left import LineReason
from gouji.intake.finding.listed_codes import code_before_name, digits_of_code
from gouji.intake.finding.listed_columns import ListedColumns
from gouji.intake.finding.units import statements
from gouji.intake.finding.words import COUNTS, ends_in_sum, is_note, leads, sum_word, sums_up
from gouji.rules import Listing

TOLD_AT_MOST = 20_000


@dataclass(frozen=True, slots=True)
class LineWords:
    """What the words of a line tell: whether there are any, whether the listing ends here, why the line is none of its own (if so), its code."""

    words: bool
    ends: bool
    why: LineReason | None
    code: str


class WordsOfLines:
    """Tells what words say in one listing; worked out once for the same words."""

    def __init__(self, columns: ListedColumns, part: Listing) -> None:
        self.columns, self.code_at, self.total = columns, columns.code_at, columns.total()
        self.codes = frozenset(self.total.values())
        self.until, self.skip = (
            {plain(w) for w in words} | {bare(w) for w in words}
            for words in (part.until, part.skip)
        )
        self.told: dict[tuple[str, ...], LineWords] = {}

    def tell(self, words: tuple[str, ...]) -> LineWords:
        """What the words in the columns of texts tell."""
        return self.told.get(words) or self._keep(words)

    def _keep(self, words: tuple[str, ...]) -> LineWords:
        heads = [plain(word) for word in words if word != ""]
        ends = bool(heads and self.until) and any(
            h in self.until or bare(h) in self.until for h in heads[:2]
        )
        code = self._code(words)
        why = self._why(words, heads, code) if heads else None
        if len(self.told) > TOLD_AT_MOST:
            self.told.clear()
        made = self.told[words] = LineWords(bool(heads), ends, why, code)
        return made

    def is_code(self, code: str) -> bool:
        """Whether the code of a line is one: digits, or a word that stands for one."""
        return code.isdecimal() or code in self.codes

    def _why(self, words: tuple[str, ...], heads: Sequence[str], code: str) -> LineReason | None:
        """Why a line with such words is no row, whatever figures it holds (a note: if it holds none)."""
        if COUNTS & set(heads[:2]):
            return LineReason.NUMBERS
        if is_note(heads[0]):
            return LineReason.NOTE
        if any(statements(word) for word in words if word):
            return LineReason.WORDS
        if self.skip & {heads[0], bare(heads[0])}:
            return LineReason.SKIPPED
        if self.columns.code is not None and self.is_code(code):
            return None
        if self._sums(words, heads):
            return LineReason.SUM
        return LineReason.WORDS if len(heads) == 1 and any(leads(w) for w in words if w) else None

    def _sums(self, words: tuple[str, ...], heads: Sequence[str]) -> bool:
        """Whether a line without a code sums up others."""
        texts = self.columns.texts
        keyless = (len(heads) == 1 < len(texts)) or any(
            words[texts.index(i)] == "" for i in self.columns.key if i in texts
        )
        return (
            sums_up(heads[0])
            or (keyless and (sums_up(heads[-1]) or ends_in_sum(heads[0])))
            or (self.columns.code is not None and ends_in_sum(heads[0]))
        )

    def _code(self, words: tuple[str, ...]) -> str:
        """The code of a line; a total line says its word in any of its texts."""
        code = self.columns.code
        if code is None:
            return ""
        text = plain(words[self.columns.texts.index(self.code_at)])
        if digits := digits_of_code(text, code):
            return digits
        for word in map(plain, words):
            for form in (word, bare(word), sum_word(word)):
                if form in self.total:
                    return self.total[form]
        return code_before_name(text, code) or text


__all__ = ["LineWords", "WordsOfLines"]
