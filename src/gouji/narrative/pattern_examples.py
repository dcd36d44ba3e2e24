"""The example sentences of patterns, run by the whole grammar: what is read in each, and which say something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gouji.base.faults import RuleError
from gouji.base.i18n import _, clauses
from gouji.narrative.grammar import TextGrammar
from gouji.narrative.load import Patterns
from gouji.narrative.patterns import AnyPattern, Chapter, TextTie
from gouji.narrative.text_lines import lines_of
from gouji.narrative.text_reading import read
from gouji.narrative.ties import FilledText, filled
from gouji.narrative.unfilled import chapters, left_open
from gouji.rules import Table


def told(
    text: str, grammar: TextGrammar, tables: Mapping[str, Table], pattern: AnyPattern | None = None
) -> tuple[str, ...]:
    """What is read in a text, a line each: of a tie what fills its table, of other patterns relations and what was left open; of none all of it."""
    reading = read(lines_of(text), grammar)
    if isinstance(pattern, Chapter):
        return tuple(f"{pattern.name} {found.text}" for found in chapters(reading, (pattern,)))
    made = list[str]()
    if not isinstance(pattern, TextTie):
        made += map(str, reading.relations)
        made += map(str, left_open(reading.paragraphs, grammar))
    if pattern is None or isinstance(pattern, TextTie):
        ties = (pattern,) if isinstance(pattern, TextTie) else grammar.ties
        made += _filled(filled(reading, ties, tables))
    return tuple(made)


def _filled(fills: FilledText) -> Iterator[str]:
    for f in fills.fills:
        yield f"{f.table}.{f.column} = {f.text}{'' if f.text.endswith('%') else f.unit}"
    for row in fills.rows:
        yield f"{row.table}: " + ", ".join(f"{k}={v}" for k, v in row.values.items())


def failures(patterns: Patterns, tables: Mapping[str, Table]) -> Iterator[RuleError]:
    """The examples that do not hold."""
    grammar = patterns.grammar()
    for pattern, document in patterns.every:
        for index, example in enumerate(pattern.examples):
            made = told(example.text, grammar, tables, pattern)
            if made != example.expect:
                yield RuleError(
                    _("读出来的是：{made}").format(made=clauses(made) or _("没有")),
                    place=document.place(("examples", index)),
                    fix=_("改样例，或改句式"),
                )


def count(patterns: Patterns) -> int:
    """How many examples there are."""
    return sum(len(pattern.examples) for pattern, _document in patterns.every)


def unmatched(patterns: Patterns) -> Iterator[RuleError]:
    """Files of patterns without an example that says what they read."""
    for pattern, document in patterns.every:
        if not any(example.expect for example in pattern.examples):
            yield RuleError(
                _("没有样例句子"),
                place=document.place(()),
                fix=_("写一句能读出东西的样例"),
            )


__all__ = ["count", "failures", "told", "unmatched"]
