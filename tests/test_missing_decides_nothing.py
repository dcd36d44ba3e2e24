"""A rule that is decided while a figure is missing is decided the same for every value put in that figure's place; and every score lies in its range.

Absence itself decides only where the rule asks for it by name. Those places, all of them:
`is null` and `is not null`, `coalesce` (the next one is taken), `count` (it counts what was given), a column that a roll-up does not find in any row
(the form does not print it), `missing:` of a criterion; and before rules see a figure, `null: zero` and `unprinted: zero` of its column.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.app import load_book
from gouji.base.verdict import Verdict
from gouji.examples import cases, example_submission
from gouji.expression import nodes as n
from gouji.expression.figures import Printed, UnitFigures
from gouji.intake.ledger.unit_figures import unit_figures
from gouji.reference.judging import criterion, tie_out
from gouji.reference.row_rule_outcomes import table_rule
from gouji.reference.unit_totals import totals
from gouji.rules import ResolvedCriterion, ResolvedRollUp, ResolvedTieOut
from gouji.rules.table import ColumnRole, Role
from making import YEAR, book_of, by_python, by_sql, criterion_text, submission_of, tie_text
from test_table_rules import LOOSE, SUMMED, forests, roll_text, row_text
from test_table_rules import conditions as row_conditions
from test_two_meanings import MANY, book_or_none, rows, rules

OPEN = (Verdict.UNASSESSABLE, Verdict.PENDING)
VALUES = [
    Printed(Fraction(v), Fraction(half))
    for v, half in (
        (0, 0),
        (0, 50),
        (1, 0),
        (-1, 0),
        ("0.5", "0.00005"),
        (6, 50),
        (10_000, 50),
        (123_456, "0.005"),
        (-20_000, 50),
        (10**9, 50),
    )
]
WORDS = ["优", "优秀", "差", "是", "否", "合计", "另说"]
Place = tuple[bool, str, int | None, str]  # last year's, table, row of many, column


def judged(rule, book, figures):
    """Verdict and score of one rule of any kind, None while it is open."""
    match rule:
        case ResolvedCriterion():
            found = criterion(rule, book, "U", figures)
            assert (
                found.low <= (found.low if found.score is None else found.score) <= found.high
                or found.verdict is Verdict.NOT_APPLICABLE
            )
            return None if found.verdict in OPEN else (found.verdict, found.score)
        case ResolvedTieOut():
            found = tie_out(rule, book, "U", figures)
        case _:
            found = table_rule(rule, book, "U", figures)
    return None if found.verdict in OPEN else found.verdict


def places(figures: UnitFigures, tables, prior=False) -> Iterator[Place]:
    """Every figure and word that stands somewhere, but for keys and codes."""
    for name, row in figures.one.items():
        yield from (
            (prior, name, None, c)
            for c, cell in row.items()
            if cell is not None and free(tables[name], c)
        )
    for name, many in figures.many.items():
        yield from (
            (prior, name, i, c)
            for i, row in enumerate(many)
            for c, cell in row.items()
            if cell is not None and free(tables[name], c)
        )
    if figures.prior is not None:
        yield from places(figures.prior, tables, True)


def free(table, column):
    return (
        column not in table.key
        and (c := table.column(column)) is not None
        and c.role in (None, ColumnRole.SCORE, ColumnRole.RESULT)
        and c.null != "never"
    )


def put(figures: UnitFigures, place: Place, cell) -> UnitFigures:
    prior, table, at, column = place
    if prior:
        return replace(figures, prior=put(figures.prior, (False, *place[1:]), cell))
    if at is None:
        return replace(figures, one={**figures.one, table: {**figures.one[table], column: cell}})
    changed = tuple(
        {**row, column: cell} if i == at else row for i, row in enumerate(figures.many[table])
    )
    return replace(figures, many={**figures.many, table: changed})


def named(node, named_above=False) -> Iterator[tuple[bool, str, str]]:
    """The columns whose absence an expression asks for by name."""
    if node is None:
        return
    by_name = named_above or isinstance(node, (n.Missing, n.Coalesce))
    if isinstance(node, n.Aggregate):
        if by_name or node.func == "count":
            yield from ((node.prior, node.table, column) for column in n.columns_of(node))
        yield from (
            (node.prior, node.table, column)
            for part in (node.where, node.of)
            for _prior, _table, column in named(part, by_name)
        )
    if isinstance(node, (n.Figure, n.Word)) and by_name:
        yield node.prior, node.table, node.column
    for child in n.children(node):
        yield from named(child, by_name)


def by_name(rule, book):
    """The columns whose absence may decide a rule."""
    if isinstance(rule, ResolvedRollUp):
        return frozenset(named(rule.applies))
    parts = [node for part in getattr(rule, "parts", ()) for node in (part.measure, part.applies)]
    nodes = [getattr(rule, "measure", None) or getattr(rule, "check", None), rule.applies, *parts]
    return frozenset(column for node in nodes for column in named(node))


def unprinted(rule, figures):
    """Columns of a roll-up in which nothing is left."""
    if not isinstance(rule, ResolvedRollUp):
        return set()
    many = figures.many.get(rule.table.table, ())
    return {
        (False, rule.table.table, c)
        for c in rule.rule.columns
        if not any(isinstance(row.get(c), Printed) for row in many)
    }


def fillings(table, column, own):
    described = table.column(column)
    if described.numeric:
        return [*VALUES, *([own] if own is not None else [])]
    return [*(described.one_of or WORDS), *([own] if own is not None else [])]


def asks_nothing_of_absence(rule, book, figures, taken):
    """With some figures taken away: if the rule is decided all the same, no values in their places change that."""
    asked = by_name(rule, book)
    if any((p[0], p[1], p[3]) in asked for p, _cell in taken):
        return False
    without = figures
    for place, _cell in taken:
        without = put(without, place, None)
    if any((p[0], p[1], p[3]) in unprinted(rule, without) for p, _cell in taken):
        return False
    decided = judged(rule, book, without)
    if decided is None:
        return False
    for number in range(max(len(fillings(book.tables[p[1]], p[3], c)) for p, c in taken)):
        filled = without
        for at, (place, cell) in enumerate(taken):
            choice = fillings(book.tables[place[1]], place[3], cell)
            filled = put(filled, place, choice[(number + 3 * at) % len(choice)])
        assert judged(rule, book, filled) == decided, (rule.code, taken, filled)
    return True


@pytest.mark.parametrize("name", ["anning-2023", "final-accounts"])
def test_no_shipped_rule_is_decided_by_what_is_missing(name):
    """Every rule on the figures of each of its examples, each figure and each pair of the first few taken away."""
    book = load_book(name)
    given_rules = {rule.code: rule for rule in book.rules}
    chosen = cases(book)
    if not os.environ.get("GOUJI_TEST_ALL"):
        chosen = tuple(
            {
                (c.rule.code, c.example.expect): c
                for c in reversed(chosen)
                if c.example.expect not in OPEN
            }.values()
        )
    submission, _failures = example_submission(book, chosen)
    held = 0
    for case in chosen:
        rule, figures = (
            given_rules[case.rule.code],
            unit_figures(submission, book.tables, case.unit, book.year),
        )
        read = [
            (p, cell_at(figures, p))
            for p in places(figures, book.tables)
            if p[1] in reads(rule, book)
        ][:8]
        for taken in (*combinations(read, 1), *combinations(read[:4], 2)):
            held += asks_nothing_of_absence(rule, book, figures, taken)
    assert held > 100


def cell_at(figures, place):
    prior, table, at, column = place
    source = figures.prior if prior else figures
    return (source.one[table] if at is None else source.many[table][at])[column]


def reads(rule, book):
    nodes = [*getattr(rule, "trees", ()), getattr(rule, "check", None), rule.applies]
    found = {
        x.table
        for node in nodes
        if node is not None
        for x in n.walk(node)
        if isinstance(x, (n.Figure, n.Word, n.Aggregate))
    }
    if getattr(rule, "table", None) is not None:
        found.add(rule.table.table)
    if isinstance(rule, ResolvedCriterion) and rule.measure is None:
        found |= {t.table for t in book.tables.values() if t.role in (Role.CHECKS, Role.REVIEWS)}
    return found


def taken_from_random_rules(data, made):
    """(rule, book, figures, places with their cells): one figure or two that a rule reads, to be taken away."""
    texts, total = made
    book = book_or_none(texts, total or 100, "full")
    submission = submission_of(book, data.draw(rows(["U"], [c.code for c in book.criteria])))
    figures = unit_figures(submission, book.tables, "U", YEAR)
    here = list(places(figures, book.tables))
    for rule in book.rules:
        own = [(p, cell_at(figures, p)) for p in here if p[1] in reads(rule, book)]
        for taken in (*combinations(own[:8], 1), *combinations(own[:4], 2)):
            yield rule, book, figures, taken


def taken_from_rows(given_rows, columns, condition, summed):
    """The same of rules over rows, one figure at a time."""
    book = book_of(
        {"a.yaml": roll_text(columns), "b.yaml": row_text("S02", condition)},
        tables=SUMMED if summed else LOOSE,
    )
    figures = unit_figures(submission_of(book, given_rows), book.tables, "U", YEAR)
    own = [(p, cell_at(figures, p)) for p in places(figures, book.tables) if p[1] == "树"]
    for rule in book.rules:
        for taken in combinations(own[:8], 1):
            yield rule, book, figures, taken


@MANY
@given(st.data(), rules())
def test_no_random_rule_is_decided_by_what_is_missing(data, made):
    for case in taken_from_random_rules(data, made):
        asks_nothing_of_absence(*case)


@MANY
@given(forests(), st.sampled_from(["甲", "甲, 乙", "甲, 乙, 个"]), row_conditions, st.booleans())
def test_no_rule_over_rows_is_decided_by_what_is_missing(given_rows, columns, condition, summed):
    for case in taken_from_rows(given_rows, columns, condition, summed):
        asks_nothing_of_absence(*case)


@settings(MANY)
@given(st.data(), rules(), st.sampled_from(["full", "exclude"]))
def test_every_score_lies_in_its_range(data, made, policy):
    """Of each criterion and of the total, whatever is missing and whatever is said to happen then. SQL says the same (tests/test_two_meanings.py)."""
    texts, total = made
    book = book_or_none(texts, total or 100, policy)
    found = by_python(
        book,
        submission_of(book, data.draw(rows(["甲", "乙"], [c.code for c in book.criteria]))),
        ["甲", "乙"],
    )
    for scored, _ties, sums in found.values():
        for one in scored:
            assert one.low <= one.high and (
                one.score is None or one.low <= one.score <= one.high
            ), (texts[f"{one.code}.yaml"], one)
        assert sums is None or sums.low <= sums.score <= sums.high, (texts, sums)


UNKNOWN = {
    "the condition is not known": ("case when 数.甲 < 60000 then 0 else 9 end = 0", {}, "无法判断"),
    "and both branches are the same": (
        "case when 数.甲 < 60000 then 数.个 else 数.个 + 0 end = 3",
        {"个": "3"},
        "平",
    ),
    "a condition of words": ("case when 数.词 = '优' then 0 else 9 end = 0", {}, "无法判断"),
    "one of several words": (
        "case when 数.词 in ('优', '差') then 0 else 9 end = 9",
        {},
        "无法判断",
    ),
    "false whatever is missing": (
        "case when 数.甲 < 0 and 数.个 > 5 then 0 else 9 end = 9",
        {"个": "3"},
        "平",
    ),
    "true whatever is missing": (
        "case when 数.甲 < 0 or 数.个 = 3 then 0 else 9 end = 0",
        {"个": "3"},
        "平",
    ),
    "asked for by name": ("case when 数.甲 is null then 0 else 9 end = 0", {}, "平"),
    "the second is not known": (
        "case when 数.个 > 5 then 1 when 数.甲 > 0 then 2 else 3 end >= 2",
        {"个": "3"},
        "无法判断",
    ),
    "the first is true": (
        "case when 数.个 > 2 then 1 when 数.甲 > 0 then 2 else 3 end = 1",
        {"个": "3"},
        "平",
    ),
    "within a sum": ("数.个 + case when 数.甲 > 0 then 1 else 2 end > 0", {"个": "3"}, "无法判断"),
    "either way within rounding": (
        "case when 数.甲 < 60000 then 0 else 9 end = 0",
        {"甲": "6.00"},
        "平(尾差内)",
    ),
    "neither": ("case when 数.甲 < 60000 then 0 else 9 end = 0", {"甲": "6.01"}, "不平"),
    "equal in print is equal": (
        "case when 数.甲 = 60000 then 0 else 9 end = 9",
        {"甲": "6.00"},
        "不平",
    ),
    "between": ("case when 数.甲 between 0 and 60000 then 0 else 9 end = 9", {}, "无法判断"),
    "a rate on a base of zero": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "95.89%", "甲": "307.82", "乙": "0.00"},
        "不平",
    ),
    "a rate of nothing on a base of zero": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "100.00%", "甲": "0.00", "乙": "0.00"},
        "不平",
    ),
    "a growth on a base of zero": (
        "数.率 = 数.甲 / 数.乙 - 1",
        {"率": "100.00%", "甲": "5.00", "乙": "0.00"},
        "不平",
    ),
    "a base worked out to be zero": (
        "数.率 = 数.甲 / (数.乙 - 数.甲)",
        {"率": "100.00%", "甲": "5.00", "乙": "5.00"},
        "不平",
    ),
    "zero of nothing": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "0.00%", "甲": "0.00", "乙": "0.00"},
        "无法判断",
    ),
    "a base of zero and no rate": (
        "数.率 = 数.甲 / 数.乙",
        {"甲": "5.00", "乙": "0.00"},
        "无法判断",
    ),
    "no rate is stated": ("数.甲 / 数.乙 <= 1", {"甲": "5.00", "乙": "0.00"}, "无法判断"),
    "a base that is missing": (
        "数.率 = 数.甲 / 数.乙",
        {"率": "95.89%", "甲": "307.82"},
        "无法判断",
    ),
    "a rate on a base of zero beside others": (
        "数.率 = 数.甲 / 数.乙 and 数.个 = 3",
        {"率": "95.89%", "甲": "307.82", "乙": "0.00", "个": "3"},
        "不平",
    ),
}


@pytest.mark.parametrize("check, figures, verdict", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known_is_not_decided(check, figures, verdict):
    book = book_of({"t.yaml": tie_text("T01", check)})
    submission = submission_of(book, [("单位", "U", YEAR, {}), ("数", "U", YEAR, figures)])
    (found,) = by_sql(book, submission).tie_outs["U"]
    assert found == tie_out(
        book.tie_outs[0], book, "U", unit_figures(submission, book.tables, "U", YEAR)
    )
    assert found.verdict == verdict


def test_the_total_counts_what_open_items_have_earned():
    """Three points are certain, six are open: no total below three."""
    method = (
        "{kind: checklist, mode: additive, items: [{item: 一, points: 3}, {item: 二, points: 6}]}"
    )
    book = book_of({"c.yaml": criterion_text("C01", method, 9, missing="pending")}, total=9)
    rows_given = [
        ("单位", "U", YEAR, {"单位名称": "U"}),
        ("要点核对", "U", YEAR, {"指标代码": "C01", "要点": "一", "结果": "具备"}),
    ]
    submission = submission_of(book, rows_given)
    found, (scored, _ties, sums) = by_sql(book, submission), by_python(book, submission, ["U"])["U"]
    assert found.totals["U"] == sums == totals(book, "U", "U", scored)
    assert (scored[0].score, sums.low, sums.score, sums.high) == (None, 3, 3, 9)


def test_a_reviewer_without_a_mark_leaves_the_mean_open():
    book = book_of(
        {"c.yaml": criterion_text("C01", "{kind: judged, by: mean, reviewers: 2}", 4)}, total=4
    )
    marks = [
        ("评审打分", "U", YEAR, {"指标代码": "C01", "评审人": who, **mark})
        for who, mark in (("甲", {"评分": "4"}), ("乙", {"评分": "3"}), ("丙", {}))
    ]
    submission = submission_of(book, [("单位", "U", YEAR, {}), *marks])
    (found,) = by_sql(book, submission).criteria["U"]
    assert found == by_python(book, submission, ["U"])["U"][0][0]
    assert (found.verdict, [g.what for g in found.gaps]) == (Verdict.PENDING, ["评审打分.评分"])
