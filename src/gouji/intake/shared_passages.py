"""Reports read one by one -> notes on passages that two of them share: another unit's words, or last year's, each with both places.

Of each report only fingerprints, the lines and first words of its long paragraphs are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from gouji.base.i18n import _
from gouji.intake.ledger.submission import At, Problem
from gouji.narrative import Passages, TextReading

WORDS = 30


@dataclass(slots=True)
class SharedPassages:
    """Reports by the name of their file: whose they are and of which year, the line and first words of each paragraph that has fingerprints."""

    passages: Passages = field(default_factory=Passages)
    whose: dict[str, tuple[str, int]] = field(default_factory=dict)
    lines: dict[tuple[str, int], tuple[int, str]] = field(default_factory=dict)

    def add(self, file: str, unit: str, year: int, reading: TextReading) -> None:
        """One more report."""
        self.passages.add(file, reading.paragraphs)
        self.whose[file] = (unit, year)
        for number, own in enumerate(reading.paragraphs):
            if (file, number) in self.passages.sizes:
                line = reading.lines[own.origin(0)[0]].number
                self.lines[file, number] = (line, own.text[:WORDS])

    def told(self) -> Iterator[Problem]:
        """A note for each passage that reports of different units or years share, at the later of both files."""
        for one in self.passages.alike():
            if self.whose[one.first] == self.whose[one.second]:
                continue
            first, _words = self.lines[one.first, one.first_paragraph]
            second, words = self.lines[one.second, one.second_paragraph]
            what = _("与 {other} 第{n}行雷同 {share}：{words}…").format(
                other=one.first, n=first, share=f"{one.share:.0%}", words=words
            )
            fix = _("核对是不是照抄了别的单位或上年的文字")
            yield Problem("", At(one.second, second), what, fix, note=True)


__all__ = ["SharedPassages"]
