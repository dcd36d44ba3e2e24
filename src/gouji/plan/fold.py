"""A SQL tree -> a smaller one of the same value: what is always true, false, missing or one number is worked out. Changes no tree it is given.

Only what holds for every row whatever its figures is folded, and only where the type of what remains is as wide as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from sqlglot import exp

from gouji.plan.sql.shapes import Sql, cast, number_of, rebuilt

Constant = int | str | bool | None
_MIDDLE = 2**63
_ARITHMETIC = (
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.IntDiv,
    exp.Mod,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.BitwiseAnd,
    exp.BitwiseLeftShift,
    exp.BitwiseRightShift,
)
_WHOLE = ("TINYINT", "INT", "BIGINT", "HUGEINT")


@dataclass(slots=True)
class Folder:
    """Folds trees whose columns may be `known`: a column without a table that stands for an expression. `empty` are tables that lend no value."""

    known: Mapping[str, Sql]
    empty: frozenset[str] = frozenset()
    _done: dict[int, tuple[Sql, Sql]] = field(default_factory=dict)

    def __call__(self, e: Sql) -> Sql:
        """The folded tree."""
        if (found := self._done.get(id(e))) is not None:
            return found[1]
        # Sums of a thousand terms lean to the left: down that side without calls of calls.
        spine = []
        at = e
        while isinstance(at, (exp.Binary, exp.Paren)):
            spine.append(at)
            at = at.this
        made = (
            self._column(at)
            if isinstance(at, exp.Column)
            else simplified(rebuilt(at, lambda _key, part: self(part)))
        )
        for node in reversed(spine):
            made = simplified(rebuilt(node, partial(self._beside, made)))
        # The tree given is kept, lest another one come to have its number.
        self._done[id(e)] = (e, made)
        return made

    def _beside(self, this: Sql, key: str, part: Sql) -> Sql:
        """A part of a node whose left side is folded already."""
        return this if key == "this" else self(part)

    def _column(self, e: exp.Column) -> Sql:
        if e.table:
            return exp.null() if e.table in self.empty else e
        return self.known.get(e.name, e)


def simplified(e: Sql) -> Sql:
    """One step at the root of a tree whose parts are folded."""
    match e:
        case exp.Paren(
            this=exp.Paren()
            | exp.Boolean()
            | exp.Null()
            | exp.Column()
            | exp.Literal()
            | exp.Cast() as inner
        ):
            return inner
        case exp.And() | exp.Or():
            return _connected(e)
        case exp.Not(this=inner) if isinstance(bare(inner), exp.Boolean):
            return exp.Boolean(this=not bare(inner).this)
        case exp.Not(this=inner) | exp.Abs(this=inner) | exp.Nullif(this=inner) if missing(inner):
            return exp.null()
        case exp.Cast(this=exp.Cast(to=to) as inner) if to == e.to:
            return inner
        case exp.Is(this=inner, expression=exp.Null()) if isinstance(
            bare(inner), (exp.Boolean, exp.Literal)
        ) or missing(inner):
            return exp.Boolean(this=missing(inner))
        case exp.Case(this=None):
            return _case(e)
        case exp.Coalesce(this=exp.Cast(this=inner, to=to), expressions=[one]) if missing(inner):
            return exp.Cast(this=one, to=to)
        case exp.Coalesce(this=exp.Null(), expressions=[exp.Expr() as one]):
            return one
        case exp.Add(this=exp.Literal(this=a), expression=exp.Literal(this=b)) if (
            a.isdecimal() and b.isdecimal()
        ):
            return exp.Literal.number(int(a) + int(b))
        case exp.Binary(this=a, expression=b) if isinstance(e, _ARITHMETIC) and (
            missing(a) or missing(b)
        ):
            return exp.null()
        case exp.Neg(this=inner) if missing(inner):
            return exp.null()
    return e


def bare(e: Sql) -> Sql:
    """Without parentheses around it."""
    while isinstance(e, exp.Paren):
        e = e.this
    return e


def missing(e: Sql) -> bool:
    """Whether it never has a value."""
    e = bare(e)
    return isinstance(e, exp.Null) or (isinstance(e, exp.Cast) and missing(e.this))


def constant(e: Sql) -> tuple[Constant] | None:
    """Its value where it is the same for every unit; as a tuple of one, for the value may be None."""
    e = bare(e)
    if missing(e):
        return (None,)
    if isinstance(e, exp.Boolean):
        return (bool(e.this),)
    if isinstance(e, exp.Literal) and e.is_string:
        return (str(e.this),)
    if isinstance(e, exp.Cast):
        inner = bare(e.this)
        number = number_of(inner) if e.to.sql("duckdb") in _WHOLE else None
    else:
        number = (
            number_of(e)
            if isinstance(e, (exp.Literal, exp.Neg))
            and str(getattr(e.find(exp.Literal), "this", "")).isdecimal()
            else None
        )
    return None if number is None else (number,)


def _connected(e: Sql) -> Sql:
    """AND, OR: of three values, so that only true and false decide."""
    decides = isinstance(e, exp.Or)
    if missing(e.this) and missing(e.expression):
        return exp.null()
    for one, other in ((e.this, e.expression), (e.expression, e.this)):
        if isinstance(bare(one), exp.Boolean):
            return exp.Boolean(this=decides) if bare(one).this is decides else other
    return e


def _case(e: Sql) -> Sql:
    """Branches that never hold go, what follows one that always holds goes too."""
    kept: list[Sql] = []
    last = e.args.get("default")
    for branch in e.args["ifs"]:
        test = bare(branch.this)
        if isinstance(test, exp.Boolean) and test.this:
            last = branch.args["true"]
            break
        if not missing(test) and not isinstance(test, exp.Boolean):
            kept.append(branch)
    if kept:
        return e if len(kept) == len(e.args["ifs"]) else exp.Case(ifs=kept, default=last)
    if not isinstance(last, exp.Expr):
        return exp.null()
    number = number_of(bare(last))
    others = [e.args.get("default"), *(branch.args["true"] for branch in e.args["ifs"])]
    if number is not None and any(o is not None and number_of(bare(o)) is None for o in others):
        # One of the others may have been wider.
        return cast(last, "BIGINT" if abs(number) < _MIDDLE else "HUGEINT")
    return last
