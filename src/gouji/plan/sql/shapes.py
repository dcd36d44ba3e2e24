"""The few SQL shapes that plans are made of, as sqlglot trees; constants are folded where that keeps the statement short.

Trees are shared, not copied: nothing here changes a tree or asks for its parent, and copying made compiling quadratic.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlglot import exp

Sql = exp.Expr
NULL = exp.null


def column(name: str, table: str | None = None) -> Sql:
    """A quoted column."""
    return exp.column(
        exp.to_identifier(name, quoted=True),
        table=exp.to_identifier(table, quoted=True) if table else None,
    )


def whole(value: int) -> Sql:
    """A whole number."""
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def text(value: str) -> Sql:
    """A text literal, escaped by the printer."""
    return exp.Literal.string(value)


def number_of(e: Sql) -> int | None:
    """The value of a whole-number literal, or None."""
    if isinstance(e, exp.Neg):
        inner = number_of(e.this)
        return -inner if inner is not None else None
    return int(e.this) if isinstance(e, exp.Literal) and not e.is_string else None


def wrapped(e: Sql) -> Sql:
    """The expression in parentheses where a neighbouring operator could bind tighter."""
    bare = (exp.Column, exp.Literal, exp.Paren, exp.Func, exp.Cast, exp.Case, exp.Null, exp.Boolean)
    # sqlglot counts AND and OR among functions.
    return e if isinstance(e, bare) and not isinstance(e, exp.Connector) else exp.Paren(this=e)


def binary(kind: type[exp.Binary], a: Sql, b: Sql) -> Sql:
    """a op b, parenthesised."""
    return kind(this=wrapped(a), expression=wrapped(b))


def all_of(conditions: Sequence[Sql]) -> Sql:
    """c1 AND c2 AND …; true when there are none."""
    return _joined(exp.And, conditions) if conditions else exp.true()


def any_of(conditions: Sequence[Sql]) -> Sql:
    """c1 OR c2 OR …; false when there are none."""
    return _joined(exp.Or, conditions) if conditions else exp.false()


def total(parts: Sequence[Sql]) -> Sql:
    """a + b + …; zero when there are none."""
    return _joined(exp.Add, parts) if parts else whole(0)


def count(tests: Iterable[Sql]) -> Sql:
    """How many of some conditions hold, none of them NULL."""
    return total([cast(test, "USMALLINT") for test in tests])


# More parts than this are joined by halves: a chain of hundreds is deeper than trees can be walked.
CHAIN_AT_MOST = 16


def _joined(kind: type[exp.Binary], conditions: Sequence[Sql]) -> Sql:
    if len(conditions) > CHAIN_AT_MOST:
        half = len(conditions) // 2
        return _joined(kind, [_joined(kind, conditions[:half]), _joined(kind, conditions[half:])])
    made = conditions[0]
    for condition in conditions[1:]:
        made = kind(this=wrapped(made), expression=wrapped(condition))
    return made


def is_null(e: Sql) -> Sql:
    """e IS NULL."""
    if isinstance(e, (exp.Boolean, exp.Literal)):
        return exp.false()
    return exp.Is(this=wrapped(e), expression=exp.null())


def not_(e: Sql) -> Sql:
    """NOT (e); two of them cancel out."""
    if isinstance(e, exp.Boolean):
        return exp.false() if e.this else exp.true()
    if isinstance(e, exp.Not) and isinstance(e.this, exp.Paren):
        inner: Sql = e.this.this
        return inner
    return exp.Not(this=exp.Paren(this=e))


def case(branches: Sequence[tuple[Sql, Sql]], default: Sql | None = None) -> Sql:
    """CASE WHEN … THEN … ELSE … END; branches that never hold are left out, and the last ones where the default says the same; without branches the
    default stands alone."""
    branches = [(c, v) for c, v in branches if not (isinstance(c, exp.Boolean) and not c.this)]
    always = next((i for i, (c, _v) in enumerate(branches) if isinstance(c, exp.Boolean)), None)
    if always is not None:
        branches, default = branches[:always], branches[always][1]
    while branches and default is not None and branches[-1][1] == default:
        branches.pop()
    if not branches:
        return default if default is not None else exp.null()
    ifs = [exp.If(this=c, true=v) for c, v in branches]
    return exp.Case(ifs=ifs, default=default if default is not None else None)


def chosen(of: Sql, become: Callable[[int | None], Sql]) -> Sql | None:
    """What becomes of the whole number (None: of none) that a CASE comes to, worked out in its branches; None where `of` is not made of such numbers alone."""
    match of:
        case exp.Cast() | exp.Paren():
            return chosen(of.this, become)
        case exp.Null():
            return become(None)
        case exp.Case(this=None):
            last = chosen(of.args.get("default") or exp.null(), become)
            made = [(branch.this, chosen(branch.args["true"], become)) for branch in of.args["ifs"]]
            known = [(test, value) for test, value in made if value is not None]
            return case(known, last) if last is not None and len(known) == len(made) else None
    number = number_of(of) if isinstance(of, (exp.Literal, exp.Neg)) else None
    return None if number is None else become(number)


def is_one_of(of: Sql, numbers: Collection[int]) -> Sql:
    """Whether a number that is never NULL is one of some, asked in the branches where it is a CASE of whole numbers."""
    asked = chosen(of, lambda number: exp.true() if number in numbers else exp.false())
    if asked is not None:
        return asked
    return any_of([binary(exp.EQ, of, whole(number)) for number in numbers])


def cast(e: Sql, to: str) -> Sql:
    """CAST(e AS to)."""
    return exp.Cast(this=e, to=_TYPES[to])


_TYPES = {
    name: exp.DataType.build(name, dialect="duckdb")
    for name in (
        "BIGINT",
        "HUGEINT",
        "INTEGER",
        "TINYINT",
        "DECIMAL(9, 0)",
        "DECIMAL(9, 2)",
        "DECIMAL(38, 0)",
        "DECIMAL(38, 2)",
        "DECIMAL(38, 4)",
        "DECIMAL(38, 6)",
        "UTINYINT",
        "USMALLINT",
        "DECIMAL(7, 0)",
        "DECIMAL(2, 2)",
        "BOOLEAN",
    )
}


def function(kind: Any, *args: Sql) -> Sql:
    """A function over expressions: coalesce, greatest, least, …"""
    first, *rest = args
    made: Sql = kind(this=first, expressions=rest)
    return made if rest else first


def least(*args: Sql) -> Sql:
    """The least of several values, none of them NULL."""
    return exp.Anonymous(this="least", expressions=list(args))


def greatest(*args: Sql) -> Sql:
    """The greatest of several values, none of them NULL."""
    return exp.Anonymous(this="greatest", expressions=list(args))


def named(e: Sql, name: str) -> Sql:
    """e AS "name"."""
    return exp.Alias(this=e, alias=exp.to_identifier(name, quoted=True))


def rebuilt(e: Sql, part: Callable[[str, Sql], Sql]) -> Sql:
    """The same node over other parts (`part` gets the name of each and what it is); the node itself where none changes, for trees are shared."""
    changed: dict[str, Any] = {}
    for key, value in e.args.items():
        if isinstance(value, exp.Expr):
            new: Any = part(key, value)
            if new is not value:
                changed[key] = new
        elif isinstance(value, list):
            each = [part(key, v) if isinstance(v, exp.Expr) else v for v in value]
            if any(a is not b for a, b in zip(each, value, strict=True)):
                changed[key] = each
    return type(e)(**{**e.args, **changed}) if changed else e
