"""Codes in the rows of a table -> SQL texts that judge them: whether a code is in a list, whether its name is the list's, which names a code bears."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.base.sql_names import literal
from gouji.intake.ledger.tables import quoted
from gouji.rules import CodeNames, Column, ColumnRole, Listed, Table, Take

# What stands before a name (其中：, a number, a code), after it (（类）) and within it: blanks, brackets, commas, 的. Then the word for spending at its end.
_BLANK = "[\\s\u3000\u00a0]*"
_LOOSE = "|".join(
    (
        rf"^{_BLANK}(其{_BLANK}中{_BLANK}[:：])?{_BLANK}[(（\[【]?([0-9]+|[一二三四五六七八九十]+[)）、.．])?",
        rf"{_BLANK}[(（][类款项][)）]{_BLANK}$",
        '[\\s\u3000\u00a0()（）\\[\\]【】、，,.．·:：—－_“”"的-]+',
    )
)
_TAIL = "支出$"


def one(*parts: str) -> str:
    """Several values as one text."""
    return " || chr(31) || ".join(f"({part})" for part in parts)


def bare_name(name: str) -> str:
    """A name as it is compared.

    >>> bare_name("资本性支出（基本建设）"), bare_name(" 教育支出")
    ('资本性支出基本建设', '教育')
    """
    return re.sub(_TAIL, "", re.sub(_LOOSE, "", name))


def bare_name_sql(of: str) -> str:
    """The same in SQL."""
    return f"regexp_replace(regexp_replace({of}, {literal(_LOOSE)}, '', 'g'), {literal(_TAIL)}, '')"


def code_of(table: Table) -> Column:
    """The column with the codes of a table."""
    return next(c for c in table.columns if c.role is ColumnRole.CODE)


def coded(table: Table, whose: str, more: str = "") -> str:
    """Rows u, y, c of a table: those whose code is one; with `more` columns."""
    by = code_of(table)
    code = quoted(by.name)
    return f"SELECT {whose}, {code} AS c{more} FROM {quoted(table.table)} WHERE regexp_full_match({code}, '[0-9]+') AND length({code}) IN ({', '.join(map(str, by.levels))})"


def judged(take: Take, by: Column, there: str) -> str:
    """What is asked of a code `c`: its name, its place in the list, or the row above it among `there`."""
    if take.called:
        return _called(take)
    return (
        _listed(take)
        if take.codes
        else f"{one('u', 'y', above(by))} IN ({there}) OR length(c) = {by.levels[0]}"
    )


def named(table: Table, whose: str, take: Take) -> str:
    """Rows u, y, k, w: under a code its names, or under a name (below the same code) its codes."""
    by, name = code_of(table), bare_name_sql(quoted("#n"))
    raw = f", {quoted(take.called or '')} AS {quoted('#n')}"
    rows = f"SELECT *, {name} AS n FROM ({coded(table, whose, raw)})"
    k, w = (
        ("c", "n") if take.names is CodeNames.PER_CODE else (f"concat_ws(' ', {above(by)}, n)", "c")
    )
    return f"SELECT u, y, {k} AS k, {w} AS w FROM ({rows}) WHERE n <> ''"


def above(by: Column) -> str:
    """The code above a code `c`."""
    steps = zip(by.levels[1:], by.levels, strict=False)
    return f"CASE length(c) {' '.join(f'WHEN {own} THEN left(c, {above})' for own, above in steps)} END"


def _listed(take: Take) -> str:
    """Whether code `c` is in the list in year `y`: at each length that the list has codes of."""
    tests = []
    for length in sorted({len(of.code) for of in take.codes}):
        own = [of for of in take.codes if len(of.code) == length]
        always = ", ".join(literal(of.code) for of in own if of.from_ is None and of.to is None)
        some = [f"left(c, {length}) IN ({always})"] if always else []
        for of in own:
            if of.from_ is not None or of.to is not None:
                some.append(
                    f"left(c, {length}) = {literal(of.code)} AND y BETWEEN {of.from_ or 0} AND {of.to or 9999}"
                )
        tests.append(f"(length(c) < {length} OR {' OR '.join(some)})")
    return " AND ".join(tests)


def _called(take: Take) -> str:
    """Whether the name beside code `c` is one that the list has for that very code in year `y`; what it does not have then, or what has no name, is not judged."""
    name = bare_name_sql(quoted(f"#{take.called}"))
    own: dict[tuple[int, int], list[Listed]] = {}
    for of in take.codes:
        own.setdefault((of.from_ or 0, of.to or 9999), []).append(of)
    known, right = [], []
    for (first, last), among in own.items():
        known.append(f"y BETWEEN {first} AND {last} AND c IN ({_words([of.code for of in among])})")
        right.append(
            f"y BETWEEN {first} AND {last} AND c || ' ' || {name} IN ({_words([f'{of.code} {bare_name(of.name)}' for of in among])})"
        )
    return f"coalesce({name}, '') = '' OR NOT ({' OR '.join(known)}) OR {' OR '.join(right)}"


def _words(words: Sequence[str]) -> str:
    return ", ".join(map(literal, dict.fromkeys(words)))
