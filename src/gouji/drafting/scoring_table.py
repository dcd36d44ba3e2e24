"""The cells of a scoring table -> its rows: upper levels, name, points, clause, formula, each with its cell.

Merged cells are one cell that reaches over several rows; a clause that does so is one clause for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from gouji.base.faults import DataError
from gouji.base.i18n import _
from gouji.drafting.clause_grammar import ClauseGrammar
from gouji.drafting.normal import normal_form

_POINTS = re.compile(r"[(（]\s*(\d+(?:\.\d+)?)\s*分?\s*[)）]\s*$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SIGNS = re.compile(r"[\s()（）:：/／、“”\"*※]")
HEAD_AMONG = 12


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: its text, its place, and which merged cell it belongs to (`owner`, the same for all its rows)."""

    text: str
    place: str
    owner: str


Grid = Sequence[Sequence[TableCell]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One indicator of a scoring table; `shared` says over how many rows its clause reaches."""

    first: str
    second: str
    name: str
    weight: Fraction | None
    clause: str
    explanation: str
    formula: str
    place: str
    shared: int = 1


@dataclass(frozen=True, slots=True)
class ScoringTable:
    """All rows, weights that the table prints for upper levels, and the total it prints."""

    rows: tuple[TableRow, ...]
    groups: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)
    total: Fraction | None = None


def scoring_table(grids: Sequence[Grid], grammar: ClauseGrammar) -> ScoringTable:
    """Grids (sheets, or tables of a document) -> the scoring table; one that goes on under the same header is joined.

    Raises DataError where no grid has a header that names a level and a clause.
    """
    rows: list[TableRow] = []
    total: Fraction | None = None
    groups: dict[tuple[str, str], Fraction] = {}
    for grid in grids:
        head = _head(grid, grammar)
        if head is None:
            continue
        at, columns = head
        collector = _Collector(columns, grammar)
        for cells in grid[at + 1 :]:
            if columns["clause"] < len(cells):
                collector.add(cells)
        rows.extend(collector.collected())
        groups |= collector.groups
        total = collector.total if collector.total is not None else total
    if not rows:
        raise DataError(
            _("没有找到评分表：表头里要有三级指标和评价标准"),
            fix=_("检查表头；认得的词在 drafting/grammar.yaml 的 headers"),
        )
    return ScoringTable(tuple(rows), groups, total)


def _head(grid: Grid, grammar: ClauseGrammar) -> tuple[int, dict[str, int]] | None:
    best: tuple[int, dict[str, int]] | None = None
    for at, row in enumerate(grid[:HEAD_AMONG]):
        columns = _columns(row, grammar)
        named = "third" in columns or "second" in columns
        if named and "clause" in columns and (best is None or len(columns) > len(best[1])):
            best = (at, columns)
    return best


def _columns(row: Sequence[TableCell], grammar: ClauseGrammar) -> dict[str, int]:
    """What a column is for -> the column, by the words of the header; of several columns of points the one behind the name."""
    found: dict[str, list[int]] = {}
    for at, cell in enumerate(row):
        word = _SIGNS.sub("", cell.text)
        for role, words in grammar.headers.items():
            if word in words or (role == "weight" and word.removesuffix("分") in words):
                found.setdefault(role, []).append(at)
                break
    made = {role: places[0] for role, places in found.items()}
    name = made.get("third", made.get("second", 0))
    if places := found.get("weight"):
        made["weight"] = min((p for p in places if p > name), default=places[-1])
    return made


class _Collector:
    """Rows of one grid, top to bottom."""

    def __init__(self, columns: dict[str, int], grammar: ClauseGrammar) -> None:
        self.columns, self.grammar = columns, grammar
        self.rows: list[TableRow] = []
        self.groups: dict[tuple[str, str], Fraction] = {}
        self.total: Fraction | None = None
        self.owners: list[str] = []
        self._above = {"first": "", "second": ""}

    def add(self, cells: Sequence[TableCell]) -> None:
        """One row of the grid: an indicator, the rest of the one above, a total, or nothing."""
        texts = {r: cells[at].text.strip() for r, at in self.columns.items() if at < len(cells)}
        if _is_total(texts, self.grammar):
            self.total = _weight(texts.get("weight", "")) or self.total
            return
        _upper(texts, self._above, self.groups)
        name = texts.get("third") or ("" if "third" in self.columns else texts.get("second", ""))
        clause = cells[self.columns["clause"]]
        if not name:
            if self.rows and texts.get("clause") and clause.owner not in self.owners[-1:]:
                self.rows[-1] = _continued(self.rows[-1], texts)
        elif name not in self.grammar.headers["third"]:
            self.owners.append(clause.owner)
            self.rows.append(_row(name, texts, self._above, clause))

    def collected(self) -> list[TableRow]:
        """The rows, each with the number of rows that its clause reaches over."""
        return [
            replace(row, shared=self.owners.count(owner))
            for row, owner in zip(self.rows, self.owners, strict=True)
        ]


def _is_total(texts: Mapping[str, str], grammar: ClauseGrammar) -> bool:
    first = next((t for role in ("first", "second", "third") if (t := texts.get(role))), "")
    return _SIGNS.sub("", first) in grammar.totals


def _upper(
    texts: Mapping[str, str], above: dict[str, str], groups: dict[tuple[str, str], Fraction]
) -> None:
    """Upper levels are filled down; points in brackets behind them are what their rows come to."""
    for level in ("first", "second"):
        if printed := texts.get(level):
            name, points = _name(printed)
            if level == "first" and name != above["first"]:
                above["second"] = ""
            above[level] = name
            if points is not None:
                key = (above["first"], name if level == "second" else "")
                groups[key] = points


def _name(printed: str) -> tuple[str, Fraction | None]:
    """A name without the points in brackets behind it, and these."""
    text = re.sub(r"\s+", "", printed)
    found = _POINTS.search(text)
    return (text[: found.start()], Fraction(found[1])) if found else (text, None)


def _row(
    printed: str, texts: Mapping[str, str], above: Mapping[str, str], clause: TableCell
) -> TableRow:
    name, in_name = _name(printed)
    first = above["first"] or above["second"] or name
    weight = _weight(texts.get("weight", ""))
    return TableRow(
        first,
        above["second"] or first,
        name,
        weight if weight is not None else in_name,
        clause.text.strip(),
        texts.get("explanation", ""),
        texts.get("formula", ""),
        clause.place,
    )


def _weight(text: str) -> Fraction | None:
    found = _NUMBER.fullmatch(re.sub(r"[\s分]", "", normal_form(text, {}, ("项",))))
    return Fraction(found[0]) if found else None


def _continued(row: TableRow, texts: Mapping[str, str]) -> TableRow:
    """A row without a name goes on with the one above it."""
    return replace(
        row,
        clause="\n".join(t for t in (row.clause, texts.get("clause", "")) if t),
        formula="\n".join(t for t in (row.formula, texts.get("formula", "")) if t),
    )
