"""Rows that are looked up by name (self-scores, checklist items, marks) -> a few whole numbers a unit, and how each part is read back.

One filtered aggregate a criterion made grouping the dearest part of a plan; here five small scores share 64 bits (or six of any size a sum of 128), and
31 items one mask with both results (or 62 items one mask of each).
The gate sees to it that no name comes twice; sums rely on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from gouji.plan.engine.engine_nodes import Element, Position, WideSum
from gouji.plan.engine.sql_engines import target
from gouji.plan.grouping.facts import Facts
from gouji.plan.grouping.row_sql import ROWS_AT_MOST, filtered
from gouji.plan.sql import shapes as sql
from gouji.plan.sql.rational import Whole, sum_of
from gouji.plan.sql.shapes import Sql
from gouji.rules import WHOLE_DIGITS, ColumnRole, ColumnType, Table

# A score in hundredths lies strictly between -OFFSET and OFFSET; shifted up by OFFSET it is positive and fits in 21 bits, and 0 says that there is none.
OFFSET = 10 ** (WHOLE_DIGITS[ColumnType.SCORE] + 2)
BITS = 21
SIX, MASK_BITS, SMALL_AT_LEAST = 6, 62, 4
_LOW = 2**BITS - 1
assert 2 * OFFSET <= _LOW and ROWS_AT_MOST <= _LOW


def position(values: Sequence[str], of: Sql) -> Sql:
    """The place of a text among some values, from 1; NULL when it is none of them. On a dictionary-coded column this costs next to nothing."""
    return Position(this=exp.Array(expressions=[sql.text(v) for v in values]), expression=of)


def _element(values: Sequence[int], at: Sql, kind: str) -> Sql:
    """The at-th of some whole numbers, from 1."""
    numbers = exp.Array(expressions=[sql.cast(sql.whole(v), kind) for v in values])
    return Element(this=numbers, expression=at)


def part(of: Sql, shift: int, mask: int = _LOW) -> Sql:
    """Some bits of a whole number."""
    moved = (
        exp.BitwiseRightShift(this=sql.wrapped(of), expression=sql.whole(shift)) if shift else of
    )
    return exp.BitwiseAnd(this=sql.wrapped(moved), expression=sql.whole(mask))


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole number of 64 bits that has the scores of some criteria, lowest first, each in as many bits and raised by as much."""

    column: Sql
    codes: tuple[str, ...]
    bits: int
    raised: int

    def same(self, given: Mapping[str, Sql]) -> Sql:
        """Whether each of the scores has a value and is the one `given`, in hundredths from zero to the weight: one comparison for all of them."""
        each = [
            sql.binary(
                exp.Mul,
                sql.cast(given[code], "BIGINT"),
                sql.cast(sql.whole(2 ** (self.bits * i)), "BIGINT"),
            )
            for i, code in enumerate(self.codes)
        ]
        offsets = sum(self.raised * 2 ** (self.bits * i) for i in range(len(self.codes)))
        return sql.binary(
            exp.EQ, self.column, sql.binary(exp.Add, sql.total(each), sql.whole(offsets))
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """The unit's own score for each code, in hundredths, NULL where it has none; and what they are packed in, where that is 64 bits."""

    own: dict[str, Sql]
    packs: tuple[Pack, ...]


@dataclass(frozen=True, slots=True)
class _Fields:
    """How scores stand in whole numbers: what is added to each, the bits of one, how many stand in a number, and its type."""

    offset: int
    bits: int
    several: int
    kind: str

    @classmethod
    def of(cls, most: int) -> _Fields:
        """Small scores fit several in 64 bits, which are read back in a fifth of the time that 128 take."""
        bits = (2 * most).bit_length()
        several = MASK_BITS // bits
        if several >= SMALL_AT_LEAST or target().bits <= MASK_BITS:
            return cls(most, bits, several, "BIGINT")
        return cls(OFFSET, BITS, SIX, "HUGEINT")

    @property
    def small(self) -> bool:
        return self.kind == "BIGINT"

    def read(self, column: Sql, at: int) -> Sql:
        """The score in one field; none where there was no row of it."""
        one = sql.cast(part(column, self.bits * at, 2**self.bits - 1), "INTEGER")
        there = exp.Nullif(this=one, expression=sql.whole(0))
        return sql.binary(exp.Sub, there, sql.whole(self.offset))

    def number_at(self, at: Sql) -> Sql:
        """Which of the whole numbers, from 0, holds the score of the at-th code, from 1."""
        before = exp.Paren(this=sql.binary(exp.Sub, at, sql.whole(1)))
        return exp.Paren(this=exp.IntDiv(this=before, expression=sql.whole(self.several)))

    def joined(self, score: Sql, at: Sql, count: int) -> Sql:
        """The aggregate that writes the scores of rows, each of the at-th of `count` codes, into the fields of one number."""
        raised = sql.binary(exp.Add, score, sql.whole(self.offset))
        steps = [2 ** (self.bits * (i % self.several)) for i in range(count)]
        shifted = sql.binary(exp.Mul, raised, _element(steps, at, self.kind))
        # No name comes twice, so that bits may be joined as well as added, and stay 64.
        if self.small:
            return exp.Anonymous(this="bit_or", expressions=[shifted])
        return WideSum(this=shifted)


def scores(facts: Facts, table: Table, weights: Mapping[str, int]) -> Scores:
    """The unit's own scores; `weights` are the codes with what each may score, in hundredths."""
    mark = facts.source(table.table).whole(table.with_role(ColumnRole.SCORE).name)
    codes, fields = list(weights), _Fields.of(max(mark.bound, *weights.values()))
    at = position(codes, sql.column(table.with_role(ColumnRole.CRITERION).name, table.table))
    number, packed = fields.number_at(at), fields.joined(mark.sql, at, len(codes))
    found: dict[str, Sql] = {}
    packs = []
    for group, start in enumerate(range(0, len(codes), fields.several)):
        here = sql.binary(exp.EQ, number, sql.whole(group))
        column = facts.grouped(table.table, f"{table.table}.{group}", filtered(packed, here)).sql
        own = codes[start : start + fields.several]
        if fields.small:
            packs.append(Pack(column, tuple(own), fields.bits, fields.offset))
        found |= {code: fields.read(column, j) for j, code in enumerate(own)}
    return Scores(found, tuple(packs))


@dataclass(frozen=True, slots=True)
class Items:
    """Masks over the items of one criterion, lowest bit first: those met, those not met, those about which nothing was said."""

    met: Sql
    unmet: Sql
    unknown: Sql
    all_met: Sql
    any_unmet: Sql


def items(
    facts: Facts,
    table: Table,
    pairs: Sequence[tuple[str, str]],
    code: str,
    name: Callable[[str, Sql], Sql],
) -> Items:
    """The items of one criterion; `pairs` are all (code, item) of the book, those of a criterion side by side. `name` makes columns of masks.

    An item said to be met and not met at once counts as not met.
    """
    first = next(i for i, (c, _) in enumerate(pairs) if c == code)
    count = sum(c == code for c, _ in pairs)
    if 2 * len(pairs) <= MASK_BITS:
        mask = _both(facts, table, pairs)
        masks = [part(mask, first + which * len(pairs), 2**count - 1) for which in (0, 1)]
    else:
        masks = [_several(facts, table, pairs, first, count, which) for which in (0, 1)]
    met, unmet = name("said_met", masks[0]), name("unmet", masks[1])
    every = 2**count - 1
    said = exp.BitwiseOr(this=sql.wrapped(met), expression=sql.wrapped(unmet))
    sure = name(
        "met", exp.BitwiseAnd(this=sql.wrapped(met), expression=sql.wrapped(_without(unmet, every)))
    )
    return Items(
        sure,
        unmet,
        _without(said, every),
        sql.binary(exp.EQ, sure, sql.whole(every)),
        sql.binary(exp.NEQ, unmet, sql.whole(0)),
    )


def _without(of: Sql, every: int) -> Sql:
    return sql.binary(exp.Sub, sql.whole(every), of)


def _up(of: Sql, shift: int, count: int) -> Sql:
    # Where bits are those of 64-bit numbers, only a mask of more items than that is wider, and then refused.
    kind = "BIGINT" if count <= MASK_BITS and target().bits <= MASK_BITS else "HUGEINT"
    return sql.binary(exp.Mul, sql.cast(of, kind), sql.cast(sql.whole(2**shift), kind))


def _several(
    facts: Facts, table: Table, pairs: Sequence[tuple[str, str]], first: int, count: int, which: int
) -> Sql:
    """The items of one criterion with the which-th result, off as many masks as they stand in."""
    parts = []
    for group in range(first // MASK_BITS, (first + count - 1) // MASK_BITS + 1):
        mask = _mask(facts, table, pairs, group, which)
        shift = group * MASK_BITS - first
        parts.append(
            part(mask, -shift, 2**count - 1)
            if shift <= 0
            else _up(part(mask, 0, 2 ** (count - shift) - 1), shift, count)
        )
    made = parts[0]
    for other in parts[1:]:
        made = exp.BitwiseOr(this=sql.wrapped(made), expression=sql.wrapped(other))
    return made


def _both(facts: Facts, table: Table, pairs: Sequence[tuple[str, str]]) -> Sql:
    """One mask of all items: those with the first result, above them those with the second."""
    at, own = _place(table, pairs)
    result = table.with_role(ColumnRole.RESULT)
    said = _element(
        [1, 2 ** len(pairs)],
        position(result.one_of[:2], sql.column(result.name, table.table)),
        "BIGINT",
    )
    bit = sql.binary(exp.Mul, _element([2**i for i in range(len(pairs))], at, "BIGINT"), said)
    made = exp.Anonymous(this="bit_or", expressions=[sql.case([(own, bit)])])
    return facts.grouped(
        table.table,
        f"{table.table}.{'+'.join(result.one_of[:2])}",
        sql.function(exp.Coalesce, made, sql.whole(0)),
        default=0,
    ).sql


def _mask(
    facts: Facts, table: Table, pairs: Sequence[tuple[str, str]], group: int, which: int
) -> Sql:
    """Bits of the items with the which-th result, of one group of items."""
    at, own = _place(table, pairs)
    result = table.with_role(ColumnRole.RESULT)
    bits = [2 ** (i % MASK_BITS) if i // MASK_BITS == group else 0 for i in range(len(pairs))]
    here = sql.all_of(
        [
            sql.binary(
                exp.EQ, sql.column(result.name, table.table), sql.text(result.one_of[which])
            ),
            own,
        ]
    )
    made = filtered(exp.Anonymous(this="bit_or", expressions=[_element(bits, at, "BIGINT")]), here)
    title = f"{table.table}.{result.one_of[which]}.{group}"
    return facts.grouped(
        table.table, title, sql.function(exp.Coalesce, made, sql.whole(0)), default=0
    ).sql


def _place(table: Table, pairs: Sequence[tuple[str, str]]) -> tuple[Sql, Sql]:
    """The place of a row's item among all of them, and whether it is an item of the criterion that the row names."""
    criterion, item = (table.with_role(r) for r in (ColumnRole.CRITERION, ColumnRole.ITEM))
    texts = [text for _, text in pairs]
    code, word = (sql.column(c.name, table.table) for c in (criterion, item))
    if len(set(texts)) == len(texts):
        at = position(texts, word)
        codes = list(dict.fromkeys(c for c, _ in pairs))
        return at, sql.binary(
            exp.EQ,
            _element([codes.index(c) + 1 for c, _ in pairs], at, "INTEGER"),
            position(codes, code),
        )
    separator = sql.text("\x1f")
    at = position(
        [f"{c}\x1f{text}" for c, text in pairs],
        exp.DPipe(this=exp.DPipe(this=code, expression=separator), expression=word),
    )
    return at, sql.not_(sql.is_null(at))


@dataclass(frozen=True, slots=True)
class Marks:
    """What reviewers gave one criterion, in hundredths: how many marks, how many of them out of range, their sum."""

    count: Whole
    outside: Whole
    total: Whole


def marks(facts: Facts, table: Table, code: str, full: int) -> Marks:
    """The marks of one criterion whose weight is `full` hundredths."""
    mark = facts.source(table.table).whole(table.with_role(ColumnRole.SCORE).name).sql
    here = sql.binary(
        exp.EQ, sql.column(table.with_role(ColumnRole.CRITERION).name, table.table), sql.text(code)
    )
    beyond = sql.any_of(
        [sql.binary(exp.LT, mark, sql.whole(0)), sql.binary(exp.GT, mark, sql.whole(full))]
    )
    if target().bits < 3 * BITS:
        return _marks_apart(facts, table.table, code, mark, here, beyond)
    raised = sql.binary(exp.Add, mark, sql.whole(OFFSET))
    high = sql.binary(exp.Mul, raised, sql.whole(2 ** (2 * BITS)))
    low = sql.case([(beyond, sql.whole(2**BITS + 1))], sql.whole(1))
    packed = filtered(WideSum(this=sql.binary(exp.Add, high, low)), here)
    known = sql.function(exp.Coalesce, packed, sql.whole(0))
    return _read_marks(facts.grouped(table.table, f"{table.table}.{code}", known, default=0).sql)


def _read_marks(packed: Sql) -> Marks:
    """Count, marks outside and total out of one number: two fields of bits, and the rest."""
    count = sql.cast(part(packed, 0), "BIGINT")
    outside = sql.cast(part(packed, BITS), "BIGINT")
    raised = sql.cast(
        exp.BitwiseRightShift(this=sql.wrapped(packed), expression=sql.whole(2 * BITS)), "BIGINT"
    )
    total = sql.binary(exp.Sub, raised, sql.binary(exp.Mul, count, sql.whole(OFFSET)))
    return Marks(
        Whole(count, ROWS_AT_MOST),
        Whole(outside, ROWS_AT_MOST),
        Whole(total, OFFSET * ROWS_AT_MOST),
    )


def _marks_apart(facts: Facts, table: str, code: str, mark: Sql, here: Sql, beyond: Sql) -> Marks:
    """The same in three columns, where three fields do not fit in a whole number that bits can be read of."""
    most = OFFSET * ROWS_AT_MOST
    total = sql.function(exp.Coalesce, filtered(sum_of(mark, most), here), sql.whole(0))

    def counted(name: str, test: Sql) -> Whole:
        made = filtered(exp.Count(this=exp.Star()), test)
        return facts.grouped(table, f"{table}.{code}{name}", made, ROWS_AT_MOST, default=0)

    return Marks(
        counted("", here),
        counted(".beyond", sql.all_of([here, beyond])),
        facts.grouped(table, f"{table}.{code}.total", total, most, default=0),
    )


def blanks(facts: Facts, table: Table, code: str) -> Sql | None:
    """Whether a reviewer of one criterion left the mark blank; None where no row of the table does."""
    score = table.with_role(ColumnRole.SCORE)
    if score.null == "never" or not facts.source(table.table).lacks(score.name):
        return None
    here = sql.binary(
        exp.EQ, sql.column(table.with_role(ColumnRole.CRITERION).name, table.table), sql.text(code)
    )
    count = filtered(
        exp.Count(this=exp.Star()),
        sql.all_of([here, sql.is_null(sql.column(score.name, table.table))]),
    )
    return sql.binary(
        exp.GT,
        facts.grouped(table.table, f"{table.table}.{code}.blank", count, default=0).sql,
        sql.whole(0),
    )
