"""Nodes of SQL trees whose meaning is the same on every engine and whose words are not; each printer has its own for them."""

from __future__ import annotations

from sqlglot import exp


class WideDiv(exp.IntDiv):
    """this ÷ expression without what is left over, where either may need more than 64 bits. The divisor is above zero; the size of the quotient is `most` at most."""

    arg_types = {"this": True, "expression": True, "most": True}


class WideSum(exp.Sum):
    """A sum that may need more than 64 bits, of whole numbers that may need no more. `exp.Sum` is one that never does."""


class Position(exp.Expression, exp.Func):
    """The place of `expression` in the list `this`, from 1; NULL where it is not there."""

    arg_types = {"this": True, "expression": True}


class Element(exp.Expression, exp.Func):
    """The element of the list `this` at the place `expression`, from 1; NULL where there is no such place."""

    arg_types = {"this": True, "expression": True}


class Present(exp.Expression, exp.Func):
    """The elements of the list `this` that have a value."""

    arg_types = {"this": True}


class Record(exp.Expression, exp.Func):
    """Values under names: `expressions` are aliases."""

    arg_types = {"expressions": True}


class Joined(exp.Expression, exp.Func):
    """Two lists one after the other; where one of them has no value, the other alone."""

    arg_types = {"this": True, "expression": True}
