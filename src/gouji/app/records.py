"""A sequence of results -> the same as a table: Arrow, polars, pandas, and a page of a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

from gouji.base.i18n import _
from gouji.base.verdict import DEGREES, FindingKind, Ground
from gouji.results import Finding, Line, Scorecard

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

T = TypeVar("T")
# Points to hundredths, other exact numbers to ten places: how tables hold them.
Points: TypeAlias = Decimal
Number: TypeAlias = Decimal
PLACES = 10
SHOWN = 50


class Records(Sequence[T], Generic[T]):
    """Values in order. `to_arrow()`, `to_polars()` and `to_pandas()` give a row for each; points and amounts are decimals, never floats."""

    def __init__(
        self, name: str, values: Sequence[T], row: Callable[[T], Mapping[str, Any]], of: type[Any]
    ) -> None:
        self._name, self._values, self._row, self._of = name, values, row, of

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        return self._values[at]

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[T]:
        return iter(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Records, Sequence)) and not isinstance(other, str):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self._name, len(self)))

    def __repr__(self) -> str:
        return f"<{len(self)} {self._name}>"

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each value: column -> text, whole number, Decimal or None."""
        return (dict(self._row(value)) for value in self)

    def to_arrow(self) -> pyarrow.Table:
        """As an Arrow table."""
        import pyarrow as pa

        kinds = {"str": pa.string(), "int": pa.int64(), "Points": pa.decimal128(9, 2)}
        kinds["Number"] = pa.decimal128(38, PLACES)
        schema = pa.schema([(f.name, kinds[str(f.type).split(" ")[0]]) for f in fields(self._of)])
        return pa.Table.from_pylist(list(self.rows()), schema=schema)

    def to_polars(self) -> polars.DataFrame:
        """As a polars data frame."""
        import polars

        made = polars.from_arrow(self.to_arrow())
        assert isinstance(made, polars.DataFrame)
        return made

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas data frame, numbers as Decimal. Raises ModuleNotFoundError, with what to install, where there is no pandas."""
        try:
            import pandas  # noqa: F401
        except ModuleNotFoundError as fault:
            raise ModuleNotFoundError("to_pandas() needs pandas: pip install pandas") from fault
        return self.to_arrow().to_pandas()

    def _repr_html_(self) -> str:
        names = [f.name for f in fields(self._of)]
        some = [dict(self._row(value)) for value in self._values[:SHOWN]]
        more = len(self) - len(some)
        after = f"<p>{escape(_('另有 {n} 行').format(n=more))}</p>" if more > 0 else ""
        return table_html(names, ([row[name] for name in names] for row in some)) + after


def table_html(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A plain table for notebooks; every text is escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_shown(x))}</td>' for x in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """Columns of `scorecards`: totals, grades, points by what they rest on, findings by degree."""

    unit: str
    name: str
    score: Points | None
    low: Points | None
    high: Points | None
    self_score: Points | None
    grade: str | None
    grade_low: str | None
    grade_high: str | None
    own_grade: str | None
    by_figures: Points | None
    by_evidence: Points | None
    by_contested: Points | None
    by_word: Points | None
    by_open: Points | None
    errors: int
    verifies: int
    notes: int


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """One finding of one unit. `kind` is tie_out, each_row, roll_up or difference (a recomputed score that is not the unit's own).

    `stated` and `recomputed` are the left and right side of a relation in base units (元, shares of 1), or the own and the recomputed score; in tables
    they are rounded to ten places. None where there is nothing to compare.
    """

    unit: str
    name: str
    code: str
    rule: str
    kind: str
    severity: str
    verdict: str
    stated: Number | None
    recomputed: Number | None
    message: str


def scorecard_row(card: Scorecard) -> dict[str, Any]:
    """A scorecard as a row."""
    t, errors = card.totals, list(card.degrees.values())
    named = ("score", "low", "high", "self_score", "grade", "grade_low", "grade_high", "own_grade")
    row: dict[str, Any] = {"unit": card.unit, "name": card.name}
    row |= {name: getattr(t, name) for name in named}
    row |= {f"by_{ground.value}": t.grounds.get(ground) for ground in Ground}
    return row | dict(zip(("errors", "verifies", "notes"), errors, strict=True))


def findings_of(cards: Iterable[Scorecard]) -> Iterator[UnitFinding]:
    """Every finding of every unit: relations that are 不平, then scores that differ."""
    for card in cards:
        yield from (_relation(card, finding) for finding in card.findings)
        yield from (_difference(card, line) for line in card.differing)


def finding_row(finding: UnitFinding) -> dict[str, Any]:
    """A finding as a row."""
    return {f.name: getattr(finding, f.name) for f in fields(UnitFinding)}


def _relation(card: Scorecard, of: Finding) -> UnitFinding:
    rule, outcome = of.rule, of.outcome
    return UnitFinding(
        card.unit,
        card.name,
        rule.code,
        rule.name,
        rule.kind,
        rule.severity.value,
        outcome.verdict.value,
        _decimal(outcome.left),
        _decimal(outcome.right),
        rule.message or "",
    )


def _difference(card: Scorecard, line: Line) -> UnitFinding:
    return UnitFinding(
        card.unit,
        card.name,
        line.rule.code,
        line.rule.name,
        FindingKind.DIFFERENCE.value,
        DEGREES[FindingKind.DIFFERENCE].value,
        line.outcome.verdict.value,
        line.outcome.self_score,
        line.outcome.score,
        line.rule.message or "",
    )


def _decimal(number: Fraction | None) -> Decimal | None:
    if number is None:
        return None
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        return exact.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_EVEN)


__all__ = ["Records", "ScorecardRow", "UnitFinding", "finding_row", "findings_of", "scorecard_row"]
