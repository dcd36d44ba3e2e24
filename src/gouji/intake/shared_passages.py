"""Reports read one by one -> their long paragraphs; of these notes on what two reports share: another unit's words, or last year's, each with both places.

Of each report only fingerprints, the lines and first words of its long paragraphs are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gouji.base.i18n import _
from gouji.intake.ledger.submission import At, Passage, Problem
from gouji.narrative import TEXTS_AT_MOST, Passages, SharedPassage, TextReading, marked

WORDS = 30
ByPlace = dict[tuple[str, int], Passage]


def passages_of(file: str, unit: str, year: int, reading: TextReading) -> Iterator[Passage]:
    """The long paragraphs of a report that is a unit's and of a year."""
    for number, found in marked(reading.paragraphs):
        own = reading.paragraphs[number]
        line = reading.lines[own.origin(0)[0]].number
        prints = tuple(sorted(found))
        yield Passage(file, unit, year, number, line, own.text[:WORDS], len(prints), prints)


def shared_between(every: Iterable[Passage]) -> Iterator[Problem]:
    """A note for each passage that reports of different units or years share, at the later of both files; of a report of an earlier run and a new one, at the new one.

    A passage may come with those of its fingerprints alone that stand elsewhere too.
    """
    found, by_place = Passages(), ByPlace()
    for own in every:
        by_place[_name(own), own.number] = own
        found.put(_name(own), own.number, own.size, own.prints)
    for pair in found.alike():
        first, second = _both(pair, by_place)
        if (first.unit, first.year) != (second.unit, second.year) and not second.run:
            yield _told(first, second, pair.share)


def _name(own: Passage) -> str:
    return f"{own.run} {own.file}" if own.run else own.file


def _both(pair: SharedPassage, by_place: ByPlace) -> tuple[Passage, Passage]:
    """What is shared with what: of an earlier run and a new one, the earlier one first."""
    first = by_place[pair.first, pair.first_paragraph]
    second = by_place[pair.second, pair.second_paragraph]
    return (second, first) if second.run and not first.run else (first, second)


def _told(first: Passage, second: Passage, share: float) -> Problem:
    words = (
        _("与第 {run} 次运行的 {other} 第{n}行雷同 {share}：{words}…")
        if first.run
        else _("与 {other} 第{n}行雷同 {share}：{words}…")
    )
    what = words.format(
        run=first.run.lstrip("0"),
        other=first.file,
        n=first.line,
        share=f"{share:.0%}",
        words=second.words,
    )
    fix = _("核对是不是照抄了别的单位或上年的文字")
    return Problem("", At(second.file, second.line), what, fix, note=True)


__all__ = ["TEXTS_AT_MOST", "passages_of", "shared_between"]
