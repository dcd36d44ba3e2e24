"""A SQL tree -> what in it divides or masks whole numbers that may need more than 64 bits where the node says 64; a sum of DECIMALs is a DECIMAL. Read off casts and literals alone, not off the sizes that the compiler keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from gouji.plan.engine import engine_nodes as nodes

LONG = 2**63 - 1
_WIDE_TYPES = (exp.DType.INT128, exp.DType.DECIMAL)
_NARROW = (
    exp.Count,
    exp.Length,
    exp.Sign,
    nodes.Position,
    exp.Predicate,
    exp.Connector,
    exp.Not,
)
_BITS = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseLeftShift, exp.BitwiseRightShift)


@dataclass(slots=True)
class Widths:
    """Whether parts of a statement may be wider than 64 bits. A name stands for all that is ever called so."""

    named: dict[str, list[exp.Expr]] = field(default_factory=dict)
    _names: dict[str, bool] = field(default_factory=dict)
    _parts: dict[int, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, *statements: exp.Expr) -> Widths:
        """Of statements that read one another."""
        made = cls()
        for statement in statements:
            for alias in statement.find_all(exp.Alias):
                made.named.setdefault(alias.alias, []).append(alias.this)
        return made

    def wide(self, e: exp.Expr) -> bool:
        """Whether a part may be wider."""
        if (known := self._parts.get(id(e))) is None:
            known = self._parts[id(e)] = self._wide(e)
        return known

    def _wide(self, e: exp.Expr) -> bool:
        match e:
            case exp.Literal():
                return not e.is_string and e.this.isdecimal() and int(e.this) > LONG
            case exp.Column():
                return self._column(e.name)
            case exp.Cast(to=to):
                return to.this in _WIDE_TYPES
            case nodes.WideDiv() | nodes.WideSum():
                return True
            case exp.Case():
                given = [branch.args["true"] for branch in e.args["ifs"]]
                return any(map(self.wide, [*given, *filter(None, [e.args.get("default")])]))
            case exp.Filter():
                return self.wide(e.this)
        if isinstance(e, _NARROW):
            return False
        return any(self.wide(part) for part in e.iter_expressions())

    def _column(self, name: str) -> bool:
        if name not in self._names:
            self._names[name] = False
            self._names[name] = any(map(self.wide, self.named.get(name, ())))
        return self._names[name]


def too_narrow(*statements: exp.Expr) -> Iterator[exp.Expr]:
    """The divisions and bit operations that say 64 bits over parts that may have more."""
    widths = Widths.of(*statements)
    for statement in statements:
        for e in statement.walk():
            if type(e) is exp.IntDiv or isinstance(e, _BITS):
                parts = [e.this, e.expression]
            elif isinstance(e, exp.Anonymous) and e.name == "bit_or":
                parts = list(e.iter_expressions())
            else:
                continue
            if any(map(widths.wide, parts)):
                yield e
